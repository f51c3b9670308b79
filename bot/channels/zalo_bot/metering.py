"""Counting against the monthly limit, without ever losing a message over the counting."""

from __future__ import annotations

from typing import Protocol

import structlog

log = structlog.get_logger()


class Meter(Protocol):
    """Keeps one bot's account of the month; shared by the replicas."""

    async def count(self, *, sent: int = 0, received: int = 0) -> None:
        """Add to this month's account."""

    async def left(self) -> int | None:
        """Messages left this month; None: no limit."""
        raise NotImplementedError


class Tally:
    """A meter that may fail: what could not be written down is added to the next account."""

    def __init__(self, meter: Meter | None) -> None:
        self._meter = meter
        self._sent = 0
        self._received = 0

    async def add(self, *, sent: int = 0, received: int = 0) -> None:
        if self._meter is None:
            return
        sent, received = sent + self._sent, received + self._received
        self._sent = self._received = 0
        try:
            await self._meter.count(sent=sent, received=received)
        except Exception:
            # A message that has gone out stays sent, whatever the account says.
            self._sent += sent
            self._received += received
            log.exception("quota_not_counted")

    async def used_up(self) -> bool:
        """Whether nothing may be sent any more; in doubt Zalo decides."""
        if self._meter is None:
            return False
        try:
            left = await self._meter.left()
        except Exception:
            log.exception("quota_unknown")
            return False
        return left is not None and left <= 0
