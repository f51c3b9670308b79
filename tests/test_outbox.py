"""Sending: never from inside, never twice, in order, at the network's pace (promise 4)."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime, timedelta

import pytest
from sqlalchemy import select

from bot.channels.base import Accept, Features, FetchFailed, SendFailed, Sending
from bot.clock import StillClock
from bot.conversation import Address, Reply
from bot.outbox import OutboxWorker
from models.account import Account
from models.database import Database, Session
from models.nudge import Digest
from models.queue import Outbox
from tests.village import START, build_village


class Network:
    """A network with memory that fails as it is told."""

    name = "telegram"

    def __init__(self, *, per_second: float = 0, per_chat_second: float = 0) -> None:
        self.features = Features(
            text_limit=2000, per_second=per_second, per_chat_second=per_chat_second
        )
        self.arrived: list[tuple[str, str]] = []
        self.failures: dict[str, list[Exception]] = {}

    async def run(self, accept: Accept) -> None:
        """Nothing comes in."""

    async def send(self, sending: Sending) -> str:
        chat = sending.address.chat_id
        if self.failures.get(chat):
            raise self.failures[chat].pop(0)
        self.arrived.append((chat, sending.message.text))
        return f"id-{len(self.arrived)}"

    async def fetch(self, ref: str) -> bytes:
        raise FetchFailed("", final=True)

    async def close(self) -> None:
        pass


class House:
    """An outbox with one network on a clock that stands still."""

    def __init__(self, database: Database, network: Network) -> None:
        self.database = database
        self.network = network
        self.clock = StillClock(START)
        self.true = True
        self.alarms: list[tuple[str, list[str]]] = []
        self.outbox = self.replica()

    def replica(self) -> OutboxWorker:
        return OutboxWorker(
            self.database, self.clock, {"telegram": self.network}, self.compose, self.on_trouble
        )

    async def on_trouble(self, session: Session, text: str, networks: Collection[str]) -> None:
        self.alarms.append((text, list(networks)))

    async def compose(self, session: Session, digest_id: int, now: datetime) -> Reply | None:
        return Reply(f"digest {digest_id}") if self.true else None

    async def put(self, chat: str, *texts: str, digest_id: int | None = None) -> None:
        async with self.database.begin() as session:
            for text in texts:
                session.add(
                    Outbox(
                        channel="telegram", chat_id=chat, message={"text": text} if text else {},
                        digest_id=digest_id, created_at=START, not_before=START,
                    )
                )  # fmt: skip

    async def drain(self) -> None:
        while await self.outbox.send_once():
            pass

    async def states(self) -> list[str]:
        async with self.database.begin() as session:
            return list(await session.scalars(select(Outbox.state).order_by(Outbox.id)))

    def wait(self, seconds: float) -> None:
        self.clock.move_to(self.clock.now() + timedelta(seconds=seconds))


@pytest.fixture
def house(database: Database) -> House:
    return House(database, Network())


async def test_messages_of_a_chat_arrive_in_order(house: House) -> None:
    await house.put("a", "1", "2", "3")
    await house.put("b", "4")
    await house.drain()
    assert [text for chat, text in house.network.arrived if chat == "a"] == ["1", "2", "3"]
    assert await house.states() == ["sent"] * 4


async def test_p21_a_lost_answer_is_unknown_and_never_repeated(house: House) -> None:
    house.network.failures["a"] = [SendFailed("timeout", unknown=True)]
    await house.put("a", "1", "2")
    await house.drain()
    assert await house.states() == ["unknown", "sent"]
    house.wait(3600)
    await house.outbox.recover()
    await house.drain()
    assert house.network.arrived == [("a", "2")]


async def test_an_error_of_ours_in_mid_send_is_unknown(house: House) -> None:
    house.network.failures["a"] = [RuntimeError()]
    await house.put("a", "1")
    await house.drain()
    assert await house.states() == ["unknown"]


async def test_p22_a_429_in_one_chat_waits_all_of_it_and_stops_nobody_else(house: House) -> None:
    house.network.failures["a"] = [SendFailed("429", retry_after=7)]
    await house.put("a", "1", "2")
    await house.put("b", "3")
    await house.drain()
    assert house.network.arrived == [("b", "3")]
    house.wait(6.9)
    await house.drain()
    assert len(house.network.arrived) == 1
    house.wait(0.2)
    await house.drain()
    assert house.network.arrived[1:] == [("a", "1"), ("a", "2")]


async def test_p22_a_429_in_a_second_chat_is_the_networks(house: House) -> None:
    for chat in "ab":
        house.network.failures[chat] = [SendFailed("429", retry_after=7)]
        await house.put(chat, chat)
    await house.drain()
    await house.put("c", "c")
    await house.drain()
    assert house.network.arrived == []
    house.wait(7.1)
    await house.drain()
    assert sorted(house.network.arrived) == [("a", "a"), ("b", "b"), ("c", "c")]


async def test_p23_blocked_marks_the_account_and_ends_the_waiting(house: House) -> None:
    async with house.database.begin() as session:
        await build_village(session, "telegram")
    house.network.failures["pct-phu-luu"] = [SendFailed("403", gone=True)]
    await house.put("pct-phu-luu", "1", "2")
    await house.drain()
    assert await house.states() == ["failed", "failed"]
    async with house.database.begin() as session:
        account = select(Account.state).where(Account.chat_id == "pct-phu-luu")
        assert await session.scalar(account) == "blocked"


async def test_p17_a_chat_with_a_new_id_is_followed(house: House) -> None:
    house.network.failures["group"] = [SendFailed("migrated", moved_to="supergroup")]
    await house.put("group", "1", "2")
    await house.drain()
    assert house.network.arrived == [("supergroup", "1"), ("supergroup", "2")]


async def test_p24_what_a_dead_worker_was_sending_is_unknown_and_the_chat_goes_on(
    house: House,
) -> None:
    await house.put("a", "1", "2")
    async with house.database.begin() as session:
        row = (await session.scalars(select(Outbox).order_by(Outbox.id).limit(1))).one()
        row.state, row.sending_at = "sending", house.clock.now()
    await house.drain()
    assert house.network.arrived == []
    house.wait(61)
    assert await house.outbox.recover() == 1
    await house.drain()
    assert await house.states() == ["unknown", "sent"]


async def test_p20_two_replicas_send_each_message_once(house: House) -> None:
    other = house.replica()
    for chat in "abcdefgh":
        await house.put(chat, *(f"{chat}{n}" for n in range(4)))
    busy = True
    while busy:
        busy = await house.outbox.send_once()
        busy = await other.send_once() or busy
    assert len(house.network.arrived) == len(set(house.network.arrived)) == 32


async def test_the_pace_is_kept(database: Database) -> None:
    house = House(database, Network(per_second=3, per_chat_second=1))
    for chat in "abcde":
        await house.put(chat, "1", "2")
    await house.drain()
    assert len(house.network.arrived) == 3
    house.wait(1.1)
    await house.drain()
    assert len(house.network.arrived) == 6
    for _ in range(3):
        house.wait(1.1)
        await house.drain()
    assert len(house.network.arrived) == 10


async def test_p25_a_digest_that_is_no_longer_true_is_dropped(house: House) -> None:
    house.true = False
    await house.put("a", "", digest_id=1)
    await house.drain()
    assert await house.states() == ["dropped"]
    house.true = True
    await house.put("a", "", digest_id=2)
    await house.drain()
    assert house.network.arrived == [("a", "digest 2")]


async def test_a_long_answer_comes_in_parts_and_the_choices_with_the_last(house: House) -> None:
    async with house.database.begin() as session:
        text = "\n".join(f"dòng {n} " + "chữ " * 20 for n in range(100))
        await house.outbox.put(session, Address("telegram", "a"), [Reply(text)])
    await house.drain()
    parts = [text for _, text in house.network.arrived]
    assert len(parts) > 3
    assert all(len(part) <= 2000 for part in parts)
    assert "\n".join(parts) == text


async def test_a_reminder_goes_to_the_next_network_when_a_send_fails_for_good(
    database: Database,
) -> None:
    house = House(database, Network())
    other = Network()
    other.name = "web"
    outbox = OutboxWorker(
        database,
        house.clock,
        {"telegram": house.network, "web": other},
        house.compose,
        house.on_trouble,
    )
    async with database.begin() as session:
        village = await build_village(session, "telegram")
        person = village.people["pct-phu-luu"]
        session.add(
            Account(
                channel="web", chat_id="w", person_id=person, connected_at=START, changed_at=START
            )
        )
        digest = Digest(person_id=person, day=START.date(), kind="morning", planned_at=START)
        session.add(digest)
        await session.flush()
        number = digest.id
    house.network.failures["pct-phu-luu"] = [SendFailed("window")]
    await house.put("pct-phu-luu", "", digest_id=number)
    while await outbox.send_once():
        pass
    assert other.arrived == [("w", f"digest {number}")]
    assert await house.states() == ["failed", "sent"]
    async with database.begin() as session:
        assert (await session.get_one(Digest, number)).state == "sent"


async def test_with_no_other_network_the_ledger_says_failed_and_why(database: Database) -> None:
    house = House(database, Network())
    async with database.begin() as session:
        village = await build_village(session, "telegram")
        digest = Digest(
            person_id=village.people["pct-phu-luu"],
            day=START.date(),
            kind="morning",
            planned_at=START,
        )
        session.add(digest)
        await session.flush()
        number = digest.id
    house.network.failures["pct-phu-luu"] = [SendFailed("quota")]
    await house.put("pct-phu-luu", "", digest_id=number)
    await house.drain()
    async with database.begin() as session:
        kept = await session.get_one(Digest, number)
        assert (kept.state, kept.reason) == ("failed", "quota")
