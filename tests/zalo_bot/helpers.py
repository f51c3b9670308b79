"""A channel that runs against the fake Bot Platform, and what is injected into it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from aiohttp import web

from bot.channels.base import Accept, Sending
from bot.channels.zalo_bot import ZaloBotChannel
from bot.clock import Clock
from bot.conversation import Address, Attachment, Message
from tests.fakes.zalo_bot import FakeZaloBot, Seat

WEBHOOK_SECRET = "bi-mat-cua-webhook_2026"


class Links:
    """Addresses of attachments by their source, as the wiring would make them."""

    def __init__(self) -> None:
        self.held: dict[str, str] = {}
        self.failing = False

    async def photo(self, attachment: Attachment) -> str:
        if self.failing:
            raise ConnectionError("the store is away")
        return self.held[attachment.source]

    async def document(self, sending: Sending) -> str:
        assert sending.message.attachment is not None
        return await self.photo(sending.message.attachment)


class Account:
    """A meter with memory. `failing`: the database is away."""

    def __init__(self, limit: int | None = None) -> None:
        self.sent = self.received = 0
        self.limit = limit
        self.failing = False

    async def count(self, *, sent: int = 0, received: int = 0) -> None:
        if self.failing:
            raise OSError("away")
        self.sent += sent
        self.received += received

    async def left(self) -> int | None:
        if self.failing:
            raise OSError("away")
        return None if self.limit is None else self.limit - self.sent - self.received


def make(zalo: FakeZaloBot, links: Links | None = None, **settings: Any) -> ZaloBotChannel:
    """A channel that talks to the fake, with short pauses."""
    links = links or Links()
    usual: dict[str, Any] = {
        "clock": Clock(),
        "photo_link": links.photo,
        "document_link": links.document,
        "api_url": zalo.url,
        "pause": 0.01,
        "poll_seconds": 1,
    }
    return ZaloBotChannel(zalo.token, **(usual | settings))


@asynccontextmanager
async def running(channel: ZaloBotChannel, accept: Accept) -> AsyncIterator[None]:
    """The channel receives as long as the block lasts."""
    async with asyncio.TaskGroup() as group:
        task = group.create_task(channel.run(accept))
        try:
            yield
        finally:
            task.cancel()


class House:
    """Our web server, with the route of whichever channel was made last."""

    def __init__(self, zalo: FakeZaloBot) -> None:
        self.zalo = zalo
        self.url = ""
        self.channel: ZaloBotChannel

    @asynccontextmanager
    async def open(self, **settings: Any) -> AsyncIterator[House]:
        async def late(request: web.Request) -> web.StreamResponse:
            [route] = self.channel.routes()
            return await route.handler(request)

        app = web.Application()
        app.router.add_post("/zalo/nhan", late)
        runner = web.AppRunner(app, access_log=None)
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        self.url = f"http://127.0.0.1:{runner.addresses[0][1]}/zalo/nhan"
        self.channel = make(
            self.zalo,
            mode="webhook",
            webhook_url=self.url,
            webhook_secret=WEBHOOK_SECRET,
            **settings,
        )
        try:
            yield self
        finally:
            await self.channel.close()
            await runner.cleanup()


def to(who: Seat, text: str = "", outbox_id: int = 0, **more: Any) -> Sending:
    """A sending to that person: text, choices, menu, attachment."""
    return Sending(Address("zalo_bot", who.id), Message(text, **more), None, outbox_id)
