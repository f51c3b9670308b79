"""What a reader hands back when it cannot be sure: a question with its readings.

A reader returns one of three things: the meaning itself, an `Ask`, or `None` ("not understood").
It never returns the likelier of two sensible readings.
"""

from dataclasses import dataclass
from typing import Generic, TypeVar

T = TypeVar("T")


@dataclass(frozen=True)
class Reading(Generic[T]):
    """One way a text can be read."""

    label: str
    """The choice as it is shown to the person, for example ``3.500 ha``."""
    meaning: T


@dataclass(frozen=True)
class Ask(Generic[T]):
    """A question to the person, with the readings to choose from (at least one)."""

    question: str
    readings: tuple[Reading[T], ...]
