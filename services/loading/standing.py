"""What stands before a workbook is loaded, by code, and how far the one who loads it may reach."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, Literal

from sqlalchemy import or_, select

from models.database import Session
from models.organisation import Holding, Oversight, Person, Post, Unit, UnitPredecessor
from models.task import Programme
from services import audit
from services.access import Actor
from services.errors import Refused
from services.loading.rows import UNREAD, Findings, Place, Tally, UnitRow, Workbook, is_unread, key
from vietnamese.zone import local_day

TABLES = ("units", "people", "posts", "holdings", "programmes", "tasks")
NOT_A_CLERK = "Chỉ văn phòng hoặc quản trị được nạp tệp. Đồng chí gửi tệp cho văn phòng nạp giúp."


@dataclass
class Standing:
    """All units, people, posts and programmes; rows by the keys of their codes."""

    actor: Actor | None
    now: datetime
    today: date
    units: dict[str, Unit] = field(default_factory=dict)
    unit_keys: dict[int, str] = field(default_factory=dict)
    predecessors: dict[int, set[int]] = field(default_factory=lambda: defaultdict(set))
    people: dict[str, Person] = field(default_factory=dict)
    person_keys: dict[int, str] = field(default_factory=dict)
    posts: dict[str, Post] = field(default_factory=dict)
    holdings: dict[int, list[Holding]] = field(default_factory=lambda: defaultdict(list))
    new_holdings: list[tuple[Holding, dict[str, Any]]] = field(default_factory=list)
    """Added, not yet numbered, with what the audit will keep."""
    oversight: dict[int, dict[int, Oversight]] = field(default_factory=lambda: defaultdict(dict))
    """Post → unit → the row, of oversight over whole units."""
    programmes: dict[tuple[str, str, int], Programme] = field(default_factory=dict)
    """By the keys of number and unit, and the year of issue: numbers begin again every year."""
    parents: dict[str, str] = field(default_factory=dict)
    """Unit → the unit above ("": none), as it will be after loading."""
    reach: frozenset[str] | None = None
    """The units whose subtrees may be changed; None: all."""
    tallies: dict[str, Tally] = field(default_factory=lambda: {name: Tally() for name in TABLES})

    def may_change(self, unit: str) -> bool:
        """Whether a unit (by key) lies in a subtree of the one who loads."""
        if self.reach is None:
            return True
        seen: set[str] = set()
        while unit and unit not in seen:
            if unit in self.reach or is_unread(unit):
                return True
            seen.add(unit)
            unit = self.parents.get(unit, "")
        return False

    def note(
        self,
        session: Session,
        what: Literal["added", "changed"],
        table: str,
        kind: str,
        thing_id: int,
        before: Mapping[str, Any] | None,
        after: Mapping[str, Any],
        post_id: int | None = None,
    ) -> None:
        """Count a change and write its audit line."""
        self.tallies[table].count(what)
        audit.record(
            session,
            self.actor,
            "load_add" if what == "added" else "load_change",
            kind,
            thing_id,
            now=self.now,
            before=dict(before) if before is not None else None,
            after=dict(after),
            post_id=post_id,
        )


def foreign(findings: Findings, at: Place, name: str) -> None:
    findings.fault(
        at, name, "ngoài phạm vi được giao nhập liệu", "đơn vị của mình hoặc đơn vị trực thuộc"
    )


async def read_standing(
    session: Session, actor: Actor | None, content: Workbook, now: datetime
) -> Standing:
    """Read it all at once: a province's organisation is some thousand rows.

    Raises Refused for an actor who is neither clerk nor administrator.
    """
    found = Standing(actor, now, local_day(now))
    for unit in await session.scalars(select(Unit)):
        found.units[key(unit.code)] = unit
        found.unit_keys[unit.id] = key(unit.code)
    for link in await session.scalars(select(UnitPredecessor)):
        found.predecessors[link.unit_id].add(link.predecessor_id)
    for person in await session.scalars(select(Person)):
        found.people[key(person.code)] = person
        found.person_keys[person.id] = key(person.code)
    for post in await session.scalars(select(Post)):
        found.posts[key(post.code)] = post
    for holding in await session.scalars(select(Holding).order_by(Holding.from_day, Holding.id)):
        found.holdings[holding.post_id].append(holding)
    overseen = or_(Oversight.task_id.is_not(None), Oversight.tag.is_not(None))
    for row in await session.scalars(select(Oversight).where(~overseen)):
        if row.unit_id is not None:
            found.oversight[row.post_id][row.unit_id] = row
    for programme in await session.scalars(select(Programme)):
        unit_key, year = found.unit_keys[programme.unit_id], programme.issued_on.year
        found.programmes[key(programme.number), unit_key, year] = programme
    found.parents = _parents(found, content.units)
    if actor:
        ids = {post.unit_id for post in actor.posts if post.kind in ("clerk", "admin")}
        if not ids:
            raise Refused(NOT_A_CLERK)
        found.reach = frozenset(found.unit_keys[unit_id] for unit_id in ids)
    return found


def _parents(standing: Standing, rows: tuple[UnitRow, ...]) -> dict[str, str]:
    parents = {
        code: standing.unit_keys[unit.parent_id] if unit.parent_id else ""
        for code, unit in standing.units.items()
    }
    for row in rows:
        if "parent" in row.at.unread:
            parents[key(row.code)] = f"{UNREAD}{row.at.row}"
        elif row.at.has("parent") or key(row.code) not in parents:
            parents[key(row.code)] = key(row.parent)
    return parents


def difference(thing: object, wanted: Mapping[str, Any]) -> dict[str, Any]:
    """The wanted values that the thing does not have yet."""
    return {name: value for name, value in wanted.items() if getattr(thing, name) != value}
