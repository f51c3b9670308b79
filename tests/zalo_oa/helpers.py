"""The channel against the fake, with a real database to remember things in."""

from __future__ import annotations

import asyncio
import io
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from typing import Any, TypeVar

from aiohttp import web
from PIL import Image

from bot.channels.base import Sending
from bot.channels.zalo_oa import Hosts, ZaloOaChannel
from bot.clock import Clock
from bot.conversation import Address, Attachment, Event, Message
from models.database import Database
from models.zalo_oa import ZaloOa, ZaloOaContact
from services.zalo.oa import ZaloOaStore
from tests.fakes.zalo_oa import FakeZaloOA, Person

T = TypeVar("T")
START = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)
"""09:00 on Monday 23/11/2026 in Vietnam."""
PATH = "/zalo/oa"


async def with_tables(database: Database) -> Database:
    """The account's two tables, in a database that has nothing yet."""
    async with database.engine.begin() as connection:
        for table in (ZaloOa.__table__, ZaloOaContact.__table__):
            await connection.run_sync(table.create)  # type: ignore[attr-defined] # a Table, which the base calls FromClause
    return database


class Taken:
    """Accepts events as the inbox does: each id once. `failing`: the disk is full."""

    def __init__(self) -> None:
        self.events: list[Event] = []
        self.refused = 0
        self.failing = False
        self.slow = 0.0

    async def __call__(self, events: Sequence[Event]) -> None:
        if self.failing:
            self.refused += 1
            raise OSError(28, "No space left on device")
        known = {event.id for event in self.events}
        self.events += [event for event in events if event.id not in known]
        if self.slow:
            await asyncio.sleep(self.slow)


class Files:
    """Attachments by their source."""

    def __init__(self) -> None:
        self.held: dict[str, bytes] = {}
        self.failing = False

    async def __call__(self, attachment: Attachment) -> bytes:
        if self.failing:
            raise ConnectionError("the store is away")
        if attachment.source not in self.held:
            raise LookupError(attachment.source)
        return self.held[attachment.source]


async def until(look: Callable[[], T], seconds: float = 30) -> T:
    """What `look` finds, once it finds something."""
    async with asyncio.timeout(seconds):
        while not (found := look()):  # noqa: ASYNC110 - what is looked at rings no bell
            await asyncio.sleep(0.005)
    return found


def store_of(oa: FakeZaloOA, database: Database) -> ZaloOaStore:
    return ZaloOaStore(database, oa.app_id)


def make(oa: FakeZaloOA, memory: Any, clock: Clock, **settings: Any) -> ZaloOaChannel:
    """A channel that talks to the fake, and begins with its refresh token."""
    usual: dict[str, Any] = {
        "app_id": oa.app_id,
        "app_secret": oa.app_secret,
        "oa_secret": oa.oa_secret,
        "oa_id": oa.oa_id,
        "refresh_token": oa.tokens.refresh,
        "hosts": Hosts(oa.url, oa.url),
        "read": Files(),
        "clock": clock,
        "memory": memory,
        "answer_seconds": 2,
        "webhook_path": PATH,
    }
    return ZaloOaChannel(**(usual | settings))


@asynccontextmanager
async def serving(oa: FakeZaloOA, channel: ZaloOaChannel) -> AsyncIterator[str]:
    """The channel's webhook on a web server, where the fake brings its events."""
    app = web.Application()
    app.add_routes(channel.routes())
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    oa.webhook.url = f"http://127.0.0.1:{runner.addresses[0][1]}{PATH}"
    try:
        yield oa.webhook.url
    finally:
        oa.webhook.url = ""
        await runner.cleanup()


@asynccontextmanager
async def running(channel: ZaloOaChannel, accept: Any) -> AsyncIterator[None]:
    """The channel receives as long as the block lasts."""
    async with asyncio.TaskGroup() as group:
        task = group.create_task(channel.run(accept))
        await asyncio.sleep(0)
        try:
            yield
        finally:
            task.cancel()


def to(who: Person, text: str = "", outbox_id: int = 0, **more: Any) -> Sending:
    """A sending to that person: text, choices, menu, attachment."""
    return Sending(Address("zalo_oa", who.id), Message(text, **more), None, outbox_id)


def jpeg(size: tuple[int, int] = (64, 48), red: int = 200) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", size, (red, 90, 30)).save(out, "JPEG")
    return out.getvalue()
