"""When a report is due by its cadence: weekly by weekday, monthly or quarterly by day of month."""

from __future__ import annotations

import calendar
from datetime import date, datetime, timedelta
from functools import lru_cache

from vietnamese.zone import local_day

_DAY = timedelta(days=1)


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


def next_report_day(cadence: str, cadence_day: int, after: date) -> date:
    """The first report day after `after`; `cadence` is weekly, monthly or quarterly."""
    span = {"weekly": 7, "monthly": 31, "quarterly": 93}[cadence]
    found = report_day(cadence, cadence_day, after + timedelta(days=span))
    while found is not None:
        earlier = report_day(cadence, cadence_day, found - _DAY)
        if earlier is None or earlier <= after:
            return found
        found = earlier
    raise ValueError(f"nothing is reported by the rhythm {cadence!r}")


def answered_day(cadence: str, cadence_day: int, reported: date) -> date:
    """The report day that a report answers: the first one on or after the day it was sent."""
    return next_report_day(cadence, cadence_day, reported - _DAY)


def asked_from(start: date, reports_from: date | None) -> date:
    """The day after which report days count: a task loaded in the middle of the year owes none of
    the months before."""
    return max(start, reports_from or start)


def silent_since(
    cadence: str,
    cadence_day: int,
    *,
    start: date,
    reports_from: date | None = None,
    last_report: datetime | None,
    today: date,
) -> date | None:
    """The first report day that passed without a report, or None when nothing is missing.

    Since the last report, or the task's start (see `asked_from`): a new period does not make an old
    silence new (mission §6). Nothing is missing for a day on or before the start, nor today.
    """
    if cadence == "none":
        return None
    last = local_day(last_report) if last_report else None
    missed = _first_missed(cadence, cadence_day, asked_from(start, reports_from), last)
    return missed if missed < today else None


@lru_cache(maxsize=8192)
def _first_missed(cadence: str, cadence_day: int, start: date, last: date | None) -> date:
    # A summary asks for thousands of tasks that share a few rhythms and days.
    answered = answered_day(cadence, cadence_day, last) if last else start
    return next_report_day(cadence, cadence_day, max(start, answered))
