"""The one clock (promise 8). Time is aware UTC; tests and the demo may move it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta


class Clock:
    """Tells the time, ahead of or behind the machine's by an offset that can be set."""

    def __init__(self) -> None:
        self._offset = timedelta(0)

    def now(self) -> datetime:
        return datetime.now(UTC) + self._offset  # noqa: TID251 - the one place that may

    def move_to(self, instant: datetime) -> None:
        """Go on from `instant` (aware)."""
        self._offset = instant - datetime.now(UTC)  # noqa: TID251 - the one place that may


class StillClock(Clock):
    """A clock that stands still until it is moved: tests, and the terminal's demo."""

    def __init__(self, instant: datetime) -> None:
        super().__init__()
        self._instant = instant

    def now(self) -> datetime:
        return self._instant

    def move_to(self, instant: datetime) -> None:
        self._instant = instant
