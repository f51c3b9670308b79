"""A digest as it is when its turn comes: what of it is still true (promise 5, pitfall 25)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import select

from models.database import Session
from models.nudge import Digest, Nudge
from models.organisation import Person, Unit
from models.task import Task
from services.access import Actor, actor_of, followed_tasks
from services.reminders.facts import TOLD, away_on, holders_on, returned_on, waits_for_check
from vietnamese.zone import local_day

ESCALATED = "escalated"


@dataclass(frozen=True)
class Item:
    """One reminder that is still true, with its task as it stands."""

    nudge_id: int
    kind: str
    step: date
    ordinal: int
    task_id: int
    code: str
    title: str
    due: date | None
    cadence: str
    measure: str
    measure_unit: str
    target: Decimal
    direction: str
    value: Decimal | None
    last_report: date | None
    returned: date | None
    """When a later report was returned, to be completed."""
    owner: str
    """Who holds the accountable post: for a supervisor, who has to be asked."""


@dataclass(frozen=True)
class DigestView:
    """A digest with what is still true of it. `gone`: reminders that no longer are."""

    id: int
    day: date
    kind: str
    actor: Actor
    items: Sequence[Item]
    gone: Sequence[int]
    last_told: datetime | None = None
    """When the digest before this one was made, of those that came through."""


async def read_digest(session: Session, digest_id: int, now: datetime) -> DigestView | None:
    """The digest as it is now; None: it is not there, or its person is on leave.

    A reminder is gone when its task was closed or got another date, was reported on since the
    plan was made, waits for its check, or is another person's now.
    """
    digest = await session.get(Digest, digest_id)
    if digest is None or digest.person_id in await away_on(session, local_day(now)):
        return None
    person = await session.get_one(Person, digest.person_id)
    actor = await actor_of(session, person, "system", now)
    nudges = (
        await session.scalars(
            select(Nudge).where(Nudge.digest_id == digest_id).order_by(Nudge.task_id, Nudge.id)
        )
    ).all()
    tasks = await _open_tasks(session, {nudge.task_id for nudge in nudges})
    posts = [task.owner_post_id for task in tasks.values()]
    holders = await holders_on(session, local_day(now), posts)
    escalated = [nudge.task_id for nudge in nudges if nudge.kind == ESCALATED]
    followed = await _followed(session, actor, escalated, tasks, holders)
    names = await _names(session, set(holders.values()))
    returned = await returned_on(session, tasks)
    items: list[Item] = []
    gone: list[int] = []
    for nudge in nudges:
        task = tasks.get(nudge.task_id)
        if task is None or not _still(nudge, task, digest.planned_at):
            gone.append(nudge.id)
            continue
        holder = holders.get(task.owner_post_id)
        theirs = nudge.task_id in followed if nudge.kind == ESCALATED else holder == person.id
        if theirs:
            items.append(_item(nudge, task, names.get(holder or 0, ""), returned.get(task.id)))
        else:
            gone.append(nudge.id)
    last = await _last_told(session, digest)
    return DigestView(digest.id, digest.day, digest.kind, actor, items, gone, last)


async def _last_told(session: Session, digest: Digest) -> datetime | None:
    return await session.scalar(
        select(Digest.planned_at)
        .where(Digest.person_id == digest.person_id, Digest.day < digest.day)
        .where(Digest.state.in_(("sent", "unknown")))
        .order_by(Digest.day.desc())
        .limit(1)
    )


def _still(nudge: Nudge, task: Task, planned_at: datetime) -> bool:
    reported = task.last_report_at is not None and task.last_report_at > planned_at
    checking = waits_for_check(task.percent, task.unchecked)
    return nudge.due_version == task.due_version and not reported and not checking


async def _open_tasks(session: Session, ids: set[int]) -> dict[int, Task]:
    if not ids:
        return {}
    # What this session may remember of a task must not hide what has changed since.
    rows = await session.scalars(
        select(Task)
        .where(Task.id.in_(ids), Task.state == "open")
        .execution_options(populate_existing=True)
    )
    return {task.id: task for task in rows}


async def _followed(
    session: Session,
    actor: Actor,
    escalated: Sequence[int],
    tasks: Mapping[int, Task],
    holders: Mapping[int, int],
) -> set[int]:
    """Escalated tasks that the actor may follow, and whose present holder is the one reminded."""
    if not escalated:
        return set()
    rows = await session.execute(
        select(Task.id, Nudge.person_id)
        .join(Unit, Unit.id == Task.unit_id)
        .join(Nudge, Nudge.task_id == Task.id)
        .where(Task.id.in_(escalated), followed_tasks(actor))
        .where(Nudge.kind != ESCALATED, Nudge.state.in_(TOLD))
        .distinct()
    )
    return {
        task for task, person in rows
        if task in tasks and holders.get(tasks[task].owner_post_id) == person
    }  # fmt: skip


async def _names(session: Session, people: set[int]) -> dict[int, str]:
    if not people:
        return {}
    rows = await session.execute(select(Person.id, Person.name).where(Person.id.in_(people)))
    return dict(rows.all())


def _item(nudge: Nudge, task: Task, owner: str, returned: date | None) -> Item:
    facts: dict[str, Any] = {
        name: getattr(task, name)
        for name in (
            "code", "title", "due", "cadence", "measure", "measure_unit", "target",
            "direction", "value",
        )
    }  # fmt: skip
    return Item(
        nudge_id=nudge.id,
        kind=nudge.kind,
        step=nudge.day,
        ordinal=nudge.ordinal,
        task_id=task.id,
        last_report=local_day(task.last_report_at) if task.last_report_at else None,
        returned=returned,
        owner=owner,
        **facts,
    )
