"""Which messages may go out now, in which order and at which pace.

A row is marked `sending` in the transaction that claims it (promise 4). Replicas share the pace,
because it is counted in the database, under the lock of the network's row.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta

from sqlalchemy import Select, and_, exists, func, select
from sqlalchemy.orm import aliased

from bot.channels.base import Channel, Sending
from bot.conversation import Address, Message, Reply
from bot.conversation.reply import dump_message, load_message, messages
from bot.outbox_results import Claimed, finish, network_state
from models.database import Session
from models.queue import Chat, Outbox

BATCH = 50
COMPOSE_AT_ONCE = 8
"""Digests made in one transaction: others must not wait long for the database."""

Compose = Callable[[Session, int, datetime], Awaitable[Reply | None]]
"""The text of a digest as it is true now; None: nothing of it is true any more."""


async def claim(
    session: Session, channel: Channel, compose: Compose, room: int, now: datetime
) -> list[Claimed]:
    """Mark as `sending` what may go out now, at most `room` messages, and hand it over."""
    room = min(room, BATCH)
    if room <= 0:
        return []
    room = min(room, await _allowance(session, channel, now))
    if room <= 0:
        return []
    rows = await session.execute(_due(channel, now, room))
    claimed: list[Claimed] = []
    composing = 0
    for row, menu_message in rows.all():
        if row.digest_id is not None:
            composing += 1
            if composing > COMPOSE_AT_ONCE:
                continue
        message = await _message(session, row, channel, compose, now)
        if message is None:
            continue
        row.state, row.sending_at, row.attempts = "sending", now, row.attempts + 1
        address = Address(row.channel, row.chat_id)
        retires = menu_message if message.menu else None
        claimed.append(
            Claimed(row.id, Sending(address, message, retires, row.id), row.digest_id, row.attempts)
        )
    return claimed


async def _allowance(session: Session, channel: Channel, now: datetime) -> int:
    """How many may go out now; the row's lock lets one replica at a time count."""
    state = await network_state(session, channel.name)
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


def _due(channel: Channel, now: datetime, room: int) -> Select[Outbox, str | None]:
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
    session: Session, row: Outbox, channel: Channel, compose: Compose, now: datetime
) -> Message | None:
    """The message of a row; a digest's is made now, or the row dropped (promise 5)."""
    if row.digest_id is None:
        return load_message(row.message)
    reply = await compose(session, row.digest_id, now)
    if reply is None:
        await finish(session, row, "dropped", now, "no longer true")
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
