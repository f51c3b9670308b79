"""The words before a figure: ``còn``, ``gần``, ``tăng``, ``kế hoạch`` … and what they make of it."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from vietnamese.letters import fold
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


_SIGNS = {"~": "khoảng", "≈": "khoảng", ">": "trên", "<": "dưới", "≥": "ít nhất", "≤": "tối đa"}
_QUALIFIERS = (
    ("chưa đến", "dưới"),
    ("chưa tới", "dưới"),
    ("không đến", "dưới"),
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
    ("vượt", "beyond"),
    ("vượt kế hoạch", "beyond"),
)
_LEVELS = ("lên", "xuống", "xuống còn", "thành", "đến", "tới")
_MORE = ("tăng", "thêm", "tăng thêm", "nâng thêm", "cộng thêm", "hơn trước")
_LESS = ("giảm", "bớt", "hụt", "giảm bớt")
_PASSED_OVER = (
    "được", "là", "có", "đạt", "làm", "xong", "thực hiện", "hoàn thành", "khoảng", "số", "lại", "đi",
    "mới", "chỉ", "đã", "hiện", "nhất", "chính xác", "đúng", "cả", "vẫn",
)  # fmt: skip


_QUALIFIER_OF, _ROLE_OF = dict(_QUALIFIERS), dict(_ROLES)
_QUALIFIER_WORDS, _ROLE_WORDS = tuple(_QUALIFIER_OF), tuple(_ROLE_OF)
_LAST_WORDS = {
    phrase: fold(phrase.split()[-1])
    for phrase in (
        *(words for words, _ in _QUALIFIERS),
        *(words for words, _ in _ROLES),
        *_LEVELS,
        *_MORE,
        *_LESS,
        *_PASSED_OVER,
    )
}


def look_left(tokens: Sequence[Token], at: int, floor: int) -> Around:
    """Reads backwards from the figure at `at` to the sign, or the figure, before it."""
    role: Side = "done"
    qualifier: str | None = None
    level = False
    while at > floor:
        if tokens[at - 1].kind != "word":
            sign = tokens[at - 1].text
            if sign in _SIGNS and qualifier is None:
                qualifier, at = _SIGNS[sign], at - 1
                continue
            if sign == "+" and (at - 1 == floor == 0 or at == 1):
                role = "more"
            if sign in {":", "="}:
                at -= 1
                continue
            break
        if found := _longest(tokens, at, floor, _QUALIFIER_WORDS):
            qualifier, at = qualifier or _QUALIFIER_OF[found], at - len(found.split())
            continue
        if found := _longest(tokens, at, floor, _MORE) or _longest(tokens, at, floor, _LESS):
            return Around(role if level else ("more" if found in _MORE else "less"), qualifier)
        if found := _longest(tokens, at, floor, _ROLE_WORDS):
            at -= len(found.split())
            if found == "còn" and _longest(tokens, at, floor, _LESS):
                return Around("done", qualifier)
            return Around(_ROLE_OF[found], qualifier)
        if found := _longest(tokens, at, floor, _LEVELS):
            level, at = True, at - len(found.split())
            continue
        if found := _longest(tokens, at, floor, _PASSED_OVER):
            at -= len(found.split())
            continue
        break
    return Around(role, qualifier)


def _longest(tokens: Sequence[Token], at: int, floor: int, phrases: Sequence[str]) -> str | None:
    last = fold(tokens[at - 1].text)
    near = (p for p in phrases if _LAST_WORDS[p] == last)
    fitting = [p for p in near if at - len(p.split()) >= floor and ends(tokens, at, p)]
    return max(fitting, key=len, default=None)
