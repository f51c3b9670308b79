"""How sendings ended: sent, to be tried again, failed, or nobody knows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import bindparam, select, update

from bot.channels.base import Channel, SendFailed, Sending
from bot.conversation import Address
from bot.outbox_elsewhere import (
    NETWORK,
    OnTrouble,
    alarm,
    fails_long,
    finish,
    give_up,
    go_elsewhere,
    networks_failing,
    note_refusal,
    wait_on,
    works_again,
)
from models.account import Account
from models.database import Session
from models.queue import Chat, NetworkState, Outbox, locked_network

MAX_ATTEMPTS = 12
_REMEMBER_MENU = (
    update(Chat)
    .where(Chat.channel == bindparam("at"), Chat.chat_id == bindparam("in_"))
    .values(menu_message=bindparam("id"))
)


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


class Results:
    """Writes results down, and remembers which network asked which chat to wait."""

    def __init__(self, networks: Mapping[str, Channel], on_trouble: OnTrouble) -> None:
        self._networks = networks
        self._on_trouble = on_trouble
        self._pauses: dict[str, tuple[str, datetime]] = {}

    async def record(self, session: Session, done: Sequence[Delivered], now: datetime) -> None:
        """Write down how some sendings ended: their rows read at once, and written at once."""
        ids = [delivered.claimed.id for delivered in done]
        found = await session.scalars(select(Outbox).where(Outbox.id.in_(ids)))
        rows = {row.id: row for row in found}
        menus = []
        worked: set[str] = set()
        for delivered in done:
            row = rows.get(delivered.claimed.id)
            if row is None:
                continue
            address = delivered.claimed.sending.address
            if delivered.failure is not None:
                await self._failed(session, row, address, delivered.failure, now)
                continue
            worked.add(row.channel)
            row.external_id = delivered.external_id
            await finish(session, row, "sent", now)
            if row.menu:
                menus.append({"at": address.channel, "in_": address.chat_id, "id": row.external_id})
        if worked:
            await works_again(session, sorted(worked))
        if menus:
            await (await session.connection()).execute(_REMEMBER_MENU, menus)

    async def _failed(
        self, session: Session, row: Outbox, address: Address, failure: SendFailed, now: datetime
    ) -> None:
        if failure.moved_to:
            await _move(session, address, failure.moved_to)
            row.state = "ready"
        elif failure.gone:
            await give_up(session, row, now, failure.reason, self._networks)
            await self._gone(session, address, now)
        elif failure.unknown:
            await finish(session, row, "unknown", now, failure.reason)
        elif failure.retry_after is not None and row.attempts < MAX_ATTEMPTS:
            await self._later(
                session, row, failure, now + timedelta(seconds=failure.retry_after), now
            )
        else:
            await give_up(session, row, now, failure.reason, self._networks)

    async def _gone(self, session: Session, address: Address, now: datetime) -> None:
        """Blocked (403): mark the account, and let what waits for it go (pitfall 23)."""
        await session.execute(
            update(Account)
            .where(Account.channel == address.channel, Account.chat_id == address.chat_id)
            .values(state="blocked", changed_at=now)
        )
        waiting = await session.scalars(
            select(Outbox).where(
                Outbox.channel == address.channel,
                Outbox.chat_id == address.chat_id,
                Outbox.state == "ready",
                Outbox.part == 0,
            )
        )
        for row in waiting.all():
            await give_up(session, row, now, "blocked", self._networks)

    async def _later(
        self, session: Session, row: Outbox, failure: SendFailed, until: datetime, now: datetime
    ) -> None:
        row.state, row.not_before, row.error = "ready", until, failure.reason[:500]
        # One chat's 429 is that chat's; a second chat's within the pause is the network's.
        chat, pause = self._pauses.get(row.channel, ("", until))
        others_too = chat not in ("", row.chat_id) and pause > now
        self._pauses[row.channel] = (row.chat_id, until)
        if failure.whole_network:
            row.attempts -= 1  # the network's trouble is not this message's
            row.error = f"{NETWORK}: {failure.reason}"[:500]
            state = await locked_network(session, row.channel)
            note_refusal(state, now, until)
            if fails_long(state, now):
                await self._network_fails(session, row, state, now)
        elif others_too:
            state = await locked_network(session, row.channel)
            state.paused_until = until

    async def _network_fails(
        self, session: Session, row: Outbox, state: NetworkState, now: datetime
    ) -> None:
        """It has refused everybody for long: another way, or wait on; somebody must mend it."""
        failing = {row.channel, *await networks_failing(session, now)}
        working = {name: one for name, one in self._networks.items() if name not in failing}
        await alarm(session, state, working, self._on_trouble, now)
        if not await go_elsewhere(session, row, now, row.error, working):
            await wait_on(session, row, row.error, row.not_before)


async def _move(session: Session, address: Address, chat_id: str) -> None:
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
