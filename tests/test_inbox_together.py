"""Events of several chats in one transaction: what fails takes no other with it."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import OperationalError

from bot.conversation import Address, Event, Outcome, Refused, Reply, State
from bot.inbox import InboxWorker
from models.database import Session
from models.queue import Chat, Inbox, Outbox
from tests.village import Town, town


@pytest.fixture
async def here(database_url: str, tmp_path: Path) -> AsyncIterator[Town]:
    async with town(database_url, tmp_path / "media") as made:
        yield made


async def step(session: Session, event: Event, state: State) -> Outcome:
    """Changes something first, then does what the text says."""
    session.add(
        Outbox(
            channel="terminal", chat_id="aside", message={"text": f"aside of {event.text}"},
            created_at=event.at, not_before=event.at,
        )
    )  # fmt: skip
    chat = await session.get_one(Chat, (event.address.channel, event.address.chat_id))
    chat.wrong_codes += 1
    await session.flush()
    if event.text == "refused":
        raise Refused("không được")
    if event.text == "error":
        raise RuntimeError
    if event.text == "disk full":
        raise OperationalError("INSERT", {}, Exception("database or disk is full"))
    if event.text == "no such table":
        await session.execute(text("SELECT * FROM nothing"))
    if event.text.startswith("disconnects "):
        other = await session.get_one(Chat, ("terminal", event.text.split()[1]))
        other.state = {}
    state.talk = event.text
    return Outcome(state, [Reply(f"heard {event.text}")])


def worker(here: Town) -> InboxWorker:
    async def on_error(session: Session, event: Event | None, error: BaseException) -> None:
        pass

    def refuse(state: State, sentence: str) -> Outcome:
        return Outcome(state, [Reply(sentence)])

    return InboxWorker(here.database, here.clock, here.app.outbox, step, refuse, on_error=on_error)


async def all_said(here: Town, inbox: InboxWorker, *texts: str) -> None:
    await inbox.accept(
        [Event(Address("terminal", text), here.next_id(), "text", here.now, text) for text in texts]
    )


async def found(here: Town) -> tuple[dict[str, str], list[str], dict[str, int]]:
    """The state of each event, what was said, and the change made to each chat."""
    async with here.database.begin() as session:
        rows = (await session.scalars(select(Inbox))).all()
        said = [row["text"] for row in await session.scalars(select(Outbox.message))]
        chats = (await session.scalars(select(Chat))).all()
        return (
            {row.chat_id: row.state for row in rows},
            sorted(said),
            {chat.chat_id: chat.wrong_codes for chat in chats},
        )


async def test_p02_one_that_fails_among_several_takes_no_other_with_it(here: Town) -> None:
    inbox = worker(here)
    await all_said(here, inbox, "a", "error", "b", "refused", "c")
    while await inbox.work_once():
        pass
    states, said, changes = await found(here)
    assert states == {"a": "done", "error": "new", "b": "done", "refused": "done", "c": "done"}
    assert said == sorted(
        ["aside of a", "heard a", "aside of b", "heard b", "aside of c", "heard c", "không được"]
    )
    assert changes == {"a": 1, "error": 0, "b": 1, "refused": 0, "c": 1}


async def test_a_chat_that_another_event_emptied_stays_empty(here: Town) -> None:
    inbox = worker(here)
    await all_said(here, inbox, "a", "disconnects a", "b")
    while await inbox.work_once():
        pass
    states, said, _ = await found(here)
    assert set(states.values()) == {"done"}
    assert sum(line.startswith("heard") for line in said) == 3
    async with here.database.begin() as session:
        chats = await session.execute(select(Chat.chat_id, Chat.state))
        talks = {chat: state.get("talk") for chat, state in chats}
    assert talks == {"a": None, "disconnects a": "disconnects a", "b": "b"}


async def test_p34_trouble_of_the_database_is_nobodys_fault_and_nothing_is_kept_by_halves(
    here: Town,
) -> None:
    inbox = worker(here)
    await all_said(here, inbox, "a", "disk full", "b")
    if here.database.is_sqlite:  # on PostgreSQL each event has its transaction
        with pytest.raises(OperationalError):
            await inbox.work_once()
        states, said, changes = await found(here)
        assert set(states.values()) == {"new"}
        assert not said
        assert set(changes.values()) == {0}
    for _ in range(10):
        if not await inbox.work_once():
            break
    states, said, changes = await found(here)
    assert states == {"a": "done", "disk full": "new", "b": "done"}
    assert said == ["aside of a", "aside of b", "heard a", "heard b"]
    assert changes == {"a": 1, "disk full": 0, "b": 1}


async def test_p34_however_often_the_database_fails_no_event_is_set_aside_for_it(
    here: Town,
) -> None:
    inbox = worker(here)
    await all_said(here, inbox, "disk full")
    for _ in range(6):
        await inbox.work_once()
        here.clock.move_to(here.now + timedelta(seconds=30))
    states, said, _ = await found(here)
    assert states == {"disk full": "new"}
    assert not said
    # The disk has room again: it is handled like any other.
    async with here.database.begin() as session:
        event = (await session.scalars(select(Inbox))).one()
        event.event = {**event.event, "text": "room again"}
    await inbox.work_once()
    states, _, _ = await found(here)
    assert states == {"disk full": "done"}


async def test_a_statement_that_the_database_refuses_is_the_events_own_fault(here: Town) -> None:
    inbox = worker(here)
    await all_said(here, inbox, "a", "no such table", "b")
    for _ in range(8):
        await inbox.work_once()
        here.clock.move_to(here.now + timedelta(seconds=10))
    states, _, _ = await found(here)
    assert states == {"a": "done", "no such table": "failed", "b": "done"}
