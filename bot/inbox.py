"""Taking events in once, and handling them chat by chat, each in one transaction.

accept: commit, then the network may be told (promise 1). work: the chat's state, one step of its
talk, the services' changes, the replies and "done" are committed together or not at all
(promises 2 and 3).
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Protocol

import structlog
from sqlalchemy import Integer, and_, bindparam, exists, inspect, or_, select

from bot.clock import Clock
from bot.conversation import Address, Event, Letter, Outcome, Refused, Reply, State
from bot.conversation.event import dump_event, load_event, privately
from bot.conversation.state import dump_state, load_state
from models.base import UtcTime
from models.database import Database, Session, in_trouble, insert_or_nothing
from models.queue import Chat, Inbox

log = structlog.get_logger()

MAX_ATTEMPTS = 3
RETRY_SECONDS = (1, 5)
TOGETHER = 32
"""Events that share a transaction; each takes some milliseconds, and whoever else needs the
database waits for all of them."""
OURS = (
    "Xin lỗi đồng chí, tin vừa rồi chưa xử lý được do lỗi của phần mềm. "
    "Người quản trị đã được báo. Đồng chí thử lại sau ít phút."
)

_NEXT = (
    select(Inbox, Chat)
    .join(Chat, and_(Chat.channel == Inbox.channel, Chat.chat_id == Inbox.chat_id))
    .where(
        Inbox.state == "new",
        or_(Chat.handle_after.is_(None), Chat.handle_after <= bindparam("now", type_=UtcTime)),
    )
    .order_by(Inbox.id)
    .limit(bindparam("most", type_=Integer))
    .with_for_update(skip_locked=True, of=Chat)
)

Handle = Callable[[Session, Event, State], Awaitable[Outcome]]
"""One step: reads and changes the database through the session, and says what to answer."""
Refuse = Callable[[State, str], Outcome]
"""A service said no: what to answer, from the state as it was."""


class Overtaken(Exception):
    """Another event of the same transaction changed the chat after its step (its person was
    disconnected): they are taken one at a time, in their order."""


@dataclass(frozen=True)
class Heard:
    """An event whose step has been made. `left`: the chat's state as the step left it."""

    row: Inbox
    chat: Chat
    event: Event
    outcome: Outcome
    left: dict[str, Any]


class PutLetters(Protocol):
    """Puts what is to be sent into the outbox, in the same transaction."""

    async def put_all(self, session: Session, letters: Sequence[Letter]) -> None: ...


