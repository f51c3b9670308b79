"""What happens by itself, every so many seconds (design §4).

APScheduler keeps the time in memory and nothing else: what is to be done is read from our tables
at each turn, so a restart forgets nothing. Its seconds are the machine's; what the tasks are told
about the time comes from our clock, which the demo can move.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

import structlog
from apscheduler.schedulers.asyncio import AsyncIOScheduler

log = structlog.get_logger()

Work = Callable[[], Awaitable[Any]]


class Clockwork:
    """Calls each function at the start and then at its own pace, never twice at a time."""

    def __init__(self) -> None:
        self._scheduler = AsyncIOScheduler(timezone="UTC")
        self._works: list[tuple[float, _Turn]] = []
        self._stopping = False

    def add(self, seconds: float, work: Work) -> None:
        """Call `work` at the start and then every so many seconds; before `start`."""
        self._works.append((seconds, _Turn(work, lambda: self._stopping)))

    def start(self) -> None:
        """Begin, within a running event loop."""
        for seconds, turn in self._works:
            self._scheduler.add_job(turn.run)
            self._scheduler.add_job(
                turn.run,
                "interval",
                seconds=seconds,
                coalesce=True,
                misfire_grace_time=None,
                max_instances=2,  # the turn itself keeps out a second one, without a warning
            )
        self._scheduler.start()

    async def stop(self) -> None:
        """Begin nothing new, and wait for what is under way."""
        self._stopping = True
        if self._scheduler.running:
            self._scheduler.pause()
        for _, turn in self._works:
            async with turn.lock:
                pass
        if self._scheduler.running:
            self._scheduler.shutdown(wait=False)
            # It lets go of the loop in the loop's next round.
            await asyncio.sleep(0)


class _Turn:
    """One function's turns: one at a time, and an error in one does not end the others."""

    def __init__(self, work: Work, stopping: Callable[[], bool]) -> None:
        self._work = work
        self._stopping = stopping
        self.lock = asyncio.Lock()
        self.__name__ = getattr(work, "__name__", type(work).__name__)

    async def run(self) -> None:
        if self.lock.locked() or self._stopping():
            return
        async with self.lock:
            try:
                await self._work()
            except Exception:
                log.exception("housekeeping_failed", work=self.__name__)
