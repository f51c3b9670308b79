"""What a free sentence wishes for, where no command stands at its head.

``em cần cập nhật tiến độ nv07`` · ``có báo cáo nào chờ duyệt không`` · ``ai đang chậm việc?``

Every word is given the letter of its kind (vietnamese/commands/wish_words.py), courtesies are left out, and the
letters are held against the shapes of the commands (vietnamese/commands/wish_shapes.py). The whole sentence must
fit: a word that tells (``đã``) fits none, and a strange one only where the name of a task may stand.
Where the shape is that of two commands, or a wish was plainly said but its sentence fits no shape, the
answer is a question; where nothing is wished for, None.
"""

import re
from collections.abc import Sequence

from vietnamese.commands.heads import Command
from vietnamese.commands.wish_letters import ASKING, Word, letters_of
from vietnamese.commands.wish_shapes import SHAPES, SIGNS_OF
from vietnamese.commands.wish_words import (
    ASKED,
    CODE,
    COURTESY,
    FAR,
    HOW,
    PLACES,
    SCOPE,
    STRANGE,
    TOLD,
    WISH,
)
from vietnamese.letters import clean, fold, fold_in_place
from vietnamese.meaning import Ask, Reading
from vietnamese.tokens import Token, cut, prepare

_LONGEST, _WORDS, _STRANGERS, _READINGS = 200, 32, 4, 3
"""Nobody wishes in more; a longer text is a tale."""

_CLAUSES = re.compile(r"[,;.!] | để | de ")
_AHEAD = re.compile(r"(?:ngay )?(?:mai|mot)\b|(?:tuan|thang|quy) (?:sau|toi)\b")
_TITLE = re.compile(r"(?:dong chi |(?<!\w)(?:anh|chi|co|chu|bac|ong|ba) )+$")
_FOR_A_WHILE = re.compile(r"(?<=\w) (?:bữa|bua)$", re.IGNORECASE)
"""``mai nghỉ bữa``: a day, as the South says it."""
_UNNAMED = re.compile(r"(?:trong |cua )?(?:xa|thon|ban|phuong|cum|don vi|thang|quy|tuan)")
"""``xã nào chậm nhất`` names none."""
_GONE = re.compile(r"hom (?:qua|kia|truoc)|(?:tuan|thang|nam) (?:truoc|roi)")
"""A leave that is over is told, not asked for."""

QUESTION = "Ý đồng chí là:"
LABELS = {
    "baocao": "Báo cáo việc",
    "nhiemvu": "Xem việc được giao",
    "sua": "Sửa báo cáo đã gửi",
    "tongket": "Xem tổng kết",
    "xuat": "Xuất bảng",
    "kiemtra": "Kiểm tra báo cáo",
    "ketnoi": "Lấy mã kết nối",
    "nghi": "Báo nghỉ",
    "nhacqua": "Chọn nơi nhận nhắc việc",
    "vuongmac": "Báo vướng mắc",
    "giahan": "Xin gia hạn",
    "giaoviec": "Giao việc",
    "dangky": "Đăng ký việc",
    "chidao": "Cho ý kiến chỉ đạo",
    "trogiup": "Xem hướng dẫn",
    "huy": "Huỷ việc đang làm dở",
}
"""The readings, as they are shown."""


def read_wish(text: str) -> Command | Ask[Command] | None:
    """The command that a sentence asks for in its own words; None where it asks for none."""
    if len(text) > _LONGEST:
        return None
    typed = prepare(clean(text), _LONGEST)
    tokens = cut(typed)
    if len(tokens) > _WORDS or any(token.kind == "line" for token in tokens):
        return None
    if wish := _read(typed, tokens):
        return wish
    clauses = _CLAUSES.split(typed)
    for clause in reversed(clauses if len(clauses) > 1 else ()):
        if isinstance(wish := _read(clause, cut(clause), alone=False), Command):
            return wish  # "mất mã rồi, cho em mã khác"
    return None