class InboxWorker:
    """Accepts events, and handles them in order within a chat."""

    def __init__(
        self,
        database: Database,
        clock: Clock,
        outbox: PutLetters,
        handle: Handle,
        refuse: Refuse,
        *,
        on_error: Callable[[Session, Event | None, BaseException], Awaitable[None]],
        on_done: Callable[[], None] = lambda: None,
    ) -> None:
        self._database = database
        self._clock = clock
        self._outbox = outbox
        self._handle = handle
        self._refuse = refuse
        self._on_error = on_error
        self._on_done = on_done
        self._news = asyncio.Event()
        # PostgreSQL gathers the commits of its connections by itself, and holding the rows of
        # several events at once could make two workers wait for each other.
        self._together = TOGETHER if database.is_sqlite else 1
        self._singly = 0
        """So many events are taken one at a time, because a transaction of theirs failed."""

    async def accept(self, events: Sequence[Event]) -> None:
        """Commit the events; one that is known already is left as it was."""
        if not events:
            return
        events = [privately(event) for event in events]
        now = self._clock.now()
        chats = {(e.address.channel, e.address.chat_id) for e in events}
        async with self._database.begin() as session:
            await session.execute(
                insert_or_nothing(session, Chat),
                [
                    {"channel": channel, "chat_id": chat, "state": {}}
                    for channel, chat in sorted(chats)
                ],
            )
            await session.execute(
                insert_or_nothing(session, Inbox),
                [
                    {
                        "channel": event.address.channel,
                        "event_id": event.id,
                        "chat_id": event.address.chat_id,
                        "event": dump_event(event),
                        "received_at": now,
                    }
                    for event in events
                ],
            )
        self._news.set()

    async def run(self, stopping: asyncio.Event) -> None:
        """Handle until told to stop; what is in flight is finished first."""
        while not stopping.is_set():
            try:
                busy = await self.work_once()
            except Exception:
                log.exception("inbox_unavailable")
                await _pause(stopping, 1)
                continue
            if not busy:
                self._news.clear()
                await _wait_any(self._news, stopping, 0.5)

    async def work_once(self) -> bool:
        """Handle some events, or ask one question that was held back. False: nothing to do.

        On SQLite the events of several chats share a transaction, and with it the wait for the
        disk; each step has a savepoint of its own, so that one which fails takes no other with it,
        and what all of them answer is written at once.
        """
        failed: list[tuple[int, Exception]] = []
        picked: list[int] = []
        try:
            async with self._database.begin() as session:
                rows = await self._next_events(session, 1 if self._singly else self._together)
                picked = [row.id for row, _ in rows]
                heard: list[Heard] = []
                for row, chat in rows:
                    row_id = row.id
                    try:
                        heard.append(await self._hear(session, row, chat))
                    except Exception as error:
                        if in_trouble(error):
                            raise  # the database itself (a full disk): nobody's among these
                        failed.append((row_id, error))
                await self._write_down(session, heard)
                if not rows and not await self._wake_one(session):
                    return False
        except Exception as trouble:
            if len(picked) != 1:
                self._singly = len(picked)  # if one of them is to blame, it is found by itself
                if isinstance(trouble, Overtaken):
                    return True
                raise
            failed = [(picked[0], trouble)]
        self._singly = max(0, self._singly - 1)
        for row_id, reason in failed:
            await self._set_back(row_id, reason)
        self._on_done()
        return True

    async def _next_events(self, session: Session, most: int) -> list[tuple[Inbox, Chat]]:
        """Claim the chats with the oldest events by locking their rows; the first event of each."""
        now = self._clock.now()
        found = await session.execute(_NEXT, {"now": now, "most": most})
        first: dict[tuple[str, str], tuple[Inbox, Chat]] = {}
        for row, chat in found:
            first.setdefault((row.channel, row.chat_id), (row, chat))
        if self._database.is_sqlite:
            return list(first.values())
        # While that query ran, another replica may have handled these events and let go of their
        # chats. Now that the chats are ours, a fresh look finds the true oldest event of each.
        claimed = []
        for _, chat in first.values():
            event = await session.scalar(
                select(Inbox)
                .where(
                    Inbox.channel == chat.channel,
                    Inbox.chat_id == chat.chat_id,
                    Inbox.state == "new",
                )
                .order_by(Inbox.id)
                .limit(1)
            )
            if event is not None:
                claimed.append((event, chat))
        return claimed

    async def _hear(self, session: Session, row: Inbox, chat: Chat) -> Heard:
        """The step of an event: its changes, or none of them where it fails or is refused."""
        event = load_event(row.event)
        kept = chat.state
        try:
            async with session.begin_nested():
                outcome = await self._handle(session, event, load_state(kept))
        except Refused as refused:
            await session.refresh(chat)
            outcome = self._refuse(load_state(kept), refused.sentence)
        return Heard(row, chat, event, outcome, chat.state)

    async def _write_down(self, session: Session, heard: Sequence[Heard]) -> None:
        """All answers, each chat's new state, and each event's "done"."""
        for one in heard:
            if inspect(one.chat).dict.get("state") is not one.left:
                raise Overtaken
            self._keep(one.chat, one.outcome)
            one.row.state = "done"
            one.chat.handle_after = None
        letters = [letter for one in heard for letter in one.outcome.letters(one.event.address)]
        await self._outbox.put_all(session, letters)

    def _keep(self, chat: Chat, outcome: Outcome) -> None:
        chat.state = dump_state(outcome.state)
        quiet = timedelta(seconds=outcome.quiet)
        chat.wake_at = self._clock.now() + quiet if quiet else None

    async def _wake_one(self, session: Session) -> bool:
        now = self._clock.now()
        waiting = exists().where(
            Inbox.channel == Chat.channel, Inbox.chat_id == Chat.chat_id, Inbox.state == "new"
        )
        chat = await session.scalar(
            select(Chat)
            .where(Chat.wake_at <= now, ~waiting)
            .limit(1)
            .with_for_update(skip_locked=True)
        )
        if chat is None:
            return False
        event = Event(Address(chat.channel, chat.chat_id), "", "wake", now)
        chat.wake_at = None
        async with session.begin_nested():
            outcome = await self._handle(session, event, load_state(chat.state))
            self._keep(chat, outcome)
            await self._outbox.put_all(session, outcome.letters(event.address))
        return True

    async def _set_back(self, row_id: int, error: Exception) -> None:
        """Try again later, or set the event aside and tell the person and the administrator."""
        now = self._clock.now()
        async with self._database.begin() as session:
            row = await session.get(Inbox, row_id)
            if row is None or row.state != "new":
                return
            row.error = repr(error)[:2000]
            chat = await session.get(Chat, (row.channel, row.chat_id))
            if in_trouble(error):  # not its fault, however often (pitfall 34)
                log.error("database_in_trouble", inbox=row_id, exc_info=error)
                if chat:
                    chat.handle_after = now + timedelta(seconds=RETRY_SECONDS[-1])
                return
            row.attempts += 1
            if row.attempts < MAX_ATTEMPTS:
                log.warning("event_failed", inbox=row_id, attempt=row.attempts, exc_info=error)
                if chat:
                    chat.handle_after = now + timedelta(seconds=RETRY_SECONDS[row.attempts - 1])
                return
            row.state = "failed"
            log.error("event_set_aside", inbox=row_id, exc_info=error)
            if chat:
                chat.handle_after = None
            sorry = Letter(Address(row.channel, row.chat_id), [Reply(OURS)])
            await self._outbox.put_all(session, [sorry])
            await self._on_error(session, _readable(row), error)


def _readable(row: Inbox) -> Event | None:
    try:
        return load_event(row.event)
    except ValueError:
        return None


async def _pause(stopping: asyncio.Event, seconds: float) -> None:
    try:
        async with asyncio.timeout(seconds):
            await stopping.wait()
    except TimeoutError:
        pass


async def _wait_any(news: asyncio.Event, stopping: asyncio.Event, seconds: float) -> None:
    """Until there is news, or it is time to look again, or to stop."""
    if stopping.is_set():
        return
    try:
        async with asyncio.timeout(seconds):
            await news.wait()
    except TimeoutError:
        pass
