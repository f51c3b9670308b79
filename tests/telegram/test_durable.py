"""The channel with the real inbox and outbox, on both databases."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Collection
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select

from bot.channels.lease import PollLease
from bot.channels.telegram import TelegramChannel, lost_sentence, may_have_lost
from bot.clock import Clock, StillClock
from bot.conversation import Address, Choice, Event, Outcome, Reply, State
from bot.inbox import InboxWorker
from bot.outbox import OutboxWorker
from models.account import Account
from models.database import Database, Session
from models.organisation import Person
from models.queue import Chat, Inbox, NetworkState, Outbox
from services.networks import note_fetch, take_lease
from tests.fakes.telegram import FakeTelegram
from tests.telegram.helpers import jpeg, make, running, until


class Bot:
    """Inbox, outbox and channel, with a handler that says everything back."""

    def __init__(self, tg: FakeTelegram, database: Database) -> None:
        self.database = database
        self.clock = Clock()
        self.channel: TelegramChannel = make(tg, per_chat_second=0)
        channels = {"telegram": self.channel}
        self.outbox = OutboxWorker(
            database, self.clock, channels, self._no_digest, self._on_trouble
        )
        self.inbox = InboxWorker(
            database, self.clock, self.outbox, self._echo, self._refuse, on_error=self._on_error
        )

    async def _on_trouble(self, session: Session, text: str, networks: Collection[str]) -> None:
        pass

    async def _echo(self, session: Session, event: Event, state: State) -> Outcome:
        state.menu += 1
        question = Reply(f"{event.kind}: {event.text}{event.key}", (Choice("1", "Tiếp"),))
        return Outcome(state, question=question)

    def _refuse(self, state: State, sentence: str) -> Outcome:
        return Outcome(state, [Reply(sentence)])

    async def _on_error(self, session: Session, event: Event | None, error: BaseException) -> None:
        raise error

    async def _no_digest(self, session: Session, digest: int, now: datetime) -> Reply | None:
        return None

    async def work(self) -> None:
        while await self.inbox.work_once() or await self.outbox.send_once():
            pass

    async def events(self) -> list[str]:
        async with self.database.begin() as session:
            rows = await session.scalars(select(Inbox).order_by(Inbox.id))
            return [row.event_id for row in rows]

    async def sends(self) -> list[Outbox]:
        async with self.database.begin() as session:
            return list((await session.scalars(select(Outbox).order_by(Outbox.id))).all())

    async def until_taken(self, count: int) -> None:
        async with asyncio.timeout(30):
            while len(await self.events()) < count:  # noqa: ASYNC110 - a database rings no bell
                await asyncio.sleep(0.01)


@pytest.fixture
async def bot(tg: FakeTelegram, database: Database) -> AsyncIterator[Bot]:
    made = Bot(tg, database)
    yield made
    await made.channel.close()


async def test_p3_p4_redelivered_renumbered_and_on_two_replicas(
    tg: FakeTelegram, bot: Bot, database: Database
) -> None:
    person = tg.person()
    other = Bot(tg, database)
    async with running(bot.channel, bot.inbox.accept):
        update = await person.says("một")
        await bot.until_taken(1)
    async with running(other.channel, other.inbox.accept):
        tg.redeliver(update)
        tg.advance(8 * 24 * 3600)
        await person.says("hai")
        tg.redeliver(update | {"update_id": 17})
        album = await person.sends_album([jpeg(red=n) for n in range(10)], shuffled=True)
        tg.redeliver(album[4])
        await bot.until_taken(12)
        await until(lambda: not tg.updates.pending())
    assert len(await bot.events()) == 12
    await asyncio.gather(bot.work(), other.work())
    await other.channel.close()
    assert len(tg.sent) == 12


async def test_the_menu_before_is_retired(tg: FakeTelegram, bot: Bot) -> None:
    person = tg.person()
    async with running(bot.channel, bot.inbox.accept):
        await person.says("một")
        await bot.until_taken(1)
        await bot.work()
        first = await person.hears()
        await person.taps(first, "Tiếp")
        await bot.until_taken(2)
        await bot.work()
        second = await person.hears()
        assert await person.hears_edit() is first
    assert (first.labels, second.labels) == ([], ["Tiếp"])
    assert second.text.startswith("choice: 1")


async def test_p21_a_lost_answer_is_not_repeated(tg: FakeTelegram, bot: Bot) -> None:
    person = tg.person()
    async with running(bot.channel, bot.inbox.accept):
        await person.says("một")
        await bot.until_taken(1)
    tg.lose_answer("sendMessage")
    await bot.work()
    await bot.work()
    [row] = await bot.sends()
    assert row.state == "unknown"
    assert len(tg.sent) == 1


async def test_p23_a_block_marks_the_account(tg: FakeTelegram, bot: Bot) -> None:
    person = tg.person()
    address = Address("telegram", str(person.id))
    now = bot.clock.now()
    async with bot.database.begin() as session:
        official = Person(code="cb-01", name="Nguyễn Văn A", folded="nguyen van a", pseudonym="P-1")
        session.add(official)
        await session.flush()
        session.add(
            Account(
                channel=address.channel,
                chat_id=address.chat_id,
                person_id=official.id,
                connected_at=now,
                changed_at=now,
            )
        )
        await bot.outbox.put(session, address, [Reply("một"), Reply("hai")])
    person.blocks_bot()
    await bot.work()
    async with bot.database.begin() as session:
        assert (await session.scalars(select(Account.state))).all() == ["blocked"]
    assert [row.state for row in await bot.sends()] == ["failed", "failed"]
    assert len(tg.calls_of("sendMessage")) == 1


async def test_p17_what_waits_follows_the_group(tg: FakeTelegram, bot: Bot) -> None:
    group = tg.group()
    seat = group.seat(tg.person())
    address = Address("telegram", str(group.id))
    async with bot.database.begin() as session:
        session.add(Chat(channel=address.channel, chat_id=address.chat_id, state={}))
        await bot.outbox.put(session, address, [Reply("một"), Reply("hai")])
    group.becomes_supergroup()
    await bot.work()
    assert [message.text for message in seat.unheard()] == ["một", "hai"]


class TestSharedRow:
    """One replica polls, and a gap is noticed: what bot/app.py wires to the channel."""

    async def test_one_of_many_gets_the_lease(self, database: Database) -> None:
        clock = StillClock(datetime(2026, 11, 23, 1, tzinfo=UTC))

        async def take(owner: str, now: datetime, until: datetime) -> bool:
            async with database.begin() as session:
                return await take_lease(session, "telegram", owner, now, until)

        async with database.begin() as session:
            session.add(NetworkState(channel="telegram"))
        leases = [PollLease(take, clock, seconds=60) for _ in range(6)]
        got = await asyncio.gather(*(lease.may_poll() for lease in leases))
        assert sum(got) == 1
        holder = leases[got.index(True)]
        clock.move_to(clock.now() + timedelta(seconds=50))
        assert await holder.may_poll()
        clock.move_to(clock.now() + timedelta(seconds=50))
        others = [lease for lease in leases if lease is not holder]
        assert not any([await lease.may_poll() for lease in others])
        await holder.release()
        assert sum([await lease.may_poll() for lease in others]) == 1
        assert not await holder.may_poll()

    async def test_p7_people_are_told_of_a_gap_once(
        self, tg: FakeTelegram, bot: Bot, database: Database
    ) -> None:
        person = tg.person()
        clock = StillClock(datetime(2026, 11, 22, 1, tzinfo=UTC))

        async def on_fetch(now: datetime) -> None:
            async with database.begin() as session:
                before = await note_fetch(session, "telegram", now)
                if before and may_have_lost(before, now):
                    address = Address("telegram", str(person.id))
                    await bot.outbox.put(session, address, [Reply(lost_sentence(before))])

        for hours in (0, 20, 30, 0):
            clock.move_to(clock.now() + timedelta(hours=hours))
            channel = make(tg, clock=clock, on_fetch=on_fetch, poll_seconds=0)
            seen = len(tg.calls_of("getUpdates"))
            async with running(channel, bot.inbox.accept):
                await tg.called("getUpdates", seen + 3)
            await channel.close()
        await bot.work()
        [told] = person.unheard()
        assert "có thể chưa đến" in told.text
        assert "từ 04:00 Thứ Hai 23/11/2026" in told.text
