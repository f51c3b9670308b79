"""The country's time zone. Stored times are UTC; people see Asia/Ho_Chi_Minh (promise 8)."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

VIETNAM = ZoneInfo("Asia/Ho_Chi_Minh")


def local(instant: datetime) -> datetime:
    """The instant as a clock on a Vietnamese wall shows it."""
    return instant.astimezone(VIETNAM)


def local_day(instant: datetime) -> date:
    """The calendar day in Vietnam at that instant."""
    return instant.astimezone(VIETNAM).date()


def end_of_day(day: date) -> datetime:
    """The last instant of a calendar day in Vietnam."""
    return datetime.combine(day + timedelta(days=1), time(0), VIETNAM) - timedelta(microseconds=1)
