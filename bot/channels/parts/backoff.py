"""How long to wait after a failure: longer each time, and never all at the same moment."""

from __future__ import annotations

import random


class Backoff:
    """`first` seconds, doubled up to `most`, each shortened by up to a half by chance."""

    def __init__(self, first: float, most: float = 60) -> None:
        self._first = first
        self._most = most
        self._failures = 0

    def longer(self) -> float:
        """Seconds to wait after one more failure."""
        seconds = min(self._most, self._first * 2.0 ** min(self._failures, 30))
        self._failures += 1
        return seconds * random.uniform(0.5, 1)

    def over(self) -> None:
        """It worked."""
        self._failures = 0
