"""Waiting without sleeping: whoever waits is woken when something happens."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from typing import TypeVar

T = TypeVar("T")


class Bell:
    """Rung after every change; `until` looks again at each ring and never in between."""

    def __init__(self) -> None:
        self._waiting: list[asyncio.Future[None]] = []

    def ring(self) -> None:
        if not self._waiting:
            return
        waiting, self._waiting = self._waiting, []
        for future in waiting:
            if not future.done():
                future.set_result(None)

    async def until(self, look: Callable[[], T | None], timeout: float) -> T:
        """The first thing `look` finds. Raises TimeoutError after `timeout` real seconds."""
        async with asyncio.timeout(timeout):
            while (found := look()) is None:
                future = asyncio.get_running_loop().create_future()
                self._waiting.append(future)
                await future
        return found


class Clock:
    """The fake's own time in Unix seconds: the machine's, plus what tests have advanced it by."""

    def __init__(self, source: Callable[[], float] = time.time) -> None:
        self._source = source
        self._ahead = 0.0

    def now(self) -> float:
        return self._source() + self._ahead

    def advance(self, seconds: float) -> None:
        if seconds < 0:
            raise ValueError("Telegram's clock goes forward only")
        self._ahead += seconds
