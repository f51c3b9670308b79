"""What the planner of reminders must know: facts of a day, loaded in a few queries (mission §4).

Facts go in here and plans come out of the scheduler; both are defined here, because the ledger
(`services.reminders.ledger`) writes the plans down. The number of queries does not depend on the
number of tasks, and of the reports only the returned ones are read: the task row carries what is needed of the rest.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from sqlalchemy import and_, func, or_, select

from models.account import Account
from models.cadence import answered_day, asked_from, next_report_day
from models.calendar import DayOff, Leave
from models.database import Session
from models.nudge import Digest, Nudge
from models.organisation import Holding
from models.report import Report
from models.task import Task
from services.reminders.following import Following
from vietnamese.zone import local_day

TOLD = ("planned", "sent", "unknown")
"""A reminder in one of these states counts as given. `unknown` may have arrived and is never
repeated (promise 4); `planned` is on its way. `dropped` and `failed` did not reach anybody: if they
are still true on a later day they are planned again, in the same row of the ledger."""


DEMANDS = ("before:0", "after", "report")
"""Reminders that ask for an answer; a step before the date is a courtesy."""


@dataclass(frozen=True, slots=True)
class Silence:
    """Messages about a task that its present holder has left without any report.

    `messages`: days, however many reminders of it stood in one message; `first`, `last` of them.
    """

    messages: int
    first: date
    last: date


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
    """The last report that counts: one that was returned does not."""
    returned: date | None = None
    """When a later report was returned; it is to be completed (trả lại, chờ bổ sung)."""
    waits_for_check: bool = False
    """A report at 100 % or more waits for its check: it is the checker's turn (D03)."""
    told: Mapping[str, date] = field(default_factory=dict)
    """Kind of reminder → its last step for the present date; of demands, since any report."""
    silence: Silence | None = None
    """Since the last report, of whatever outcome."""
    escalated: date | None = None
    """The last step of an escalation since the last report."""
    supervisors: tuple[int, ...] = ()
    """Whom to tell after the second silence, nearest first, never the owner."""

    def open_report_days(self) -> Iterator[tuple[date, date]]:
        """The report days not answered yet, each with the one before it (or the first day)."""
        before = self.start
        if self.last_report is not None and self.last_report >= self.start:
            before = answered_day(self.cadence, self.cadence_day, self.last_report)
        while True:
            nominal = next_report_day(self.cadence, self.cadence_day, before)
            yield before, nominal
            before = nominal


@dataclass(frozen=True)
class Facts:
    """All that the planner needs for one day. People are ids."""

    day: date
    tasks: Sequence[TaskFacts]
    away: frozenset[int] = frozenset()
    """On leave that day (nghỉ)."""
    followers: frozenset[int] = frozenset()
    """Who leads, oversees or follows open tasks of others."""
    unreached: frozenset[int] = frozenset()
    """Whom no network that is configured reaches: an escalation passes over them."""
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


async def facts_of(session: Session, day: date, networks: Collection[str]) -> Facts:
    """The facts of `day`, in about ten queries however many tasks there are.

    `networks`: those that are configured.
    """
    holders = await holders_on(session, day)
    rows = (
        await session.execute(
            select(
                Task.id, Task.owner_post_id, Task.unit_id, Task.start, Task.reports_from, Task.due,
                Task.due_version, Task.cadence, Task.cadence_day, Task.last_report_at, Task.percent, Task.unchecked,
                Task.tags,
            ).where(Task.state == "open")
        )
    ).all()  # fmt: skip
    given = await _given(session)
    returned = await returned_on(session)
    follow = await Following.load(session, holders)
    tasks = [
        _task(row, holders.get(row.owner_post_id), given, returned.get(row.id), follow)
        for row in rows
    ]
    owners = [(row, holders.get(row.owner_post_id)) for row in rows]
    reached = await session.scalars(
        select(Account.person_id).where(Account.state == "connected", Account.channel.in_(networks))
    )
    served = await session.scalars(select(Digest.person_id).where(Digest.day == day))
    return Facts(
        day,
        tasks,
        await away_on(session, day),
        follow.followers(owners),
        frozenset(holders.values()) - frozenset(reached),
        frozenset(served),
    )


