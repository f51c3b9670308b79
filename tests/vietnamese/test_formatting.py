"""Numbers and dates as they are shown."""

from datetime import date, datetime
from decimal import Decimal

import pytest

from vietnamese import formatting
from vietnamese.zone import VIETNAM


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        (Decimal(4028), "4.028"),
        (Decimal("98.30"), "98,3"),
        (Decimal(3500000000), "3.500.000.000"),
        (Decimal("0.125"), "0,125"),
        (Decimal("1.234"), "1,2340"),
        (Decimal("1234.567"), "1.234,567"),
        (Decimal(-5), "−5"),
        (Decimal("1E+3"), "1.000"),
        (0, "0"),
    ],
)
def test_numbers(value: Decimal | int, shown: str) -> None:
    assert formatting.number(value) == shown


def test_places_are_kept_and_rounded_half_up() -> None:
    assert formatting.number(Decimal(97), 1) == "97,0"
    assert formatting.number(Decimal("0.25"), 1) == "0,3"


def test_numbers_that_are_none_are_refused() -> None:
    with pytest.raises(ValueError, match="finite"):
        formatting.number(Decimal("NaN"))


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        ("97.5", "97,5%"),
        ("100", "100%"),
        ("99.96", "99,9%"),
        ("99.99999", "99,9%"),
        ("16.666", "16,7%"),
        ("0", "0%"),
        ("0.04", "0,1%"),
        ("100.04", "100%"),
        ("105", "105%"),
    ],
)
def test_percent_never_shows_the_whole_for_less(value: str, shown: str) -> None:
    assert formatting.percent(Decimal(value)) == shown


def test_days() -> None:
    sunday = date(2026, 11, 22)
    assert formatting.full_day(sunday) == "Chủ Nhật 22/11/2026"
    assert formatting.weekday(date(2026, 11, 23)) == "Thứ Hai"
    assert formatting.short_day(date(2026, 11, 5), 2026) == "05/11"
    assert formatting.short_day(date(2026, 11, 5), 2027) == "05/11/2026"
    assert formatting.clock_time(datetime(2026, 11, 22, 16, 32, tzinfo=VIETNAM)) == "16:32"
