"""What the channel's memory keeps, on both databases."""

from __future__ import annotations

import asyncio
import traceback
from datetime import datetime, timedelta

import pytest

from models.database import Database
from services.zalo.oa import NotStored, ZaloOaStore
from tests.zalo_oa.helpers import START

LATER = START + timedelta(minutes=1)
DAY = timedelta(days=1)


@pytest.fixture
async def memory(database: Database) -> ZaloOaStore:
    return ZaloOaStore(database, "1")


async def test_one_of_many_may_spend(memory: ZaloOaStore) -> None:
    await memory.put("a1", "r1", START, START)
    turns = await asyncio.gather(*(memory.claim(1, f"replica-{n}", START, LATER) for n in range(8)))
    assert sorted(turns) == ["busy"] * 7 + ["yours"]
    holder = f"replica-{turns.index('yours')}"
    assert await memory.claim(1, holder, START, LATER) == "yours"
    assert await memory.claim(1, "other", LATER, LATER + DAY) == "yours"  # the holder died
    assert await memory.save(1, "a2", "r2", START + DAY, LATER)
    assert not await memory.save(1, "a3", "r3", START + DAY, LATER)
    assert await memory.claim(1, "other", LATER, LATER + DAY) == "newer"
    pair = await memory.read()
    assert pair is not None
    assert (pair.generation, pair.access, pair.refresh) == (2, "a2", "r2")
    assert pair.expires_at == START + DAY


async def test_a_right_given_back_says_whether_it_was_used(memory: ZaloOaStore) -> None:
    await memory.put("a1", "r1", START, START)
    for spent in (True, False):
        await memory.claim(1, "a", START, LATER)
        assert not (await memory.standing(START)).maybe_spent  # it is being spent just now
        await memory.release(1, "b", spent=False)  # it was not b's to give
        await memory.release(1, "a", spent=spent)
        assert (await memory.standing(START)).maybe_spent is spent


async def test_a_refused_token_is_left_alone_for_a_while(memory: ZaloOaStore) -> None:
    await memory.put("a1", "r1", START, START)
    await memory.claim(1, "a", START, LATER)
    await memory.refused(1, "a", "-14014: no", LATER)
    assert await memory.claim(1, "b", START, LATER) == "wait"
    assert (await memory.standing(START)).refused == "-14014: no"
    assert await memory.claim(1, "b", LATER, LATER + DAY) == "yours"


async def test_windows_are_counted(memory: ZaloOaStore) -> None:
    for chat, days in (("a", 0), ("b", 1), ("c", 3), ("d", 8)):
        await memory.heard(chat, START - days * DAY)
    await memory.heard("a", START - 9 * DAY)  # an old event that comes late
    await memory.closed("b", START)
    standing = await memory.standing(START)
    assert (standing.free, standing.paid, standing.closed) == (1, 1, 2)
    await memory.heard("b", START + DAY)
    standing = await memory.standing(START + DAY)
    assert (standing.free, standing.paid, standing.closed) == (2, 1, 1)
    await memory.templated("a", START)
    contact = await memory.contact("a")
    assert contact is not None
    assert (contact.heard_at, contact.closed_at, contact.template_at) == (START, None, START)
    assert await memory.contact("x") is None


async def test_two_replicas_meet_at_an_empty_table(memory: ZaloOaStore) -> None:
    await asyncio.gather(
        *(memory.heard("a", START + timedelta(minutes=11 * n)) for n in range(5)),
        *(memory.note(f"fact-{n}", "x", START) for n in range(5)),
        *(memory.seed("r1", START) for _ in range(5)),
    )
    contact = await memory.contact("a")
    assert contact is not None
    assert contact.heard_at == START + timedelta(minutes=44)
    standing = await memory.standing(START)
    assert len(standing.facts) == 5
    assert standing.refresh_until == START + 90 * DAY
    pair = await memory.read()
    assert pair is not None
    assert (pair.generation, pair.access) == (1, "")


async def test_p42_no_error_of_the_database_shows_a_token(
    memory: ZaloOaStore, database: Database
) -> None:
    await memory.put("a1", "r1", START, START)
    assert "a1" not in repr(await memory.read())
    full = (
        "CREATE TRIGGER full BEFORE UPDATE ON zalo_oa BEGIN SELECT RAISE(ABORT, 'disk full'); END"
        if database.is_sqlite
        else "ALTER TABLE zalo_oa ADD CONSTRAINT full_ CHECK (generation < 2)"
    )
    async with database.engine.begin() as connection:
        await connection.exec_driver_sql(full)
    secret = "canary" + "-token"
    with pytest.raises(NotStored) as caught:
        await memory.put(secret, secret, START, START)
    error: BaseException | None = caught.value
    assert str(error) == "IntegrityError"
    while error is not None:
        assert secret not in f"{error} {error!r}"
        assert secret not in "".join(traceback.format_exception(error))
        error = error.__cause__ or error.__context__


async def test_who_writes_a_lot_is_not_noted_with_every_word(memory: ZaloOaStore) -> None:
    async def heard_after(minutes: float) -> datetime | None:
        await memory.heard("a", START + timedelta(minutes=minutes))
        contact = await memory.contact("a")
        return contact.heard_at if contact else None

    assert await heard_after(0) == START
    assert await heard_after(9) == START
    assert await heard_after(11) == START + timedelta(minutes=11)
    assert await heard_after(5) == START + timedelta(minutes=11)
    # Once the window is called closed, the very next word counts.
    await memory.closed("a", START + timedelta(minutes=12))
    assert await heard_after(13) == START + timedelta(minutes=13)
    assert await heard_after(14) == START + timedelta(minutes=13)
