"""Opening the program on one network: its settings, its fake, and who may sit down in front."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from bot.app import App, build_app
from bot.channels.terminal import TerminalChannel
from bot.clock import StillClock
from bot.commands.talk import Terminal
from bot.serving import serve
from tests.fakes.telegram import CANARY_TOKEN, FakeTelegram
from tests.fakes.telegram.bell import Clock as FakeClock
from tests.fakes.zalo_bot import FakeZaloBot
from tests.fakes.zalo_oa import FakeZaloOA
from tests.parity.house import HeardDatabase, House
from tests.parity.near_seats import TerminalSeat, WebSeat
from tests.parity.seat import Seat
from tests.parity.seats import TelegramSeat, ZaloBotSeat, ZaloOaSeat
from tests.village import START, build_village, settings_for

WEBHOOK_SECRET = "bi-mat-cua-webhook_2026"
OA_PATH = "/zalo/oa"
UNPACED = ("telegram", "zalo_bot", "zalo_oa")


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@dataclass
class Scene:
    """What a script is played in: the house, and the people who come to it."""

    house: House
    network: str
    _seat: Callable[[str], Seat]
    seats: dict[str, Seat] = field(default_factory=dict)

    async def person(self, code: str) -> Seat:
        """Somebody who has been connected before; always the same seat."""
        if code not in self.seats:
            await self.stranger(code).arrives()
        return self.seats[code]

    def stranger(self, code: str) -> Seat:
        """Somebody whom the program does not know yet."""
        self.seats[code] = self._seat(code)
        return self.seats[code]


def settings_of(network: str, fake: Any) -> dict[str, Any]:
    """The settings with which the program talks to this fake, by their names."""
    if network == "telegram":
        return {"telegram_token": CANARY_TOKEN, "telegram_api_url": fake.url}
    if network == "zalo_bot":
        return {
            "zalo_bot_tokens": fake.token,
            "zalo_bot_api_url": fake.url,
            "zalo_bot_mode": "webhook",
            "zalo_bot_webhook_secret": WEBHOOK_SECRET,
        }
    if network == "zalo_oa":
        return {
            "zalo_oa_app_id": fake.app_id,
            "zalo_oa_app_secret": fake.app_secret,
            "zalo_oa_secret_key": fake.oa_secret,
            "zalo_oa_id": fake.oa_id,
            "zalo_oa_refresh_token": fake.tokens.refresh,
            "zalo_oa_oauth_url": fake.url,
            "zalo_oa_api_url": fake.url,
        }
    return {}


def unhurried() -> dict[str, Any]:
    """No pauses between messages."""
    return {f"{name}_{pace}": 0 for name in UNPACED for pace in ("per_second", "per_chat_second")}


@asynccontextmanager
async def scene(network: str, database_url: str, folder: Path) -> AsyncIterator[Scene]:
    """The program runs, at the mission's moment, as long as the block lasts."""
    clock = StillClock(START)
    async with AsyncExitStack() as stack:
        fake = await _fake(network, clock, stack)
        port = free_port()
        public_url = f"http://127.0.0.1:{port}"
        settings = settings_for(
            database_url, folder / "media", public_url=public_url,
            **settings_of(network, fake), **unhurried(),
        )  # fmt: skip
        database = HeardDatabase(database_url)
        terminal = TerminalChannel() if network == "terminal" else None
        app = build_app(
            settings, clock=clock, database=database, channels=[terminal] if terminal else None
        )
        async with database.begin() as session:
            village = await build_village(session, channel=None)
        house = House(app, database, clock, village, public_url)
        if terminal:
            stack.push_async_callback(app.close)
            sitting = Terminal(app, terminal, demo=False)
            yield Scene(house, network, lambda code: TerminalSeat(house, code, sitting, folder))
            return
        await stack.enter_async_context(_served(app, database, port))
        if network == "zalo_oa":
            fake.webhook.url = f"{public_url}{OA_PATH}"
        made = Scene(house, network, _seats(network, house, fake))
        try:
            yield made
        finally:
            for seat in made.seats.values():
                if isinstance(seat, WebSeat):
                    await seat.close()


@asynccontextmanager
async def _served(app: App, database: HeardDatabase, port: int) -> AsyncIterator[None]:
    stopping = asyncio.Event()
    database.news.clear()
    async with asyncio.TaskGroup() as group:
        group.create_task(serve(app, stopping, port=port))
        await database.news.wait()  # the workers are at it, and the site stood before them
        try:
            yield
        finally:
            stopping.set()
            app.inbox._news.set()
            app.outbox.notify()
            app.media.notify()


async def _fake(network: str, clock: StillClock, stack: AsyncExitStack) -> Any:
    if network == "telegram":
        return await stack.enter_async_context(FakeTelegram())
    if network == "zalo_bot":
        zalo = await stack.enter_async_context(FakeZaloBot())
        zalo.clock = FakeClock(lambda: clock.now().timestamp())
        return zalo
    if network == "zalo_oa":
        return await stack.enter_async_context(
            FakeZaloOA(clock=lambda: clock.now().timestamp(), retry_scale=0.001)
        )
    return None


def _seats(network: str, house: House, fake: Any) -> Callable[[str], Seat]:
    if network == "web":
        return lambda code: WebSeat(house, code)
    kind = {"telegram": TelegramSeat, "zalo_bot": ZaloBotSeat, "zalo_oa": ZaloOaSeat}[network]
    return lambda code: kind(house, code, fake)
