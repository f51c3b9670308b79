"""The running program with the web in front and the village in it, for tests of the pages."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import MappingProxyType
from typing import Any

from aiohttp.test_utils import TestServer
from aiohttp.web import BaseRunner
from sqlalchemy import select

from bot.app import App, build_app
from bot.channels.base import Channel
from bot.channels.web import WebChannel
from bot.clock import Clock
from bot.media import Links
from handlers import marked_words
from models.organisation import Holding, Person, Post, Unit
from services import linking
from tests.village import SECRET, Village, build_village, settings_for
from web.parts import Chair, Parts
from web.site import build_site

MORNING = datetime(2026, 11, 23, 1, 0, tzinfo=UTC)
"""08:00 on Monday 23/11/2026 in Vietnam."""


class VillageDemo:
    """The demo's controls over the village."""

    def __init__(self, app: App) -> None:
        self.app = app

    async def chairs(self) -> Sequence[Chair]:
        async with self.app.database.begin() as session:
            rows = await session.execute(
                select(Post.code, Person.name, Post.title, Unit.name, Person.code)
                .select_from(Post)
                .join(Unit, Unit.id == Post.unit_id)
                .join(Holding, Holding.post_id == Post.id)
                .join(Person, Person.id == Holding.person_id)
                .order_by(Unit.path, Post.id)
            )
            return [Chair(*row) for row in rows.all()]

    def now(self) -> datetime:
        return self.app.clock.now()

    async def move_to(self, instant: datetime) -> None:
        await self.app.live_through(instant)

    async def next_working_morning(self) -> datetime:
        """Monday to Friday at 08:00; the village knows no holidays."""
        morning = MORNING
        while morning <= self.now() or morning.weekday() >= 5:
            morning += timedelta(days=1)
        return morning


class PlainServer(TestServer):
    """Served as the program is: a handler goes on when its page is closed, it is not cancelled."""

    async def _make_runner(self, **kwargs: Any) -> BaseRunner:
        return await super()._make_runner(**{**kwargs, "handler_cancellation": False})


@dataclass
class House:
    """The program, its site, and where it is served."""

    app: App
    channel: WebChannel
    clock: Clock
    village: Village
    parts: Parts
    server: TestServer

    def url(self, path: str) -> str:
        return str(self.server.make_url(path))

    async def code_for(self, person: str) -> str:
        """A one-time code as the office gives it out."""
        async with self.app.database.begin() as session:
            return await linking.make_code(
                session,
                None,
                self.village.people[person],
                now=self.clock.now(),
                secret=SECRET.encode(),
                days=7,
            )


@asynccontextmanager
async def open_house(
    database_url: str,
    folder: Path,
    *,
    demo: bool = False,
    now: datetime = MORNING,
    also: Sequence[Channel] = (),
    settings: Mapping[str, Any] = MappingProxyType({}),
    **others: Any,
) -> AsyncIterator[House]:
    """Serve the village on a free port of this machine; `others` replace parts of the site.

    `also`: networks beside the web.
    """
    clock, channel = Clock(), WebChannel()
    clock.move_to(now)  # it goes on: what is said later has a later time
    app = build_app(
        settings_for(database_url, folder, **settings), clock=clock, channels=[channel, *also]
    )
    async with app.database.begin() as session:
        village = await build_village(session, "web")
    values: dict[str, Any] = {
        "database": app.database,
        "clock": clock,
        "accept": app.inbox.accept,
        "channel": channel,
        "store": app.store,
        "read": app.read,
        "secret": SECRET.encode(),
        "secure_cookies": False,
        "demo": VillageDemo(app) if demo else None,
        "marked": marked_words,
        "good_link": Links(SECRET.encode(), "http://127.0.0.1").check,
        **others,
    }
    parts = Parts(**values)
    server = PlainServer(build_site(parts))
    await server.start_server()
    stopping = asyncio.Event()
    try:
        async with asyncio.TaskGroup() as group:
            group.create_task(app.serve(stopping))
            try:
                yield House(app, channel, clock, village, parts, server)
            finally:
                await channel.close()
                await server.close()
                stopping.set()
                app.media.notify()
                app.outbox.notify()
    finally:
        await app.close()
