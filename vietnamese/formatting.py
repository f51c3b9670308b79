"""Numbers and dates as a Vietnamese reader writes them: 4.028 · 98,3 · Chủ Nhật 22/11/2026.

Everything written here is read back by `quantities` and `dates`.
"""

from datetime import date, datetime
from decimal import ROUND_DOWN, ROUND_HALF_UP, Decimal

_WEEKDAYS = ("Thứ Hai", "Thứ Ba", "Thứ Tư", "Thứ Năm", "Thứ Sáu", "Thứ Bảy", "Chủ Nhật")
_MINUS = "\u2212"
_TENTH = Decimal("0.1")
_HUNDRED = Decimal(100)


def number(value: Decimal | int, places: int | None = None) -> str:
    """A number with a dot between thousands and a decimal comma.

    `places` fixes the number of decimals (rounded half up); without it no zero is left at the end.
    One exception: a number under 1.000 with exactly three decimals gets a fourth, because
    ``1,234`` is easily taken for one thousand two hundred and thirty-four.
    """
    exact = Decimal(value)
    if not exact.is_finite():
        raise ValueError(f"not a finite number: {value}")
    if places is not None:
        exact = exact.quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP)
    whole, _, decimals = format(abs(exact), "f").partition(".")
    if places is None:
        decimals = decimals.rstrip("0")
        if len(decimals) == 3 and whole != "0" and len(whole) <= 3:
            decimals += "0"
    grouped = f"{int(whole):,}".replace(",", ".")
    sign = _MINUS if exact < 0 else ""
    return sign + (f"{grouped},{decimals}" if decimals else grouped)


def percent(value: Decimal) -> str:
    """A percentage with at most one decimal, rounded half up: ``97,5%``.

    What is not the whole is never shown as the whole: 99,96 is ``99,9%``, not ``100%``; and what is
    more than nothing is never shown as nothing: 0,04 is ``0,1%``.
    """
    shown = value.quantize(_TENTH, ROUND_HALF_UP)
    if value < _HUNDRED <= shown:
        shown = value.quantize(_TENTH, ROUND_DOWN)
    elif value > 0 and not shown:
        shown = _TENTH
    return f"{number(shown)}%"


def weekday(d: date) -> str:
    """``Thứ Hai`` … ``Chủ Nhật``."""
    return _WEEKDAYS[d.weekday()]


def day(d: date) -> str:
    """``22/11/2026``."""
    return f"{d.day:02d}/{d.month:02d}/{d.year:04d}"


def short_day(d: date, now_year: int) -> str:
    """``12/11`` in the current year, ``12/11/2025`` in any other."""
    return f"{d.day:02d}/{d.month:02d}" if d.year == now_year else day(d)


def full_day(d: date) -> str:
    """``Chủ Nhật 22/11/2026``: what is read back before a date is saved."""
    return f"{weekday(d)} {day(d)}"


def clock_time(dt: datetime) -> str:
    """``16:32``, of a moment that is already local."""
    return f"{dt.hour:02d}:{dt.minute:02d}"
