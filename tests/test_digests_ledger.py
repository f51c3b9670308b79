"""Planning under several replicas, and sending to networks that fail: the ledger stays true."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import pytest
from sqlalchemy import func, select, update

from bot.channels.base import SendFailed
from models.account import Account
from models.database import Database
from models.nudge import Digest, Nudge
from models.organisation import Person
from models.queue import Outbox
from scheduler import ticks
from scheduler.ticks import TickResult, tick
from services import linking
from services.access import actor_at
from services.reminders import ledger as reminders_ledger
from services.reminders.facts import PlannedDigest, PlannedNudge
from services.reminders.reach import unreachable
from tests.digest_world import World, at, d

MORNING = "25/11 7:30"
NETWORKS = ("web", "telegram", "zalo_bot", "zalo_oa")
"""Those that are configured: zalo_bot_2 no longer is."""


@pytest.fixture
async def world(database: Database) -> World:
    return await World(database).build()


async def test_p20_two_planners_and_skewed_clocks_give_one_reminder_a_key(
    world: World, database_url: str
) -> None:
    for number in range(30):
        await world.task(f"NV-{number}", ("ct-a", "pct-a", "ct-b")[number % 3], "30/11")
    other = Database(database_url)
    clocks = [at(MORNING) + timedelta(minutes=minutes) for minutes in (0, 3, 7, 11)]
    results = await asyncio.gather(
        *(
            tick(database, clock, world.rules, ["web"])
            for database, clock in zip([world.database, other] * 2, clocks, strict=True)
        )
    )
    await other.close()
    assert sum(result.digests for result in results) == 3
    assert sum(result.nudges for result in results) == 30
    assert await _count(world, Outbox) == 3
    assert len(await world.send(at("25/11 8:00"))) == 3


async def test_p20_a_planner_that_dies_half_way_is_finished_by_the_next(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ticks, "CHUNK", 1)
    for number, owner in enumerate(("ct-a", "pct-a", "ct-b")):
        await world.task(f"NV-{number}", owner, "30/11")
    real, calls = reminders_ledger.write, 0

    async def dies(*arguments: object) -> reminders_ledger.Written:
        nonlocal calls
        calls += 1
        written = await real(*arguments)  # type: ignore[arg-type] # handed on as they came
        if calls == 2:
            raise ConnectionError
        return written

    monkeypatch.setattr(reminders_ledger, "write", dies)
    with pytest.raises(ConnectionError):
        await world.tick(at(MORNING))
    assert len(await world.send()) == 1  # the second one's transaction was rolled back whole
    assert (await world.tick(at("25/11 7:31"))).digests == 2
    assert len(await world.send()) == 2


async def test_p20_a_key_that_was_given_is_not_given_again_by_a_planner_that_does_not_know(
    world: World,
) -> None:
    task = await world.task("NV-01", "ct-a", "30/11")
    assert list(await world.live(at(MORNING))) == ["ct-a"]
    given = PlannedNudge(task, "before:7", d("23/11"), 1)
    new = PlannedNudge(task, "before:3", d("27/11"), 1)
    for nudges, expected in (((given,), (0, 0)), ((given, new), (1, 1))):
        planned = PlannedDigest(world.people["ct-a"], d("26/11"), "morning", nudges)
        async with world.database.begin() as session:
            written = await reminders_ledger.write(session, [planned], at("26/11 7:30"), ["web"])
        assert (written.digests, written.nudges) == expected
    assert await world.ledger() == [
        ("NV-01", "before:7", "sent"), ("NV-01", "before:3", "planned"),
    ]  # fmt: skip
    assert await _count(world, Outbox) == 2


async def test_a_tick_with_nothing_to_do_does_nothing(world: World) -> None:
    await world.task("NV-01", "ct-a", "30/11")
    assert (await world.tick(at(MORNING))).digests == 1
    await world.task("NV-02", "ct-b", "30/11")  # concerns tomorrow
    for later in ("7:31", "12:00", "16:44"):
        assert await world.tick(at(f"25/11 {later}")) == TickResult()
    for night in ("24/11 9:00", "25/11 7:29", "25/11 17:30", "28/11 9:00"):
        assert await world.tick(at(night)) == TickResult()


async def test_p23_who_blocked_us_is_marked_seen_by_the_leader_and_not_retried(
    world: World,
) -> None:
    await world.task("NV-01", "ct-a", "30/11")
    world.network.failing["ct-a"] = SendFailed("403 blocked", gone=True)
    assert await world.live(at(MORNING)) == {}
    assert (await world.ledger())[0][2] == "failed"
    evening = await world.live(at("25/11 16:45"))
    assert "Chưa liên lạc được: Nguyễn Văn A (đã chặn)." in evening["bt-a"]
    assert (await world.tick(at("26/11 7:30"))).unreachable == 1
    assert [row for row in await world.digests() if row[0] == "ct-a"] == [
        ("ct-a", "morning", "failed", "403 blocked"), ("ct-a", "morning", "failed", "blocked"),
    ]  # fmt: skip
    # Back again: the reminder that is still true comes the next morning, once.
    world.network.failing.clear()
    async with world.database.begin() as session:
        await session.execute(
            update(Account).where(Account.chat_id == "ct-a").values(state="connected")
        )
    assert "ct-a" in await world.live(at("27/11 7:30"))
    assert [row[2] for row in await world.ledger() if row[1].startswith("before")].count(
        "sent"
    ) == 1


async def test_who_never_connected_is_named_with_the_reason(world: World) -> None:
    await world.task("NV-01", "ct-a", "30/11")
    await world.task("NV-02", "ct-b", "30/11")
    async with world.database.begin() as session:
        await session.execute(Account.__table__.delete().where(Account.chat_id == "ct-a"))  # type: ignore[attr-defined] # a Table
    assert (await world.tick(at(MORNING))).unreachable == 1
    assert ("ct-a", "morning", "failed", "never") in await world.digests()
    async with world.database.begin() as session:
        for who, expected in (
            ("bt-a", ["ct-a"]),
            ("bt-tinh", ["ct-a"]),
            ("bt-b", []),
            ("pct-a", []),
        ):
            actor = await actor_at(session, "web", who, at(MORNING))
            assert actor is not None
            found = await unreachable(session, actor, at(MORNING))
            assert [(one.post, one.reason) for one in found] == [(who, "never") for who in expected]


async def test_p21_a_lost_answer_is_unknown_and_not_repeated(world: World) -> None:
    await world.task("NV-01", "ct-a", "30/11")
    world.network.failing["ct-a"] = SendFailed("timeout", unknown=True)
    await world.live(at(MORNING))
    world.network.failing.clear()
    assert await world.live(at("26/11 7:30")) == {}
    assert await world.ledger() == [("NV-01", "before:7", "unknown")]


async def test_p21_what_may_have_arrived_is_counted(world: World) -> None:
    await world.task("NV-01", "ct-a", "25/11")
    world.network.failing["ct-a"] = SendFailed("timeout", unknown=True)
    await world.live(at(MORNING))
    world.network.failing.clear()
    assert "nhắc lần 2" in (await world.live(at("30/11 7:30")))["ct-a"]


async def test_the_chosen_network_wins_else_the_one_connected_last(world: World) -> None:
    person = world.people["ct-a"]
    async with world.database.begin() as session:
        for channel, day, state in (
            ("telegram", "1/2 8:00", "connected"), ("zalo_bot", "1/3 8:00", "connected"),
            ("zalo_oa", "1/4 8:00", "blocked"), ("zalo_bot_2", "1/5 8:00", "connected"),
        ):  # fmt: skip
            session.add(
                Account(
                    channel=channel, chat_id="x", person_id=person, state=state,
                    connected_at=at(day), changed_at=at(day),
                )
            )  # fmt: skip
    for wanted, expected in (
        (None, "zalo_bot"), ("telegram", "telegram"), ("web", "web"), ("zalo_oa", "zalo_bot"),
        ("zalo_bot_2", "zalo_bot"),
    ):  # fmt: skip
        async with world.database.begin() as session:
            (await session.get_one(Person, person)).remind_channel = wanted
        async with world.database.begin() as session:
            account = await linking.reminded_at(session, person, NETWORKS)
            assert account is not None
            assert account.channel == expected


async def _count(world: World, table: type[Digest] | type[Nudge] | type[Outbox]) -> int:
    async with world.database.begin() as session:
        return await session.scalar(select(func.count()).select_from(table)) or 0
