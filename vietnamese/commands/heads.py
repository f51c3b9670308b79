"""The command a message asks for, with or without a slash, accents or polite words around it.

``/baocao nv03`` · ``bc nv03 2 tổ`` · ``em báo cáo ạ`` · ``cho tôi xem tổng kết xã Phù Lưu tháng 11``.
A command stands at the head of the message, after words of address. What may follow it is part of
its rule, so that "tổng kết mô hình xong" in a note is not taken for one.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from rapidfuzz.distance import OSA

from vietnamese.commands.words import ACCENTED, COMMANDS, FINISHED, PHRASES, TELLING
from vietnamese.letters import clean, fold, fold_in_place, has_accents, may_stand_for, one_tone
from vietnamese.telex import syllable
from vietnamese.tokens import prepare, whole_words

_LONGEST, _LEADS = 300, 8
_LEAD = re.compile(
    r"(?:(?:kinh (?:gui|thua|chao)|thua|chao)(?: [^,:;\n]{0,40})?[,:;\n] ?|thua (?:anh|chi|bac|co|chu|dong chi|d/c|sep|thu truong|bi thu|chu tich|cac dong chi) |(?:cho (?:bac|chu|co|anh|chi|sep|ong|ba)|da|vang|thua|kinh thua|alo|a lo|oi|hi|hello|xin chao|chao|xin phep|xin|em|toi|tui|minh|con|chau|tao|tau|hoi|e|a|mk|"
    r"(?:anh|chi|bac|chu|co|ong|ba|di|cau|thay|em|bot|ban|sep|ad|admin) oi|anh cho|chi cho|(?:cac )?dong chi|bot|admin|ad|cho|cho (?:toi|em|minh|chau|con|tui|hoi)|chi (?:em|toi|minh|chau|con)|muon|can|dinh(?! chinh)|"
    r"gio|bay gio|hom nay|hom ni|bua (?:nay|ni)|hay|nho|lam on|vui long|de nghi|yeu cau|(?:giup|ho|dum|gium)(?: cho)? (?:toi|em|minh|chau|anh|chi|bac|chu|co|sep)|giup|dum|gium|duoc|"
    r"(?:gui|nhan|chuyen)(?: cho)? (?:bac|chu|co|anh|chi|sep|ong|ba|em|toi|minh)|cai|(?:xem|coi|gui|mo) lai|xem|coi|mo|vao|gui|nop|lam(?! (?:sao|the nao|nhu the nao)\b)|viet|nhap|ghi|tao|lap|thuc hien|bam|chon|goi|lenh|them)[ ,.:!]+)"
)
_PICTURE = r"[\s\u2190-\u2bff\ufe0f\U0001f000-\U0001faff]"
_PICTURES = re.compile(rf"^{_PICTURE}+|(?<!{_PICTURE}){_PICTURE}+$")
"""Emoji around a command are courtesies; ``🙏 bc``."""
_FOR_ME = re.compile(r"^ (?:giúp|giup|hộ|cho) (?:tôi|toi|em|mình|minh)(?= )", re.IGNORECASE)
_WHICH = re.compile(
    r"^(?:(?:đâu|dau|là gì|la gi|gì|gi|nào|nao|thế nào|the nao)(?: rồi| roi)?)$", re.IGNORECASE
)
_NO_MORE = re.compile(
    r"^(?:(?:em|e|tôi|toi|mình|minh|cháu|chau) )?(?:không|khong|ko|k) (?:làm|lam|báo cáo|bao cao|bc|nhập|nhap|gửi|gui) (?:nữa|nua)$",
    re.IGNORECASE,
)
_ALL_RIGHT = re.compile(r" (?:duoc|dc|ok|vay)\b")
"""After ``thôi``: a yes, and no leaving."""
_STILL = re.compile(
    r"^(?:nào |nao )?(?:(?:còn |con )?(?:chưa|chua) (?:xong|làm|lam|hoàn thành|hoan thanh)|(?:phải|phai|cần|can) (?:làm|lam)|(?:còn|con) (?:lại|lai)|nữa|nua)(?: nữa| nua)?(?: không| khong| ko| k| hông| hong)?$|^(?:nào|nao) ",
    re.IGNORECASE,
)
"""What tells nothing new about tasks that are asked for: all that are shown are still open."""
_YOU = "em|anh|chị|chi|tôi|toi|mình|minh|bác|bac|chú|chu|sếp|sep|cháu|chau"
_FOR_YOU = re.compile(rf"[ ,]+cho (?:{_YOU})$|^cho (?:{_YOU}) ", re.IGNORECASE)
_MINE = re.compile(r"^(?:của|cua) (?:em|e|tôi|toi|mình|minh|cháu|chau|tui)$", re.IGNORECASE)
_FOR = re.compile(r"^(?:cho|với|voi) (?=\S)", re.IGNORECASE)
_TO_YOU = re.compile(
    r"[ ,]+(?:(?:đi|di|với|voi|nhé|nhe|nha|giúp|giup|giùm|gium|luôn|luon) (?:em|anh|chị|chi|tôi|toi|mình|minh|bạn|ban|cháu|chau)"
    r"|(?:em|anh|chị|chi|bạn|ban|sếp|sep|bot|bác|bac|chú|chu|cô|co|cháu|chau) (?:ơi|oi))$",
    re.IGNORECASE,
)
"""``… đi em``, ``… anh ơi``, at the end."""
_ON_LEAVE = re.compile(
    r"(?P<when>[\w/.,\- ]{2,50}?),? (?:(?:em|e|toi|tui|chau|con|minh|anh|chi|bac|chu)(?: xin(?: phep)?)?|xin(?: phep)?) nghi(?: phep)?(?!\w)"
)
_OFF = re.compile(r"(?P<when>[\w/.,\- ]{2,50}?) nghi(?: phep)?(?!\w)")
"""The same after ``em`` or ``dạ``."""
_DAY_WORDS = re.compile(
    r"(?:(?:\d[\d/.-]*|t[2-7]|cn|mai|mot|kia|nay|ngay|hom|bua|thu|chu|nhat|hai|ba|tu|nam|sau|bay|tuan|thang|toi|sang|chieu|trua|dau|cuoi|den|het|ca|va)(?:,? |$))+"
)
_COURTESY = (
    "ạ",
    "ah",
    "nhé",
    "nhe",
    "nha",
    "nhá",
    "nhen",
    "nghen",
    "hen",
    "hén",
    "hè",
    "hỉ",
    "nè",
    "nì",
    "coi",
    "nghe",
    "rứa",
    "với",
    "please",
    "pls",
    "dùm",
    "giùm",
    "thanks",
    "tks",
)
_ADDRESS = (
    "đi", "cái", "giúp", "em", "anh", "chị", "tôi", "mình", "ngay", "luôn", "chút", "xíu", "nào", "bạn", "sếp", "bot",
    "ơi", "thôi", "được", "không", "ko", "k", "hông", "dc", "cảm", "ơn", "đồng", "chí", "vậy", "hả", "a", "cho", "xem", "này", "hộ", "cháu", "bác", "chú", "cô", "tui",
)  # fmt: skip


@dataclass(frozen=True)
class Command:
    """A command: its `name` without accents, and the `rest` of the message as it was typed.

    `whole` says that nothing but the command's words and courtesies was said.
    """

    name: str
    rest: str = ""
    slash: bool = False
    whole: bool = False


def read_command(text: str) -> Command | None:
    """The command the message begins with; None when it is not addressed as one."""
    return read_clean_command(clean(text))


def read_clean_command(text: str) -> Command | None:
    """The same, of a text that has been cleaned already."""
    typed = _PICTURES.sub("", text)
    cut = whole_words(typed, _LONGEST)
    command = _read(re.sub(r"[ \t]+", " ", prepare(typed[:cut], _LONGEST)).strip())
    if command is None or cut == len(typed):
        return command
    return replace(command, rest=command.rest + typed[cut:], whole=False)


def _read(typed: str) -> Command | None:
    if not typed:
        return None
    if re.fullmatch(r"[?？]+", typed):
        return Command("trogiup", whole=True)
    if typed[0] in "/\\" and len(typed) > 1:
        return _slashed(typed)
    plain = fold_in_place(typed)
    start = 0
    for _ in range(_LEADS):
        if leave := _leave_told(plain, typed, start):
            return leave
        lead = _LEAD.match(plain, start)
        if lead is None or _is_already(typed, plain, start):
            break
        if _command_at(plain, typed, start, tail_only=True):
            break
        start = lead.end()
    return _command_at(plain, typed, start) or (_slip(plain, typed, start) if start >= 0 else None)


def _leave_told(plain: str, typed: str, start: int) -> Command | None:
    """``mai em xin nghỉ ạ``: of leave the days are often said first."""
    told = _ON_LEAVE.match(plain, start) or (_OFF.match(plain, start) if start else None)
    if not told or not _DAY_WORDS.fullmatch(told["when"]) or without_tail(typed[told.end() :]):
        return None
    return Command("nghi", typed[start : told.end("when")])


def _is_already(typed: str, plain: str, start: int) -> bool:
    """Whether ``da`` is ``đã`` (already done) and not the polite ``dạ``."""
    if not re.match(r"da[ ,]", plain[start:]) or typed[start : start + 2].lower() == "dạ":
        return False
    polite = re.match(r"da,? (?:em|toi|con|chau|thua|anh|chi|vang|bao cao anh)\b", plain[start:])
    return typed[start : start + 2].lower() != "da" or polite is None


def _slashed(typed: str) -> Command | None:
    """``/baocao@bot nv03``, ``/bao_cao``, ``/start CODE``; what follows is the rest, whatever it is."""
    found = re.match(r"[/\\]\s*([^\s@]+)(?:@\S+)?\s*", typed)
    if not found:
        return None
    word = re.sub(r"[_\-]", "", fold(found[1]))
    for name, phrases in PHRASES.items():
        if word == name or word in {p.replace(" ", "") for p in phrases}:
            rest = typed[found.end() :].strip()
            return Command(name, rest, slash=True, whole=not rest)
    plain = fold_in_place(typed)
    spelled = _command_at(plain, typed, found.start(1))
    return Command(spelled.name, spelled.rest, slash=True, whole=spelled.whole) if spelled else None


def _command_at(plain: str, typed: str, start: int, *, tail_only: bool = False) -> Command | None:
    for phrase, name in COMMANDS:
        end = start + len(phrase)
        if not plain.startswith(phrase, start) or (end < len(plain) and plain[end].isalnum()):
            continue
        if not _meant(typed[start:end], phrase):
            continue
        told = typed[end:] if name == "giaoviec" else _FOR_ME.sub("", typed[end:], count=1)
        if phrase == "thoi" and _ALL_RIGHT.match(plain, end):
            continue
        rest, asked = without_tail(told), phrase.endswith((" gi", " nao"))
        if asked and rest and not _STILL_OPEN.fullmatch(fold(rest)):
            continue
        if name in {"nhiemvu", "tongket", "xuat"}:
            rest = _FOR_YOU.sub("", rest).strip()
        if name == "nhiemvu":
            rest = _STILL.sub("", rest if asked else _WHICH.sub("", rest))
        elif name == "huy":
            rest = _NO_MORE.sub("", rest)
        elif name == "ketnoi":
            rest = _FOR.sub("", rest)
        elif name == "nghi":
            rest = _MINE.sub("", rest)
        if not rest:
            return Command(name, whole=True)
        if tail_only:
            continue
        if _fits(name, rest):
            return Command(name, rest)
    return None


def _meant(typed: str, phrase: str) -> bool:
    """Marks that were typed must fit the command's own; hỏi and ngã are often confused."""
    if not has_accents(typed):
        return True
    words, meant = typed.lower().split(), ACCENTED.get(phrase, phrase).split()
    if len(words) != len(meant):
        return True
    return all(
        may_stand_for(word, own) or may_stand_for(one_tone(word), one_tone(own)) or len(words) > 1
        for word, own in zip(words, meant, strict=True)
    )


