"""From a body to the inbox: translate, commit, and only then count it and show that we write."""

from __future__ import annotations

from collections.abc import Callable

import structlog

from bot.channels.base import Accept
from bot.channels.zalo_bot.client import Json
from bot.channels.zalo_bot.metering import Tally
from bot.channels.zalo_bot.seen import Seen
from bot.channels.zalo_bot.translate import Translator

log = structlog.get_logger()


class Intake:
    """Takes bodies in. When `take` has returned they are committed; when it raises, they are not
    and must be brought again."""

    def __init__(
        self,
        translator: Translator,
        accept: Accept,
        tally: Tally,
        seen: Seen,
        typing: Callable[[str], None],
    ) -> None:
        self._translator = translator
        self._accept = accept
        self._tally = tally
        self._seen = seen
        self._typing = typing

    async def take(self, body: Json, *, envelope: bool = True) -> None:
        try:
            event = self._translator.heard(body, envelope=envelope)
        except Exception as error:  # noqa: BLE001 - a body nobody foresaw must not stop the others
            log.error("zalo_body_unreadable", error=type(error).__name__)
            return
        if event is None:
            return
        await self._accept([event])
        if self._seen.again(event.id):
            return
        await self._tally.add(received=1)
        if event.kind == "text" and not event.group:
            self._typing(event.address.chat_id)
