"""The pair of tokens: one refresh token is spent once, whatever happens, on both databases."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta

import pytest

from bot.channels.base import SendFailed
from bot.channels.zalo_oa import NoToken, ZaloOaChannel, tokens
from bot.clock import StillClock
from models.database import Database
from services.zalo.oa import NotStored, Pair, Turn, ZaloOaStore
from tests.fakes.zalo_oa import FakeZaloOA
from tests.zalo_oa.helpers import make, running, store_of, to, until

REFRESH = "access_token"


class Flaky(ZaloOaStore):
    """A memory whose saves fail so often, or hang; and which may be slow to say whose turn it is."""

    fails = 0
    hangs: asyncio.Event | None = None
    claimed: asyncio.Event | None = None
    """Set when a turn is taken; the answer follows a moment later."""

    async def claim(self, *given: object) -> Turn:
        turn = await super().claim(*given)  # type: ignore[arg-type] # as they were given
        if self.claimed:
            self.claimed.set()
            await asyncio.sleep(0.05)
        return turn

    async def save(self, *given: object) -> bool:
        if self.hangs:
            await self.hangs.wait()
        if self.fails:
            self.fails -= 1
            raise NotStored("OperationalError")
        return await super().save(*given)  # type: ignore[arg-type] # as they were given


@pytest.fixture
async def memory(oa: FakeZaloOA, database: Database) -> Flaky:
    return Flaky(database, oa.app_id)


@pytest.fixture
async def both(
    oa: FakeZaloOA, memory: Flaky, clock: StillClock
) -> AsyncIterator[tuple[ZaloOaChannel, ZaloOaChannel]]:
    """Two replicas on one database."""
    made = make(oa, memory, clock), make(oa, memory, clock)
    yield made
    for channel in made:
        await channel.close()


async def newest(memory: ZaloOaStore) -> Pair:
    pair = await memory.read()
    assert pair is not None
    return pair


def writes(oa: FakeZaloOA) -> list[int | None]:
    return [call.error for call in oa.calls_of(REFRESH)]


async def test_the_pair_is_saved_before_it_is_used(
    oa: FakeZaloOA, memory: Flaky, both: tuple[ZaloOaChannel, ZaloOaChannel]
) -> None:
    memory.hangs = asyncio.Event()
    async with asyncio.TaskGroup() as group:
        asking = group.create_task(both[0].account())
        await oa.until(lambda: oa.calls_of(REFRESH))
        await asyncio.sleep(0.05)
        assert not oa.calls_of("getoa")
        memory.hangs.set()
        assert (await asking).is_government
    pair = await newest(memory)
    assert (pair.access, pair.refresh) == (oa.tokens.newest, oa.tokens.refresh)


async def test_two_replicas_spend_a_refresh_token_once(
    oa: FakeZaloOA, memory: Flaky, both: tuple[ZaloOaChannel, ZaloOaChannel], clock: StillClock
) -> None:
    for _ in range(4):
        before = len(oa.calls_of(REFRESH))
        await asyncio.gather(*(channel.account() for channel in both * 3))
        assert len(oa.calls_of(REFRESH)) == before + 1
        clock.move_to(clock.now() + timedelta(hours=26))
    assert oa.tokens.reused == 0
    assert (await newest(memory)).generation == 5  # the seed, and four renewals


async def test_the_other_replica_waits_for_the_one_that_spends(
    oa: FakeZaloOA, both: tuple[ZaloOaChannel, ZaloOaChannel]
) -> None:
    oa.slow(REFRESH, 0.3)
    async with asyncio.TaskGroup() as group:
        first = group.create_task(both[0].account())
        await oa.until(lambda: oa.calls_of(REFRESH))
        second = group.create_task(both[1].account())
    assert first.result() == second.result()
    assert writes(oa) == [0]


@pytest.mark.parametrize("code", [-216, -220])
async def test_a_refused_access_token_is_renewed_once_and_the_call_made_again(
    oa: FakeZaloOA, both: tuple[ZaloOaChannel, ZaloOaChannel], code: int
) -> None:
    person = oa.person()
    person.says("chào")
    await both[0].account()
    oa.fail_next("message/cs", code)
    await both[0].send(to(person, "một"))
    assert [heard.text for heard in person.said] == ["một"]
    assert len(oa.calls_of(REFRESH)) == 2
    oa.fail_next("message/cs", code, times=2)
    with pytest.raises(SendFailed) as caught:
        await both[0].send(to(person, "hai"))
    assert caught.value.retry_after
    assert caught.value.whole_network
    assert len(oa.calls_of("message/cs")) == 4
    assert oa.tokens.reused == 0


async def test_a_replica_takes_what_the_other_has_renewed(
    oa: FakeZaloOA, both: tuple[ZaloOaChannel, ZaloOaChannel]
) -> None:
    oa.tokens.revokes = True
    for channel in both:
        await channel.account()
    oa.fail_next("getoa", -216)
    await both[0].account()
    await both[1].account()  # its token is void by now: it reads the other's
    assert writes(oa) == [0, 0]


async def test_a_pair_is_renewed_in_good_time(
    oa: FakeZaloOA,
    both: tuple[ZaloOaChannel, ZaloOaChannel],
    clock: StillClock,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("bot.channels.zalo_oa.channel.LOOK_SECONDS", 0.01)

    async def accept(events: object) -> None: ...

    async with running(both[0], accept), running(both[1], accept):
        await until(lambda: len(oa.calls_of("getoa")) == 2)
        clock.move_to(clock.now() + timedelta(hours=19))
        await asyncio.sleep(0.1)
        assert len(oa.calls_of(REFRESH)) == 1
        clock.move_to(clock.now() + timedelta(hours=2))
        await oa.until(lambda: len(oa.calls_of(REFRESH)) == 2)
        await asyncio.sleep(0.1)
    assert writes(oa) == [0, 0]


async def test_a_save_is_tried_until_the_database_is_back(
    oa: FakeZaloOA, memory: Flaky, both: tuple[ZaloOaChannel, ZaloOaChannel]
) -> None:
    memory.fails = 3
    await both[0].account()
    assert (await newest(memory)).refresh == oa.tokens.refresh
    assert writes(oa) == [0]


async def test_a_stop_between_answer_and_save_does_not_lose_the_pair(
    oa: FakeZaloOA, memory: Flaky, both: tuple[ZaloOaChannel, ZaloOaChannel]
) -> None:
    memory.hangs = asyncio.Event()
    async with asyncio.TaskGroup() as group:
        asking = group.create_task(both[0].account())
        await oa.until(lambda: writes(oa) == [0])
        await asyncio.sleep(0.05)
        asking.cancel()
        await asyncio.sleep(0.05)
        asking.cancel()
        memory.hangs.set()
    assert asking.cancelled()
    assert (await newest(memory)).refresh == oa.tokens.refresh
    await both[1].account()
    assert writes(oa) == [0]


async def test_a_stop_while_the_turn_is_taken_keeps_nobody_waiting(
    oa: FakeZaloOA, memory: Flaky, both: tuple[ZaloOaChannel, ZaloOaChannel]
) -> None:
    memory.claimed = asyncio.Event()
    async with asyncio.TaskGroup() as group:
        asking = group.create_task(both[0].account())
        await memory.claimed.wait()
        asking.cancel()
    memory.claimed = None
    async with asyncio.timeout(30):  # the right alone would last a minute
        assert (await both[1].account()).is_government
    assert writes(oa) == [0]


class TestKilledInTheMiddle:
    """The program dies while it renews; the next start sees that the token may be spent."""

    async def dies(self, memory: ZaloOaStore, clock: StillClock) -> None:
        """What the database holds when it is killed: the lease, and no new pair."""
        pair = await newest(memory)
        until = clock.now() + tokens.LEASE
        assert await memory.claim(pair.generation, "dead", clock.now(), until) == "yours"
        clock.move_to(until)

    async def test_before_the_request_left_nothing_is_lost(
        self,
        oa: FakeZaloOA,
        memory: Flaky,
        both: tuple[ZaloOaChannel, ZaloOaChannel],
        clock: StillClock,
    ) -> None:
        await memory.seed(oa.tokens.refresh, clock.now())
        await self.dies(memory, clock)
        assert (await memory.standing(clock.now())).maybe_spent
        await both[0].account()
        standing = await memory.standing(clock.now())
        assert (standing.maybe_spent, standing.refused) == (False, "")

    async def test_after_the_answer_the_old_access_token_carries_on(
        self,
        oa: FakeZaloOA,
        memory: Flaky,
        both: tuple[ZaloOaChannel, ZaloOaChannel],
        clock: StillClock,
        monkeypatch: pytest.MonkeyPatch,
    ) -> None:
        monkeypatch.setattr("bot.channels.zalo_oa.channel.LOOK_SECONDS", 0.01)
        await both[0].account()
        clock.move_to(clock.now() + timedelta(hours=21))
        await self.dies(memory, clock)
        lost = oa.tokens.spend(oa.tokens.refresh)  # the answer that nobody kept
        person = oa.person()
        person.says("chào")

        async def accept(events: object) -> None: ...

        async with running(both[1], accept):
            await oa.until(lambda: -14014 in writes(oa))
            await asyncio.sleep(0.1)
        assert writes(oa).count(-14014) == 1  # and not again for five minutes
        await both[1].send(to(person, "vẫn gửi được"))
        standing = await memory.standing(clock.now())
        assert standing.maybe_spent
        assert standing.refused.startswith("-14014")
        clock.move_to(clock.now() + timedelta(hours=5))
        with pytest.raises(SendFailed) as caught:
            await both[1].send(to(person, "hết hạn"))
        assert caught.value.whole_network
        # The administrator fetches a new pair.
        expires = clock.now() + timedelta(hours=1)
        await memory.put(oa.tokens.newest, str(lost["refresh_token"]), expires, clock.now())
        await both[1].send(to(person, "lại được"))
        assert (await memory.standing(clock.now())).refused == ""


async def test_a_new_token_in_the_settings_is_taken_once(
    oa: FakeZaloOA, memory: Flaky, both: tuple[ZaloOaChannel, ZaloOaChannel], clock: StillClock
) -> None:
    seed = oa.tokens.refresh
    await both[0].account()
    oa.tokens.issue()  # the administrator makes another pair
    again = make(oa, memory, clock)
    await again.account()
    assert (await newest(memory)).refresh == oa.tokens.refresh
    old = make(oa, memory, clock, refresh_token=seed)  # a replica with yesterday's settings
    await old.account()
    assert oa.tokens.reused == 0
    for channel in (again, old):
        await channel.close()


async def test_without_any_token_sending_waits(
    oa: FakeZaloOA, memory: Flaky, clock: StillClock
) -> None:
    channel = make(oa, memory, clock, refresh_token="")
    with pytest.raises(NoToken, match="no tokens yet"):
        await channel.account()
    with pytest.raises(SendFailed) as caught:
        await channel.send(to(oa.person(), "một"))
    assert (caught.value.retry_after, caught.value.whole_network) == (300, True)
    await channel.close()


@pytest.mark.parametrize("broken", ["lose_request", "lose_answer", "page"])
async def test_a_renewal_that_failed_is_tried_again(
    oa: FakeZaloOA, both: tuple[ZaloOaChannel, ZaloOaChannel], broken: str
) -> None:
    getattr(oa, broken)(REFRESH)
    with pytest.raises(NoToken):
        await both[0].account()
    if broken == "lose_answer":
        with pytest.raises(NoToken, match="-14014"):  # it had been spent after all
            await both[1].account()
    else:
        await both[1].account()
    assert oa.tokens.reused == (1 if broken == "lose_answer" else 0)


async def test_a_database_that_is_away_is_no_unknown_send(
    oa: FakeZaloOA, database: Database, clock: StillClock
) -> None:
    channel = make(oa, store_of(oa, database), clock)
    async with database.engine.begin() as connection:
        for table in ("zalo_oa", "zalo_oa_contact"):
            await connection.exec_driver_sql(f"DROP TABLE IF EXISTS {table}")
    with pytest.raises(SendFailed) as caught:
        await channel.send(to(oa.person(), "một"))
    assert (caught.value.retry_after, caught.value.unknown) == (30, False)
    await channel.close()