def without_tail(rest: str) -> str:
    """What follows the command, without courtesies at its end; "" when it is nothing but those."""
    if not re.match(r"\s*[-–]\s*\d", rest):
        rest = rest.lstrip(" \n\t:,;.-–!?…")
    rest = rest.strip(" \n\t,;:").rstrip(" .!?…")
    words = rest.split()
    if all(_is(word, (*_COURTESY, *_ADDRESS)) for word in words):
        return ""
    while words and _is(words[-1], _COURTESY) and not _ends_a_name(words):
        rest = rest[: rest.rindex(words.pop())].rstrip(" ,;:.!?…")
    if _TO_YOU.search(rest):
        return without_tail(_TO_YOU.sub("", rest))
    return rest


def _ends_a_name(words: list[str]) -> bool:
    """``Nguyễn Văn A``: the last letter of a name is no "ạ"."""
    before = words[-2] if len(words) > 1 else ""
    capital = words[-1] == "A" and before[:1].isupper() and not before.isupper()
    return capital or (words[-1].lower() == "a" and fold(before) in {"van", "thi"})


def _is(word: str, words: tuple[str, ...]) -> bool:
    return any(may_stand_for(word.strip(".,!?…"), known) for known in words)


def _fits(name: str, rest: str) -> bool:
    """Whether the words after the command leave it a command."""
    plain = fold(rest)
    allowed = FOLLOWED_BY[name]
    if allowed is None:
        return False
    if name not in {"baocao", "vuongmac", "giahan", "sua"}:
        order = name in {"chidao", "giaoviec"}
        if any(not (order and word in _OF_ORDERS) for word in _telling(rest, plain)):
            return False
    return allowed.match(plain) is not None


