"""The webhook: commit, then 200. Anything else, and Telegram sends it again.

The secret is compared as bytes and in constant time. Addresses (X-Forwarded-For) prove nothing and
are not looked at.
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import Awaitable, Callable
from typing import NoReturn
from urllib.parse import urlsplit

import structlog
from aiogram import Bot
from aiogram.exceptions import AiogramError
from aiogram.methods import GetWebhookInfo, SetWebhook
from aiohttp import web

from bot.channels.parts import secret as secrets
from bot.channels.parts.backoff import Backoff
from bot.channels.telegram.intake import Intake
from bot.channels.telegram.session import reason_of
from bot.channels.telegram.translate import KINDS

log = structlog.get_logger()

HEADER = "X-Telegram-Bot-Api-Secret-Token"
LOOK_SECONDS = 300.0
"""How often Telegram is asked whether it can reach us."""


class Webhook:
    """Keeps Telegram's webhook set, and receives what it brings."""

    def __init__(self, bot: Bot, url: str, secret: str, *, pause: float) -> None:
        """Raises ValueError when the address or the secret is of no use."""
        if not re.fullmatch(r"[A-Za-z0-9_-]{1,256}", secret):
            raise ValueError("the webhook secret must be 1 to 256 of A-Z, a-z, 0-9, _ and -")
        if not re.match(r"https?://[^/]+/", url):
            raise ValueError("the webhook needs an address with a path, such as https://host/path")
        self._bot = bot
        self._url = url
        self._secret = secret
        self._pause = pause
        self._intake: Intake | None = None

    def routes(self) -> list[web.RouteDef]:
        """The route to mount in the program's web server: the path of the webhook's address."""
        return [web.post(urlsplit(self._url).path, self.receive)]

    async def receive(self, request: web.Request) -> web.Response:
        """One update: 200 when it is committed, 500 when it could not be."""
        if fault := secrets.fault_of(request.headers.get(HEADER), self._secret):
            return web.Response(status=401 if fault == "missing" else 403)
        if self._intake is None:
            return web.Response(status=503)
        try:
            update = await request.json()
        except ValueError:
            return web.Response(status=400)
        if not isinstance(update, dict):
            return web.Response(status=400)
        try:
            await self._intake.take([update])
        except Exception:
            log.exception("updates_not_accepted")
            return web.Response(status=500)
        return web.Response()

    async def keep(
        self, prepare: Callable[[], Awaitable[Intake]], fetched: Callable[[], Awaitable[None]]
    ) -> NoReturn:
        """Tell Telegram our address, then look now and then whether it gets through."""
        backoff = Backoff(self._pause)
        last_error: int | None = None
        is_set = False
        while True:
            try:
                if self._intake is None:
                    self._intake = await prepare()
                if not is_set:
                    await self._set()
                    is_set = True
                info = await self._bot(GetWebhookInfo())
                if info.url != self._url:
                    log.warning("webhook_was_changed")
                    await self._set()
                error_at = int(info.last_error_date.timestamp()) if info.last_error_date else 0
                if last_error is not None and error_at > last_error:
                    # What waits there for longer than it keeps is lost: this is no fetch.
                    log.warning("webhook_failing", reason=info.last_error_message)
                else:
                    await fetched()
                last_error = error_at
            except AiogramError as error:
                log.warning("telegram_unreachable", reason=reason_of(error))
                await asyncio.sleep(backoff.longer())
            except Exception:
                log.exception("webhook_not_kept")
                await asyncio.sleep(backoff.longer())
            else:
                backoff.over()
                await asyncio.sleep(LOOK_SECONDS)

    async def _set(self) -> None:
        await self._bot(
            SetWebhook(
                url=self._url,
                secret_token=self._secret,
                allowed_updates=KINDS,
                drop_pending_updates=False,
            )
        )
