"""When the demo plays: its first morning, its working days and hours."""

from __future__ import annotations

import random
from datetime import date, datetime, time

from scheduler.calendar import Calendar
from vietnamese.zone import VIETNAM

YEAR = 2026
DEMO_START = datetime(YEAR, 11, 23, 8, 0, tzinfo=VIETNAM)
"""Monday 23/11/2026 at 08:00 in Vietnam; the next working morning is Wednesday 25/11."""

_CALENDAR = Calendar()


def working_day(day: date) -> date:
    """The day itself if it is worked, else the working day before."""
    return _CALENDAR.on_or_before(day)


def after_working_days(day: date, count: int) -> date:
    """The count-th working day after the day (before it, if negative)."""
    return _CALENDAR.add_working_days(day, count)


def at_work(day: date, chance: random.Random, first: int = 8, last: int = 16) -> datetime:
    """A moment of the day between `first`:00 and `last`:59, not at lunch."""
    hour = chance.choice([hour for hour in range(first, last + 1) if hour != 12])
    moment = time(hour, chance.randrange(60), chance.randrange(60), tzinfo=VIETNAM)
    return datetime.combine(day, moment)


def day_of(text: str) -> date:
    """`31/12` of the demo's year, or `31/12/2030`."""
    day, month, *year = (int(part) for part in text.split("/"))
    return date(year[0] if year else YEAR, month, day)