_OF_ORDERS = {"xong", "hoan", "truoc", "sau", "khong", "ko", "se"}
"""``chỉ đạo nv07 làm xong trước 30/11`` tells of nothing that is done."""


def _telling(rest: str, plain: str) -> Iterator[str]:
    """The words of telling that stand in it; "đảng" and "đăng" are no "đang"."""
    place = fold_in_place(rest)
    marked = len(place) == len(rest)
    for found in FINISHED.finditer(place if marked else plain):
        word = found[0].split()[0]
        if not marked or may_stand_for(
            rest[found.start() :].split()[0].strip(".,;:"), TELLING[word]
        ):
            yield word


def _slip(plain: str, typed: str, start: int) -> Command | None:
    """One slip of the thumb in a command that stands alone: ``bao cáoo``, ``tong kte``."""
    alone = without_tail(typed[start:])
    folded = fold(alone).replace(" ", "")
    if folded.isascii() and (meant := syllable(folded)):  # "huyr"
        return _command_at(fold_in_place(meant), meant, 0, tail_only=True)
    if len(folded) < 6 or len(alone.split()) > 3:
        return None
    near = {
        name
        for name, phrases in PHRASES.items()
        for phrase in phrases
        if len(joined := phrase.replace(" ", "")) >= 6
        and joined[0] == folded[0]
        and OSA.distance(joined, folded) == 1
        and (len(joined) != len(folded) or sorted(joined) == sorted(folded))
    }
    return Command(near.pop(), whole=True) if len(near) == 1 else None