def _read(
    typed: str, tokens: Sequence[Token], *, alone: bool = True
) -> Command | Ask[Command] | None:
    """`alone`: it is the whole sentence, not the clause that wishes."""
    words = letters_of(tokens)
    meant = [word for word in words if word.letter not in (COURTESY, WISH)]
    if _ends_a_question(typed, meant):
        meant.pop()
    wished = _is_wished(typed, words, meant)
    if not meant or (not wished and (not alone or _is_of_others(typed, meant))):
        return None
    core = [word for word in meant if word.letter != SCOPE]
    letters = "".join(word.letter for word in core)
    if len(letters) > 1:
        letters = letters.rstrip("S") or "S"  # "… liệt kê cho tôi", "… ra xem"
    asked = letters.replace(HOW, ASKED).replace(FAR, ASKED)
    for shape in SHAPES:
        found = shape.letters.fullmatch(letters if shape.exact else asked)
        scoped = len(meant) > len(core)
        if found and wished >= shape.wished and shape.scope in (None, scoped):
            rest = _rest(typed, meant, core, found)
            if _is_another_day(shape.commands[0], fold(rest), typed, meant, wished=wished):
                return None
            return _answer([Command(name, rest) for name in shape.commands])
    doubtful = TOLD in letters or letters.count(STRANGE) > _STRANGERS
    if (wished or letters.startswith(("UP", "W"))) and not doubtful and meant[0].letter != STRANGE:
        names = [name for name, signs in SIGNS_OF if signs.search(letters)]
        return _answer([Command(name) for name in names[:_READINGS]], sure=False)
    return None


def _is_another_day(
    command: str, rest: str, typed: str, meant: Sequence[Word], *, wished: bool
) -> bool:
    """``hôm qua em nghỉ``, ``mai em bc nv03``: told of a day that is over or to come."""
    if command == "nghi":
        return _GONE.search(rest) is not None
    first = fold(typed[meant[0].start : meant[-1].end])
    return command == "baocao" and not wished and _AHEAD.match(first) is not None


def _is_wished(typed: str, words: Sequence[Word], meant: Sequence[Word]) -> bool:
    """Whether a word wishes or asks, or the sentence begins as an order does: ``xem``, ``gửi``."""
    first = next((word.letter for word in meant if word.letter != SCOPE), "")
    ordered = first == "S" or (first == "V" and words[:1] == meant[:1])
    ordered = ordered or any(fold(typed[one.start : one.end]).startswith("xin ") for one in meant)
    return ordered or "?" in typed or any(_wishes(typed, words, n) for n in range(len(words)))


def _is_of_others(typed: str, meant: Sequence[Word]) -> bool:
    """``tỉnh giao …``, ``xã Phù Lưu báo cáo``: somebody else's doing is told."""
    place = fold(typed[meant[0].start : meant[0].end]).split()[0] in PLACES
    return place and all(word.letter != "O" for word in meant)


def _answer(commands: list[Command], *, sure: bool = True) -> Command | Ask[Command] | None:
    if not commands:
        return None
    if sure and len(commands) == 1:
        return commands[0]
    return Ask(QUESTION, tuple(Reading(LABELS[one.name], one) for one in commands))


def _wishes(typed: str, words: Sequence[Word], place: int) -> bool:
    """Whether this word wishes or asks: ``cho em``, ``…, cần``; "sửa nhà cho 2 hộ" does not."""
    word = words[place]
    if word.letter in ASKING:
        return True
    if word.letter != WISH:
        return False
    if place + 1 == len(words) or words[place + 1].letter in (COURTESY, WISH):
        return True
    before = words[:place]
    topic = (COURTESY, WISH, SCOPE, CODE, "T")
    return all(one.letter in topic for one in before) or "," in typed[before[-1].end : word.start]


def _ends_a_question(typed: str, meant: Sequence[Word]) -> bool:
    """``bao nhiêu việc quá hạn rồi?``, ``em gửi nhầm rồi``: that "rồi" tells of nothing done."""
    return (
        len(meant) > 1
        and fold(typed[meant[-1].start :]).startswith("roi")
        and any(word.letter in {*ASKING, "W", "b", "H"} for word in meant)
    )


def _rest(typed: str, meant: Sequence[Word], core: Sequence[Word], found: re.Match[str]) -> str:
    """What the command is about, as it was typed, with the units and periods that stand by it."""
    first, last = found.span("r") if "r" in found.groupdict() else (0, 0)
    about = set(core[max(first, 0) : max(last, 0)])
    pieces: list[list[Word]] = []
    for word in meant:
        if word not in about and word.letter != SCOPE:
            pieces.append([])
        elif pieces:
            pieces[-1].append(word)
        else:
            pieces = [[word]]
    if about and found.re.pattern.endswith("*)"):  # to the end, as it was typed
        start = next(one[0].start for one in pieces if about & set(one))
        end = max(word.end for word in meant if word.letter not in ASKING)
        return _with_title(typed, start) + typed[start:end]
    rest = " ".join(typed[one[0].start : one[-1].end] for one in pieces if one)
    return "" if _UNNAMED.fullmatch(fold(rest)) else _FOR_A_WHILE.sub("", rest)


def _with_title(typed: str, start: int) -> str:
    """``anh`` Hùng, ``đồng chí`` Lan."""
    title = _TITLE.search(fold_in_place(typed[:start]))
    return typed[title.start() : start] if title else ""
