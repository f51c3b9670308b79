"""Places that people type or paste: coordinates, and addresses of maps that hold them.

Two degrees of Vietnam, the northern one first; only with four digits behind the comma, two behind a
point in both, or in minutes and seconds: "22,5 104,5" may be two results. An address that must be opened to know where it leads
(maps.app.goo.gl) is recognised and never fetched.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

NORTH, EAST = (8.0, 24.0), (102.0, 118.0)
"""Vietnam with its islands, in degrees."""

_DEGREES = r"\d{1,3}[.,]\d{4,15}"
_PAIR = re.compile(
    rf"(?<![\d.,/=])({_DEGREES})°?\s*[NnBb]?\s*[,;/ ]\s*({_DEGREES})°?\s*[EeĐđ]?(?![\w])"
)
_SHORT_PAIR = re.compile(
    r"(?<![\d.,/=])(\d{1,2}\.\d{2,15})\s*[,;]\s*(1\d\d\.\d{2,15})(?![\w.,]?\d|[\w%])"
)
"""With points, as phones write degrees; fewer digits are enough then: nobody writes results so."""
_ARC = r"(\d{1,3})\s*°\s*(\d{1,2})\s*['’′]\s*(?:(\d{1,2}(?:[.,]\d+)?)\s*(?:\"|”|″|''|’’))?\s*"
_ARCS = re.compile(rf"{_ARC}[NnBb]?\s*[,;]?\s*{_ARC}[EeĐđ]?(?!\w)")
_LINK = re.compile(r"https?://\S+", re.IGNORECASE)
_NUMBER = r"(-?\d{1,3}(?:\.\d+)?)"
_IN_LINK = (
    re.compile(rf"!3d{_NUMBER}!4d{_NUMBER}"),
    re.compile(
        rf"[?&](?:q|query|ll|destination|daddr)=(?:loc:)?{_NUMBER}(?:,|%2C)\+?{_NUMBER}",
        re.IGNORECASE,
    ),
    re.compile(rf"/(?:search|place)/{_NUMBER},\+?{_NUMBER}"),
    re.compile(rf"@{_NUMBER},{_NUMBER}"),
)
"""From the surest (the pin) to the least sure (where the map was looked at)."""
_SHORT = re.compile(
    r"https?://(?:maps\.app\.goo\.gl|goo\.gl/maps|g\.co/maps|g\.page)/\S*", re.IGNORECASE
)


@dataclass(frozen=True)
class PlaceFound:
    """Degrees north and east, and the text without the words that said so."""

    north: float
    east: float
    rest: str


def find_place(text: str) -> PlaceFound | None:
    """The first place in the text; None: there is none that is certain."""
    for link in _LINK.finditer(text):
        for form in _IN_LINK:
            found = form.search(link[0])
            if found and (place := _in_vietnam(float(found[1]), float(found[2]))):
                return PlaceFound(*place, _without(text, link))
    for found in (*_PAIR.finditer(text), *_SHORT_PAIR.finditer(text)):
        north, east = (float(degree.replace(",", ".")) for degree in found.groups())
        if place := _in_vietnam(north, east):
            return PlaceFound(*place, _without(text, found))
    for found in _ARCS.finditer(text):
        if place := _in_vietnam(_degrees(*found.groups()[:3]), _degrees(*found.groups()[3:])):
            return PlaceFound(*place, _without(text, found))
    return None


def has_short_link(text: str) -> bool:
    """Whether the text holds a map's address that says nothing until it is opened."""
    return bool(_SHORT.search(text))


def _degrees(whole: str, minutes: str, seconds: str | None) -> float:
    return int(whole) + int(minutes) / 60 + float((seconds or "0").replace(",", ".")) / 3600


def _in_vietnam(north: float, east: float) -> tuple[float, float] | None:
    inside = NORTH[0] <= north <= NORTH[1] and EAST[0] <= east <= EAST[1]
    return (north, east) if inside else None


def _without(text: str, found: re.Match[str]) -> str:
    """The text before and behind, without the signs and the words that led to the place."""
    before = re.sub(
        r"[\s,;:(\[–-]*(?:(?<!\w)(?:tại|ở))?\s*(?:(?:toạ|tọa) độ|vị trí|gps)?[\s:,;(\[–-]*$",
        "", text[: found.start()], flags=re.IGNORECASE,
    )  # fmt: skip
    behind = re.sub(r"^[\s,;:.)\]–-]+", "", text[found.end() :])
    return ", ".join(part for part in (before, behind) if part)
