"""Tasks as people see them: their own, and those they follow."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import ColumnElement, or_, select

from models.database import Session
from models.organisation import Holding, Person, Post, Unit, holder_of
from models.report import Obstacle, Report
from models.task import LARGEST_PERCENT, Programme, Task, TaskRole
from services.access import Actor, own_tasks, readable_task, visible_tasks

__all__ = [
    "LARGEST_PERCENT", "Obstacle", "Report", "Task", "TaskCard", "checker_of", "closed_tasks",
    "enterable_tasks", "history", "my_open_tasks", "open_obstacles", "report_before", "task_card", "unit_names",
    "visible_open_tasks",
]  # fmt: skip


@dataclass(frozen=True)
class TaskCard:
    """A task with what is shown about it."""

    task: Task
    owner: str
    post: str
    unit: str
    programme: str


async def my_open_tasks(session: Session, actor: Actor) -> list[Task]:
    """The open tasks of the actor's own posts, in the order of their programmes."""
    rows = await session.scalars(
        select(Task)
        .where(own_tasks(actor), Task.state == "open")
        .order_by(Task.programme_id, Task.id)
    )
    return list(rows)


async def enterable_tasks(session: Session, actor: Actor, limit: int = 500) -> list[Task]:
    """Open tasks a clerk may enter reports for; for all others their own."""
    paths = actor.paths("clerk")
    under: list[ColumnElement[bool]] = [
        Unit.path.startswith(path, autoescape=True) for path in paths
    ]
    rows = await session.scalars(
        select(Task)
        .join(Unit, Unit.id == Task.unit_id)
        .where(or_(own_tasks(actor), *under), Task.state == "open")
        .order_by(Task.programme_id, Task.id)
        .limit(limit)
    )
    return list(rows)


async def visible_open_tasks(session: Session, actor: Actor, limit: int = 5000) -> list[Task]:
    """All open tasks the actor may read."""
    rows = await session.scalars(
        select(Task)
        .join(Unit, Unit.id == Task.unit_id)
        .where(visible_tasks(actor), Task.state == "open")
        .order_by(Task.programme_id, Task.id)
        .limit(limit)
    )
    return list(rows)


async def closed_tasks(session: Session, actor: Actor, limit: int = 5000) -> list[Task]:
    """All tasks the actor may read that are over, the last one first."""
    rows = await session.scalars(
        select(Task)
        .join(Unit, Unit.id == Task.unit_id)
        .where(visible_tasks(actor), Task.state != "open", Task.closed_on.is_not(None))
        .order_by(Task.closed_on.desc(), Task.id)
        .limit(limit)
    )
    return list(rows)


async def unit_names(session: Session, tasks: Sequence[Task]) -> dict[int, str]:
    """The names of the units of these tasks, by unit id."""
    rows = await session.execute(
        select(Unit.id, Unit.name).where(Unit.id.in_({task.unit_id for task in tasks}))
    )
    return dict(rows.all())


async def report_before(session: Session, task: Task, number: int) -> Report | None:
    """The report on this task that counts before BC-<number> (rights: as above)."""
    return await session.scalar(
        select(Report)
        .where(
            Report.task_id == task.id,
            Report.current,
            Report.number < number,
            or_(Report.outcome.is_(None), Report.outcome == "accepted"),
            Report.value.is_not(None),
        )
        .order_by(Report.number.desc())
        .limit(1)
    )


async def task_card(session: Session, actor: Actor, task_id: int) -> TaskCard:
    """One task with its people. Raises Refused for what the actor may not read."""
    task = await readable_task(session, actor, task_id)
    post, unit = (
        await session.execute(
            select(Post.title, Unit.name)
            .join(Unit, Unit.id == Post.unit_id)
            .where(Post.id == task.owner_post_id)
        )
    ).one()
    owner = await holder_of(session, task.owner_post_id, actor.day)
    programme = await session.get_one(Programme, task.programme_id)
    return TaskCard(
        task,
        owner.name if owner else "",
        post,
        unit,
        programme.number,
    )


async def history(session: Session, task_id: int, limit: int = 5) -> Sequence[Report]:
    """The last reports of a task, newest first (rights: check the task before)."""
    rows = await session.scalars(
        select(Report)
        .where(Report.task_id == task_id, Report.current)
        .order_by(Report.sent_at.desc())
        .limit(limit)
    )
    return rows.all()


async def open_obstacles(session: Session, task_id: int) -> Sequence[Obstacle]:
    """What is stuck on a task, oldest first (rights: check the task before)."""
    rows = await session.scalars(
        select(Obstacle)
        .where(Obstacle.task_id == task_id, Obstacle.closed_at.is_(None))
        .order_by(Obstacle.raised_at)
    )
    return rows.all()


async def checker_of(
    session: Session, task: Task, owner: Person | None, day: date
) -> Person | None:
    """Who checks the reports of a task: its focal point or director, else the nearest leader.

    Never the owner, who holds the accountable post (D03).
    """
    own = owner.id if owner else 0
    focal = await session.scalar(
        select(Person)
        .join(Holding, Holding.person_id == Person.id)
        .join(TaskRole, TaskRole.post_id == Holding.post_id)
        .where(
            TaskRole.task_id == task.id,
            TaskRole.role.in_(("focal", "director")),
            Holding.held_on(day),
            Person.id != own,
        )
        .order_by(TaskRole.role.desc(), Person.id)
        .limit(1)
    )
    if focal:
        return focal
    unit = await session.get_one(Unit, task.unit_id)
    above = [int(part) for part in unit.path.strip("/").split("/")]
    rows = await session.execute(
        select(Person, Unit.path)
        .join(Holding, Holding.person_id == Person.id)
        .join(Post, Post.id == Holding.post_id)
        .join(Unit, Unit.id == Post.unit_id)
        .where(
            Post.unit_id.in_(above), Post.kind == "leader", Holding.held_on(day), Person.id != own
        )
        .order_by(Post.id)
    )
    leaders = [(len(path), person) for person, path in rows.all()]
    return max(leaders, key=lambda found: found[0])[1] if leaders else None
