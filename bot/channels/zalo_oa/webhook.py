"""The webhook: commit, then 200 (Zalo waits two seconds). Anything else, and it comes again:
after 30 seconds, 5, 15 and 30 minutes and an hour; then Zalo switches the webhook off.

What is not signed with the account's key is 401 and counted; nothing of it is logged.
"""

from __future__ import annotations

import json
import re
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import replace
from datetime import datetime

import structlog
from aiohttp import web
from prometheus_client import Counter

from bot.channels.base import Accept
from bot.channels.parts.albums import Albums
from bot.channels.zalo_oa.line import Json
from bot.channels.zalo_oa.seen import Seen
from bot.channels.zalo_oa.signature import HEADER, Signatures
from bot.channels.zalo_oa.translate import account_of, at_of, event_of, sender_of
from bot.clock import Clock
from bot.conversation import Event

log = structlog.get_logger()

REFUSED = Counter("zalo_oa_webhook_refused", "Requests to the webhook without a good signature.")
TIME_HEADER = "X-ZEvent-Timestamp"
_NAME = re.compile(r"[A-Za-z0-9_.]{1,64}")

Heard = Callable[[str, datetime], Awaitable[None]]


class Webhook:
    """Receives events."""

    def __init__(
        self, path: str, signatures: Signatures, oa_id: str, heard: Heard, seen: Seen, clock: Clock
    ) -> None:
        if not path.startswith("/") or len(path) < 2:
            raise ValueError("the webhook needs a path, such as /zalo/oa")
        self._path = path
        self._signatures = signatures
        self._oa_id = oa_id
        self._heard = heard
        self._seen = seen
        self._clock = clock
        self._albums = Albums()
        self.accept: Accept | None = None
        """Where events go; nobody is listening before there is one."""

    def routes(self) -> list[web.RouteDef]:
        return [web.post(self._path, self.receive)]

    async def receive(self, request: web.Request) -> web.Response:
        """One event: 200 when it is committed, 500 when it could not be."""
        content = await request.read()
        body = _read(content)
        times = times_of(body, request.headers.get(TIME_HEADER, ""))
        before = self._signatures.form
        header = request.headers.get(HEADER)
        form = self._signatures.check(header, content, times, account_of(body))
        if form is None:
            REFUSED.inc()
            return web.Response(status=401)
        if self.accept is None:
            return web.Response(status=503)
        if before not in ("", form):
            log.warning("zalo_oa_signature_changed", before=before, now=form)
        await self._seen.note("signature", form)
        try:
            await self._take(body, self.accept)
        except Exception as error:  # noqa: BLE001 - it comes again
            # Its text may hold what was said: only the kind of error.
            log.error("events_not_accepted", error=type(error).__name__)
            return web.Response(status=500)
        return web.Response()

    async def _take(self, body: Json, accept: Accept) -> None:
        now, name = self._clock.now(), str(body.get("event_name") or "")
        if self._oa_id and account_of(body) not in ("", self._oa_id):
            log.warning("zalo_oa_of_another_account")
            return
        event = event_of(body, now)
        if event is None:
            shown = name if _NAME.fullmatch(name) else "?"
            log.debug("event_not_for_us", name=shown)
            return
        if event.kind == "choice":
            await self._seen.note("press", "its text comes back")
        if event.kind != "blocked":
            # First the window, then the event: Zalo brings both again if either fails.
            await self._heard(sender_of(body), at_of(body, now))
        await accept([self._in_album(event)])

    def _in_album(self, event: Event) -> Event:
        """Photos that come one by one are answered once."""
        chat = event.address.chat_id
        if event.kind != "photo":
            self._albums.something_else(chat)
            return event
        return replace(event, album=self._albums.of_photo(chat, event.id, event.at))


def times_of(body: Json, header: str) -> dict[str, str]:
    """What may have been signed as the time, by where it stands: sources disagree."""
    written = str(body.get("timestamp") or "")
    found = {"": written, "@header": header}
    with suppress(ValueError, OverflowError):
        found["@whole"] = str(int(float(written)))
    return {name: time for name, time in found.items() if time or not name}


def _read(content: bytes) -> Json:
    """The body; {} for what is none, which no signature can fit."""
    try:
        body = json.loads(content, parse_float=str)  # what is signed is what was written
    except (ValueError, RecursionError):
        return {}
    return body if isinstance(body, dict) else {}
