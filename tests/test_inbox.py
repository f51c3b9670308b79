"""Taking in and handling: once, in order, and nothing lost (promises 1, 2, 3, 9)."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import func, select

from bot.app import build_app
from bot.conversation import Address, Event, Outcome, Reply, State
from bot.inbox import OURS, InboxWorker
from models.database import Session
from models.queue import Chat, Inbox, Outbox
from models.report import Report
from tests.village import Town, picture, town


@pytest.fixture
async def here(database_url: str, tmp_path: Path) -> AsyncIterator[Town]:
    async with town(database_url, tmp_path / "media") as made:
        yield made


def said(here: Town, chat: str, text: str) -> Event:
    return Event(Address("terminal", chat), here.next_id(), "text", here.now, text)


class Recorder:
    """A handler that counts in the talk's state, and fails when told to."""

    def __init__(self) -> None:
        self.fails: set[str] = set()
        self.order: list[str] = []

    async def __call__(self, session: Session, event: Event, state: State) -> Outcome:
        if event.text in self.fails:
            raise RuntimeError("a program error")
        await asyncio.sleep(0)
        self.order.append(event.text)
        state.data = {"count": state.data.get("count", 0) + 1, "last": event.text}
        state.talk = "count"
        return Outcome(state, [Reply(f"heard {event.text}")])


def worker(here: Town, handle: Recorder, told: list[object] | None = None) -> InboxWorker:
    async def on_error(session: Session, event: Event | None, error: BaseException) -> None:
        if told is not None:
            told.append(error)

    return InboxWorker(
        here.database, here.clock, here.app.outbox, handle,
        lambda state, sentence: Outcome(state, [Reply(sentence)]), on_error=on_error,
    )  # fmt: skip


async def states(here: Town) -> list[str]:
    async with here.database.begin() as session:
        return list(await session.scalars(select(Inbox.state).order_by(Inbox.id)))


async def sent_texts(here: Town) -> list[str]:
    async with here.database.begin() as session:
        rows = await session.scalars(select(Outbox.message).order_by(Outbox.id))
        return [row["text"] for row in rows]


async def test_p03_the_same_event_again_has_one_effect(here: Town) -> None:
    recorder = Recorder()
    inbox = worker(here, recorder)
    event = said(here, "a", "1")
    await inbox.accept([event, event])
    await inbox.accept([event])
    while await inbox.work_once():
        pass
    await inbox.accept([event])
    assert not await inbox.work_once()
    assert recorder.order == ["1"]


async def test_p03_two_replicas_handle_each_event_once_and_in_order(here: Town) -> None:
    recorder = Recorder()
    inboxes = [worker(here, recorder) for _ in range(3)]
    texts = [f"{chat}{n}" for n in range(8) for chat in "abcd"]
    await inboxes[0].accept([said(here, text[0], text) for text in texts])

    async def until_empty(inbox: InboxWorker) -> None:
        while await inbox.work_once() or "new" in await states(here):
            pass

    async with asyncio.TaskGroup() as group:
        for inbox in inboxes:
            group.create_task(until_empty(inbox))
    assert sorted(recorder.order) == sorted(texts)
    for chat in "abcd":
        mine = [text for text in recorder.order if text[0] == chat]
        assert mine == [f"{chat}{n}" for n in range(8)]
    async with here.database.begin() as session:
        counts = [chat.state["data"]["count"] for chat in await session.scalars(select(Chat))]
    assert counts == [8, 8, 8, 8]


async def test_p02_a_step_that_raises_is_tried_again_then_set_aside(here: Town) -> None:
    recorder = Recorder()
    told: list[object] = []
    recorder.fails = {"bad"}
    inbox = worker(here, recorder, told)
    await inbox.accept([said(here, "a", text) for text in ("first", "bad", "after")])
    await inbox.accept([said(here, "b", "other")])
    for _ in range(6):
        while await inbox.work_once():
            pass
        here.clock.move_to(here.now + timedelta(seconds=6))
    assert await states(here) == ["done", "failed", "done", "done"]
    # Another chat goes on while the bad one waits; in its chat, nothing overtakes it.
    assert recorder.order == ["first", "other", "after"]
    assert OURS in await sent_texts(here)
    assert len(told) == 1


async def test_p02_a_failing_step_leaves_nothing_behind(here: Town) -> None:
    """A change and an answer made before the error are rolled back with it."""

    async def half(session: Session, event: Event, state: State) -> Outcome:
        session.add(Outbox(channel="terminal", chat_id="x", message={"text": "half"},
                           created_at=here.now, not_before=here.now))  # fmt: skip
        await session.flush()
        raise RuntimeError

    inbox = worker(here, half)  # type: ignore[arg-type] # any handler will do
    await inbox.accept([said(here, "a", "1")])
    await inbox.work_once()
    assert await sent_texts(here) == []
    assert await states(here) == ["new"]


async def test_p31_accepting_again_after_a_lost_answer_is_harmless(here: Town) -> None:
    chair = here.sits("pct-phu-luu")
    events = [said(here, "pct-phu-luu", text) for text in ("bc nv03 2 tổ", "1")]
    for _ in range(3):
        await here.app.inbox.accept(events)
    await here.app.drain()
    await here.app.inbox.accept(events)
    await here.app.drain()
    assert "BC-0001" in chair.hears()
    async with here.database.begin() as session:
        assert await session.scalar(select(func.count()).select_from(Report)) == 1


async def test_p16_a_step_that_is_gone_restarts_kindly(here: Town) -> None:
    chair = here.sits("pct-phu-luu")
    await chair.says("bc")
    await chair.says("1")
    async with here.database.begin() as session:
        chat = await session.get_one(Chat, ("terminal", "pct-phu-luu"))
        chat.state = {**chat.state, "step": "a_step_of_last_year"}
    heard = await chair.says("2")
    assert "vừa được cập nhật" in heard
    assert "Báo cáo việc nào?" in heard


async def test_p16_a_talk_that_is_gone_ends_kindly(here: Town) -> None:
    chair = here.sits("pct-phu-luu")
    await chair.says("bc")
    async with here.database.begin() as session:
        chat = await session.get_one(Chat, ("terminal", "pct-phu-luu"))
        chat.state = {**chat.state, "talk": "a_talk_of_last_year"}
    assert "vừa được cập nhật" in await chair.says("1")
    assert "Báo cáo việc nào?" in await chair.says("bc")


async def test_p11_ten_photos_and_a_text_at_once(here: Town) -> None:
    chair = here.sits("pct-phu-luu")
    for text in ("bc", "1", "2", "1"):
        await chair.says(text)
    events = []
    for at in range(10):
        ref = await here.app.store.take_upload(picture(f"#{at * 20:02x}4080"), "anh.jpg")
        events.append(chair.photo_event(ref))
    events.append(said(here, "pct-phu-luu", "xong"))
    other = build_app(
        here.app.settings, clock=here.clock, channels=[here.terminal], store=here.app.store
    )
    async with asyncio.TaskGroup() as group:
        for at, event in enumerate(events):
            group.create_task((here.app if at % 2 else other).inbox.accept([event]))
    await other.drain()
    await here.app.drain()
    await other.close()
    heard = chair.hears()
    if "Xem lại" not in heard:  # "xong" was accepted before the last photos
        heard = await chair.says("xong")
    assert "10 ảnh" in heard
