"""Long polling with the rule "commit, then acknowledge".

Asking with an offset is what acknowledges, so the next question is put only when the inbox has
committed the last answer. An offset is used for the one question that follows its batch, and
never kept: after that the queue holds nothing but news, whatever numbers they have (after a quiet
week they start anew, at random). After a crash Telegram tells us again what was not acknowledged,
and the inbox knows it.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from typing import Any, NoReturn

import structlog
from aiogram import Bot
from aiogram.exceptions import (
    AiogramError,
    TelegramConflictError,
    TelegramRetryAfter,
)
from aiogram.methods import DeleteWebhook, GetUpdates
from aiogram.types import Update

from bot.channels.parts.backoff import Backoff
from bot.channels.telegram.intake import Intake
from bot.channels.telegram.session import Unread, reason_of
from bot.channels.telegram.translate import KINDS

log = structlog.get_logger()

BATCH = 100
STANDBY = 5
"""First pauses between two looks whether it is our turn to poll."""


class Poller:
    """Asks for updates until cancelled. No failure ends it."""

    def __init__(
        self,
        bot: Bot,
        *,
        may_poll: Callable[[], Awaitable[bool]],
        fetched: Callable[[], Awaitable[None]],
        seconds: int,
        pause: float,
    ) -> None:
        """`seconds`: how long a question may stay open; `pause`: before the first repetition."""
        self._bot = bot
        self._may_poll = may_poll
        self._fetched = fetched
        self._seconds = seconds
        self._pause = pause

    async def run(self, prepare: Callable[[], Awaitable[Intake]]) -> NoReturn:
        backoff = Backoff(self._pause)
        intake: Intake | None = None
        offset: int | None = None
        while True:
            try:
                if not await self._may_poll():
                    intake, offset = None, None
                    await asyncio.sleep(STANDBY * self._pause)
                    continue
                if intake is None:
                    intake = await prepare()
                    await self._bot(DeleteWebhook(drop_pending_updates=False))
                updates = await self._ask(offset)
                await intake.take(updates)
                offset = max(map(_number, updates)) + 1 if updates else None
                await self._fetched()
            except TelegramConflictError:
                log.warning("another_poller")
                await asyncio.sleep(backoff.longer())
            except TelegramRetryAfter as error:
                log.warning("polling_held_back", seconds=error.retry_after)
                await asyncio.sleep(error.retry_after)
            except AiogramError as error:
                log.warning("telegram_unreachable", reason=reason_of(error))
                await asyncio.sleep(backoff.longer())
            except Exception:
                # A full disk, a database that is away: nothing was acknowledged.
                log.exception("updates_not_accepted")
                await asyncio.sleep(backoff.longer())
            else:
                backoff.over()

    async def _ask(self, offset: int | None) -> Sequence[Update | dict[str, Any]]:
        question = GetUpdates(
            offset=offset, limit=BATCH, timeout=self._seconds, allowed_updates=KINDS
        )
        try:
            return await self._bot(question, request_timeout=self._seconds + 15)
        except Unread as answer:
            # One update of a new shape spoils the batch: read them one by one.
            if not isinstance(answer.result, list):
                raise
            return [raw for raw in answer.result if isinstance(raw, dict) and "update_id" in raw]


def _number(update: Update | dict[str, Any]) -> int:
    return int(update["update_id"]) if isinstance(update, dict) else update.update_id
