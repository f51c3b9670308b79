"""How long to wait after a failure: longer each time, and never all at the same moment."""

from __future__ import annotations

import random

MOST_SECONDS = 60.0


class Backoff:
    """`first` seconds, doubled up to a minute, each shortened by up to a half by chance."""

    def __init__(self, first: float) -> None:
        self._first = first
        self._next = first

    def longer(self) -> float:
        """Seconds to wait after one more failure."""
        seconds, self._next = self._next, min(self._next * 2, MOST_SECONDS)
        return seconds * random.uniform(0.5, 1)

    def over(self) -> None:
        """It worked."""
        self._next = self._first
