"""The time of day in words and digits: ``14h30``, ``2 giờ chiều``, ``8 rưỡi sáng``, ``tối mai``."""

import re
from dataclasses import dataclass
from datetime import time

from vietnamese.dates.text import DateText

_PART = r"sang|trua|chieu|toi|dem|khuya"
_CLOCK = re.compile(
    r"(?<![\w/.,-])(?:luc |vao luc |vao |hoi |khoang )?"
    r"(?:(?P<h>\d{1,2})(?: ?(?:h|gio|g|:)|(?= ruoi (?:sang|chieu|toi|trua)))(?: ?(?P<m>\d{2})(?: ?(?:phut|p|'))?(?!\d)| ?(?P<half>ruoi)| kem (?P<less>\d{1,2})(?: phut)?)?"
    r"(?: dung)?(?![\w/]))"
    r"(?: ?[-–] ?\d{1,2}(?:h|g|:)(?:\d{2})?(?![\w/]))?"
    rf"(?:,? ?(?:buoi )?(?P<part>{_PART})\b)?"
)
_PART_OF_DAY = re.compile(
    rf"\b(?:buoi )?(?P<part>{_PART})(?= (?:nay|mai|qua|hom|ngay|thu|chu nhat|cn|t[2-7]|\d))"
)


@dataclass(frozen=True)
class ClockReading:
    """A time found at `start`–`end` of the text, with all its sensible readings."""

    start: int
    end: int
    times: tuple[time, ...]


def read_times(text: DateText) -> tuple[ClockReading, ...]:
    """All times of day in the message; of ``8h-11h`` the first.

    Hours 1 to 6 without a part of the day have two readings.
    """
    found = []
    for match in _CLOCK.finditer(text.plain):
        hour, minute = int(match["h"]), int(match["m"] or (30 if match["half"] else 0))
        if match["less"]:
            hour, minute = hour - 1, 60 - int(match["less"])
        end = match.end()
        part = match["part"]
        if part == "toi" and _is_next(text, match.start("part")):
            part, end = None, match.start("part")
        part = part or _part_nearby(text, match.start(), match.end())
        if times := _times(hour, minute, part, short=len(match["h"]) == 1):
            found.append(ClockReading(match.start(), end, times))
    return tuple(found)


def parts_of_day(text: DateText) -> tuple[tuple[int, int], ...]:
    """Where ``sáng``, ``chiều`` … stand before a day: they belong to it and say no hour."""
    return tuple(m.span("part") for m in _PART_OF_DAY.finditer(text.plain))


def _part_nearby(text: DateText, start: int, end: int) -> str | None:
    """``sáng mai lúc 8h``, ``8h ngày mai, buổi sáng``: the part of the day stands elsewhere."""
    parts = re.findall(rf"\b({_PART})\b", text.plain[:start] + " " + text.plain[end:])
    return (
        parts[0]
        if len(parts) == 1 and parts[0] != "toi"
        else (
            "toi"
            if parts == ["toi"]
            and re.search(r"\btoi (?:nay|mai|qua|thu|hom|ngay|t[2-7]|cn|chu nhat)", text.plain)
            else None
        )
    )


def _is_next(text: DateText, at: int) -> bool:
    """Whether ``toi`` is ``tới`` (next) and not ``tối`` (evening)."""
    token = next(
        (t for t, place in zip(text.tokens, text.places, strict=True) if place == at), None
    )
    return token is not None and not token.may_be("tối")


def _times(hour: int, minute: int, part: str | None, *, short: bool) -> tuple[time, ...]:
    if not (0 <= hour <= 24 and 0 <= minute < 60):
        return ()
    if (part in {"chieu", "toi"} and 1 <= hour < 12) or (part == "trua" and 1 <= hour <= 2):
        hour += 12
    elif part in {"dem", "khuya"} and hour == 12:
        return ()  # of which of the two days, only the person knows
    elif part in {"dem", "khuya"}:
        hour = hour + 12 if 7 <= hour < 12 else hour
    elif part is None and 1 <= hour <= 6 and short:
        return (time(hour, minute), time(hour + 12, minute))
    if hour == 24:
        return (time(0, minute),) if part else ()
    return (time(hour, minute),)
