"""The facts of a leader's own digest: the area at one moment (mission §4).

It reads the task rows and the few reports of the day, never all reports.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import case, exists, func, select

from models.cadence import silent_since
from models.database import Session
from models.organisation import Post, Unit
from models.report import Obstacle, Report
from models.task import Task, TaskRole
from services.access import Actor, checkable_tasks, followed_tasks
from services.reminders.facts import holders_on
from services.reminders.reach import Unreachable, unreachable
from vietnamese.zone import local_day


@dataclass(frozen=True)
class FollowedTask:
    """An open task of the area. `silent_since`: the report day that passed without a report."""

    id: int
    code: str
    title: str
    start: date
    due: date | None
    measure: str
    percent: Decimal | None
    last_report: date | None
    silent_since: date | None
    waits_for_check: bool
    unit: str


@dataclass(frozen=True)
class Stuck:
    """An open obstacle: since when, and who must unblock it ("unit", "above" or "")."""

    waits_for: str
    since: date


@dataclass(frozen=True)
class Vacant:
    """A post that nobody holds, and its open tasks by code."""

    post: str
    unit: str
    tasks: Sequence[str]


@dataclass(frozen=True)
class Picture:
    """The area as it is now. `received`: reports since `since`, `unread` of them unchecked."""

    area: str
    tasks: Sequence[FollowedTask]
    since: datetime
    received: int
    unread: int
    waiting: int
    """Reports that wait for this person's check."""
    waiting_since: date | None
    stuck: Sequence[Stuck]
    unreachable: Sequence[Unreachable]
    vacant: Sequence[Vacant] = ()


async def picture_of(
    session: Session, actor: Actor, now: datetime, since: datetime
) -> Picture | None:
    """The area of a leader, supervisor or focal point; None for everybody else.

    Somebody whose area holds nothing but their own tasks is nobody's leader: None as well.
    """
    if not await _follows(session, actor):
        return None
    scope = (
        select(Task.id)
        .join(Unit, Unit.id == Task.unit_id)
        .where(followed_tasks(actor), Task.state == "open")
    )
    rows = (
        await session.execute(
            scope.with_only_columns(
                Task.id, Task.code, Task.title, Task.start, Task.reports_from, Task.due,
                Task.measure, Task.percent,
                Task.unchecked, Task.cadence, Task.cadence_day, Task.last_report_at,
                Task.owner_post_id, Unit.name.label("unit"),
            ).order_by(Task.due, Task.id)
        )
    ).all()  # fmt: skip
    own = {post.id for post in actor.posts}
    if all(row.owner_post_id in own for row in rows):
        return None
    received, unread = await _received(session, actor, since)
    waiting, oldest = await _waiting(session, actor)
    stuck = await session.execute(
        select(Obstacle.waits_for, Obstacle.raised_at)
        .where(Obstacle.closed_at.is_(None), Obstacle.task_id.in_(scope))
        .order_by(Obstacle.raised_at)
    )
    return Picture(
        _area(actor),
        [_followed(row, local_day(now)) for row in rows],
        since,
        received,
        unread,
        waiting,
        oldest,
        [Stuck(waits_for, local_day(raised)) for waits_for, raised in stuck],
        await unreachable(session, actor, now),
        await _vacant(session, rows, local_day(now)),
    )


async def _vacant(session: Session, rows: Sequence[Any], day: date) -> list[Vacant]:
    """The posts of these tasks that nobody holds: nobody is reminded of them."""
    posts = {row.owner_post_id for row in rows}
    empty = posts - set(await holders_on(session, day, list(posts)))
    if not empty:
        return []
    named = await session.execute(
        select(Post.id, Post.title, Unit.name)
        .join(Unit, Unit.id == Post.unit_id)
        .where(Post.id.in_(empty))
        .order_by(Unit.path, Post.id)
    )
    return [
        Vacant(title, unit, [row.code for row in rows if row.owner_post_id == post])
        for post, title, unit in named
    ]


async def _follows(session: Session, actor: Actor) -> bool:
    if actor.is_any("leader", "supervisor") or actor.oversees_paths or actor.oversees_tasks:
        return True
    held = [post.id for post in actor.posts]
    roles = exists().where(TaskRole.post_id.in_(held), TaskRole.role.in_(("focal", "director")))
    return bool(await session.scalar(select(roles)))


def _area(actor: Actor) -> str:
    led = [post for post in actor.posts if post.kind == "leader"]
    return min(led, key=lambda post: len(post.unit_path)).unit_name if led else ""


def _followed(row: Any, today: date) -> FollowedTask:
    last = local_day(row.last_report_at) if row.last_report_at else None
    silent = silent_since(
        row.cadence,
        row.cadence_day,
        start=row.start,
        reports_from=row.reports_from,
        last_report=row.last_report_at,
        today=today,
    )
    return FollowedTask(
        row.id, row.code, row.title, row.start, row.due, row.measure, row.percent, last, silent,
        row.unchecked > 0, row.unit,
    )  # fmt: skip


async def _received(session: Session, actor: Actor, since: datetime) -> tuple[int, int]:
    """How many reports came since then, on closed tasks too; how many of them are unchecked."""
    tasks = select(Task.id).join(Unit, Unit.id == Task.unit_id).where(followed_tasks(actor))
    row = (
        await session.execute(
            select(func.count(), func.sum(case((Report.outcome.is_(None), 1), else_=0))).where(
                Report.task_id.in_(tasks), Report.current, Report.sent_at >= since
            )
        )
    ).one()
    return row[0], row[1] or 0


async def _waiting(session: Session, actor: Actor) -> tuple[int, date | None]:
    # The tasks first: there are few, while unchecked reports may be many over the years.
    tasks = (
        select(Task.id)
        .join(Unit, Unit.id == Task.unit_id)
        .where(checkable_tasks(actor), Task.unchecked > 0)
    )
    row = (
        await session.execute(
            select(func.count(), func.min(Report.sent_at)).where(
                Report.task_id.in_(tasks), Report.current, Report.outcome.is_(None)
            )
        )
    ).one()
    count, oldest = row
    return count, local_day(oldest) if count else None
