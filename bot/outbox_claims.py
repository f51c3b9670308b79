"""Which messages may go out now, in which order and at which pace.

A row is marked `sending` in the transaction that claims it (promise 4). Replicas share the pace,
because it is counted in the database, under the lock of the network's row.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta

import structlog
from sqlalchemy import Select, and_, exists, func, or_, select
from sqlalchemy.orm import aliased

from bot.channels.base import Channel, Sending
from bot.conversation import Address, Message, Reply
from bot.conversation.reply import dump_message, load_message, messages
from bot.outbox_elsewhere import NETWORK, drop_parts, finish
from bot.outbox_results import Claimed
from models.database import Session, in_trouble
from models.queue import Chat, Outbox, locked_network

log = structlog.get_logger()

BATCH = 50
COMPOSE_AT_ONCE = 8
"""Digests made in one transaction: others must not wait long for the database."""

MAX_MADE = 3
MAKE_AGAIN = timedelta(minutes=1)
"""How often, and when again, a message that could not be made is tried."""

Compose = Callable[[Session, int, datetime], Awaitable[Reply | None]]
"""The text of a digest as it is true now; None: nothing of it is true any more."""


async def claim(
    session: Session,
    channel: Channel,
    compose: Compose,
    room: int,
    now: datetime,
    on_trouble: Callable[[Session, Outbox, Exception], Awaitable[None]],
) -> list[Claimed]:
    """Mark as `sending` what may go out now, at most `room` messages, and hand it over.

    Answers first: who talks to us does not wait for a morning's reminders. A row whose message
    cannot be made is put off, and after some tries failed; it stops nobody else's.
    """
    room = min(room, BATCH)
    if room <= 0:
        return []
    room = min(room, await _allowance(session, channel, now))
    claimed: list[Claimed] = []
    for reminders, most in ((False, room), (True, COMPOSE_AT_ONCE)):
        most = min(most, room - len(claimed))
        if most <= 0:
            continue
        rows = await session.execute(_due(channel, now, most, reminders=reminders))
        for row, menu_message in rows.all():
            message = await _made(session, row, channel, compose, now, on_trouble)
            if message is None:
                continue
            row.state, row.sending_at, row.attempts = "sending", now, row.attempts + 1
            address = Address(row.channel, row.chat_id)
            retires = menu_message if message.menu else None
            sending = Sending(address, message, retires, row.id)
            claimed.append(Claimed(row.id, sending, row.digest_id, row.attempts))
    return claimed


async def _allowance(session: Session, channel: Channel, now: datetime) -> int:
    """How many may go out now; the row's lock lets one replica at a time count."""
    state = await locked_network(session, channel.name)
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


def _due(
    channel: Channel, now: datetime, room: int, *, reminders: bool
) -> Select[Outbox, str | None]:
    """Rows that may go: the first of their chat, where answers come before reminders, and the
    chat has had its pause."""
    earlier = aliased(Outbox)
    comes_first = and_(earlier.digest_id.is_(None), earlier.id < Outbox.id)
    if reminders:
        comes_first = or_(earlier.digest_id.is_(None), earlier.id < Outbox.id)
    blocked = exists().where(
        earlier.channel == Outbox.channel,
        earlier.chat_id == Outbox.chat_id,
        earlier.state.in_(("ready", "sending")),
        or_(earlier.state == "sending", comes_first),
    )
    due = (
        select(Outbox, Chat.menu_message)
        .outerjoin(Chat, and_(Chat.channel == Outbox.channel, Chat.chat_id == Outbox.chat_id))
        .where(
            Outbox.state == "ready",
            Outbox.channel == channel.name,
            Outbox.not_before <= now,
            Outbox.digest_id.is_not(None) if reminders else Outbox.digest_id.is_(None),
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


async def _made(
    session: Session,
    row: Outbox,
    channel: Channel,
    compose: Compose,
    now: datetime,
    on_trouble: Callable[[Session, Outbox, Exception], Awaitable[None]],
) -> Message | None:
    """The message of a row, a digest's within a savepoint of its own; None: it does not go now."""
    try:
        if row.digest_id is None:
            return load_message(row.message)
        async with session.begin_nested():
            return await _reminder(session, row, row.digest_id, channel, compose, now)
    except Exception as error:
        if in_trouble(error):
            raise
        await session.refresh(row)
        row.not_made += 1
        log.error("not_made", outbox=row.id, attempt=row.not_made, exc_info=error)
        if row.not_made < MAX_MADE:
            row.not_before, row.error = now + MAKE_AGAIN, repr(error)[:500]
        else:
            await finish(session, row, "failed", now, f"error: {type(error).__name__}")
            await on_trouble(session, row, error)
        return None


async def _reminder(
    session: Session, row: Outbox, digest_id: int, channel: Channel, compose: Compose, now: datetime
) -> Message | None:
    """The message of a digest as it is true now, or the row dropped (promise 5)."""
    reply = await compose(session, digest_id, now)
    if row.part and reply is not None:
        return load_message(row.message)
    await drop_parts(session, row, now)  # of an earlier try
    if reply is None:
        if row.error.startswith(NETWORK):  # its hour has passed in waiting for the network
            await finish(session, row, "failed", now, row.error)
        else:
            await finish(session, row, "dropped", now, "no longer true")
        return None
    first, *others = messages(reply, channel.features.text_limit)
    row.message = dump_message(first)
    for part, message in enumerate(others, start=1):
        session.add(
            Outbox(
                channel=row.channel,
                chat_id=row.chat_id,
                message=dump_message(message),
                digest_id=digest_id,
                part=part,
                created_at=now,
                not_before=now,
            )
        )
    return first
