"""When a report is due by its cadence: weekly by weekday, monthly or quarterly by day of month."""

from __future__ import annotations

import calendar
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache

from vietnamese.zone import VIETNAM


def report_day(cadence: str, cadence_day: int, upto: date) -> date | None:
    """The latest report day on or before `upto`; None where nothing is due by rhythm.

    `cadence_day`: weekly 1 (Monday) to 7; monthly and quarterly the day of the month, the last
    one where the month is shorter (31 = the last day). Quarters end in March, June …
    """
    if cadence == "weekly":
        return upto - timedelta(days=(upto.isoweekday() - cadence_day) % 7)
    if cadence not in ("monthly", "quarterly"):
        return None
    year, month = upto.year, upto.month
    while True:
        if cadence == "monthly" or month % 3 == 0:
            day = date(year, month, min(cadence_day, calendar.monthrange(year, month)[1]))
            if day <= upto:
                return day
        year, month = (year, month - 1) if month > 1 else (year - 1, 12)


@lru_cache(maxsize=512)
def missed_day(cadence: str, cadence_day: int, today: date) -> tuple[date, datetime] | None:
    """The last report day before `today`, and the instant from which a report counts for it.

    A day that is today is not missed yet. A report counts when it was sent after the report day
    before, in Vietnam's time.
    """
    missed = report_day(cadence, cadence_day, today - timedelta(days=1))
    before = report_day(cadence, cadence_day, missed - timedelta(days=1)) if missed else None
    if missed is None or before is None:
        return None
    counts_from = datetime.combine(before + timedelta(days=1), time(0), VIETNAM)
    return missed, counts_from.astimezone(UTC)


def silent_since(
    cadence: str, cadence_day: int, *, start: date, last_report: datetime | None, today: date
) -> date | None:
    """The report day that passed without a report, or None when nothing is missing.

    Nothing is missing for a day on or before the task's start.
    """
    found = missed_day(cadence, cadence_day, today)
    if found is None:
        return None
    missed, counts_from = found
    if missed <= start or (last_report is not None and last_report >= counts_from):
        return None
    return missed
