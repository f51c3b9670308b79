"""Commit, then acknowledge; and no trouble ends the polling."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

import pytest

from bot.channels.lease import PollLease
from bot.channels.telegram import TelegramChannel, lost_sentence, may_have_lost
from bot.clock import StillClock
from bot.conversation import Event
from tests.fakes.telegram import FakeTelegram
from tests.telegram.helpers import Taken, jpeg, make, running, until


def offsets(tg: FakeTelegram) -> list[int]:
    return [int(call.params.get("offset", 0)) for call in tg.calls_of("getUpdates")]


async def test_p1_nothing_is_acknowledged_before_it_is_committed(
    tg: FakeTelegram, channel: TelegramChannel
) -> None:
    person = tg.person()
    update = await person.says("một")
    entered, may_go = asyncio.Event(), asyncio.Event()

    async def accept(events: Sequence[Event]) -> None:
        entered.set()
        await may_go.wait()

    async with running(channel, accept):
        await asyncio.wait_for(entered.wait(), 5)
        await asyncio.sleep(0.05)
        assert len(tg.updates.pending()) == 1
        assert offsets(tg) == [0]
        may_go.set()
        await until(lambda: not tg.updates.pending())
    assert offsets(tg)[1] == update["update_id"] + 1


async def test_p1_killed_between_the_fetch_and_the_commit(tg: FakeTelegram, taken: Taken) -> None:
    await tg.person().says("một")
    entered = asyncio.Event()

    async def killed(events: Sequence[Event]) -> None:
        entered.set()
        await asyncio.Event().wait()

    first = make(tg)
    async with running(first, killed):
        await asyncio.wait_for(entered.wait(), 5)
    await first.close()
    second = make(tg)
    async with running(second, taken):
        await taken.until(1)
    await second.close()
    assert taken.texts == ["một"]


async def test_p1_killed_after_the_commit_it_comes_again_under_the_same_id(
    tg: FakeTelegram, taken: Taken
) -> None:
    await tg.person().says("một")
    ids: list[str] = []

    async def accept(events: Sequence[Event]) -> None:
        ids.extend(event.id for event in events)
        await taken(events)
        if len(ids) == 1:
            await asyncio.Event().wait()  # never gets to acknowledge

    for round_ in (1, 2):
        channel = make(tg)
        async with running(channel, accept):
            await until(lambda want=round_: len(ids) >= want)  # type: ignore[misc] # a lambda's default has no type
        await channel.close()
    assert ids[0] == ids[1]
    assert taken.texts == ["một"]


async def test_p34_a_full_disk_acknowledges_nothing_and_heals(
    tg: FakeTelegram, channel: TelegramChannel, taken: Taken
) -> None:
    person = tg.person()
    taken.failing = True
    async with running(channel, taken):
        await person.says("một")
        await person.says("hai")
        await until(lambda: taken.refused >= 3)
        assert len(tg.updates.pending()) == 2
        assert set(offsets(tg)) == {0}
        taken.failing = False
        await taken.until(2)
    assert taken.texts == ["một", "hai"]


async def test_p3_a_redelivered_update_is_one_event(
    tg: FakeTelegram, polling: TelegramChannel, taken: Taken
) -> None:
    person = tg.person()
    update = await person.says("một")
    await taken.until(1)
    tg.redeliver(update)
    tg.redeliver(update | {"update_id": update["update_id"] + 5})
    await person.says("hai")
    await taken.until(2)
    await until(lambda: not tg.updates.pending())
    assert taken.texts == ["một", "hai"]


async def test_p4_lower_random_numbers_after_quiet_days(
    tg: FakeTelegram, polling: TelegramChannel, taken: Taken
) -> None:
    person = tg.person()
    first = await person.says("một")
    await taken.until(1)
    tg.advance(8 * 24 * 3600)
    second = await person.says("hai")
    assert second["update_id"] < first["update_id"]
    await taken.until(2)
    await until(lambda: not tg.updates.pending())
    assert taken.texts == ["một", "hai"]


async def test_p4_numbers_that_walk_over_old_ones_lose_nothing(
    tg: FakeTelegram, polling: TelegramChannel, taken: Taken
) -> None:
    person = tg.person()
    start = tg.updates.next_id
    for number in range(5):
        await person.says(f"cũ {number}")
    await taken.until(5)
    await until(lambda: not tg.updates.pending())
    tg.updates.next_id = start - 2
    for number in range(5):
        await person.says(f"mới {number}")
        await taken.until(6 + number)
    assert taken.texts[5:] == [f"mới {number}" for number in range(5)]


async def test_an_offset_is_used_once(
    tg: FakeTelegram, channel: TelegramChannel, taken: Taken
) -> None:
    """After its batch is acknowledged nothing of the old numbering is kept."""
    quick = make(tg, poll_seconds=0)
    async with running(quick, taken):
        update = await tg.person().says("một")
        await taken.until(1)
        seen = len(offsets(tg))
        await until(lambda: len(offsets(tg)) >= seen + 4)
    await quick.close()
    assert offsets(tg).count(update["update_id"] + 1) == 1
    assert offsets(tg)[-1] == 0


async def test_p6_a_second_poller_is_waited_out(
    tg: FakeTelegram, channel: TelegramChannel, taken: Taken
) -> None:
    conflict = tg.conflict(times=4)
    async with running(channel, taken):
        await tg.person().says("một")
        await taken.until(1)
    assert conflict.hits == 4


async def test_p8_passing_trouble_of_every_kind(
    tg: FakeTelegram, channel: TelegramChannel, taken: Taken
) -> None:
    tg.html_502("getMe")
    tg.fail_next("deleteWebhook", status=500)
    tg.html_502("getUpdates", times=2)
    tg.lose_request("getUpdates")
    tg.lose_answer("getUpdates")
    tg.fail_next("getUpdates", status=429, retry_after=1)
    tg.fail_next("getUpdates", status=401)
    person = tg.person()
    async with running(channel, taken):
        for number in range(8):
            await person.says(str(number))
        await taken.until(8)
        await until(lambda: not tg.updates.pending())
        await person.says("sau cùng")
        await taken.until(9)
    assert taken.texts == [*map(str, range(8)), "sau cùng"]


async def test_nobody_listening_is_passing_trouble_too(taken: Taken) -> None:
    async with FakeTelegram() as gone:
        port = gone.port
        channel = make(gone)
    async with running(channel, taken):
        await asyncio.sleep(0.1)
        again = FakeTelegram()
        await again.start(port)
        await again.person().says("một")
        await taken.until(1)
    await again.stop()
    await channel.close()


async def test_an_update_of_a_new_shape_spoils_no_batch(
    tg: FakeTelegram, channel: TelegramChannel, taken: Taken
) -> None:
    """Its sender is told that it could not be read, and the others are heard."""
    person = tg.person()
    await person.says("một")
    strange = await person.says("lạ")
    strange["message"]["photo"] = {"now": "an object"}
    groupless = await person.says("lạ hơn")
    groupless["callback_query"] = {"id": 5}
    del groupless["message"]
    await person.says("hai")
    async with running(channel, taken):
        await taken.until(3)
        await until(lambda: not tg.updates.pending())
    assert [event.kind for event in taken.events] == ["text", "unsupported", "text"]
    assert taken.texts[::2] == ["một", "hai"]
    assert "chưa đọc được" in taken.texts[1]


async def test_p11_ten_photos_and_a_text_at_once(
    tg: FakeTelegram, polling: TelegramChannel, taken: Taken
) -> None:
    person = tg.person()
    for number in range(10):
        await person.sends_photo(jpeg(red=number))
    await person.says("xong")
    events = await taken.until(11)
    assert [event.kind for event in events] == ["photo"] * 10 + ["text"]
    assert len({event.id for event in events}) == 11


async def test_stops_at_once_in_the_middle_of_a_poll(tg: FakeTelegram, taken: Taken) -> None:
    channel = make(tg, poll_seconds=50)
    async with asyncio.timeout(25):
        async with running(channel, taken):
            await until(lambda: tg.updates.polled)
        await channel.close()


async def test_only_the_replica_with_the_lease_polls(tg: FakeTelegram, taken: Taken) -> None:
    mine = False

    async def may_poll() -> bool:
        return mine

    channel = make(tg, may_poll=may_poll, poll_seconds=0, pause=0.005)
    async with running(channel, taken):
        await tg.person().says("một")
        await asyncio.sleep(0.1)
        assert not tg.calls
        mine = True
        await taken.until(1)
        mine = False
        await asyncio.sleep(0.3)
        count = len(tg.calls)
        await asyncio.sleep(0.1)
        assert len(tg.calls) == count
    await channel.close()


class TestGap:
    """Pitfall 7: down for longer than Telegram keeps messages."""

    async def test_p7_fetching_is_noted_once_a_minute(self, tg: FakeTelegram, taken: Taken) -> None:
        clock = StillClock(datetime(2026, 11, 23, 1, tzinfo=UTC))
        noted: list[datetime] = []

        async def on_fetch(now: datetime) -> None:
            noted.append(now)

        channel = make(tg, clock=clock, on_fetch=on_fetch, poll_seconds=0)
        async with running(channel, taken):
            await tg.called("getUpdates", 10)
            assert len(noted) == 1
            clock.move_to(clock.now() + timedelta(seconds=61))
            await until(lambda: len(noted) == 2)
        await channel.close()

    async def test_p7_nothing_is_noted_before_the_commit(
        self, tg: FakeTelegram, channel: TelegramChannel, taken: Taken
    ) -> None:
        noted: list[datetime] = []

        async def on_fetch(now: datetime) -> None:
            noted.append(now)

        taken.failing = True
        noting = make(tg, on_fetch=on_fetch)
        await tg.person().says("một")
        async with running(noting, taken):
            await until(lambda: taken.refused >= 2)
            assert not noted
            taken.failing = False
            await until(lambda: noted)
        await noting.close()

    async def test_p7_failing_to_note_loses_no_message(
        self, tg: FakeTelegram, taken: Taken
    ) -> None:
        async def on_fetch(now: datetime) -> None:
            raise OSError("database away")

        channel = make(tg, on_fetch=on_fetch)
        async with running(channel, taken):
            for word in ("một", "hai"):
                await tg.person().says(word)
            await taken.until(2)
        await channel.close()

    def test_p7_more_than_a_day(self) -> None:
        seen = datetime(2026, 11, 22, 1, 30, tzinfo=UTC)
        assert not may_have_lost(None, seen)
        assert not may_have_lost(seen, seen + timedelta(hours=24))
        assert may_have_lost(seen, seen + timedelta(hours=30))
        assert "từ 08:30 Chủ Nhật 22/11/2026" in lost_sentence(seen)


class TestLease:
    async def test_is_renewed_at_half_time(self) -> None:
        clock = StillClock(datetime(2026, 11, 23, tzinfo=UTC))
        holders: dict[str, datetime] = {}
        asked: list[str] = []

        async def take(owner: str, now: datetime, until: datetime) -> bool:
            asked.append(owner)
            if any(other != owner and end > now for other, end in holders.items()):
                return False
            holders.clear()
            holders[owner] = until
            return True

        one, two = (PollLease(take, clock, seconds=60) for _ in range(2))
        assert await one.may_poll()
        assert not await two.may_poll()
        clock.move_to(clock.now() + timedelta(seconds=29))
        assert await one.may_poll()
        assert asked.count(one.owner) == 1
        clock.move_to(clock.now() + timedelta(seconds=2))
        assert await one.may_poll()
        assert asked.count(one.owner) == 2
        await one.release()
        assert await two.may_poll()
        assert not await one.may_poll()
        clock.move_to(clock.now() + timedelta(seconds=61))
        assert await one.may_poll()


@pytest.mark.parametrize("token", ["", "abc", "12:", "x:abc", "12:ab c"])
def test_a_token_that_cannot_be_right_stops_the_start(token: str) -> None:
    with pytest.raises(ValueError, match="token") as caught:
        TelegramChannel(token, clock=StillClock(datetime.now(UTC)), read=_no_files)  # noqa: TID251 - any instant will do
    assert not token or token not in str(caught.value)


async def _no_files(attachment: object) -> bytes:
    raise LookupError
