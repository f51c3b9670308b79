"""What has been seen of the sides of the network that nobody has confirmed, for the doctor.

"signature": the form that fitted · "oa_type" · "buttons", "caption": "taken" or "refused" ·
"press": a button's text came back · "code -221" and the like: an error that says something about
the account (to be verified, to be upgraded, of the wrong type), or that nobody has told us of.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import datetime

import structlog

from bot.clock import Clock

log = structlog.get_logger()

Note = Callable[[str, str, datetime], Awaitable[None]]


class Seen:
    """Remembers a fact once; a memory that is away does no harm."""

    def __init__(self, note: Note, clock: Clock) -> None:
        self._note = note
        self._clock = clock
        self.facts: dict[str, str] = {}

    async def note(self, fact: str, value: str) -> None:
        if self.facts.get(fact) == value:
            return
        try:
            await self._note(fact, value, self._clock.now())
        except Exception as error:  # noqa: BLE001 - it will be seen again
            log.warning("fact_not_noted", fact=fact, error=type(error).__name__)
        else:
            self.facts[fact] = value
            log.info("zalo_oa_seen", fact=fact, value=value)
