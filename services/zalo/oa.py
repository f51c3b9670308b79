"""What the Zalo Official Account's channel has remembered: tokens, windows, facts seen.

Each call is a short transaction of its own: the channel makes them between its network calls.
No error that leaves this file holds a token: a database's error shows what was to be stored.
"""

from __future__ import annotations

import hashlib
from collections.abc import AsyncIterator, Callable, Coroutine, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import wraps
from typing import Any, Literal, ParamSpec, TypeVar

from sqlalchemy import and_, func, or_, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import SQLAlchemyError

from models.database import Database, Session, insert_or_nothing
from models.zalo_oa import ZaloOa, ZaloOaContact

P = ParamSpec("P")
T = TypeVar("T")

FREE = timedelta(hours=48)
WINDOW = timedelta(days=7)
NOTE_EVERY = timedelta(minutes=10)
REFRESH_DAYS = 90

Turn = Literal["yours", "busy", "newer", "wait"]


class NotStored(Exception):
    """The database did not take it: what kind of error it was, and nothing of what was stored."""


def _telling_nothing(
    method: Callable[P, Coroutine[Any, Any, T]],
) -> Callable[P, Coroutine[Any, Any, T]]:
    """Raise NotStored for any error of the database, without its cause: that shows the values."""

    @wraps(method)
    async def call(*args: P.args, **kwargs: P.kwargs) -> T:
        try:
            return await method(*args, **kwargs)
        except SQLAlchemyError as error:
            failure = type(error).__name__
        raise NotStored(failure)

    return call


@dataclass(frozen=True)
class Pair:
    """The two tokens. `generation` counts the pairs."""

    generation: int
    expires_at: datetime
    access: str = field(repr=False)
    refresh: str = field(repr=False)


@dataclass(frozen=True)
class Contact:
    """A person's chat: when they wrote, when Zalo said no, when a template went out."""

    heard_at: datetime | None
    closed_at: datetime | None
    template_at: datetime | None


@dataclass(frozen=True)
class Standing:
    """For the doctor: how the tokens stand, how many people may be written to, facts seen.

    `maybe_spent`: a refresh was begun and its answer never kept; see docs/zalo.md.
    """

    has_tokens: bool
    expires_at: datetime | None
    refresh_until: datetime | None
    refused: str
    maybe_spent: bool
    free: int
    paid: int
    closed: int
    heard_at: datetime | None
    """When anybody was last heard, to within NOTE_EVERY."""
    facts: dict[str, str]


