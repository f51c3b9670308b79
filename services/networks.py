"""What is remembered about a network as a whole: who polls it, when it was last heard, which bot
stands behind its name."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import func, select, update

from models.account import Account
from models.database import Session
from models.queue import NetworkState, Outbox, locked_network


async def take_lease(
    session: Session, channel: str, owner: str, now: datetime, until: datetime
) -> bool:
    """Take or renew the right to poll a network; False while another replica holds it."""
    state = await locked_network(session, channel)
    others = state.poller not in ("", owner)
    if others and state.poller_until is not None and state.poller_until > now:
        return False
    state.poller, state.poller_until = owner, until
    return True


async def free_leases(session: Session) -> None:
    """Nobody polls any network now: the one process there may be has just started."""
    await session.execute(update(NetworkState).values(poller="", poller_until=None))


async def note_fetch(session: Session, channel: str, now: datetime) -> datetime | None:
    """Note that events were fetched now; returns when they were fetched before."""
    state = await locked_network(session, channel)
    before, state.seen_at = state.seen_at, now
    return before


async def is_known_token(session: Session, channel: str, mark: str) -> bool:
    """Whether the bot of this channel was last met with this token."""
    state = await session.get(NetworkState, channel)
    return state is not None and state.token_mark == mark


async def is_same_bot(session: Session, channel: str, bot_id: str, mark: str) -> bool:
    """Whether this is the bot that the channel's people write to; the first one met is.

    A new token of the same bot is remembered.
    """
    state = await locked_network(session, channel)
    if state.bot_id not in ("", bot_id):
        return False
    state.bot_id, state.token_mark = bot_id, mark
    return True


async def bot_of(session: Session, channel: str) -> str:
    """The bot that the channel's people write to; "" before it was first met."""
    state = await session.get(NetworkState, channel)
    return state.bot_id if state else ""


async def answers_since(session: Session, channel: str, chat_id: str, since: datetime) -> int:
    """How many messages of ours were put into a chat's outbox since then."""
    count = await session.scalar(
        select(func.count())
        .select_from(Outbox)
        .where(Outbox.channel == channel, Outbox.chat_id == chat_id, Outbox.created_at > since)
    )
    return count or 0


async def said_since(session: Session, channel: str, chat_id: str, since: datetime) -> list[str]:
    """What was put into a chat's outbox since then; for a short while only."""
    rows = await session.scalars(
        select(Outbox.message).where(
            Outbox.channel == channel, Outbox.chat_id == chat_id, Outbox.created_at > since
        )
    )
    return [message.get("text", "") for message in rows]


async def chats_on(session: Session, channel: str) -> Sequence[str]:
    """The chats of all who are connected on a network."""
    rows = await session.scalars(
        select(Account.chat_id).where(Account.channel == channel, Account.state == "connected")
    )
    return rows.all()
