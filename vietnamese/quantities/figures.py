"""The figures of a message and the part each plays: what is done, what is left, a total, a change.

A figure is a number with its unit and the words around it. Dates, clock times, codes (nv03) and
names with a number in them (thôn 3) are not figures.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import lru_cache
from itertools import islice
from typing import Literal

from vietnamese.letters import has_accents
from vietnamese.quantities.figure_parts import (
    part_of,
    shared_scale,
    smaller_part,
    spoken_range,
    upper_end,
)
from vietnamese.quantities.not_figures import not_a_figure
from vietnamese.quantities.numerals import HEADS, Numeral, read_numeral
from vietnamese.quantities.units import Unit, known, read_unit
from vietnamese.quantities.words_around import Around, is_for, look_left
from vietnamese.tokens import Token, is_polite, starts, starts_any

Role = Literal[
    "done",
    "left",
    "more",
    "less",
    "from",
    "total",
    "sum",
    "plan",
    "before",
    "negated",
    "hoped",
    "beyond",
    "each",
]


@dataclass(frozen=True)
class Figure:
    """A number of a message. `start` and `end` are token places; `readings` its possible values."""

    readings: tuple[Decimal, ...]
    unit: str | None
    role: Role
    start: int
    end: int
    total: Decimal | None = None
    qualifier: str | None = None
    scaled: bool = False

    @property
    def value(self) -> Decimal:
        return self.readings[0]

    @property
    def millions(self) -> bool:
        """``phạt 5 triệu``: millions of nothing are money."""
        return self.scaled and self.unit is None and self.value >= MILLION


_BEGINNINGS = HEADS | {"nua"}
_SHORT = 15
"""Words of an answer that may consist of a number word and courtesies."""
MANY = 16
"""Figures after which a message is no answer any more: it is asked about in any case."""
_NONE, MILLION = Decimal(0), 10**6
_LARGEST = Decimal(10) ** 16
_PLAN_TAILS = (
    "so với kế hoạch", "so với kh", "so kế hoạch", "so với chỉ tiêu", "của kế hoạch", "kế hoạch", "chỉ tiêu", "kh", "dự toán", "dt",
)  # fmt: skip
_OF_THE_TASK = ("chậm tiến độ", "chậm td", "chậm so")
_BECAUSE = ("chậm do", "chậm vì", "chậm tại")
_NO_OBSTACLE = ("không vướng", "không có", "không gặp", "không khó khăn", "không thay đổi")
_FILLERS = (
    "được", "có", "là", "đạt", "làm", "xong", "rồi", "đã", "hiện", "nay", "mới", "chỉ", "vẫn", "thôi", "tất", "cả",
    "hoàn", "thành", "khoảng", "gần", "hơn", "đến", "thực", "kết", "quả", "chắc", "cỡ", "chừng", "tầm", "tăng",
    "giảm", "thêm", "còn", "tổng", "cộng", "số", "lượng", "tới", "bằng",
)  # fmt: skip


def find_figures(tokens: Sequence[Token], expected: Unit | None = None) -> tuple[Figure, ...]:
    """All figures of the message, in order."""
    return _find(tuple(tokens), expected)


def first_figure(tokens: Sequence[Token], expected: Unit | None = None) -> Figure | None:
    """The first figure of the message; the rest is not looked at."""
    return next(figures_in(tokens, expected), None)


@lru_cache(maxsize=256)
def _find(tokens: tuple[Token, ...], expected: Unit | None) -> tuple[Figure, ...]:
    return tuple(islice(figures_in(tokens, expected), MANY))


def figures_in(tokens: Sequence[Token], expected: Unit | None = None) -> Iterator[Figure]:
    """The figures of the message one by one, for whoever does not need all."""
    floor = at = 0
    while at < len(tokens):
        token = tokens[at]
        if token.kind != "number" and token.folded not in _BEGINNINGS:
            at += 1
            continue
        if past := not_a_figure(tokens, at):
            at = past
            continue
        figure = _figure(tokens, at, floor, expected)
        if figure is None:
            at += 1
            continue
        floor = at = figure.end
        yield figure


def _figure(tokens: Sequence[Token], at: int, floor: int, expected: Unit | None) -> Figure | None:
    numeral, after = _half(tokens, at) or read_numeral(tokens, at)
    if numeral is None:
        return None
    after = _said_again(tokens, after, numeral)
    if after < len(tokens) and tokens[after].may_be("mấy"):
        return None
    unit, end = read_unit(tokens, after, expected)
    if unit is None and tokens[after - 1].text.lower() == "trđ":
        unit = "đồng"
    bare = numeral.words == 1 and not numeral.scaled and unit is None
    if bare and len(tokens) > _SHORT and not starts(tokens, after, "phần"):
        return None
    if at > floor and tokens[at - 1].may_be("trăm", "nghìn", "ngàn", "triệu", "tỷ"):
        return None  # "trăm hai hộ" is 120, never 2
    around = look_left(tokens, at, floor)
    if around.qualifier == "trên" and at > 1 and _is_number_word(tokens, at - 2):
        return None  # "ba chín trên bốn mươi": the part before was not read
    if at and floor == at - 1 and tokens[at - 1].text == "/":
        around = Around("total", around.qualifier)  # "800 m/3 km": no part of it was read
    if _for_each(tokens, at, end, floor):
        around = Around("each", around.qualifier)
    if numeral.words == 1 and at and tokens[at - 1].may_be("đôi", "dăm", "vài", "mấy"):
        return None
    if numeral.words == 1 and not numeral.scaled and not _is_counted(tokens, at, unit, around):
        return None
    if _glued_to_letters(tokens, after, end):
        return None
    if unit and end < len(tokens) and tokens[end].may_be("rưỡi", "rưởi"):
        numeral, end = numeral.times(Decimal(1), Decimal("0.5")), end + 1
    if unit and end < len(tokens) and tokens[end].kind == "number" and _touch(tokens, end):
        tail = Decimal(tokens[end].text) if tokens[end].text.isdigit() else None
        if tail is not None and len(tokens[end].text) <= 3:
            part = tail / 10 ** len(tokens[end].text)
            grown = tuple(value + part for value in numeral.readings)
            numeral, end = Numeral((*grown, *numeral.readings)), end + 1
    if smaller := smaller_part(tokens, end, unit):
        numeral, end = numeral.times(Decimal(1), smaller[0]), smaller[1]
    figure = Figure((), unit, around.role, at, end, None, around.qualifier, numeral.scaled)
    part = part_of(tokens, end, unit, expected)
    if part is None and unit is None and numeral.words and starts(tokens, end, "phần"):
        return None  # "xong một phần" counts nothing
    if part:
        total, total_unit, end = part
        if (shared := shared_scale(tokens, part)) and not numeral.scaled and unit is None:
            numeral = numeral.times(shared)
            figure = replace(figure, scaled=True)
        figure = replace(figure, total=total, unit=unit or total_unit, end=end)
    elif upper := upper_end(tokens, end, unit, expected):
        top, top_unit, end = upper
        both = (*numeral.in_fractions[:1], top)
        return replace(figure, readings=both, unit=unit or top_unit, end=end, role="done")
    if (
        not part
        and end + 1 < len(tokens)
        and tokens[end].text == "/"
        and tokens[end + 1].kind == "word"
    ):
        figure = replace(figure, role="hoped")  # "12 hộ/tháng" is a rate, and nobody asked for one
    if numeral.words == 1 and floor < at and unit and (one_less := spoken_range(tokens, at)):
        numeral = Numeral((one_less, *numeral.readings), words=2)
    if numeral.words and starts_any(tokens, at, ("một nửa", "nửa")):
        figure = _of_half(figure)
        numeral = Numeral((Decimal(1),)) if figure.total else numeral
    measure = known(figure.unit) or expected
    fractional = measure is not None and measure.fractional
    readings = _signed(tokens, at, numeral.in_fractions if fractional else numeral.readings)
    if (
        expected
        and expected.scale > 1
        and not (figure.unit or figure.scaled)
        and readings[0] >= MILLION
    ):
        readings = (
            readings[0] / expected.scale,
            *readings,
        )  # typed in đồng, for a task in millions
    if any(abs(value) > _LARGEST for value in (*readings, figure.total or _NONE)):
        return None
    return _look_right(tokens, replace(figure, readings=tuple(dict.fromkeys(readings))))


def _said_again(tokens: Sequence[Token], at: int, numeral: Numeral) -> int:
    """The place after ``(hai)`` in ``02 (hai) tổ``, the form of official papers."""
    if at >= len(tokens) or tokens[at].text != "(":
        return at
    again, end = read_numeral(tokens, at + 1)
    same = again is not None and again.readings == numeral.readings
    return end + 1 if same and end < len(tokens) and tokens[end].text == ")" else at


def _signed(tokens: Sequence[Token], at: int, readings: tuple[Decimal, ...]) -> tuple[Decimal, ...]:
    """A true minus (−5) is read as one; a hyphen may be one, or the dash of a list: both are kept."""
    sign = tokens[at - 1].text if at else ""
    less = tuple(-value for value in readings)
    alone = at == 1 or (at > 1 and tokens[at - 2].end < tokens[at - 1].start)
    if sign in {",", "."} and alone and _touch(tokens, at) and tokens[at].text.isdigit():
        tenths = Decimal(
            f"0.{tokens[at].text}"
        )  # ",5 ha": a zero was left out, or a comma is too many
        return (tenths, *readings)
    if sign == "\u2212":
        return less
    return (*less, *readings) if sign == "-" and at == 1 else readings


def _half(tokens: Sequence[Token], at: int) -> tuple[Numeral, int] | None:
    """``một nửa``, ``nửa tỷ``; a bare ``nua`` alone is more often ``nữa``."""
    end = starts(tokens, at, "một nửa")
    if not end and tokens[at].may_be("nửa") and (at == 0 or has_accents(tokens[at].text)):
        end = at + 1
    if not end:
        return None
    half = Numeral((Decimal("0.5"),), words=2)
    if end < len(tokens) and tokens[end].may_be("triệu", "tỷ", "nghìn"):
        scale, after = read_numeral((Token("1", "number", 0, 1, "1"), tokens[end]), 0)
        return (
            (replace(half.times(scale.readings[0]), scaled=True), end + after - 1)
            if scale
            else (half, end)
        )
    return half, end


def _of_half(figure: Figure) -> Figure:
    """Half of what was planned, unless it is half of a measure (nửa ha, nửa tỷ)."""
    measure = known(figure.unit)
    return (
        figure
        if figure.scaled or (measure and measure.fractional)
        else replace(figure, total=Decimal(2))
    )


def _is_counted(tokens: Sequence[Token], at: int, unit: str | None, around: Around) -> bool:
    """Whether a number of one word (``ba``, ``năm``) is a number at all."""
    token = tokens[at]
    if token.may_be("không"):
        return False
    if unit is not None:
        return not (token.text.lower() == "ba" and unit == "con")
    following = tokens[at + 1] if at + 1 < len(tokens) else token
    if following.may_be("ơi"):
        return False
    if following.text == "/" or following.may_be("phần") or around.qualifier:
        return True
    if len(tokens) > _SHORT:
        return False
    last = at + 1 == len(tokens) or all(is_polite(t) or t.kind == "sign" for t in tokens[at + 1 :])
    if last and at and tokens[at - 1].may_be("được"):
        return True
    others = (t for n, t in enumerate(tokens) if n != at and t.kind != "sign")
    return all(is_polite(t) or t.may_be(*_FILLERS) for t in others)


def _is_number_word(tokens: Sequence[Token], at: int) -> bool:
    numeral, end = read_numeral(tokens, at)
    return numeral is not None and end == at + 1


def _for_each(tokens: Sequence[Token], at: int, end: int, floor: int) -> bool:
    """``mỗi thôn 2 hộ``, ``bình quân 2 hộ``: a rate, and nobody asked for one."""
    near = (*tokens[max(at - 3, floor) : at], *tokens[end : end + 1])
    if any(t.text.lower() == "mỗi" for t in near):
        return True
    return any(
        starts_any(tokens, n, ("bình quân", "trung bình")) for n in range(max(at - 3, floor), at)
    )


def _glued_to_letters(tokens: Sequence[Token], after: int, end: int) -> bool:
    """``3a``, ``14h30``: letters directly behind a number that are no unit."""
    if end > after or after >= len(tokens) or tokens[after].kind != "word":
        return False
    return tokens[after - 1].kind == "number" and tokens[after].start == tokens[after - 1].end


def _touch(tokens: Sequence[Token], at: int) -> bool:
    return tokens[at].start == tokens[at - 1].end


def _look_right(tokens: Sequence[Token], figure: Figure) -> Figure:
    at = figure.end
    if at < len(tokens) and tokens[at].text == ")":
        at += 1
    if figure.unit == "%" and (end := starts_any(tokens, at, _PLAN_TAILS)):
        return replace(figure, role="plan", end=end)
    if end := starts(tokens, at, "trở lên"):
        return replace(figure, qualifier="ít nhất", end=end)
    if end := starts_any(tokens, at, ("trở xuống", "đổ lại")):
        return replace(figure, qualifier="tối đa", end=end)
    if figure.role == "done" and starts(tokens, at, "nữa"):
        return replace(figure, role="hoped")
    if figure.role == "done" and starts_any(tokens, at, ("còn lại", "còn thiếu")):
        return replace(figure, role="left")
    if figure.role == "done" and starts(tokens, at, "chưa"):
        return replace(figure, role="left" if figure.total is None else "negated")
    if (
        figure.role == "done"
        and figure.total is None
        and figure.unit != "%"
        and starts_any(tokens, at, ("đang", "không", "chậm", "vướng", "chờ"))
        and not starts_any(tokens, at, (*_NO_OBSTACLE, *_OF_THE_TASK))
        and not is_for(tokens, at)
        and not (tokens[at].text.lower() == "dang" and starts(tokens, at, "đăng ký"))
        and (not starts_any(tokens, at, _BECAUSE) or _has_number(tokens, figure.start))
    ):
        return replace(figure, role="left")
    return figure


def _has_number(tokens: Sequence[Token], before: int) -> bool:
    """In ``30 nhà, 2 nhà chậm do mưa`` two are late, in ``85 ha chậm do mưa`` the task is."""
    return any(t.kind == "number" for t in tokens[:before])
