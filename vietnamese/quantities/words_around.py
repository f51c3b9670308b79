"""The words before a figure: ``còn``, ``gần``, ``tăng``, ``kế hoạch`` … and what they make of it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

from vietnamese.letters import fold, has_accents, word_key
from vietnamese.tokens import Token, ends

Side = Literal[
    "done",
    "left",
    "more",
    "less",
    "from",
    "total",
    "sum",
    "before",
    "negated",
    "hoped",
    "beyond",
    "each",
]


@dataclass(frozen=True)
class Around:
    """What the words before a figure say of it."""

    role: Side = "done"
    qualifier: str | None = None


_SIGNS = {
    "~": "khoảng",
    "≈": "khoảng",
    ">": "trên",
    "<": "dưới",
    "≥": "ít nhất",
    "≤": "tối đa",
    ">=": "ít nhất",
    "<=": "tối đa",
}
_QUALIFIERS = (
    ("chưa đến", "dưới"),
    ("chưa tới", "dưới"),
    ("chưa đầy", "dưới"),
    ("không đầy", "dưới"),
    ("không đến", "dưới"),
    ("không tới", "dưới"),
    ("ngót nghét", "gần"),
    ("xấp xỉ", "xấp xỉ"),
    ("ít nhất", "ít nhất"),
    ("tối thiểu", "ít nhất"),
    ("tối đa", "tối đa"),
    ("không quá", "tối đa"),
    ("không vượt quá", "tối đa"),
    ("không trên", "tối đa"),
    ("không hơn", "tối đa"),
    ("không dưới", "ít nhất"),
    ("không ít hơn", "ít nhất"),
    ("không kém", "ít nhất"),
    ("suýt soát", "xấp xỉ"),
    ("sấp xỉ", "xấp xỉ"),
    ("đâu đó", "khoảng"),
    ("ước", "khoảng"),
    ("ước chừng", "khoảng"),
    ("ước tính", "khoảng"),
    ("ước đạt", "khoảng"),
    ("trên dưới", "khoảng"),
    ("quá", "trên"),
    ("gần", "gần"),
    ("ngót", "gần"),
    ("trên", "trên"),
    ("hơn", "hơn"),
    ("khoảng", "khoảng"),
    ("chừng", "khoảng"),
    ("tầm", "khoảng"),
    ("cỡ", "khoảng"),
    ("dưới", "dưới"),
)
_ROLES: tuple[tuple[str, Side], ...] = (
    ("chưa đạt", "negated"),
    ("không đạt", "negated"),
    ("chưa được", "negated"),
    ("không được", "negated"),
    ("chưa đủ", "negated"),
    ("chưa xong", "left"),
    ("chưa làm", "left"),
    ("còn lại", "left"),
    ("còn tồn", "left"),
    ("tồn đọng", "left"),
    ("còn nợ", "left"),
    ("còn sót", "left"),
    ("còn thiếu", "left"),
    ("còn", "left"),
    ("thiếu", "left"),
    ("vướng", "left"),
    ("từ", "from"),
    ("trước là", "before"),
    ("kỳ trước", "before"),
    ("lần trước", "before"),
    ("tháng trước", "before"),
    ("năm ngoái", "before"),
    ("đợt trước", "before"),
    ("tuần trước", "before"),
    ("quý trước", "before"),
    ("năm trước", "before"),
    ("hôm trước", "before"),
    ("cùng kỳ", "before"),
    ("so với", "before"),
    ("là đủ", "total"),
    ("thì đủ", "total"),
    ("mới đủ", "total"),
    ("cho đủ", "total"),
    ("nữa đủ", "total"),
    ("tổng cộng", "sum"),
    ("cộng lại", "sum"),
    ("tất cả", "sum"),
    ("cả thảy", "sum"),
    ("bê tông", "done"),
    ("tổng số", "total"),
    ("tổng", "total"),
    ("kế hoạch", "total"),
    ("chỉ tiêu", "total"),
    ("mục tiêu", "total"),
    ("được giao", "total"),
    ("kh", "total"),
    ("chưa", "negated"),
    ("đang làm", "left"),
    ("đang", "left"),
    ("chờ", "left"),
    ("chậm", "left"),
    ("dự kiến", "hoped"),
    ("dự tính", "hoped"),
    ("sẽ", "hoped"),
    ("phấn đấu", "hoped"),
    ("cố gắng", "hoped"),
    ("hứa", "hoped"),
    ("quyết tâm", "hoped"),
    ("chuẩn bị", "hoped"),
    ("vượt", "beyond"),
    ("vượt kế hoạch", "beyond"),
)
_LEVELS = ("lên", "xuống", "xuống còn", "thành", "đến", "tới")
_MORE = ("tăng", "thêm", "tăng thêm", "nâng thêm", "cộng thêm", "hơn trước")
_LESS = ("giảm", "bớt", "hụt", "giảm bớt")
_PASSED_OVER = (
    "được", "là", "có", "đạt", "làm", "xong", "thực hiện", "hoàn thành", "khoảng", "số", "lại", "đi",
    "mới", "chỉ", "đã", "hiện", "nhất", "chính xác", "đúng", "cả", "vẫn", "cũng",
)  # fmt: skip


_FARTHER: dict[str, Side] = {
    **dict.fromkeys(("chưa", "không"), "negated"),
    **dict.fromkeys(("còn phải", "còn cần"), "left"),
    **dict.fromkeys(("kế hoạch", "chỉ tiêu"), "total"),
    **dict.fromkeys(
        (
            "dự kiến", "dự tính", "sẽ", "phấn đấu", "cố gắng", "hứa", "quyết tâm", "chuẩn bị", "phải", "cần thêm",
            "đề nghị", "đề xuất", "kiến nghị", "xin thêm", "xin cấp", "xin hỗ trợ", "xin bổ sung", "mai", "tuần sau",
            "tuần tới", "tháng sau", "tháng tới", "quý sau", "quý tới", "năm sau", "năm tới", "sắp",
            "chết", "thiệt hại", "bị dừng", "bị mất", "từ chối", "hư hỏng",
        ),
        "hoped",
    ),
}  # fmt: skip
"""What says, a few words before a figure, that it is no result: a plan, a wish, a loss."""
_SURELY_DONE = ("đã", "được", "đạt", "nay", "nhưng", "mà", "xong", "mới")
_WORDS_BETWEEN = 5
_PLACES = ("thôn", "bản", "xóm", "ấp", "xã", "phường", "khu", "tổ", "làng", "buôn")
_QUALIFIER_OF, _ROLE_OF = dict(_QUALIFIERS), dict(_ROLES)
_Index = dict[str, tuple[tuple[str, int], ...]]


def _by_last_word(phrases: Iterable[str]) -> _Index:
    """The phrases and their numbers of words, longest first, found by their last word."""
    index: _Index = {}
    for phrase in sorted(phrases, key=len, reverse=True):
        words = phrase.split()
        index[fold(words[-1])] = (*index.get(fold(words[-1]), ()), (phrase, len(words)))
    return index


_QUALIFIER_PLACES, _ROLE_PLACES = _by_last_word(_QUALIFIER_OF), _by_last_word(_ROLE_OF)
_FARTHER_PLACES, _LEVEL_PLACES = _by_last_word(_FARTHER), _by_last_word(_LEVELS)
_CHANGE_PLACES, _PASSED_PLACES = _by_last_word((*_MORE, *_LESS)), _by_last_word(_PASSED_OVER)


def look_left(tokens: Sequence[Token], at: int, floor: int) -> Around:
    """Reads backwards from the figure at `at` to the sign, or the figure, before it."""
    role: Side = "done"
    qualifier: str | None = None
    level = False
    while at > floor:
        if tokens[at - 1].kind != "word":
            sign = tokens[at - 1].text
            if sign == "=" and at - 1 > floor and (both := tokens[at - 2].text + sign) in _SIGNS:
                qualifier, at = _SIGNS[both], at - 2
                continue
            if sign in _SIGNS and qualifier is None:
                qualifier, at = _SIGNS[sign], at - 1
                continue
            if sign == "+" and (at - 1 == floor == 0 or at == 1):
                role = "more"
            if sign == "=" and floor:
                return Around("sum", qualifier)
            if sign in {":", "="}:
                at -= 1
                continue
            break
        if _is_place_name(tokens, at - 1, floor):
            break
        if is_for(tokens, at - 1):
            at -= 1
            continue
        found = _longest(tokens, at, floor, _QUALIFIER_PLACES)
        bare_co = tokens[at - 1].text.lower() == "co"  # "có" far rather than "cỡ"
        if found and not bare_co and not _half_marked(tokens[at - 1].text, found):
            qualifier, at = qualifier or _QUALIFIER_OF[found], at - len(found.split())
            continue
        if found := _longest(tokens, at, floor, _CHANGE_PLACES):
            if (side := _said_before(tokens, at, floor)) == "done" and not level:
                side = "more" if found in _MORE else "less"
            return Around(side, qualifier)
        if found := _longest(tokens, at, floor, _ROLE_PLACES):
            at -= len(found.split())
            fallen = (*_LESS, "xuống")
            if found == "còn" and any(ends(tokens, at, word) for word in fallen):
                return Around("done", qualifier)
            return Around(_ROLE_OF[found], qualifier)
        if found := _longest(tokens, at, floor, _LEVEL_PLACES):
            level, at = True, at - len(found.split())
            continue
        if found := _longest(tokens, at, floor, _PASSED_PLACES):
            at -= len(found.split())
            continue
        break
    return Around(_said_before(tokens, at, floor) if role == "done" else role, qualifier)


def _said_before(tokens: Sequence[Token], at: int, floor: int) -> Side:
    """``dự kiến kết nạp 3 người``, ``chưa tiêm 300 con``: other words may stand between."""
    for near in range(at, max(floor, at - _WORDS_BETWEEN), -1):
        if tokens[near - 1].kind != "word" or tokens[near - 1].may_be(*_SURELY_DONE):
            return "done"
        found = _longest(tokens, near, floor, _FARTHER_PLACES)
        if found and not (found == "không" and near == at):  # "à không 13 hộ" corrects itself
            return _FARTHER[found]
    return "done"


def is_told_before(tokens: Sequence[Token], at: int) -> bool:
    """Whether the word before `at` is one that leads to a count (được, còn, gần …)."""
    places = (_QUALIFIER_PLACES, _ROLE_PLACES, _FARTHER_PLACES, _LEVEL_PLACES, _CHANGE_PLACES)
    return any(_longest(tokens, at, 0, phrases) for phrases in (*places, _PASSED_PLACES))


def _longest(tokens: Sequence[Token], at: int, floor: int, phrases: _Index) -> str | None:
    for phrase, count in phrases.get(tokens[at - 1].folded, ()):
        if at - count >= floor and ends(tokens, at, phrase):
            return phrase
    return None


def is_for(tokens: Sequence[Token], at: int) -> bool:
    """In ``3 nhà cho hộ nghèo`` other words carry their marks, so "cho" is no "chờ"."""
    return tokens[at].text.lower() == "cho" and any(has_accents(t.text) for t in tokens)


def _is_place_name(tokens: Sequence[Token], at: int, floor: int) -> bool:
    """``bản Trên 5``, ``thôn Đồng Còn 3``: a capital after the word for a place."""
    if not tokens[at].text[0].isupper() or tokens[at].text.isupper():
        return False
    return any(tokens[n].may_be(*_PLACES) for n in range(max(at - 2, floor), at))


def _half_marked(typed: str, phrase: str) -> bool:
    """``Đồng Tâm 6``: whoever types one mark of a word types all, so Tâm is no "tầm"."""
    return has_accents(typed) and word_key(typed) != word_key(phrase.split()[-1])
