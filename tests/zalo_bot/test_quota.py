"""The monthly account: exact under concurrency, one warning a share, a new account each month."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta

import pytest

from bot.clock import StillClock
from models.account import Account
from models.base import Base
from models.database import Database, Session
from models.zalo_quota import ZaloMonth
from services.zalo import quota as zalo_quota
from services.zalo.quota import Quota, Standing
from tests.village import build_village

NOW = datetime(2026, 11, 22, 9, 30, tzinfo=UTC)


@pytest.fixture
async def base(database: Database) -> AsyncIterator[Database]:
    async with database.begin() as session:
        connection = await session.connection()
        await connection.run_sync(Base.metadata.create_all)
    return database  # type: ignore[return-value]


class Told:
    def __init__(self) -> None:
        self.standings: list[Standing] = []

        self.reached = True

    async def __call__(self, session: Session, standing: Standing) -> bool:
        self.standings.append(standing)
        return self.reached


async def test_counting_is_exact_however_many_count(base: Database) -> None:
    clock = StillClock(NOW)
    quotas = [Quota(base, clock.now, "zalo_bot", limit=1000) for _ in range(4)]
    async with asyncio.TaskGroup() as group:
        for number in range(40):
            group.create_task(quotas[number % 4].count(sent=1, received=2))
    other = Quota(base, clock.now, "zalo_bot_2")
    await other.count(sent=5)
    standing = await quotas[0].standing()
    assert (standing.sent, standing.received, standing.used) == (40, 80, 120)
    assert (standing.percent, await quotas[1].left()) == (12, 880)
    assert await other.left() == 2995


async def test_the_administrator_is_told_once_at_80_and_once_at_95(base: Database) -> None:
    clock, told = StillClock(NOW), Told()
    quotas = [Quota(base, clock.now, "zalo_bot", limit=100, on_warning=told) for _ in range(2)]
    for number in range(110):
        await quotas[number % 2].count(sent=1)
    assert [standing.percent for standing in told.standings] == [80, 95]
    assert told.standings[0].warning.startswith(
        "Bot Zalo zalo_bot đã dùng 80/100 tin của tháng 11 (80%), còn 20 tin."
    )
    assert await quotas[0].left() == 0
    await Quota(base, clock.now, "zalo_bot_2", limit=100, on_warning=told).count(sent=97)
    assert [standing.percent for standing in told.standings] == [80, 95, 97]


async def test_a_warning_that_could_not_be_given_is_given_later(base: Database) -> None:
    told = Told()

    async def failing(session: Session, standing: Standing) -> bool:
        raise OSError("the outbox is away")

    clock = StillClock(NOW)
    with pytest.raises(OSError, match="away"):
        await Quota(base, clock.now, "zalo_bot", limit=10, on_warning=failing).count(sent=9)
    quota = Quota(base, clock.now, "zalo_bot", limit=10, on_warning=told)
    assert await quota.left() == 10  # the counting was undone with it; the tally counts it again
    await quota.count(sent=9)
    assert len(told.standings) == 1


async def test_a_warning_that_reached_nobody_is_given_at_the_next_count(base: Database) -> None:
    clock, told = StillClock(NOW), Told()
    told.reached = False
    quota = Quota(base, clock.now, "zalo_bot", limit=100, on_warning=told)
    for reached in (False, True, True):
        told.reached = reached
        await quota.count(sent=82 if not reached else 1)
    assert [standing.percent for standing in told.standings] == [82, 83]


async def test_the_month_is_the_vietnamese_one(base: Database) -> None:
    clock = StillClock(datetime(2026, 11, 30, 16, 59, tzinfo=UTC))
    quota = Quota(base, clock.now, "zalo_bot", limit=10)
    await quota.count(sent=10)
    assert await quota.left() == 0
    clock.move_to(clock.now() + timedelta(minutes=1))
    assert await quota.left() == 10
    await quota.count(received=1)
    async with base.begin() as session:
        november = await session.get(ZaloMonth, ("zalo_bot", "2026-11"))
        december = await zalo_quota.month(session, "zalo_bot", clock.now())
    assert november is not None
    assert december is not None
    assert (november.sent, december.month, december.received) == (10, "2026-12", 1)


async def test_other_plans(base: Database) -> None:
    clock = StillClock(NOW)
    unlimited = Quota(base, clock.now, "zalo_bot", limit=0)
    await unlimited.count(sent=10_000)
    assert await unlimited.left() is None
    one_way = Quota(base, clock.now, "zalo_bot_2", limit=100, counts_received=False)
    await one_way.count(sent=1, received=50)
    assert await one_way.left() == 99


async def test_people_are_counted_on_each_bot(base: Database) -> None:
    bots = ["zalo_bot", "zalo_bot_2"]
    async with base.begin() as session:
        await build_village(session, "zalo_bot")
        assert await zalo_quota.people_on(session, bots) == {"zalo_bot": 8, "zalo_bot_2": 0}
        gone = await session.get(Account, 1)
        assert gone is not None
        gone.state = "blocked"
        await session.flush()
        assert await zalo_quota.people_on(session, bots) == {"zalo_bot": 7, "zalo_bot_2": 0}
