"""When a report is due by rhythm, and from when it is missing."""

from __future__ import annotations

from datetime import date, datetime

import pytest

from models.cadence import report_day, silent_since
from vietnamese.zone import VIETNAM


@pytest.mark.parametrize(
    ("cadence", "cadence_day", "upto", "day"),
    [
        ("weekly", 5, date(2026, 11, 22), date(2026, 11, 20)),  # Friday
        ("weekly", 7, date(2026, 11, 22), date(2026, 11, 22)),  # that very Sunday
        ("monthly", 25, date(2026, 11, 22), date(2026, 10, 25)),
        ("monthly", 31, date(2026, 12, 1), date(2026, 11, 30)),  # the last day
        ("quarterly", 20, date(2026, 11, 22), date(2026, 9, 20)),
        ("quarterly", 20, date(2026, 2, 1), date(2025, 12, 20)),
        ("none", 1, date(2026, 11, 22), None),
    ],
)
def test_the_latest_report_day(cadence: str, cadence_day: int, upto: date, day: date) -> None:
    assert report_day(cadence, cadence_day, upto) == day


@pytest.mark.parametrize(
    ("last", "missing"),
    [
        (None, date(2026, 1, 9)),  # never: since the first Friday
        (datetime(2026, 10, 9, 16, 0, tzinfo=VIETNAM), date(2026, 10, 16)),
        (
            datetime(2026, 11, 13, 23, 59, tzinfo=VIETNAM),
            date(2026, 11, 20),
        ),  # counted for the week before
        (datetime(2026, 11, 14, 0, 0, tzinfo=VIETNAM), None),
        (datetime(2026, 11, 20, 16, 0, tzinfo=VIETNAM), None),
    ],
)
def test_silence_is_a_report_day_that_passed(last: datetime | None, missing: date | None) -> None:
    """Weekly, on Fridays; today is Sunday 22/11/2026."""
    today, start = date(2026, 11, 22), date(2026, 1, 5)
    assert silent_since("weekly", 5, start=start, last_report=last, today=today) == missing


def test_a_day_that_is_today_is_not_missed_yet() -> None:
    sent = datetime(2026, 11, 10, 9, 0, tzinfo=VIETNAM)
    friday = date(2026, 11, 20)
    start = date(2026, 1, 5)
    assert silent_since("weekly", 5, start=start, last_report=sent, today=friday) is None


@pytest.mark.parametrize(
    ("cadence", "cadence_day", "missing"),
    [
        ("weekly", 5, date(2026, 10, 16)),
        ("monthly", 10, date(2026, 11, 10)),
        ("quarterly", 20, date(2027, 3, 20)),  # the report of October answers December's
    ],
)
@pytest.mark.parametrize("today", [date(2027, 3, 21), date(2027, 4, 1), date(2028, 1, 1)])
def test_a_new_period_does_not_make_an_old_silence_new(
    cadence: str, cadence_day: int, missing: date, today: date
) -> None:
    """Overdue hidden by a monthly reset (mission §6): the last report came on 9/10/2026."""
    start, last = date(2026, 1, 5), datetime(2026, 10, 9, 16, 0, tzinfo=VIETNAM)
    assert silent_since(cadence, cadence_day, start=start, last_report=last, today=today) == missing


def test_nothing_is_missing_before_the_start_nor_without_a_rhythm() -> None:
    today, start = date(2026, 11, 22), date(2026, 11, 20)
    assert silent_since("weekly", 5, start=start, last_report=None, today=today) is None
    assert silent_since("none", 1, start=date(2026, 1, 5), last_report=None, today=today) is None
