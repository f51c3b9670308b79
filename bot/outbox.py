"""Sending: pace, retry, or say "unknown".

A row is `sending` before the call is made and committed (promise 4). What may or may not have
arrived becomes `unknown` and is never repeated silently. Replicas share the pace, because it is
counted in the database.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import structlog
from sqlalchemy import and_, exists, func, or_, select, update
from sqlalchemy.orm import aliased

from bot.channels.base import Channel, SendFailed, Sending
from bot.clock import Clock
from bot.conversation import Address, Message, Reply
from bot.conversation.reply import dump_message, load_message, messages
from models.account import Account
from models.database import Database, Session, insert_or_nothing
from models.nudge import NudgeState, settle
from models.queue import Chat, NetworkState, Outbox

log = structlog.get_logger()

BATCH = 50
COMPOSE_AT_ONCE = 8
"""Digests made in one transaction: others must not wait long for the database."""
MAX_ATTEMPTS = 12
LEASE = timedelta(seconds=60)
"""A row that says `sending` for longer was left by a worker that died."""

Compose = Callable[[Session, int, datetime], Awaitable[Reply | None]]
"""The text of a digest as it is true now; None: nothing of it is true any more."""


@dataclass(frozen=True)
class Claimed:
    """A row we have marked `sending`."""

    id: int
    sending: Sending
    digest_id: int | None
    attempts: int


@dataclass(frozen=True)
class Delivered:
    """How a sending ended: the network's id, or the failure."""

    claimed: Claimed
    external_id: str = ""
    failure: SendFailed | None = None


