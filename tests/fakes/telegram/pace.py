"""The pace Telegram asks for: one message a second to a chat, 30 a second over all chats, 20 a
minute to a group. Too fast is a 429 with `retry_after` in whole seconds.

The real limits are not published in detail and tolerate short bursts; this is the strict reading,
with a tenth of a second for jitter, and only when asked for. `hold` is the other thing that
happens: for a while everything is refused, to one chat or to all, and asking again changes nothing.
"""

from __future__ import annotations

import math

from .bell import Clock
from .wire import too_many

JITTER = 0.1


class Pace:
    """Times of next allowed sends, on the fake's clock."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._next: dict[int | None, float] = {}
        self._held: dict[int | None, float] = {}
        self.per_chat = self.overall = self.group_minute = 0.0

    def hold(self, seconds: float, chat: int | None = None) -> None:
        """Refuse sends for `seconds`: to `chat`, or to everybody."""
        self._held[chat] = self._clock.now() + seconds

    def charge(self, chat: int, *, is_group: bool) -> None:
        """Count one send. Raises 429 when it comes too early; a refused one is not counted."""
        now = self._clock.now()
        for until in (self._held.get(None, 0.0), self._held.get(chat, 0.0)):
            if now < until:
                raise too_many(math.ceil(until - now))
        limits: list[tuple[int | None, float, float]] = []
        if is_group and self.group_minute:
            limits.append((chat, 60 / self.group_minute, 60 - 60 / self.group_minute))
        elif self.per_chat:
            limits.append((chat, 1 / self.per_chat, JITTER))
        if self.overall:
            limits.append((None, 1 / self.overall, 1 - 1 / self.overall))
        for key, _, tolerance in limits:
            early = self._next.get(key, 0.0) - tolerance - now
            if early > 0:
                raise too_many(max(1, math.ceil(early)))
        for key, interval, _ in limits:
            self._next[key] = max(self._next.get(key, 0.0), now) + interval
