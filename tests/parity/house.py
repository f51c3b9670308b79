"""The program as it is run, with one network's fake in front, and a way to tell when it is quiet."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import event, exists, func, or_, select

from bot.app import App
from bot.clock import StillClock
from models.database import Database, Session
from models.media import Media
from models.organisation import Person
from models.queue import Chat, Inbox, Outbox
from services import access, linking, upload_links
from tests.village import SECRET, Village

PATIENCE = 30
"""Real seconds until a program that never comes to rest is given up."""


_UNDONE = select(
    select(func.count()).select_from(Inbox).scalar_subquery(),
    or_(
        exists().where(Inbox.state == "new"),
        exists().where(Media.state == "wanted"),
        exists().where(Outbox.state.in_(("ready", "sending"))),
    ),
    select(func.min(Chat.wake_at)).scalar_subquery(),
)
"""What was taken in; whether any of it is still to be handled, fetched or sent; what is held."""


class HeardDatabase(Database):
    """Rings after each transaction, so that whoever waits for one need not ask again and again."""

    def __init__(self, url: str) -> None:
        super().__init__(url)
        self.news = asyncio.Event()
        if self.is_sqlite:
            event.listen(self.engine.sync_engine, "connect", _without_waiting_for_the_disk)

    @asynccontextmanager
    async def begin(self) -> AsyncIterator[Session]:
        try:
            async with super().begin() as session:
                yield session
        finally:
            self.news.set()

    @asynccontextmanager
    async def looking(self) -> AsyncIterator[Session]:
        """A transaction that only looks, and wakes nobody."""
        async with super().begin() as session:
            yield session


def _without_waiting_for_the_disk(connection: Any, _record: Any) -> None:
    """Talks are compared here; that they outlive a fall is proved in test_killed.py."""
    cursor = connection.cursor()
    cursor.execute("PRAGMA synchronous=OFF")
    cursor.close()


@dataclass(frozen=True)
class Heard:
    """A message as it stands on a phone; `what`: "", "photo" or "document"."""

    text: str
    what: str = ""


@dataclass(frozen=True)
class Turn:
    """What somebody did, and what they heard then. `loose`: its words are the network's own."""

    who: str
    did: str
    heard: tuple[Heard, ...]
    loose: bool = False


@dataclass
class House:
    """The program on a database with the village, as people on one network meet it."""

    app: App
    database: HeardDatabase
    clock: StillClock
    village: Village
    public_url: str = ""
    turns: list[Turn] = field(default_factory=list)
    events: int = 0
    """How many things have been said."""

    async def code_for(self, person: str) -> str:
        """A one-time code as the office gives it out."""
        async with self.database.begin() as session:
            return await linking.make_code(
                session, None, self.village.people[person],
                now=self.clock.now(), secret=SECRET.encode(), days=7,
            )  # fmt: skip

    async def connect(self, person: str, channel: str, chat_id: str) -> None:
        """A person who has been connected before."""
        async with self.database.begin() as session:
            found = await session.get_one(Person, self.village.people[person])
            await linking.connect(session, found, channel, chat_id, self.clock.now())

    async def upload_link(self, channel: str, chat_id: str) -> str:
        """The token of a page for what the network does not bring."""
        async with self.database.begin() as session:
            actor = await access.actor_at(session, channel, chat_id, self.clock.now())
            assert actor
            return await upload_links.make(session, actor, chat_id, self.clock.now())

    async def until_quiet(self) -> None:
        """Until all that was said is taken in and handled, and all that was answered is sent."""
        async with asyncio.timeout(PATIENCE):
            while True:
                self.database.news.clear()
                if await self._quiet():
                    return
                await self.database.news.wait()

    async def _quiet(self) -> bool:
        async with self.database.looking() as session:
            taken, undone, held = (await session.execute(_UNDONE)).one()
        if taken < self.events or undone:
            return False
        if held is None:
            return True
        # A question is held back until an album is whole: nothing else goes on, so time does.
        self.clock.move_to(max(held, self.clock.now()))
        return False

    @property
    def now(self) -> datetime:
        return self.clock.now()
