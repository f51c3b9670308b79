"""What may follow a number and belong to it: the whole it is a part of, or the end of a range."""

from collections.abc import Sequence
from decimal import Decimal

from vietnamese.quantities.not_figures import not_a_figure
from vietnamese.quantities.numerals import Numeral, read_literal, read_numeral
from vietnamese.quantities.units import TIME, Unit, convert, read_unit
from vietnamese.tokens import Token, starts_any

_OF = (
    "trên tổng số",
    "trong tổng số",
    "trên tổng",
    "trong tổng",
    "trên",
    "trong số",
    "trong",
    "của",
)


def part_of(
    tokens: Sequence[Token], at: int, unit: str | None, expected: Unit | None
) -> tuple[Decimal, str | None, int] | None:
    """``/40``, ``trên tổng số 40 hộ``, ``phần ba``: the whole that the number is a part of."""
    if at >= len(tokens):
        return None
    after = at + 1 if tokens[at].text == "/" else starts_any(tokens, at, (*_OF, "phần"))
    if tokens[at].text == "/" and (after >= len(tokens) or tokens[after].kind != "number"):
        return None
    whole, end = read_numeral(tokens, after) if after else (None, at)
    if after and after < len(tokens) and tokens[at].may_be("phần") and tokens[after].may_be("tư"):
        whole, end = Numeral((Decimal(4),), words=1), after + 1
    if (
        whole is None
        or len(whole.readings) > 1
        or (tokens[at].may_be("phần") and whole.value_is(100))
    ):
        return None
    whole_unit, end = read_unit(tokens, end, expected)
    spoken = tokens[at].text != "/" and not tokens[at].may_be("phần")
    if spoken and (whole_unit == "%" or whole.words == 1) and whole_unit != unit:
        return None
    if whole_unit in TIME and whole_unit != unit:
        return None
    if unit and whole_unit and unit != whole_unit:
        return None
    return whole.readings[0], whole_unit, end


def shared_scale(tokens: Sequence[Token], part: tuple[Decimal, str | None, int]) -> Decimal | None:
    """In ``3,5/10 tỷ`` the scale belongs to both numbers."""
    digits = next((t for t in reversed(tokens[: part[2]]) if t.kind == "number"), None)
    literal = read_literal(digits.text) if digits else None
    if literal is None or not literal.readings[0]:
        return None
    factor = part[0] / literal.readings[0]
    return factor if factor in {Decimal(10) ** n for n in (3, 6, 9)} else None


def smaller_part(tokens: Sequence[Token], at: int, unit: str | None) -> tuple[Decimal, int] | None:
    """The ``200 m`` of ``1 km 200 m``, in the larger unit, and the place after it."""
    if unit is None or at >= len(tokens) or not tokens[at].text.isdigit():
        return None
    smaller, end = read_unit(tokens, at + 1)
    part = convert(Decimal(tokens[at].text), smaller, unit) if smaller not in (None, unit) else None
    return (part, end) if part is not None and part < 1 else None


def spoken_range(tokens: Sequence[Token], at: int) -> Decimal | None:
    """``hai ba hộ``, ``hai, ba hộ``: two or three, the number before, when both are words of one digit."""
    near = at - 2 if at > 1 and tokens[at - 1].text == "," else at - 1
    if tokens[at].kind != "word" or tokens[near].kind != "word":
        return None
    before, end = read_numeral(tokens, near)
    if before is None or end != near + 1 or before.words != 1:
        return None
    return before.readings[0]


def upper_end(
    tokens: Sequence[Token], at: int, unit: str | None, expected: Unit | None
) -> tuple[Decimal, str | None, int] | None:
    """``2-3 tổ``, ``2 đến 3 tổ``: nobody but the person knows which."""
    if at >= len(tokens) or not (
        tokens[at].text in {"-", "–", "—", "~"} or tokens[at].may_be("đến", "tới", "hoặc", "hay")
    ):
        return None
    top, end = read_numeral(tokens, at + 1)
    if top is None or not_a_figure(tokens, at + 1) or (top.words == 1 and unit is None):
        return None
    top_unit, end = read_unit(tokens, end, expected)
    if unit and top_unit and unit != top_unit:
        return None
    return top.readings[0], top_unit, end
