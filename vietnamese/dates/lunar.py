"""The Vietnamese lunar calendar: Tết, rằm tháng Giêng, mùng 10 tháng 3 âm lịch.

A lunar month begins on the day of the new moon in Vietnam (UTC+7); month 11 is the one that holds
the winter solstice; where thirteen months lie between two of those, the first month in which the
sun enters no new sign is a leap month (âm lịch tháng nhuận). New moons and the sun's longitude
follow the series of J. Meeus, Astronomical Algorithms, chapters 25 and 49; good to a minute or so
between 1900 and 2100.
"""

from datetime import date, timedelta
from functools import lru_cache
from math import floor, sin

_DEGREE = 3.141592653589793 / 180
_ZONE = 7 / 24
"""Vietnam's clock, in days ahead of UTC."""
_EPOCH = 2451550.09766
"""The new moon of 6 January 2000, as a Julian day."""
_MONTH = 29.530588861
_ORDINAL_OFFSET = 1721424.5
"""From a Julian day to `date.toordinal`."""


def from_lunar(day: int, month: int, year: int) -> date | None:
    """The solar date of a lunar one (never of a leap month); None if that month is too short.

    `year` is the lunar year, which begins at Tết: the 23rd of month 12 of 2026 is in January 2027.
    """
    if not (1 <= month <= 12 and 1 <= day <= 30 and 1901 <= year <= 2099):
        return None
    first, length = _month(month, year)
    return first + timedelta(day - 1) if day <= length else None


def new_year(year: int) -> date:
    """Mùng 1 Tết of the lunar year, which begins in January or February of the solar year."""
    return _month(1, year)[0]


@lru_cache(maxsize=512)
def _month(month: int, year: int) -> tuple[date, int]:
    """The first day of a lunar month, and how many days it has (29 or 30)."""
    start = _solstice_month(year - 1 if month <= 10 else year)
    goal = (month - 11) % 12
    stop = _solstice_month(year if month <= 10 else year + 1)
    leap = _leap_place(start, stop)
    lunation = start + goal + (1 if leap is not None and goal >= leap else 0)
    first, following = _new_moon_day(lunation), _new_moon_day(lunation + 1)
    return date.fromordinal(first), following - first


def _leap_place(start: int, stop: int) -> int | None:
    """Which month after month 11 is the leap one, when there are thirteen."""
    if stop - start < 13:
        return None
    for place in range(1, 14):
        if _sun_sign(_new_moon_day(start + place)) == _sun_sign(_new_moon_day(start + place + 1)):
            return place
    return None


@lru_cache(maxsize=256)
def _solstice_month(year: int) -> int:
    """The lunation that holds the winter solstice of the solar year."""
    last_day = date(year, 12, 31).toordinal()
    lunation = floor((last_day + _ORDINAL_OFFSET - _EPOCH) / _MONTH) + 1
    while _new_moon_day(lunation) > last_day:
        lunation -= 1
    return lunation - 1 if _sun_sign(_new_moon_day(lunation)) >= 9 else lunation


@lru_cache(maxsize=4096)
def _sun_sign(day: int) -> int:
    """The twelfth of the zodiac the sun is in at the start of the day; the solstice begins 9."""
    century = (day + _ORDINAL_OFFSET - _ZONE - 2451545.0) / 36525
    mean = 280.46646 + 36000.76983 * century + 0.0003032 * century**2
    anomaly = (357.52911 + 35999.05029 * century - 0.0001537 * century**2) * _DEGREE
    centre = (1.914602 - 0.004817 * century) * sin(anomaly)
    centre += 0.019993 * sin(2 * anomaly) + 0.000289 * sin(3 * anomaly)
    node = (125.04 - 1934.136 * century) * _DEGREE
    return floor((mean + centre - 0.00569 - 0.00478 * sin(node)) % 360 / 30)


@lru_cache(maxsize=4096)
def _new_moon_day(lunation: int) -> int:
    """The day (as an ordinal) on which the new moon falls in Vietnam; lunation 0 is January 2000."""
    k = float(lunation)
    t = k / 1236.85
    moment = _EPOCH + _MONTH * k + 0.00015437 * t**2
    sun = (2.5534 + 29.1053567 * k - 0.0000014 * t**2) * _DEGREE
    moon = (201.5643 + 385.81693528 * k + 0.0107582 * t**2) * _DEGREE
    node = (160.7108 + 390.67050284 * k - 0.0016118 * t**2) * _DEGREE
    ascending = (124.7746 - 1.56375588 * k) * _DEGREE
    e = 1 - 0.002516 * t
    moment += (
        -0.4072 * sin(moon)
        + 0.17241 * e * sin(sun)
        + 0.01608 * sin(2 * moon)
        + 0.01039 * sin(2 * node)
        + 0.00739 * e * sin(moon - sun)
        - 0.00514 * e * sin(moon + sun)
        + 0.00208 * e**2 * sin(2 * sun)
        - 0.00111 * sin(moon - 2 * node)
        - 0.00057 * sin(moon + 2 * node)
        + 0.00056 * e * sin(2 * moon + sun)
        - 0.00042 * sin(3 * moon)
        + 0.00042 * e * sin(sun + 2 * node)
        + 0.00038 * e * sin(sun - 2 * node)
        - 0.00024 * e * sin(2 * moon - sun)
        - 0.00017 * sin(ascending)
        + 0.000325 * sin((299.77 + 0.107408 * k) * _DEGREE)
        + 0.000165 * sin((251.88 + 0.016321 * k) * _DEGREE)
    )
    years = 100 * t
    clock_drift = (62.92 + 0.32217 * years + 0.005589 * years**2) / 86400
    return floor(moment - clock_drift + _ZONE - _ORDINAL_OFFSET + 1e-9)
