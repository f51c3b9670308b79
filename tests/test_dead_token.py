"""Zalo's token has died: the program running, and what its people hear of it elsewhere."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from bot.app import App, build_app
from bot.clock import StillClock
from models.account import Account
from models.queue import Outbox
from services.access import actor_by_id
from services.reminders.reach import not_sent_on, unreachable
from tests.fakes.zalo_bot import FakeZaloBot
from tests.fakes.zalo_oa import FakeZaloOA
from tests.parity.networks import settings_of
from tests.village import START, Village, build_village, settings_for
from vietnamese.zone import local_day

MORNING = START.replace(hour=0, minute=30) + timedelta(days=1)
"""07:30 on Monday 23/11/2026 in Vietnam."""


@asynccontextmanager
async def dead(network: str, url: str, folder: Path, clock: StillClock) -> AsyncIterator[App]:
    """The program with one network of Zalo, whose token nobody accepts."""
    async with FakeZaloOA(clock=lambda: clock.now().timestamp()) as oa, FakeZaloBot() as zalo:
        if network == "zalo_oa":
            seed = oa.tokens.refresh
            oa.tokens.spent.add(seed)
            oa.tokens.issue()
            more = settings_of("zalo_oa", oa) | {"zalo_oa_refresh_token": seed}
        else:
            more = {"zalo_bot_tokens": "9999999999:revoked", "zalo_bot_api_url": zalo.url}
        app = build_app(settings_for(url, folder, **more), clock=clock)
        try:
            yield app
        finally:
            await app.close()


@pytest.mark.parametrize("network", ["zalo_oa", "zalo_bot"])
async def test_reminders_go_to_the_web_and_the_administrator_and_the_leaders_know(
    network: str, database_url: str, tmp_path: Path
) -> None:
    clock = StillClock(START)
    async with dead(network, database_url, tmp_path / "media", clock) as app:
        async with app.database.begin() as session:
            village = await build_village(session, network)
            for code in ("pct-phu-luu", "quan-tri", "bi-thu-bach-xa"):
                session.add(
                    Account(
                        channel="web", chat_id=code, person_id=village.people[code],
                        connected_at=START - timedelta(days=9), changed_at=START,
                    )
                )  # fmt: skip
        for minutes in range(0, 100, 10):
            await _live(app, clock, minutes)
        heard = await _heard(app)
        assert "NV-07" in heard["pct-phu-luu"]
        assert "đang không gửi được tin" in heard["quan-tri"]
        for minutes in range(550, 600, 10):  # the end of the working day
            await _live(app, clock, minutes)
        assert "Lê Văn D (mạng đang hỏng)" in (await _heard(app))["bi-thu-bach-xa"]
        # The supervisor, too, who would hear of silences there.
        named = {"Lê Văn D": "network", "Hoàng Văn G": "network"}
        assert await _named(app, village, clock) == named
        await _live(app, clock, 24 * 60)
        async with app.database.begin() as session:
            assert ("Lê Văn D", "network") in await not_sent_on(session, local_day(MORNING))


async def _live(app: App, clock: StillClock, minutes: int) -> None:
    clock.move_to(MORNING + timedelta(minutes=minutes))
    await app.tick()
    await app.drain()


async def _heard(app: App) -> dict[str, str]:
    async with app.database.begin() as session:
        rows = await session.scalars(
            select(Outbox).where(Outbox.channel == "web", Outbox.state == "sent")
        )
        return {row.chat_id: row.message["text"] for row in rows}


async def _named(app: App, village: Village, clock: StillClock) -> dict[str, str]:
    async with app.database.begin() as session:
        who = village.people["bi-thu-bach-xa"]
        leader = await actor_by_id(session, who, "web", clock.now())
        assert leader is not None
        return {one.name: one.reason for one in await unreachable(session, leader, clock.now())}
