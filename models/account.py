"""How a person is reached: accounts on the networks, one-time codes, web sign-ins."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import Literal

from sqlalchemy import ForeignKey, String, UniqueConstraint, select
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, UtcTime
from models.database import Session
from models.organisation import Person

AccountState = Literal["connected", "blocked"]
_UNHEARD = ("web", "terminal")
"""Networks that tell nobody that something has come."""


class Account(Base):
    """A chat of one person on one network. A person without any is "never connected"."""

    __tablename__ = "account"
    id: Mapped[int] = mapped_column(primary_key=True)
    channel: Mapped[str] = mapped_column(String(32))
    chat_id: Mapped[str] = mapped_column(String(128))
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    state: Mapped[str] = mapped_column(String(16), default="connected")
    connected_at: Mapped[datetime] = mapped_column(UtcTime)
    changed_at: Mapped[datetime] = mapped_column(UtcTime)
    __table_args__ = (UniqueConstraint("channel", "chat_id"),)


def in_turn(accounts: Collection[Account], chosen: str | None) -> list[Account]:
    """A person's accounts in the order in which they are tried: the network they chose, else the
    one connected last.

    The web chat rings no phone, so it is taken only where it was chosen or nothing else is left;
    the terminal of the server comes last of all.
    """

    def rank(one: Account) -> tuple[bool, int, float, int]:
        unheard = _UNHEARD.index(one.channel) if one.channel in _UNHEARD else -1
        return one.channel != chosen, unheard, -one.connected_at.timestamp(), -one.id

    return sorted(accounts, key=rank)


async def ways_to(
    session: Session, people: Collection[int], networks: Collection[str]
) -> dict[int, list[Account]]:
    """person → where they can be told something, in turn: connected, on one of `networks`."""
    rows = await session.execute(
        select(Account, Person.remind_channel)
        .join(Person, Person.id == Account.person_id)
        .where(Account.person_id.in_(people), Account.state == "connected")
        .where(Account.channel.in_(networks))
    )
    found: dict[int, list[Account]] = {}
    chosen: dict[int, str | None] = {}
    for account, wanted in rows:
        found.setdefault(account.person_id, []).append(account)
        chosen[account.person_id] = wanted
    return {person: in_turn(accounts, chosen[person]) for person, accounts in found.items()}


async def next_way(
    session: Session, person_id: int, after: str, networks: Collection[str]
) -> Account | None:
    """The person's next way after the network `after`: connected, on one of `networks`."""
    accounts = await session.scalars(select(Account).where(Account.person_id == person_id))
    chosen = await session.scalar(select(Person.remind_channel).where(Person.id == person_id))
    turn = in_turn(accounts.all(), chosen)
    names = [account.channel for account in turn]
    rest = turn[names.index(after) + 1 :] if after in names else turn
    return next((one for one in rest if one.state == "connected" and one.channel in networks), None)


class LinkCode(Base):
    """A one-time code (mã kết nối), kept as a keyed hash only (pitfall 44)."""

    __tablename__ = "link_code"
    id: Mapped[int] = mapped_column(primary_key=True)
    hash: Mapped[str] = mapped_column(String(64), unique=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    purpose: Mapped[str] = mapped_column(String(16), default="link")
    """"link": connect a network; "web": a sign-in link sent in chat."""
    created_at: Mapped[datetime] = mapped_column(UtcTime)
    expires_at: Mapped[datetime] = mapped_column(UtcTime)
    used_at: Mapped[datetime | None] = mapped_column(UtcTime)


class WebSession(Base):
    """A signed-in browser; the cookie is kept as a hash only."""

    __tablename__ = "web_session"
    id: Mapped[int] = mapped_column(primary_key=True)
    hash: Mapped[str] = mapped_column(String(64), unique=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    created_at: Mapped[datetime] = mapped_column(UtcTime)
    expires_at: Mapped[datetime] = mapped_column(UtcTime)
