"""One replica polls: a lease that is renewed while it is used, and falls to another when it is not.

Two pollers do no harm (the inbox knows every event, the network answers the second with 409); the
lease only keeps them from hindering each other.
"""

from __future__ import annotations

import secrets
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta

from bot.clock import Clock

TakeLease = Callable[[str, datetime, datetime], Awaitable[bool]]
"""(owner, now, until): take or renew the lease in one short transaction; False: another has it."""


class PollLease:
    """Whether this replica may poll. `may_poll` is what a channel asks before each question."""

    def __init__(self, take: TakeLease, clock: Clock, *, seconds: float = 120) -> None:
        """`seconds`: how long the lease lasts; at least twice as long as a question stays open."""
        self.owner = secrets.token_hex(8)
        self._take = take
        self._clock = clock
        self._lasts = timedelta(seconds=seconds)
        self._until: datetime | None = None

    async def may_poll(self) -> bool:
        """True with at least half the lease left. Raises what the database raises."""
        now = self._clock.now()
        if self._until and now < self._until - self._lasts / 2:
            return True
        until = now + self._lasts
        mine = await self._take(self.owner, now, until)
        self._until = until if mine else None
        return mine

    async def release(self) -> None:
        """Let another replica poll at once."""
        if self._until is not None:
            now = self._clock.now()
            self._until = None
            await self._take(self.owner, now, now)
