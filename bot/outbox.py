"""Sending: pace, retry, or say "unknown".

A row is `sending` before the call is made and committed (promise 4). What may or may not have
arrived becomes `unknown` and is never repeated silently. Replicas share the pace, because it is
counted in the database.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta

import structlog
from sqlalchemy import insert, select

from bot.channels.base import Channel, SendFailed
from bot.clock import Clock
from bot.conversation import Address, Letter, Message, Reply
from bot.conversation.reply import dump_message, messages
from bot.outbox_claims import BATCH, Compose, claim
from bot.outbox_elsewhere import OnTrouble, finish, look_elsewhere
from bot.outbox_results import Claimed, Delivered, Results
from models.database import Database, Session
from models.queue import Outbox

log = structlog.get_logger()

LEASE = timedelta(seconds=60)
"""A row that says `sending` for longer was left by a worker that died."""


class OutboxWorker:
    """Sends what the outbox holds, in order within a chat."""

    def __init__(
        self,
        database: Database,
        clock: Clock,
        channels: Mapping[str, Channel],
        compose: Compose,
        on_trouble: OnTrouble,
    ) -> None:
        self._database = database
        self._clock = clock
        self._channels = channels
        self._compose = compose
        self._on_trouble = on_trouble
        self._news = asyncio.Event()
        self._results = Results(channels, on_trouble)

    @property
    def networks(self) -> Sequence[str]:
        """The networks we can send on."""
        return tuple(self._channels)

    def notify(self) -> None:
        """There may be something to send."""
        self._news.set()

    async def put(
        self,
        session: Session,
        address: Address,
        replies: Sequence[Reply],
        *,
        person_id: int | None = None,
    ) -> None:
        """Put replies into the outbox, within the caller's transaction (see Letter)."""
        await self.put_all(session, [Letter(address, replies, person_id=person_id)])

    async def put_all(self, session: Session, letters: Sequence[Letter]) -> None:
        """The same for several chats, in one statement."""
        now = self._clock.now()
        rows = [
            {
                "channel": letter.address.channel,
                "chat_id": letter.address.chat_id,
                "message": dump_message(message),
                "menu": message.menu,
                "person_id": letter.person_id,
                "created_at": now,
                "not_before": now,
            }
            for letter in letters
            for message in self._messages(letter)
        ]
        if rows:
            await session.execute(insert(Outbox), rows)

    def _messages(self, letter: Letter) -> Iterator[Message]:
        channel = self._channels.get(letter.address.channel)
        if channel is None:
            log.warning("no_such_channel", channel=letter.address.channel)
            return
        for reply in letter.replies:
            yield from messages(reply, channel.features.text_limit, letter.menu)

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
        now = self._clock.now()
        async with self._database.begin() as session:
            rows = await session.scalars(
                select(Outbox).where(
                    Outbox.state == "sending", Outbox.sending_at <= now - older_than
                )
            )
            found = rows.all()
            for row in found:
                await finish(session, row, "unknown", now, "the sender stopped in the middle")
            return len(found)

    async def _wait(self, seconds: float) -> None:
        try:
            async with asyncio.timeout(seconds):
                await self._news.wait()
        except TimeoutError:
            pass

    # One transaction: write down what was sent, claim what comes next

    async def _turn(self, done: Sequence[Delivered], room: int) -> list[Claimed]:
        now = self._clock.now()
        async with self._database.begin() as session:
            if done:
                await self._results.record(session, done, now)
            claimed: list[Claimed] = []
            if room and await _anything_due(session, now):
                await look_elsewhere(session, self._channels, now)
                for channel in self._channels.values():
                    left = room - len(claimed)
                    claimed += await claim(
                        session, channel, self._compose, left, now, self._not_made
                    )
            return claimed

    async def _not_made(self, session: Session, row: Outbox, error: Exception) -> None:
        """A message that cannot be made is a program error, and ours to tell (promise 9)."""
        what = f"một tin nhắc việc (số {row.digest_id})" if row.digest_id else "một tin"
        text = f"Phần mềm gặp lỗi khi soạn {what}: {type(error).__name__}. Xem nhật ký."
        await self._on_trouble(session, text, self.networks)

    async def _deliver(self, claimed: Claimed) -> Delivered:
        channel = self._channels[claimed.sending.address.channel]
        try:
            return Delivered(claimed, await channel.send(claimed.sending))
        except SendFailed as failure:
            return Delivered(claimed, failure=failure)
        except Exception as error:
            log.exception("send_crashed", outbox=claimed.id)
            return Delivered(claimed, failure=SendFailed(type(error).__name__, unknown=True))


async def _anything_due(session: Session, now: datetime) -> bool:
    due = select(Outbox.id).where(Outbox.state == "ready", Outbox.not_before <= now)
    return await session.scalar(due.limit(1)) is not None