class OutboxWorker:
    """Sends what the outbox holds, in order within a chat."""

    def __init__(
        self, database: Database, clock: Clock, channels: Mapping[str, Channel], compose: Compose
    ) -> None:
        self._database = database
        self._clock = clock
        self._channels = channels
        self._compose = compose
        self._news = asyncio.Event()
        self._blocked_networks: dict[str, tuple[str, datetime]] = {}

    @property
    def networks(self) -> Sequence[str]:
        """The networks we can send on."""
        return tuple(self._channels)

    def notify(self) -> None:
        """There may be something to send."""
        self._news.set()

    async def put(
        self, session: Session, address: Address, replies: Sequence[Reply], menu: int = 0
    ) -> None:
        """Put replies into the outbox, within the caller's transaction."""
        channel = self._channels.get(address.channel)
        if channel is None:
            log.warning("no_such_channel", channel=address.channel)
            return
        now = self._clock.now()
        for reply in replies:
            for message in messages(reply, channel.features.text_limit, menu):
                session.add(
                    Outbox(
                        channel=address.channel,
                        chat_id=address.chat_id,
                        message=dump_message(message),
                        menu=message.menu,
                        created_at=now,
                        not_before=now,
                    )
                )

    async def run(self, stopping: asyncio.Event) -> None:
        """Send until told to stop; a call in flight is waited for."""
        results: asyncio.Queue[Delivered] = asyncio.Queue()
        in_flight = 0
        done: list[Delivered] = []

        async def one(claimed: Claimed) -> None:
            await results.put(await self._deliver(claimed))
            self._news.set()

        async with asyncio.TaskGroup() as group:
            while not stopping.is_set() or in_flight:
                done += [results.get_nowait() for _ in range(results.qsize())]
                room = 0 if stopping.is_set() else 2 * BATCH - in_flight
                try:
                    claimed = await self._turn(done, room)
                except (
                    Exception
                ):  # the database is away: what was sent stays `sending` until it is back
                    log.exception("outbox_unavailable")
                    await asyncio.sleep(1)
                    continue
                in_flight -= len(done)
                done = []
                for row in claimed:
                    in_flight += 1
                    group.create_task(one(row))
                if not claimed and results.empty():
                    self._news.clear()
                    await self._wait(0.25)

    async def send_once(self) -> bool:
        """Send what is due now and wait for it. False: nothing was due."""
        claimed = await self._turn([], BATCH)
        if not claimed:
            return False
        done = await asyncio.gather(*(self._deliver(row) for row in claimed))
        await self._turn(done, 0)
        return True

    async def recover(self, older_than: timedelta = LEASE) -> int:
        """Rows left `sending` by a worker that died: nobody knows, so `unknown` (pitfall 24)."""
        async with self._database.begin() as session:
            rows = await session.scalars(
                select(Outbox).where(
                    Outbox.state == "sending", Outbox.sending_at <= self._clock.now() - older_than
                )
            )
            found = rows.all()
            for row in found:
                await self._finish(session, row, "unknown", "the sender stopped in the middle")
            return len(found)

    async def _wait(self, seconds: float) -> None:
        try:
            async with asyncio.timeout(seconds):
                await self._news.wait()
        except TimeoutError:
            pass

    # One transaction: write down what was sent, claim what comes next

    async def _turn(self, done: Sequence[Delivered], room: int) -> list[Claimed]:
        if not done and not await self._anything_due():
            return []
        async with self._database.begin() as session:
            for delivered in done:
                await self._record(session, delivered)
            claimed: list[Claimed] = []
            for channel in self._channels.values():
                claimed += await self._claim(session, channel, room - len(claimed))
            return claimed

    async def _anything_due(self) -> bool:
        async with self._database.begin() as session:
            due = select(Outbox.id).where(
                Outbox.state == "ready", Outbox.not_before <= self._clock.now()
            )
            return await session.scalar(due.limit(1)) is not None

    async def _claim(self, session: Session, channel: Channel, room: int) -> list[Claimed]:
        room = min(room, BATCH)
        if room <= 0:
            return []
        now = self._clock.now()
        room = min(room, await self._allowance(session, channel, now))
        if room <= 0:
            return []
        rows = await session.execute(self._due(channel, now, room))
        claimed: list[Claimed] = []
        composing = 0
        for row, menu_message in rows.all():
            if row.digest_id is not None:
                composing += 1
                if composing > COMPOSE_AT_ONCE:
                    continue
            message = await self._message(session, row, channel, now)
            if message is None:
                continue
            row.state, row.sending_at, row.attempts = "sending", now, row.attempts + 1
            address = Address(row.channel, row.chat_id)
            retires = menu_message if message.menu else None
            claimed.append(
                Claimed(
                    row.id, Sending(address, message, retires, row.id), row.digest_id, row.attempts
                )
            )
        return claimed

    async def _allowance(self, session: Session, channel: Channel, now: datetime) -> int:
        """How many may go out now; the row's lock lets one replica at a time count."""
        state = await self._network(session, channel.name)
        if state.paused_until and state.paused_until > now:
            return 0
        if not channel.features.per_second:
            return BATCH
        recent = await session.scalar(
            select(func.count())
            .select_from(Outbox)
            .where(Outbox.channel == channel.name, Outbox.sending_at > now - timedelta(seconds=1))
        )
        return int(channel.features.per_second) - (recent or 0)

    async def _network(self, session: Session, name: str) -> NetworkState:
        statement = select(NetworkState).where(NetworkState.channel == name).with_for_update()
        state = await session.scalar(statement)
        if state is None:
            await session.execute(insert_or_nothing(session, NetworkState).values(channel=name))
            state = (await session.scalars(statement)).one()
        return state

    def _due(self, channel: Channel, now: datetime, room: int):  # type: ignore[no-untyped-def] # Select of an entity and a column
        """Rows that may go: the first of their chat, and the chat has had its pause."""
        earlier = aliased(Outbox)
        blocked = exists().where(
            earlier.channel == Outbox.channel,
            earlier.chat_id == Outbox.chat_id,
            earlier.id < Outbox.id,
            earlier.state.in_(("ready", "sending")),
        )
        due = (
            select(Outbox, Chat.menu_message)
            .outerjoin(Chat, and_(Chat.channel == Outbox.channel, Chat.chat_id == Outbox.chat_id))
            .where(
                Outbox.state == "ready",
                Outbox.channel == channel.name,
                Outbox.not_before <= now,
                ~blocked,
            )
        )
        if channel.features.per_chat_second:
            pause = timedelta(seconds=1 / channel.features.per_chat_second)
            recent = aliased(Outbox)
            due = due.where(
                ~exists().where(
                    recent.channel == channel.name,
                    recent.chat_id == Outbox.chat_id,
                    recent.sending_at > now - pause,
                )
            )
        return due.order_by(Outbox.id).limit(room).with_for_update(skip_locked=True, of=Outbox)

    async def _message(
        self, session: Session, row: Outbox, channel: Channel, now: datetime
    ) -> Message | None:
        """The message of a row; a digest's is made now, or the row dropped (promise 5)."""
        if row.digest_id is None:
            return load_message(row.message)
        reply = await self._compose(session, row.digest_id, now)
        if reply is None:
            await self._finish(session, row, "dropped", "no longer true")
            return None
        first, *others = messages(reply, channel.features.text_limit)
        row.message = dump_message(first)
        for message in others:
            session.add(
                Outbox(
                    channel=row.channel,
                    chat_id=row.chat_id,
                    message=dump_message(message),
                    created_at=now,
                    not_before=now,
                )
            )
        return first

    async def _deliver(self, claimed: Claimed) -> Delivered:
        channel = self._channels[claimed.sending.address.channel]
        try:
            return Delivered(claimed, await channel.send(claimed.sending))
        except SendFailed as failure:
            return Delivered(claimed, failure=failure)
        except Exception as error:
            log.exception("send_crashed", outbox=claimed.id)
            return Delivered(claimed, failure=SendFailed(type(error).__name__, unknown=True))

    async def _record(self, session: Session, delivered: Delivered) -> None:
        row = await session.get(Outbox, delivered.claimed.id)
        if row is None:
            return
        failure = delivered.failure
        address = delivered.claimed.sending.address
        if failure is None:
            row.external_id = delivered.external_id
            await self._finish(session, row, "sent")
            if row.menu:
                await self._remember_menu(session, address, delivered.external_id)
        elif failure.moved_to:
            await self._move(session, address, failure.moved_to)
            row.state = "ready"
        elif failure.gone:
            await self._gone(session, address)
            await self._finish(session, row, "failed", failure.reason)
        elif failure.unknown:
            await self._finish(session, row, "unknown", failure.reason)
        elif failure.retry_after is not None and row.attempts < MAX_ATTEMPTS:
            await self._later(session, row, failure, failure.retry_after)
        else:
            await self._finish(session, row, "failed", failure.reason)

    async def _later(
        self, session: Session, row: Outbox, failure: SendFailed, seconds: float
    ) -> None:
        until = self._clock.now() + timedelta(seconds=seconds)
        row.state, row.not_before, row.error = "ready", until, failure.reason[:500]
        if failure.whole_network:
            row.attempts -= 1  # the network's trouble is not this message's
        # One chat's 429 is that chat's; a second chat's within the pause is the network's.
        chat, pause = self._blocked_networks.get(row.channel, ("", until))
        others_too = chat not in ("", row.chat_id) and pause > self._clock.now()
        if failure.whole_network or others_too:
            state = await self._network(session, row.channel)
            state.paused_until = until
        self._blocked_networks[row.channel] = (row.chat_id, until)

    async def _finish(
        self, session: Session, row: Outbox, state: NudgeState, reason: str = ""
    ) -> None:
        row.state, row.finished_at, row.error = state, self._clock.now(), reason[:500]
        if state in ("failed", "unknown"):
            log.warning("not_sent", outbox=row.id, channel=row.channel, state=state, reason=reason)
        if row.digest_id is not None:
            await settle(session, row.digest_id, state, reason)

    async def _remember_menu(self, session: Session, address: Address, external_id: str) -> None:
        await session.execute(
            update(Chat)
            .where(Chat.channel == address.channel, Chat.chat_id == address.chat_id)
            .values(menu_message=external_id)
        )

    async def _gone(self, session: Session, address: Address) -> None:
        """Blocked (403): mark the account, and let what waits for it go (pitfall 23)."""
        now = self._clock.now()
        await session.execute(
            update(Account)
            .where(Account.channel == address.channel, Account.chat_id == address.chat_id)
            .values(state="blocked", changed_at=now)
        )
        waiting = await session.scalars(
            select(Outbox).where(
                Outbox.channel == address.channel,
                Outbox.chat_id == address.chat_id,
                or_(Outbox.state == "ready"),
            )
        )
        for row in waiting.all():
            await self._finish(session, row, "failed", "blocked")

    async def _move(self, session: Session, address: Address, chat_id: str) -> None:
        """The chat has a new id (a group became a supergroup, pitfall 17)."""
        for table in (Outbox, Account):
            await session.execute(
                update(table)
                .where(table.channel == address.channel, table.chat_id == address.chat_id)
                .values(chat_id=chat_id)
            )
        known = await session.get(Chat, (address.channel, chat_id))
        if known is None:
            await session.execute(
                update(Chat)
                .where(Chat.channel == address.channel, Chat.chat_id == address.chat_id)
                .values(chat_id=chat_id)
            )
