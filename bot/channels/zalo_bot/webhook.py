"""The webhook: commit, then 200. Whatever does not know the secret is 401, and only counted.

The secret is compared as bytes and in constant time. An empty post is Zalo's probe: it says
nothing, so it is answered 200 whoever sent it. Nothing of a body is ever written into the log.
"""

from __future__ import annotations

import asyncio
import json
from typing import NoReturn
from urllib.parse import urlsplit

import structlog
from aiohttp import web
from prometheus_client import Counter

from bot.channels.parts import secret as secrets
from bot.channels.parts.backoff import Backoff
from bot.channels.zalo_bot.client import ZaloTrouble
from bot.channels.zalo_bot.intake import Intake
from bot.channels.zalo_bot.seen import Seen
from bot.channels.zalo_bot.setup import Setup, check_webhook

log = structlog.get_logger()

HEADER = "X-Bot-Api-Secret-Token"
LOOK_SECONDS = 300.0
"""How often Zalo is asked whether the webhook still is ours."""
START_SECONDS = 5.0
BODY_BYTES = 256 * 1024
"""A message has at most 2,000 letters; its body is a small one."""

REFUSED = Counter(
    "zalo_bot_webhook_refused",
    "Posts to the Zalo bot's webhook that were turned away",
    ["channel", "reason"],
)
"""By channel and reason: "missing" or "wrong" secret, "unreadable" body."""


class Webhook:
    """Keeps the webhook set, and receives what it brings."""

    def __init__(
        self, channel: str, setup: Setup, seen: Seen, url: str, secret: str, *, pause: float
    ) -> None:
        """Raises ValueError when the address or the secret is of no use."""
        check_webhook(url, secret)
        self._channel = channel
        self._setup = setup
        self._seen = seen
        self._url = url
        self._secret = secret
        self._pause = pause
        self._intake: Intake | None = None
        self._listening = asyncio.Event()

    def routes(self) -> list[web.RouteDef]:
        """The route to mount in the program's web server: the path of the webhook's address."""
        return [web.post(urlsplit(self._url).path, self.receive)]

    async def receive(self, request: web.Request) -> web.Response:
        """One update: 200 when it is committed, 500 when it could not be."""
        if reason := secrets.fault_of(request.headers.get(HEADER), self._secret):
            if await request.content.read(1) == b"":
                return self._probe()
            return self._refused(reason, 401)
        if (request.content_length or 0) > BODY_BYTES:
            return self._refused("unreadable", 413)
        content = await request.read()
        if not content.strip():
            return self._probe()
        if (intake := await self._soon()) is None:
            return web.Response(status=503)
        try:
            body = json.loads(content)
        except (ValueError, RecursionError):
            return self._refused("unreadable", 400)
        if not isinstance(body, dict):
            return self._refused("unreadable", 400)
        try:
            await intake.take(body)
        except Exception:
            log.exception("updates_not_accepted")
            return web.Response(status=500)
        return web.Response()

    async def _soon(self) -> Intake | None:
        """Where events go. Just after a start it is not known yet whether the bot is ours, and
        nobody has confirmed that Zalo brings again what was turned away: so it is waited for."""
        try:
            async with asyncio.timeout(START_SECONDS):
                await self._listening.wait()
        except TimeoutError:
            return None
        return self._intake

    def _refused(self, reason: str, status: int) -> web.Response:
        REFUSED.labels(self._channel, reason).inc()
        return web.Response(status=status)

    def _probe(self) -> web.Response:
        self._seen.probes += 1
        return web.Response()

    async def keep(self, intake: Intake) -> NoReturn:
        """Receive; tell Zalo our address, then look now and then whether it is kept."""
        backoff = Backoff(self._pause)
        is_set = False
        self._intake = intake
        self._listening.set()
        try:
            while True:
                try:
                    if not is_set:
                        await self._set()
                        is_set = True
                    elif (await self._setup.webhook_info())["url"] != self._url:
                        log.warning("webhook_was_changed", channel=self._channel)
                        await self._set()
                except ZaloTrouble as trouble:
                    log.warning("zalo_unreachable", reason=str(trouble))
                    await asyncio.sleep(backoff.longer())
                except Exception:
                    log.exception("webhook_not_kept")
                    await asyncio.sleep(backoff.longer())
                else:
                    backoff.over()
                    await asyncio.sleep(LOOK_SECONDS)
        finally:
            self._intake = None
            self._listening.clear()

    async def _set(self) -> None:
        if not await self._setup.set_webhook(self._url, self._secret):
            log.warning("webhook_stored_unverified", channel=self._channel)
