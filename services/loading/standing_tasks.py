"""The tasks that stand before a workbook is loaded, with their roles and what files said of them."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field, replace
from typing import Any

from sqlalchemy import select

from models.audit import Audit
from models.database import Session
from models.task import Task, TaskRole, snapshot
from services.loading.programmes import Known, Numbers
from services.loading.rows import Findings, TaskRow, Workbook, key
from services.loading.standing import Standing

ROLES = ("supporting", "focal", "director", "advising")
_OPTIONAL = (
    "product", "tags", "origin", "measure_unit", "direction", "baseline", "target", "criteria",
    "start", "due", "cadence", "cadence_day",
)  # fmt: skip
_AT_ONCE = 500


@dataclass
class StandingTasks:
    """The tasks of the programmes that the file names, with their roles and last loading."""

    tasks: dict[tuple[Known, str], Task] = field(default_factory=dict)
    roles: dict[int, dict[str, dict[int, TaskRole]]] = field(default_factory=dict)
    """Task → role → post → the row."""
    said: dict[int, dict[str, Any]] = field(default_factory=dict)
    """Task → what the file said of it at the last loading."""


async def read_tasks(
    session: Session, content: Workbook, standing: Standing, numbers: Numbers
) -> StandingTasks:
    """What stands of the programmes that the rows name."""
    found = StandingTasks()
    names = {row.programme for row in content.tasks}
    knowns = {numbers.find(name, _nowhere(content), "programme", Findings()) for name in names}
    ids = {standing.programmes[one].id: one for one in knowns if one in standing.programmes}
    for some in _chunks(sorted(ids)):
        for task in await session.scalars(select(Task).where(Task.programme_id.in_(some))):
            found.tasks[ids[task.programme_id], key(task.code)] = task
    for some in _chunks([task.id for task in found.tasks.values()]):
        for role in await session.scalars(select(TaskRole).where(TaskRole.task_id.in_(some))):
            of_task = found.roles.setdefault(role.task_id, defaultdict(dict))
            of_task[role.role][role.post_id] = role
        loaded = await session.execute(
            select(Audit.thing_id, Audit.after)
            .where(Audit.kind == "task", Audit.thing_id.in_(some), Audit.action.startswith("load_"))
            .order_by(Audit.id)
        )
        found.said |= {task_id: (after or {}).get("loaded", {}) for task_id, after in loaded}
    return found


def _nowhere(content: Workbook) -> Any:
    return content.tasks[0].at if content.tasks else None


def _chunks(ids: list[int]) -> list[list[int]]:
    return [ids[at : at + _AT_ONCE] for at in range(0, len(ids), _AT_ONCE)]


def completed(row: TaskRow, task: Task | None) -> TaskRow:
    """The row with what stands in place of columns that the file does not have."""
    if task is None:
        return row
    absent: dict[str, Any] = {}
    for name in _OPTIONAL:
        if not row.at.has(name):
            value = getattr(task, name)
            absent[name] = tuple(value) if isinstance(value, list) else value
    return replace(row, **absent)


def facts_of(task: Task, stands: StandingTasks) -> dict[str, Any]:
    """What the audit keeps of a task: its snapshot, its dates' history and its roles."""
    roles = stands.roles.get(task.id, {})
    return snapshot(task) | {
        "criteria": task.criteria,
        "first_due": task.first_due,
        "due_version": task.due_version,
        "roles": {role: sorted(posts) for role, posts in sorted(roles.items()) if posts},
    }
