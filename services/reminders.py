"""What the planner of reminders must know: facts of a day, loaded in a few queries (mission §4).

Facts go in here and plans come out of the scheduler; both are defined here, because the ledger
(`services.reminders_ledger`) writes the plans down. The number of queries does not depend on the
number of tasks, and none of them reads the reports: the task row carries what is needed of them.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from sqlalchemy import Select, case, func, or_, select

from models.cadence import report_day
from models.calendar import DayOff, Leave
from models.database import Session
from models.nudge import Digest, Nudge
from models.organisation import Holding
from models.task import Task
from services.reminders_following import Following
from vietnamese.zone import local_day

TOLD = ("planned", "sent", "unknown")
"""A reminder in one of these states counts as given. `unknown` may have arrived and is never
repeated (promise 4); `planned` is on its way. `dropped` and `failed` did not reach anybody: if they
are still true on a later day they are planned again, in the same row of the ledger."""


@dataclass(frozen=True, slots=True)
class Told:
    """How the present holder was reminded of a task in one way, for its present date.

    `times`: since the last report; `first`, `last`: days of the digests; `step`: the last step.
    """

    times: int
    first: date
    last: date
    step: date


@dataclass(frozen=True, slots=True)
class TaskFacts:
    """An open task as the planner sees it on one day."""

    id: int
    owner: int | None
    """The person who holds the accountable post that day (D09: jobs stay with the post)."""
    start: date
    due: date | None = None
    due_version: int = 1
    cadence: str = "none"
    cadence_day: int = 1
    last_report: date | None = None
    waits_for_check: bool = False
    """A report at 100 % or more waits for its check: it is the checker's turn (D03)."""
    told: Mapping[str, Told] = field(default_factory=dict)
    escalated: date | None = None
    """The last step of an escalation since the last report."""
    supervisors: tuple[int, ...] = ()
    """Whom to tell after the second silence, nearest first, never the owner."""


@dataclass(frozen=True)
class Facts:
    """All that the planner needs for one day. People are ids."""

    day: date
    tasks: Sequence[TaskFacts]
    away: frozenset[int] = frozenset()
    """On leave that day (nghỉ)."""
    followers: frozenset[int] = frozenset()
    """Who leads, oversees or follows open tasks of others."""
    served: frozenset[int] = frozenset()
    """Who has a digest of that day already."""


@dataclass(frozen=True, slots=True)
class PlannedNudge:
    """One reminder to be. `step`: the day it was due by the rules; `ordinal`: nhắc lần n."""

    task_id: int
    kind: str
    step: date
    due_version: int
    ordinal: int = 1


@dataclass(frozen=True, slots=True)
class PlannedDigest:
    """The one digest of a person on a day: "morning" or "evening"."""

    person_id: int
    day: date
    kind: str
    nudges: tuple[PlannedNudge, ...] = ()


def next_report_day(cadence: str, cadence_day: int, after: date) -> date:
    """The first report day after `after`; `cadence` is weekly, monthly or quarterly."""
    span = {"weekly": 7, "monthly": 31, "quarterly": 93}[cadence]
    found = report_day(cadence, cadence_day, after + timedelta(days=span))
    while found is not None:
        earlier = report_day(cadence, cadence_day, found - timedelta(days=1))
        if earlier is None or earlier <= after:
            return found
        found = earlier
    raise ValueError(f"nothing is reported by the rhythm {cadence!r}")


async def day_overrides(session: Session) -> dict[date, bool]:
    """What an administrator decided: day → worked or not (pitfall 26)."""
    rows = await session.execute(select(DayOff.day, DayOff.off))
    return {day: not off for day, off in rows}


async def away_on(session: Session, day: date) -> frozenset[int]:
    """Who is on leave on `day`, both ends of a leave included."""
    rows = await session.scalars(
        select(Leave.person_id).where(Leave.from_day <= day, Leave.to_day >= day)
    )
    return frozenset(rows)


