"""Working days of the country (ngày làm việc): what the library knows, and what we decide over it.

Weekends, public holidays, Tết and swapped working days come from `holidays` (Vietnam, public
holidays of Bộ luật Lao động 2019, Điều 112, with the yearly decisions on swapped days). A row of
the `day_off` table wins over it, either way (mission §4, pitfall 26).
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Mapping
from datetime import date, timedelta
from functools import lru_cache

import holidays

DAY = timedelta(days=1)
LONGEST_STOP = 40
"""No stop of work lasts longer (days): a table of days off that says so is a mistake."""


class NoWorkingDay(ValueError):
    """The overrides leave no working day for more than forty days on end."""


@lru_cache(maxsize=64)
def _library_year(year: int) -> tuple[date, ...]:
    known = holidays.country_holidays("VN", years=(year - 1, year, year + 1))
    first = date(year, 1, 1)
    days = (first + DAY * at for at in range((date(year + 1, 1, 1) - first).days))
    return tuple(day for day in days if known.is_working_day(day))


class Calendar:
    """Which days are worked. `overrides`: day → worked or not; it wins over the library."""

    def __init__(self, overrides: Mapping[date, bool] | None = None) -> None:
        self._overrides = dict(overrides or {})
        self._years: dict[int, list[date]] = {}

    def is_working(self, day: date) -> bool:
        """Whether people are at work on `day`."""
        days = self._year(day.year)
        at = bisect_left(days, day)
        return at < len(days) and days[at] == day

    def previous_working(self, day: date) -> date:
        """The last working day before `day`, never `day` itself."""
        return self._walk(day, -DAY)

    def next_working(self, day: date) -> date:
        """The first working day after `day`, never `day` itself."""
        return self._walk(day, DAY)

    def on_or_before(self, day: date) -> date:
        """`day` if it is worked, else the working day before: nobody misses a weekend's date."""
        return day if self.is_working(day) else self.previous_working(day)

    def add_working_days(self, day: date, n: int) -> date:
        """The n-th working day after `day` (before it, where n < 0); `day` itself for 0."""
        days = self._year(day.year)
        at = bisect_right(days, day) + n - 1 if n > 0 else bisect_left(days, day) + n
        if n and 0 <= at < len(days):
            return days[at]
        for _ in range(abs(n)):
            day = self.next_working(day) if n > 0 else self.previous_working(day)
        return day

    def working_days_between(self, after: date, upto: date) -> int:
        """How many working days lie after `after`, up to and with `upto`; 0 if it is not later."""
        if upto <= after:
            return 0
        total = 0
        for year in range(after.year, upto.year + 1):
            days = self._year(year)
            total += bisect_right(days, upto) - bisect_right(days, after)
        return total

    def _walk(self, day: date, step: timedelta) -> date:
        for _ in range(LONGEST_STOP):
            day += step
            if self.is_working(day):
                return day
        raise NoWorkingDay(f"no working day within {LONGEST_STOP} days of {day}")

    def _year(self, year: int) -> list[date]:
        known = self._years.get(year)
        if known is None:
            worked = set(_library_year(year))
            for day, working in self._overrides.items():
                if day.year == year:
                    (worked.add if working else worked.discard)(day)
            known = self._years[year] = sorted(worked)
        return known
