"""Whose turn it is: answers before reminders, and one bad row never stops the others."""

from __future__ import annotations

from datetime import datetime

import pytest
from sqlalchemy import select

from bot.channels.base import Features, SendFailed
from bot.conversation import Reply
from bot.outbox_claims import COMPOSE_AT_ONCE
from models.database import Database, Session
from models.queue import Outbox
from tests.test_outbox import House, Network


@pytest.fixture
def house(database: Database) -> House:
    return House(database, Network())


async def test_an_answer_does_not_wait_for_a_morning_s_reminders(house: House) -> None:
    for number in range(3 * COMPOSE_AT_ONCE):
        await house.put(f"reminded {number}", "", digest_id=number + 1)
    await house.put("talks", "answer")
    await house.put("reminded 20", "answer to one who is to be reminded, too")
    await house.outbox.send_once()
    chats = [chat for chat, _ in house.network.arrived]
    assert set(chats) >= {"talks", "reminded 20"}
    assert len(chats) == 2 + COMPOSE_AT_ONCE
    await house.drain()
    assert len(house.network.arrived) == 2 + 3 * COMPOSE_AT_ONCE


async def test_a_reminder_waits_while_an_answer_in_its_chat_is_put_off(house: House) -> None:
    house.network.failures["a"] = [SendFailed("429", retry_after=7)]
    await house.put("a", "", digest_id=1)
    await house.put("a", "answer")
    await house.drain()
    assert house.network.arrived == []
    house.wait(7.1)
    await house.drain()
    assert house.network.arrived == [("a", "answer"), ("a", "digest 1")]


async def test_a_reminder_that_cannot_be_made_stops_nobody_and_is_told(house: House) -> None:
    async def compose(session: Session, digest_id: int, now: datetime) -> Reply | None:
        if digest_id == 1:
            session.add(Outbox(channel="telegram", chat_id="x", message={}))  # fails when flushed
            await session.flush()
        return Reply(f"digest {digest_id}")

    house.compose = compose  # type: ignore[method-assign] # this test's own
    house.outbox = house.replica()
    await house.put("bad", "", digest_id=1)
    await house.put("good", "", digest_id=2)
    await house.put("talks", "answer")
    for _ in range(4):
        await house.drain()
        house.wait(61)
    assert sorted(house.network.arrived) == [("good", "digest 2"), ("talks", "answer")]
    assert await house.states() == ["failed", "sent", "sent"]
    assert [text for text, _ in house.alarms] == [
        "Phần mềm gặp lỗi khi soạn một tin nhắc việc (số 1): IntegrityError. Xem nhật ký."
    ]


async def test_a_reminder_the_network_put_off_has_its_two_tries_after_an_error(
    house: House,
) -> None:
    made = 0

    async def compose(session: Session, digest_id: int, now: datetime) -> Reply | None:
        nonlocal made
        made += 1
        if made in (4, 5):
            raise ValueError("an error of ours")
        return Reply(f"digest {digest_id}")

    house.compose = compose  # type: ignore[method-assign] # this test's own
    house.outbox = house.replica()
    house.network.failures["a"] = [SendFailed("429", retry_after=7)] * 3
    await house.put("a", "", digest_id=1)
    for _ in range(7):
        await house.drain()
        house.wait(61)
    assert house.network.arrived == [("a", "digest 1")]
    assert house.alarms == []


async def test_the_parts_of_a_long_reminder_come_once_whatever_is_tried_again(
    house: House,
) -> None:
    house.network.features = Features(60, per_second=0, per_chat_second=0)
    lines = [f"dòng số {n} của bản tin nhắc việc" for n in range(4)]

    async def compose(session: Session, digest_id: int, now: datetime) -> Reply | None:
        return Reply("\n".join(lines)) if house.true else None

    house.compose = compose  # type: ignore[method-assign] # this test's own
    house.outbox = house.replica()
    house.network.failures["a"] = [SendFailed("429", retry_after=5) for _ in range(3)]
    await house.put("a", "", digest_id=1)
    for _ in range(5):
        await house.drain()
        house.wait(5.1)
    assert [text for _, text in house.network.arrived] == lines
    async with house.database.begin() as session:
        digests = await session.scalars(select(Outbox.digest_id).where(Outbox.state == "sent"))
        assert set(digests) == {1}


async def test_the_rest_of_a_long_reminder_is_not_sent_when_it_is_no_longer_true(
    house: House,
) -> None:
    house.network.features = Features(60, per_second=0, per_chat_second=0)

    async def compose(session: Session, digest_id: int, now: datetime) -> Reply | None:
        return Reply("một " * 14 + "\n" + "hai " * 14) if house.true else None

    house.compose = compose  # type: ignore[method-assign] # this test's own
    house.outbox = house.replica()
    await house.put("a", "", digest_id=1)
    await house.outbox.send_once()
    house.true = False
    await house.drain()
    assert [text[:3] for _, text in house.network.arrived] == ["một"]
    assert await house.states() == ["sent", "dropped"]