async def holders_on(
    session: Session, day: date, posts: Sequence[int] | None = None
) -> dict[int, int]:
    """post → who holds it on `day`; with several the one who came last (models.organisation)."""
    held = select(Holding.post_id, Holding.person_id).where(Holding.held_on(day))
    if posts is not None:
        held = held.where(Holding.post_id.in_(posts))
    rows = await session.execute(held.order_by(Holding.from_day, Holding.id))
    return dict(rows.all())


def waits_for_check(percent: Decimal | None, unchecked: int) -> bool:
    """A report at 100 % or more waits for a check: do not nag the owner (D03)."""
    return unchecked > 0 and percent is not None and percent >= 100


async def facts_of(session: Session, day: date) -> Facts:
    """The facts of `day`, in about ten queries however many tasks there are."""
    holders = await holders_on(session, day)
    rows = (
        await session.execute(
            select(
                Task.id, Task.owner_post_id, Task.unit_id, Task.start, Task.due, Task.due_version,
                Task.cadence, Task.cadence_day, Task.last_report_at, Task.percent, Task.unchecked,
                Task.tags,
            ).where(Task.state == "open")
        )
    ).all()  # fmt: skip
    told, escalated = await _told(session)
    follow = await Following.load(session, holders)
    tasks = [
        _task(row, holders.get(row.owner_post_id), told, escalated.get(row.id), follow)
        for row in rows
    ]
    owners = [(row, holders.get(row.owner_post_id)) for row in rows]
    served = await session.scalars(select(Digest.person_id).where(Digest.day == day))
    return Facts(
        day, tasks, await away_on(session, day), follow.followers(owners), frozenset(served)
    )


def _task(
    row: Any,
    owner: int | None,
    told: Mapping[tuple[int, int], Mapping[str, Told]],
    escalated: date | None,
    follow: Following,
) -> TaskFacts:
    mine = told.get((row.id, owner), {}) if owner else {}
    return TaskFacts(
        id=row.id,
        owner=owner,
        start=row.start,
        due=row.due,
        due_version=row.due_version,
        cadence=row.cadence,
        cadence_day=row.cadence_day,
        last_report=local_day(row.last_report_at) if row.last_report_at else None,
        waits_for_check=waits_for_check(row.percent, row.unchecked),
        told=mine,
        escalated=escalated,
        supervisors=follow.supervisors(row, owner) if mine else (),
    )


def _since_report() -> Any:
    return or_(Task.last_report_at.is_(None), Digest.planned_at > Task.last_report_at)


def _told_rows() -> Select[*tuple[Any, ...]]:
    """Reminders given for the present dates; those on the ladder count whatever was reported."""
    return (
        select(
            Nudge.task_id, Nudge.person_id, Nudge.kind,
            func.sum(case((_since_report(), 1), else_=0)),
            func.min(Digest.day), func.max(Digest.day), func.max(Nudge.day),
        )
        .join(Task, Task.id == Nudge.task_id)
        .join(Digest, Digest.id == Nudge.digest_id)
        .where(
            Task.state == "open",
            Nudge.due_version == Task.due_version,
            Nudge.state.in_(TOLD),
            or_(_since_report(), Nudge.kind.startswith("before:")),
        )
        .group_by(Nudge.task_id, Nudge.person_id, Nudge.kind)
    )  # fmt: skip


async def _told(
    session: Session,
) -> tuple[dict[tuple[int, int], dict[str, Told]], dict[int, date]]:
    told: dict[tuple[int, int], dict[str, Told]] = {}
    escalated: dict[int, date] = {}
    for task, person, kind, times, first, last, step in await session.execute(_told_rows()):
        if kind == "escalated":
            escalated[task] = max(step, escalated.get(task, step))
        else:
            told.setdefault((task, person), {})[kind] = Told(times, first, last, step)
    return told, escalated