class ZaloOaStore:
    """The memory of one account, on one database; any number of replicas may hold one."""

    def __init__(self, database: Database, app_id: str) -> None:
        self._database = database
        self._app_id = app_id

    # The pair of tokens

    @_telling_nothing
    async def read(self) -> Pair | None:
        """The newest pair; None: there is none yet."""
        async with self._row() as (_, row):
            if not row.generation:
                return None
            expires = row.expires_at or row.renewed_at
            assert expires is not None, "a pair has its times"
            return Pair(row.generation, expires, row.access_token, row.refresh_token)

    @_telling_nothing
    async def seed(self, refresh: str, now: datetime) -> bool:
        """Take a refresh token from the settings, unless it has been taken before."""
        mark = _mark(refresh)
        async with self._row() as (_, row):
            if mark in row.seeds:
                return False
            row.seeds = [*row.seeds, mark]
            if refresh != row.refresh_token:
                _put(row, "", refresh, now, now)
            return True

    @_telling_nothing
    async def put(
        self,
        access: str,
        refresh: str,
        expires_at: datetime,
        now: datetime,
        *,
        spent: Sequence[str] = (),
    ) -> None:
        """Take a pair that the administrator has fetched (`zalo setup`), whatever stood before.

        `spent`: refresh tokens older than it, which are never taken from the settings any more.
        """
        async with self._row() as (_, row):
            row.seeds = list(dict.fromkeys([*row.seeds, *map(_mark, filter(None, spent))]))
            _put(row, access, refresh, expires_at, now)

    @_telling_nothing
    async def claim(self, generation: int, owner: str, now: datetime, until: datetime) -> Turn:
        """Ask for the right to spend the refresh token of this generation.

        "yours": it is noted as being spent, until `until` nobody else may; "busy": another
        spends it; "newer": there is a newer pair; "wait": Zalo has refused it a moment ago.
        """
        async with self._row() as (_, row):
            if row.generation != generation:
                return "newer"
            others = row.lease_owner not in ("", owner)
            if others and row.lease_until is not None and row.lease_until > now:
                return "busy"
            if row.refused_until is not None and row.refused_until > now:
                return "wait"
            row.lease_owner, row.lease_until = owner, until
            row.spending_since = row.spending_since or now
            return "yours"

    @_telling_nothing
    async def save(
        self, generation: int, access: str, refresh: str, expires_at: datetime, now: datetime
    ) -> bool:
        """Keep the pair that was got for this generation's; False: there is a newer one."""
        async with self._row() as (_, row):
            if row.generation != generation:
                return False
            _put(row, access, refresh, expires_at, now)
            return True

    @_telling_nothing
    async def release(self, generation: int, owner: str, *, spent: bool) -> None:
        """Give the right back. `spent`: the token may have been spent, the answer is missing."""
        async with self._row() as (_, row):
            if row.generation == generation and row.lease_owner == owner:
                row.lease_owner, row.lease_until = "", None
                if not spent:
                    row.spending_since = None

    @_telling_nothing
    async def refused(self, generation: int, owner: str, words: str, until: datetime) -> None:
        """Zalo has refused the refresh token: nobody asks again before `until`."""
        async with self._row() as (_, row):
            if row.generation == generation and row.lease_owner == owner:
                row.lease_owner, row.lease_until = "", None
                row.refused, row.refused_until = words[:300], until

    # People's windows

    @_telling_nothing
    async def heard(self, chat_id: str, at: datetime) -> None:
        """The person has written at `at`; an older word than the last one changes nothing.

        Who writes a lot is not noted with every word, unless Zalo has called the window closed
        since: that is decided by the row itself, for all replicas.
        """
        known, closed = ZaloOaContact.heard_at, ZaloOaContact.closed_at
        worth_it = or_(known.is_(None), known < at - NOTE_EVERY, and_(closed >= known, known < at))
        async with self._database.begin() as session:
            insert = sqlite.insert if self._database.is_sqlite else postgresql.insert
            await session.execute(
                insert(ZaloOaContact)
                .values(chat_id=chat_id, heard_at=at)
                .on_conflict_do_update(
                    index_elements=[ZaloOaContact.chat_id], set_={"heard_at": at}, where=worth_it
                )
            )

    @_telling_nothing
    async def contact(self, chat_id: str) -> Contact | None:
        """What is known of a chat; None: nothing."""
        async with self._database.begin() as session:
            row = await session.get(ZaloOaContact, chat_id)
            return Contact(row.heard_at, row.closed_at, row.template_at) if row else None

    @_telling_nothing
    async def closed(self, chat_id: str, at: datetime) -> None:
        """Zalo says that the window is closed."""
        async with self._contact(chat_id) as contact:
            contact.closed_at = at

    @_telling_nothing
    async def templated(self, chat_id: str, at: datetime) -> None:
        """A template has been sent."""
        async with self._contact(chat_id) as contact:
            contact.template_at = at

    # For the doctor

    @_telling_nothing
    async def note(self, fact: str, value: str, at: datetime) -> None:
        """Remember what was seen of an unconfirmed side of the network."""
        async with self._row() as (_, row):
            row.facts = {**row.facts, fact: f"{value} ({at:%Y-%m-%d})"}

    @_telling_nothing
    async def standing(self, now: datetime) -> Standing:
        """How everything stands now."""
        async with self._row() as (session, row):
            heard, closed = ZaloOaContact.heard_at, ZaloOaContact.closed_at
            is_open = or_(closed.is_(None), closed < heard)
            counts = [
                await session.scalar(
                    select(func.count()).select_from(ZaloOaContact).where(*conditions)
                )
                or 0
                for conditions in (
                    (),
                    (is_open, heard > now - WINDOW),
                    (is_open, heard > now - FREE),
                )
            ]
            known, reachable, free = counts
            renewed = row.renewed_at
            return Standing(
                has_tokens=row.generation > 0,
                expires_at=row.expires_at,
                refresh_until=renewed + timedelta(days=REFRESH_DAYS) if renewed else None,
                refused=row.refused,
                maybe_spent=row.spending_since is not None
                and (row.lease_until is None or row.lease_until <= now),
                free=free,
                paid=reachable - free,
                closed=known - reachable,
                heard_at=await session.scalar(select(func.max(heard))),
                facts=dict(row.facts),
            )

    @asynccontextmanager
    async def _row(self) -> AsyncIterator[tuple[Session, ZaloOa]]:
        """The account's row, locked until the end of the transaction."""
        async with self._database.begin() as session:
            wanted = select(ZaloOa).where(ZaloOa.app_id == self._app_id).with_for_update()
            row = await session.scalar(wanted)
            if row is None:
                fresh = {"app_id": self._app_id, "seeds": [], "facts": {}}
                await session.execute(insert_or_nothing(session, ZaloOa).values(**fresh))
                row = (await session.scalars(wanted)).one()
            yield session, row

    @asynccontextmanager
    async def _contact(self, chat_id: str) -> AsyncIterator[ZaloOaContact]:
        async with self._database.begin() as session:
            wanted = select(ZaloOaContact).where(ZaloOaContact.chat_id == chat_id).with_for_update()
            row = await session.scalar(wanted)
            if row is None:
                insert = insert_or_nothing(session, ZaloOaContact)
                await session.execute(insert.values(chat_id=chat_id))
                row = (await session.scalars(wanted)).one()
            yield row


def _mark(refresh: str) -> str:
    return hashlib.sha256(refresh.encode()).hexdigest()


def _put(row: ZaloOa, access: str, refresh: str, expires_at: datetime, now: datetime) -> None:
    row.access_token, row.refresh_token = access, refresh
    row.expires_at, row.renewed_at = expires_at, now
    row.generation += 1
    row.lease_owner, row.lease_until, row.spending_since = "", None, None
    row.refused, row.refused_until = "", None
