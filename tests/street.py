"""The program with two Zalo bots on paper, and whoever writes to them."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from bot.app import App, build_app
from bot.channels.terminal import TerminalChannel
from bot.clock import StillClock
from bot.conversation import Address, Event
from services import linking
from tests.village import SECRET, START, Village, build_village, settings_for

BOTS = {
    "zalo_bot_tokens": "11111111:aaaa,22222222:bbbb",
    "zalo_bot_names": "Bot Một,Bot Hai",
    "zalo_bot_links": ",https://zalo.me/2222",
}


class Phone(TerminalChannel):
    """A network of that name, with memory."""

    def __init__(self, name: str) -> None:
        super().__init__("zalo_bot")
        self.name = name


class Street:
    """The program with two bots, and whoever writes to them."""

    def __init__(self, app: App, village: Village, phones: dict[str, Phone]) -> None:
        self.app = app
        self.village = village
        self.phones = phones
        self._events = 0

    async def says(
        self, channel: str, chat: str, text: str, kind: Any = "text", **more: Any
    ) -> str:
        """What is heard in answer to it."""
        await self.app.inbox.accept([self.event(channel, chat, text, kind, **more)])
        await self.app.drain()
        return "\n".join(self.phones[channel].take(chat))

    def event(self, channel: str, chat: str, text: str, kind: Any = "text", **more: Any) -> Event:
        self._events += 1
        now = self.app.clock.now()
        return Event(Address(channel, chat), f"e{self._events}", kind, now, text, **more)

    async def code_for(self, person: str) -> str:
        async with self.app.database.begin() as session:
            return await linking.make_code(
                session, None, self.village.people[person], now=START,
                secret=SECRET.encode(), days=7,
            )  # fmt: skip


@asynccontextmanager
async def street(url: str, folder: Path, **settings: object) -> AsyncIterator[Street]:
    """The leaders are on the terminal; nobody is on Zalo yet."""
    phones = {name: Phone(name) for name in ("zalo_bot", "zalo_bot_2", "terminal")}
    app = build_app(
        settings_for(url, folder, **(BOTS | settings)),
        clock=StillClock(START),
        channels=list(phones.values()),
    )
    async with app.database.begin() as session:
        village = await build_village(session)
    try:
        yield Street(app, village, phones)
    finally:
        await app.close()
