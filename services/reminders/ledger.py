"""The ledger of reminders: planned once, sent once, settled (promises 4 and 5, pitfalls 19-25).

A digest, its reminders and its outbox row are written in one transaction, each insert-or-nothing
by its unique key. Of N replicas with whatever clocks, one wins a person's day, and one wins a key.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import case, delete, func, insert, select, update
from sqlalchemy.dialects import postgresql, sqlite

from models.account import Account, ways_to
from models.database import Session
from models.nudge import Digest, Nudge
from models.queue import Outbox
from models.report import Counter
from services.reminders.facts import PlannedDigest

STALE_DAYS = 60
"""How far back digests that never had their turn are looked for."""
LOST = ("dropped", "failed")
"""States of a reminder that reached nobody: its key may be planned again on another day."""


@dataclass(frozen=True)
class Written:
    """What one transaction put into the ledger."""

    digests: int = 0
    nudges: int = 0
    unreachable: int = 0


def _upsert(session: Session, table: type[Any]) -> Any:
    kind = session.get_bind().dialect.name
    return sqlite.insert(table) if kind == "sqlite" else postgresql.insert(table)


async def write(
    session: Session,
    planned: Sequence[PlannedDigest],
    now: datetime,
    networks: Collection[str],
) -> Written:
    """Write down digests that nobody has written yet, and queue those that can reach somebody.

    People come in the order of their ids, so that two replicas wait for each other and never in a
    circle. Whoever cannot be reached on `networks`, those that are configured, gets a digest that has
    failed, with the reason.
    """
    if not planned:
        return Written()
    won = await _win_digests(session, planned, now)
    nudges = await _win_nudges(session, planned, won)
    empty = [
        won[one.person_id] for one in planned
        if one.person_id in won and one.nudges and won[one.person_id] not in nudges
    ]  # fmt: skip
    if empty:  # every key was given under another digest
        await session.execute(delete(Digest).where(Digest.id.in_(empty)))
    kept = {person: digest for person, digest in won.items() if digest not in empty}
    lost = await _queue(session, kept, now, networks)
    return Written(len(kept), sum(nudges.values()), lost)


async def _win_digests(
    session: Session, planned: Sequence[PlannedDigest], now: datetime
) -> dict[int, int]:
    rows = [
        {
            "person_id": one.person_id, "day": one.day, "kind": one.kind,
            "state": "planned", "planned_at": now, "reason": "",
        }
        for one in sorted(planned, key=lambda one: one.person_id)
    ]  # fmt: skip
    statement = _upsert(session, Digest).values(rows).on_conflict_do_nothing()
    found = await session.execute(statement.returning(Digest.person_id, Digest.id))
    return dict(found.all())


async def _win_nudges(
    session: Session, planned: Sequence[PlannedDigest], won: dict[int, int]
) -> dict[int, int]:
    """digest → how many of its reminders are its own."""
    rows = [
        {
            "task_id": nudge.task_id, "person_id": one.person_id, "kind": nudge.kind,
            "day": nudge.step, "due_version": nudge.due_version, "ordinal": nudge.ordinal,
            "digest_id": won[one.person_id], "state": "planned",
        }
        for one in planned if one.person_id in won for nudge in one.nudges
    ]  # fmt: skip
    if not rows:
        return {}
    statement = _upsert(session, Nudge).values(rows)
    statement = statement.on_conflict_do_update(
        index_elements=["task_id", "person_id", "kind", "day", "due_version"],
        set_={name: statement.excluded[name] for name in ("digest_id", "state", "ordinal")},
        where=Nudge.state.in_(LOST),
    )
    counts: dict[int, int] = {}
    for digest in await session.scalars(statement.returning(Nudge.digest_id)):
        counts[digest] = counts.get(digest, 0) + 1
    return counts


async def _queue(
    session: Session, digests: dict[int, int], now: datetime, networks: Collection[str]
) -> int:
    """An outbox row for each digest, at the account its person chose; how many have none."""
    ways = await ways_to(session, digests, networks)
    rows = [
        {
            "channel": account.channel, "chat_id": account.chat_id, "message": {}, "menu": 0,
            "digest_id": digests[person], "part": 0, "state": "ready", "attempts": 0, "not_made": 0,
            "created_at": now, "not_before": now, "error": "",
        }
        for person, (account, *_) in sorted(ways.items())
    ]  # fmt: skip
    if rows:
        await session.execute(insert(Outbox), rows)
    unreached = await _why_not(session, [person for person in digests if person not in ways])
    for reason in set(unreached.values()):
        lost = [digests[person] for person, why in unreached.items() if why == reason]
        if lost:
            await session.execute(
                update(Digest).where(Digest.id.in_(lost)).values(state="failed", reason=reason)
            )
            await session.execute(
                update(Nudge).where(Nudge.digest_id.in_(lost)).values(state="failed")
            )
    return len(digests) - len(rows)


async def _why_not(session: Session, people: Collection[int]) -> dict[int, str]:
    """Why nothing reaches these people.

    "never": nothing was ever connected; "blocked": all that was is blocked; "network": what is
    connected is on a network that is not in use.
    """
    if not people:
        return {}
    rows = await session.execute(
        select(Account.person_id, func.max(case((Account.state == "connected", 1), else_=0)))
        .where(Account.person_id.in_(people))
        .group_by(Account.person_id)
    )
    known = {person: "network" if connected else "blocked" for person, connected in rows}
    return {person: known.get(person, "never") for person in people}


async def drop_stale(session: Session, day: date, now: datetime) -> int:
    """Digests of earlier days that never had their turn are dropped; failed, where they waited for
    a network that refused everybody.

    One that is being sent is left alone. What is still true is planned again; returns how many.
    """
    waiting = (
        select(Digest.id)
        .where(Digest.state == "planned", Digest.day < day)
        .where(Digest.day >= day - timedelta(days=STALE_DAYS))
    )
    total = 0
    for state, of_network in (("failed", True), ("dropped", False)):
        waited = Outbox.error.startswith("network")
        ended = await session.scalars(
            update(Outbox)
            .where(Outbox.digest_id.in_(waiting), Outbox.state == "ready")
            .where(waited if of_network else ~waited)
            .values(state=state, finished_at=now)
            .returning(Outbox.digest_id)
        )
        ids = [digest for digest in ended if digest is not None]
        total += len(ids)
        reason = "network" if of_network else "over"
        await session.execute(
            update(Digest).where(Digest.id.in_(ids)).values(state=state, reason=reason)
        )
        await session.execute(
            update(Nudge)
            .where(Nudge.digest_id.in_(ids), Nudge.state == "planned")
            .values(state=state)
        )
    return total


async def planned_for(session: Session) -> dict[str, date]:
    """Kind of digest → the last day whose plan is complete."""
    rows = await session.execute(
        select(Counter.name, Counter.value).where(Counter.name.in_(map(_mark, KINDS)))
    )
    marks = dict(rows.all())
    return {
        kind: date.fromordinal(marks[_mark(kind)]) for kind in KINDS if _mark(kind) in marks
    }  # fmt: skip


KINDS = ("morning", "evening")


def _mark(kind: str) -> str:
    return f"digests:{kind}"


async def complete(session: Session, kind: str, day: date) -> None:
    """The plan of `day` is complete: it need not be made again."""
    statement = _upsert(session, Counter).values(name=_mark(kind), value=day.toordinal())
    await session.execute(
        statement.on_conflict_do_update(
            index_elements=["name"], set_={"value": statement.excluded["value"]}
        )
    )


async def drop_nudges(session: Session, nudges: Sequence[int]) -> None:
    """These were no longer true when their digest had its turn; the others were sent (p25)."""
    if nudges:
        await session.execute(
            update(Nudge)
            .where(Nudge.id.in_(nudges), Nudge.state == "planned")
            .values(state="dropped")
        )
