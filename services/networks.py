"""What is remembered about a network as a whole: who polls it, when it was last heard."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select, update

from models.account import Account
from models.database import Session, insert_or_nothing
from models.queue import NetworkState


async def _state(session: Session, channel: str) -> NetworkState:
    statement = select(NetworkState).where(NetworkState.channel == channel).with_for_update()
    state = await session.scalar(statement)
    if state is None:
        await session.execute(insert_or_nothing(session, NetworkState).values(channel=channel))
        state = (await session.scalars(statement)).one()
    return state


async def take_lease(
    session: Session, channel: str, owner: str, now: datetime, until: datetime
) -> bool:
    """Take or renew the right to poll a network; False while another replica holds it."""
    state = await _state(session, channel)
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
    state = await _state(session, channel)
    before, state.seen_at = state.seen_at, now
    return before


async def chats_on(session: Session, channel: str) -> Sequence[str]:
    """The chats of all who are connected on a network."""
    rows = await session.scalars(
        select(Account.chat_id).where(Account.channel == channel, Account.state == "connected")
    )
    return rows.all()
