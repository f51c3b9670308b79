"""Who follows which open tasks: for escalation, and for the leader's own digest (mission §4).

A task is followed by its focal point or director (E08, B07), by who oversees it or a unit it
belongs to (D07, E09), and by the leaders of its unit and of those above.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import and_, select

from models.database import Session
from models.organisation import Oversight, Post, Unit
from models.task import Task, TaskRole


@dataclass
class Following:
    """Who follows what, from posts, oversight, roles and the tree (E08, E09, D07)."""

    paths: dict[int, tuple[int, ...]]
    """unit → the units from the root to it."""
    leaders: dict[int, list[int]]
    by_task: dict[int, list[int]]
    by_unit: dict[int | None, list[tuple[int, str | None]]]
    """unit (None: all of them) → who oversees it, and only which field (lĩnh vực), if one."""

    @classmethod
    async def load(cls, session: Session, holders: Mapping[int, int]) -> Following:
        units = await session.execute(select(Unit.id, Unit.path))
        found = cls(
            {unit: tuple(int(part) for part in path.split("/") if part) for unit, path in units},
            {}, {}, {},
        )  # fmt: skip
        posts = await session.execute(
            select(Post.id, Post.unit_id).where(Post.kind == "leader").order_by(Post.id)
        )
        for post, unit in posts:
            if post in holders:
                found.leaders.setdefault(unit, []).append(holders[post])
        roles = await session.execute(
            select(TaskRole.task_id, TaskRole.post_id)
            .join(Task, and_(Task.id == TaskRole.task_id, Task.state == "open"))
            .where(TaskRole.role.in_(("focal", "director")))
            .order_by(TaskRole.role.desc(), TaskRole.post_id)
        )
        for task, post in roles:
            if post in holders:
                found.by_task.setdefault(task, []).append(holders[post])
        for row in await session.scalars(select(Oversight).order_by(Oversight.id)):
            person = holders.get(row.post_id)
            if person and row.task_id:
                found.by_task.setdefault(row.task_id, []).append(person)
            elif person and (row.unit_id or row.tag):
                found.by_unit.setdefault(row.unit_id, []).append((person, row.tag))
        return found

    def supervisors(self, row: Any, owner: int | None) -> tuple[int, ...]:
        """The focal point or overseer of the task, of its unit, else leaders, going up."""
        near = self._overseers(row)
        for unit in self.paths[row.unit_id][::-1]:
            near += self.leaders.get(unit, ())
        return tuple(person for person in dict.fromkeys(near) if person != owner)

    def followers(self, tasks: Sequence[tuple[Any, int | None]]) -> frozenset[int]:
        """Everybody with an open task of somebody else in their area."""
        owners: dict[int, set[int | None]] = {}
        found: set[int] = set()
        for row, owner in tasks:
            for unit in self.paths[row.unit_id]:
                owners.setdefault(unit, set()).add(owner)
            found |= {person for person in self._overseers(row) if person != owner}
        for unit, others in owners.items():
            found |= {person for person in self.leaders.get(unit, ()) if others - {person}}
        return frozenset(found)

    def _overseers(self, row: Any) -> list[int]:
        """The focal point or overseer of the task, then of its unit and above, then of its field."""
        near = list(self.by_task.get(row.id, ()))
        for unit in (*self.paths[row.unit_id][::-1], None):
            near += [p for p, tag in self.by_unit.get(unit, ()) if tag is None or tag in row.tags]
        return near
