"""From an update to the inbox: translate, commit, and only then answer the presses."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from typing import Any

import structlog
from aiogram.methods import AnswerCallbackQuery, TelegramMethod
from aiogram.types import Update
from pydantic import ValidationError

from bot.channels.base import Accept
from bot.channels.telegram import translate
from bot.channels.telegram.translate import Me
from bot.clock import Clock
from bot.conversation import Event

log = structlog.get_logger()

Aside = Callable[[TelegramMethod[Any]], Awaitable[None]]
"""Makes a call whose failure is harmless, without keeping anybody waiting."""


class Intake:
    """Takes updates in. When `take` has returned they are committed; when it raises, none may be
    acknowledged."""

    def __init__(self, me: Me, accept: Accept, aside: Aside, clock: Clock) -> None:
        self._me = me
        self._accept = accept
        self._aside = aside
        self._clock = clock

    async def take(self, updates: Sequence[Update | dict[str, Any]]) -> None:
        events: list[Event] = []
        presses: list[str] = []
        for update in updates:
            event, press = self._read(update)
            if event is not None:
                events.append(event)
            if press:
                presses.append(press)
        if events:
            await self._accept(events)
        for press in presses:
            await self._aside(AnswerCallbackQuery(callback_query_id=press))

    def _read(self, update: Update | dict[str, Any]) -> tuple[Event | None, str]:
        """One update; one that cannot be read must not keep the others from being heard."""
        now = self._clock.now()
        try:
            if isinstance(update, dict):
                update = Update.model_validate(update)
            press = update.callback_query.id if update.callback_query else ""
            return translate.event_of(update, self._me, now), press
        except ValidationError as error:
            raw = update if isinstance(update, dict) else {}
            wrong = [".".join(map(str, fault["loc"])) for fault in error.errors()[:5]]
            log.error("update_unreadable", update_id=raw.get("update_id"), wrong=wrong)
            return translate.unreadable(raw, self._me, now), ""
