"""From a body to the inbox: translate, commit, and only then count it and show that we write."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import replace

import structlog

from bot.channels.base import Accept
from bot.channels.zalo_bot import sentences
from bot.channels.zalo_bot.client import Json
from bot.channels.zalo_bot.metering import Tally
from bot.channels.zalo_bot.seen import Seen
from bot.channels.zalo_bot.translate import Heard, Translator
from bot.conversation import Event

log = structlog.get_logger()

UploadHint = Callable[[str], Awaitable[str]]
"""By chat id: a sentence with a one-time link to the upload page, or plain words."""


async def elsewhere(chat_id: str) -> str:
    """The usual hint: no link, only where to go."""
    return sentences.ELSEWHERE


class Intake:
    """Takes bodies in. When `take` has returned they are committed; when it raises, they are not
    and must be brought again."""

    def __init__(
        self,
        translator: Translator,
        accept: Accept,
        tally: Tally,
        seen: Seen,
        hint: UploadHint,
        typing: Callable[[str], None],
    ) -> None:
        self._translator = translator
        self._accept = accept
        self._tally = tally
        self._seen = seen
        self._hint = hint
        self._typing = typing

    async def take(self, body: Json, *, envelope: bool = True) -> None:
        try:
            heard = self._translator.heard(body, envelope=envelope)
        except Exception as error:  # noqa: BLE001 - a body nobody foresaw must not stop the others
            log.error("zalo_body_unreadable", error=type(error).__name__)
            return
        if heard is None:
            return
        event = await self._with_hint(heard)
        await self._accept([event])
        if self._seen.again(event.id):
            return
        await self._tally.add(received=1)
        if event.kind == "text" and not event.group:
            self._typing(event.address.chat_id)

    async def _with_hint(self, heard: Heard) -> Event:
        event = heard.event
        if not heard.withheld:
            return event
        where = sentences.ELSEWHERE
        # In a group anybody could use the link.
        if not event.group:
            try:
                where = await self._hint(event.address.chat_id)
            except Exception:
                log.exception("upload_hint_failed")
        return replace(event, text=f"{event.text} {where}")
