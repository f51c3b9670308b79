"""Polling, for development: getUpdates hands out ONE update, and forgets it there and then.

There is no offset and no acknowledgement: what was fetched and could not be committed exists
nowhere else, so it is held and committed again and again before the next question is asked. A
crash in between loses it; in production Zalo brings messages to the webhook.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any, NoReturn

import structlog

from bot.channels.parts.backoff import Backoff
from bot.channels.zalo_bot.client import ApiRefused, Client, NoAnswer, Strange, ZaloTrouble
from bot.channels.zalo_bot.intake import Intake
from bot.channels.zalo_bot.setup import Setup

log = structlog.get_logger()

NOTHING_NEW = 408
STANDBY = 5
"""First pauses between two looks whether it is our turn to poll."""


class Poller:
    """Asks for updates until cancelled. No failure ends it."""

    def __init__(
        self,
        client: Client,
        setup: Setup,
        *,
        may_poll: Callable[[], Awaitable[bool]],
        seconds: int,
        pause: float,
    ) -> None:
        """`seconds`: how long a question may stay open; `pause`: before the first repetition."""
        self._client = client
        self._setup = setup
        self._may_poll = may_poll
        self._seconds = seconds
        self._pause = pause

    async def run(self, intake: Intake) -> NoReturn:
        log.warning("zalo_polling_is_for_development")
        backoff = Backoff(self._pause)
        held: list[dict[str, Any]] = []
        ready = False
        while True:
            try:
                while held:
                    await intake.take(held[0], envelope=False)
                    held.pop(0)
                if not await self._may_poll():
                    ready = False
                    await asyncio.sleep(STANDBY * self._pause)
                    continue
                if not ready:
                    await self._setup.delete_webhook()  # while there is one, nothing can be asked
                    ready = True
                held = await self._ask()
            except ZaloTrouble as trouble:
                log.warning("zalo_unreachable", reason=str(trouble))
                ready = ready and not isinstance(trouble, ApiRefused)
                await asyncio.sleep(backoff.longer())
            except Exception:
                log.exception("updates_not_accepted")
                await asyncio.sleep(backoff.longer())
            else:
                backoff.over()

    async def once(self, intake: Intake) -> bool:
        """One question, and what came committed, however long that takes. False: nothing came."""
        backoff = Backoff(self._pause)
        held = await self._ask()
        came = bool(held)
        while held:
            try:
                await intake.take(held[0], envelope=False)
                held.pop(0)
            except Exception as error:  # noqa: BLE001 - it exists nowhere else: again and again
                log.error("updates_not_accepted", error=type(error).__name__)
                await asyncio.sleep(backoff.longer())
        return came

    async def _ask(self) -> list[dict[str, Any]]:
        """The next update, if there is one; "408" says that nothing came."""
        try:
            found = await self._client.call(
                "getUpdates", {"timeout": str(self._seconds)}, self._seconds + 10.0
            )
        except ApiRefused as refusal:
            if refusal.code != NOTHING_NEW:
                raise
            return []
        except Strange as strange:
            if strange.status != NOTHING_NEW:
                raise
            return []
        except NoAnswer as silence:
            log.warning("zalo_answer_lost", reason=str(silence))  # and an update with it, perhaps
            raise
        several = found if isinstance(found, list) else [found]
        return [one for one in several if isinstance(one, dict) and one]