@dataclass(frozen=True)
class _Given:
    """What the ledger says was given: by task and person, and escalations by task."""

    told: Mapping[tuple[int, int], Mapping[str, date]]
    silences: Mapping[tuple[int, int], Silence]
    escalated: Mapping[int, date]


def _task(
    row: Any, owner: int | None, given: _Given, returned: date | None, follow: Following
) -> TaskFacts:
    mine = (row.id, owner or 0)
    silence = given.silences.get(mine)
    return TaskFacts(
        id=row.id,
        owner=owner,
        start=asked_from(row.start, row.reports_from),
        due=row.due,
        due_version=row.due_version,
        cadence=row.cadence,
        cadence_day=row.cadence_day,
        last_report=local_day(row.last_report_at) if row.last_report_at else None,
        returned=returned,
        waits_for_check=waits_for_check(row.percent, row.unchecked),
        told=given.told.get(mine, {}),
        silence=silence,
        escalated=given.escalated.get(row.id),
        supervisors=follow.supervisors(row, owner) if silence else (),
    )


async def returned_on(session: Session, tasks: Collection[int] | None = None) -> dict[int, date]:
    """Open tasks whose newest report was returned (trả lại), and the day of that."""
    found = (
        select(Report.task_id, func.max(Report.checked_at))
        .join(Task, Task.id == Report.task_id)
        .where(Report.current, Report.outcome == "returned", Task.state == "open")
        .where(or_(Task.last_report_at.is_(None), Report.sent_at > Task.last_report_at))
        .group_by(Report.task_id)
    )
    if tasks is not None:
        found = found.where(Report.task_id.in_(tasks))
    return {task: local_day(at) for task, at in await session.execute(found) if at}


def _returned() -> Any:
    """By task, when the last report was sent of those that were returned: they are no silence."""
    return (
        select(Report.task_id, func.max(Report.sent_at).label("sent_at"))
        .where(Report.current, Report.outcome == "returned")
        .group_by(Report.task_id)
        .subquery()
    )


async def _given(session: Session) -> _Given:
    """Reminders given for the present dates; the steps before the date whatever was reported."""
    returned = _returned()
    unanswered = and_(
        or_(Task.last_report_at.is_(None), Digest.planned_at > Task.last_report_at),
        or_(returned.c.sent_at.is_(None), Digest.planned_at > returned.c.sent_at),
    )
    base = (
        select(Nudge.task_id, Nudge.person_id)
        .join(Task, Task.id == Nudge.task_id)
        .join(Digest, Digest.id == Nudge.digest_id)
        .outerjoin(returned, returned.c.task_id == Nudge.task_id)
        .where(
            Task.state == "open",
            Nudge.due_version == Task.due_version,
            Nudge.state.in_(TOLD),
        )
    )
    told: dict[tuple[int, int], dict[str, date]] = {}
    escalated: dict[int, date] = {}
    steps = base.add_columns(Nudge.kind, func.max(Nudge.day))
    steps = steps.where(or_(unanswered, Nudge.kind.startswith("before:")))
    for task, person, kind, step in await session.execute(
        steps.group_by(Nudge.task_id, Nudge.person_id, Nudge.kind)
    ):
        if kind == "escalated":
            escalated[task] = max(step, escalated.get(task, step))
        else:
            told.setdefault((task, person), {})[kind] = step
    days = base.add_columns(
        func.count(Digest.day.distinct()), func.min(Digest.day), func.max(Digest.day)
    )
    rows = await session.execute(
        days.where(unanswered, Nudge.kind.in_(DEMANDS)).group_by(Nudge.task_id, Nudge.person_id)
    )
    silences = {(task, person): Silence(*facts) for task, person, *facts in rows}
    return _Given(told, silences, escalated)