_UNITS = r"(?:toan |ca )?(?:xa|phuong|dac khu|tinh|huyen|thon|ban|cum|don vi|so|phong|ubnd|dang uy|hdnd|x|p)\b"
_PERIODS = r"(?:den |cua |trong |het |tu |tinh |ke |dau |giua |cuoi )*(?:ngay|tuan|thang|qu[yi]|nam(?! hoc)|hom nay|hom qua|t\d{1,2}|q\d|\d{1,2}[/.-]\d{1,4}|\d{1,2} thang|20\d\d|ky)\b"
_CODE = r"(?:(?:nv|bc|vm|kh|ct|gv) ?-? ?\d{1,4}\b|\d{1,4}$)"
_TASK = rf"(?:viec|nhiem vu|chi tieu|{_CODE})"

_STILL_OPEN = re.compile(
    r"(?:con )?(?:chua (?:xong|lam|bao cao|bc|hoan thanh)|dang lam|phai lam|can lam|con lai|(?:sap )?(?:den|toi|qua|tre) han|gap|can gap|nua|hom nay|tuan nay|thang nay)(?: nua| roi)?(?: khong| ko| k| hong)?"
)
"""After ``có việc gì``, ``còn việc nào``."""

FOLLOWED_BY: dict[str, re.Pattern[str] | None] = {
    "batdau": re.compile(r"(?=\S*\d|\S{6,}$)\S{4,40}$|lai$|su dung$|dung$"),
    "baocao": re.compile(
        r"(?!(?:len|cho|voi|tai|truoc|vien|cua|chinh tri|tong ket|so ket|giai trinh|quan tri|da|roi|xong|dinh ky|thang|quy|nay|kieu|nao|gi|the nao|thi|luc nay|hoi nay|moi|vuong mac|kho khan|rang|ra rang|o dau|cho nao|hom qua|hom kia|(?:anh|chi|bac|chu|sep) (?:em|toi|chau) (?:dang|da|moi|vua|se)|bi(?! thu))\b)(?!chua(?: (?:em|anh|chi|a|vay|day))?$)."
    ),
    "nhiemvu": re.compile(rf"cua (?:toi|em|minh|xa|anh|chi|don vi)|{_UNITS}|{_PERIODS}|nv ?-? ?\d{{1,4}}|dang|con|chua|qua han|sap|moi|duoc giao|hien|nao|gi"),
    "tongket": re.compile(rf"{_UNITS}|{_PERIODS}|cua |theo |toan |chung|tat ca|chuong trinh|ke hoach|kh |tien do|cac |linh vuc|khoi|ket qua|so lieu|tinh hinh|nhiem vu|viec|(?!(?:la|rat|van|thi|co|khong) |mo hinh|hoi nghi|cuoc hop|du an|cong tac|dai hoi|nam hoc)[a-z]+ [a-z]+(?: {_PERIODS}.*)?$"),
    "giaoviec": re.compile(r"(?!(?:gi|nao)\b)."),
    "dangky": re.compile(r"(?!(?:ket hon|khai sinh|khai tu|kinh doanh|xe|tam tru|thuong tru|bien so|doanh nghiep|dat|quyen|ho tich|bao hiem|nghia vu|hoc|mua|lai|kham|tiem|thi|du thi|hien mau|vay|thue|ma so|nhan hieu|chung thuc|cap|lam can cuoc)\b)(?!.*\bcho (?:\d|tat ca|ba con|nguoi dan|hoc sinh|nhan dan|hoi vien|toan bo))."),
    "vuongmac": re.compile(r"(?!(?:nhat|la|ve|nhieu|lon|cua|nhu|thi|da|hien|ma|duoc|trong|tai)\b)."),
    "chidao": re.compile(rf"(?!(?:cua|da|ve|tai|tu|quyet liet|dieu hanh|sat sao|thuc hien)\b)(?:{_UNITS}|{_TASK}|dong chi|anh|chi|cho|xa|.{{8,}})"),
    "giahan": re.compile(rf"{_TASK}|(?:them|den|sang|toi|cho|viec|nhiem vu|lui|ho tro)|\d|{_PERIODS}"),
    "nghi": re.compile(rf"(?:nua ngay|den|tu|het|om|phep|viec rieng|benh|thai san|che do|mai|ngay|hom|sang|chieu|buoi|tuan|thu|t[2-7]|cn|\d{{1,4}}|{_PERIODS})(?!\w)(?! (?:huu|hoc|viec))"),
    "xuat": re.compile(r"(?!ban\b)(?:bang|tong hop|file|excel|word|pdf|bao cao|so lieu|tong ket|bieu|danh sach|ra|du lieu|phu luc|xlsx|theo|ket qua|nhiem vu)\b" + rf"|(?!ban\b){_UNITS}|{_PERIODS}"),
    "trogiup": re.compile(r"(?:de )?(?:bao cao|tong ket|nhiem vu|gia han|lenh|su dung|cach|dung|ve|ket noi|toi|em|minh)\b(?! \w+ \w+ \w+ \w+)"),
    "huy": re.compile(r"(?:bao cao|lenh|bo|di|thao tac|viec nay|cai nay|nhap|dang ky|gia han|bc|het|giua chung|qua trinh|luon)(?: (?:nay|do|dang lam|vua roi|di|\S*\d+))?$"),
    "ketnoi": re.compile(r"(?:\d{1,3} (?:can bo|dong chi|nguoi)|(?=\S*\d)\S{4,}|can bo|dong chi|nguoi|tai khoan|zalo|telegram|ma|code|cho|anh|chi|lai|cho xa|xa)\b(?! (?:cung|voi doanh))"
        r"|(?!(?:giao thong|cung cau|tieu thu|thi truong|internet|mang|wifi|du lieu|doanh nghiep|tour|du lich|he thong|lien thong|duong|tuyen|"
        r"ho tro|kinh te|nong san|san pham|day|cac|cong dong|nhan dan|truyen thong|voi|duoc|dien|cau|nguon|vung|chuoi|nha|hop tac|thanh cong|"
        r"so|khach|co so|viec lam|cung|ve|tu)\b)[a-z]+(?: [a-z]+){1,7}$"),
    "nhacqua": None,
    "sua": re.compile(rf"(?:phan )?(?:tinh hinh|tien do|ghi chu|con so|hinh(?: anh)?|tep|viec|nhiem vu)(?=$|:| (?:thanh|la|sang) )|(?:phan )?(?:lai|bao cao|so lieu|(?:(?:viec|nhiem vu) )?{_CODE}|bc\b|nham|ket qua|cai vua|bao cao vua|thanh|so|anh)(?!\w)(?! (?:chua|duong|nha|xe))"),
    "kiemtra": re.compile(rf"(?:bao cao|bc\b|{_TASK}|ket qua bao cao|cac bao cao|san pham|minh chung|{_UNITS}$|danh sach|cho duyet|xa \S+ \S+$)"),
}  # fmt: skip
