"""Another way to a person, when a network refuses for good or has refused everything for long.

What is told to a person (a reminder, how a report was checked) may go to any network of theirs; an
answer in a chat belongs to that chat. A network that refuses whatever it is given (a dead token) is
waited for half an hour: then what can go another way does, the administrators hear of it, and what
has no other way waits on, with the reason in the ledger for the leaders to see.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Collection, Mapping
from datetime import datetime, timedelta

import structlog
from sqlalchemy import or_, select, update

from bot.channels.base import Channel
from bot.conversation import Message, Reply
from bot.conversation.reply import dump_message, load_message, messages
from models.account import next_way
from models.database import Session
from models.nudge import Digest, NudgeState, hold, settle
from models.queue import NetworkState, Outbox

log = structlog.get_logger()

PATIENCE = timedelta(minutes=30)
TELL_AGAIN = timedelta(days=1)
AT_ONCE = 25
"""Messages that change their network in one transaction: others wait for the database."""
NETWORK = "network"
"""How the reason begins where the network refuses everybody."""

OnTrouble = Callable[[Session, str, Collection[str]], Awaitable[None]]
"""Tells the administrators something, on one of these networks."""


async def finish(
    session: Session, row: Outbox, state: NudgeState, now: datetime, reason: str = ""
) -> None:
    """The last word on a message, and on the reminders in it: a long one's beginning decides."""
    row.state, row.finished_at, row.error = state, now, reason[:500]
    if state in ("failed", "unknown"):
        log.warning("not_sent", outbox=row.id, channel=row.channel, state=state, reason=reason)
    if row.digest_id is not None and not row.part:
        await settle(session, row.digest_id, state, reason)


async def give_up(
    session: Session, row: Outbox, now: datetime, reason: str, networks: Mapping[str, Channel]
) -> None:
    """Failed for good: what is for a person goes to their next network, where there is one."""
    if not await go_elsewhere(session, row, now, reason, networks):
        await drop_parts(session, row, now)
        await finish(session, row, "failed", now, reason)


async def go_elsewhere(
    session: Session, row: Outbox, now: datetime, reason: str, networks: Mapping[str, Channel]
) -> bool:
    """Send it on the person's next network instead; False: it is an answer, or there is none."""
    person = row.person_id
    if row.digest_id is not None:
        digest = await session.get(Digest, row.digest_id)
        person = digest.person_id if digest else None
    other = await next_way(session, person, row.channel, networks) if person else None
    if other is None:
        return False
    log.info("another_network", outbox=row.id, channel=row.channel, other=other.channel)
    await drop_parts(session, row, now)
    row.state, row.finished_at, row.error = "failed", now, reason[:500]
    for message in _again(row, networks[other.channel].features.text_limit):
        session.add(
            Outbox(
                channel=other.channel,
                chat_id=other.chat_id,
                message=dump_message(message) if message else {},
                digest_id=row.digest_id,
                person_id=row.person_id,
                created_at=now,
                not_before=now,
            )
        )
    return True


def _again(row: Outbox, limit: int) -> list[Message | None]:
    """The messages for another network; a reminder's are made when its turn comes."""
    if row.digest_id is not None:
        return [None]
    message = load_message(row.message)
    return [*messages(Reply(message.text, attachment=message.attachment), limit)]


async def drop_parts(session: Session, row: Outbox, now: datetime) -> None:
    """The further parts of a reminder that wait behind this one: they go the way it goes."""
    if row.digest_id is None:
        return
    await session.execute(
        update(Outbox)
        .where(Outbox.digest_id == row.digest_id, Outbox.channel == row.channel)
        .where(Outbox.part > row.part, Outbox.state == "ready")
        .values(state="dropped", finished_at=now)
    )


def note_refusal(state: NetworkState, now: datetime, until: datetime) -> None:
    """The network refuses everybody until then: since when it has done so is remembered."""
    lately = state.paused_until is not None and now - state.paused_until < PATIENCE
    if state.failing_since is None or not lately:
        state.failing_since = now
    state.paused_until = until


def fails_long(state: NetworkState, now: datetime) -> bool:
    """Whether it is time to look for another way."""
    return state.failing_since is not None and now - state.failing_since >= PATIENCE


async def networks_failing(session: Session, now: datetime) -> dict[str, NetworkState]:
    """The networks that have refused everything for long and are being left in peace now."""
    states = await session.scalars(
        select(NetworkState).where(
            NetworkState.failing_since <= now - PATIENCE, NetworkState.paused_until > now
        )
    )
    return {state.channel: state for state in states}


async def works_again(session: Session, channels: Collection[str]) -> None:
    """Something has got through on these networks."""
    await session.execute(
        update(NetworkState)
        .where(NetworkState.channel.in_(channels), NetworkState.failing_since.is_not(None))
        .values(failing_since=None)
    )


async def alarm(
    session: Session,
    state: NetworkState,
    working: Collection[str],
    on_trouble: OnTrouble,
    now: datetime,
) -> None:
    """The administrators hear once a day of a network that refuses everybody."""
    if state.told_at is None or now - state.told_at >= TELL_AGAIN:
        state.told_at = now
        log.error("network_fails", channel=state.channel, since=state.failing_since)
        await on_trouble(session, _alarm(state.channel), working)


async def look_elsewhere(session: Session, channels: Mapping[str, Channel], now: datetime) -> None:
    """Take another way what waits behind a failing network and has not been tried itself."""
    failing = await networks_failing(session, now)
    working = {name: channel for name, channel in channels.items() if name not in failing}
    for name, state in failing.items():
        if name in channels:
            await _take_elsewhere(session, state, working, now)


async def _take_elsewhere(
    session: Session, state: NetworkState, working: Mapping[str, Channel], now: datetime
) -> None:
    rows = await session.scalars(
        select(Outbox)
        .where(
            Outbox.channel == state.channel, Outbox.state == "ready", Outbox.not_before <= now,
            or_(Outbox.digest_id.is_not(None), Outbox.person_id.is_not(None)), Outbox.part == 0,
        )
        .order_by(Outbox.id)
        .limit(AT_ONCE)
        .with_for_update(skip_locked=True)
    )  # fmt: skip
    for row in rows.all():
        if not await go_elsewhere(session, row, now, NETWORK, working):
            await wait_on(session, row, NETWORK, state.paused_until or now)


async def wait_on(session: Session, row: Outbox, reason: str, until: datetime) -> None:
    """No other way: it waits for the network, and the ledger says why."""
    row.not_before, row.error = until, reason[:500]
    if row.digest_id is not None:
        await hold(session, row.digest_id, reason)


def _alarm(channel: str) -> str:
    name = {"telegram": "Telegram", "zalo_oa": "Zalo OA"}.get(channel, f"Zalo Bot ({channel})")
    return (
        f"Kênh {name} đang không gửi được tin (token không được nhận, hoặc mất kết nối). "
        "Nhắc việc được gửi qua nơi khác của từng người, ai không có nơi khác thì chờ. "
        "Đồng chí chạy: python -m bot doctor"
    )
