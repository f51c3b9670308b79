"""When a report is due by its cadence: weekly by weekday, monthly or quarterly by day of month."""

from __future__ import annotations

import calendar
from datetime import date, timedelta


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


def silent_since(
    cadence: str, cadence_day: int, *, start: date, last_report: date | None, today: date
) -> date | None:
    """The report day that passed without a report, or None when nothing is missing.

    A report counts for day D when it was sent after the report day before D. A day that is today
    is not missed yet, nor one before the task's start.
    """
    missed = report_day(cadence, cadence_day, today - timedelta(days=1))
    if missed is None or missed <= start:
        return None
    before = report_day(cadence, cadence_day, missed - timedelta(days=1))
    if last_report is not None and (before is None or last_report > before):
        return None
    return missed
