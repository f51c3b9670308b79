"""The whole picture taken apart, by unit and by person: the parts add up to it again.

Parts are told apart by who they are, never by what they are called: names repeat, of people and of
units. What they are called then says as much as is needed to tell them apart on the screen.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Hashable, Iterable, Mapping, Sequence
from datetime import date
from typing import TypeVar

from sqlalchemy import select

from models.database import Session
from models.organisation import Person, Post, Unit
from services.access import Actor
from services.summary import Figures, Line, Summary, area_paths, holders
from vietnamese.letters import fold
from vietnamese.zone import local_day

__all__ = ["Unit", "by_person", "by_unit", "owners", "unit_labels", "units_below"]

_Key = TypeVar("_Key", bound=Hashable)
_BELOW_THE_TOP = 2
"""How deep the units stand that an area without a unit (a field) is taken apart by."""


async def by_unit(session: Session, summary: Summary) -> dict[str, Figures]:
    """By the units one level below the area, each with all below it: as `tổng kết <unit>` counts.

    What the area's own unit does itself stands beside them. Several areas: one part each.
    """
    units = await _units(session)
    groups = _grouped(
        (_part(units[line.unit_id].path, summary.areas), line) for line in summary.lines
    )
    labels = _unit_labels([units[unit_id] for unit_id in groups], units)
    if len(summary.areas) == 1 and len(groups) > 1:
        own = _last(summary.areas[0])
        if own in labels:
            labels[own] += " (không tính đơn vị dưới)"
    return {labels[unit_id]: group for unit_id, group in groups.items()}


async def by_person(session: Session, summary: Summary) -> tuple[dict[str, Figures], Figures]:
    """By who holds each accountable post at the time of the picture, and what nobody holds."""
    posts = {line.post_id for line in summary.lines}
    held = await holders(session, posts, local_day(summary.at))
    groups = _grouped((held.get(line.post_id), line) for line in summary.lines)
    nobody = groups.pop(None, Figures())
    labels = await _person_labels(session, held)
    return {labels[person]: group for person, group in groups.items() if person}, nobody


async def owners(session: Session, lines: Sequence[Line], on: date) -> dict[int, str]:
    """Who holds the accountable posts of these tasks, by post."""
    held = await holders(session, {line.post_id for line in lines}, on)
    people = await session.scalars(select(Person).where(Person.id.in_(set(held.values()))))
    names = {person.id: person.name for person in people}
    return {post: names[person] for post, person in held.items() if person in names}


async def units_below(session: Session, actor: Actor, on: date) -> list[Unit]:
    """The units of the actor's area, to pick one by name."""
    paths = area_paths(actor)
    rows = await session.scalars(
        select(Unit).where(Unit.valid_to.is_(None) | (Unit.valid_to >= on)).order_by(Unit.path)
    )
    return [unit for unit in rows if any(unit.path.startswith(path) for path in paths)]


async def unit_labels(session: Session, units: Sequence[Unit]) -> dict[int, str]:
    """The units' names, by id; where one repeats, with the unit above it."""
    return _unit_labels(units, await _units(session))


async def _units(session: Session) -> dict[int, Unit]:
    return {unit.id: unit for unit in await session.scalars(select(Unit))}


def _last(path: str) -> int:
    return int(path.rstrip("/").rpartition("/")[2])


def _part(path: str, areas: tuple[str, ...]) -> int:
    """The id of the unit that a task of the unit at `path` is counted under."""
    area = next((one for one in areas if one != "/" and path.startswith(one)), None)
    steps = path.strip("/").split("/")
    if area is None:
        return int(steps[min(_BELOW_THE_TOP, len(steps)) - 1])
    if len(areas) > 1 or path == area:
        return _last(area)
    return int(steps[area.count("/") - 1])


def _grouped(pairs: Iterable[tuple[_Key, Line]]) -> dict[_Key, Figures]:
    groups: defaultdict[_Key, Figures] = defaultdict(Figures)
    for key, line in pairs:
        groups[key].add(line)
    return dict(groups)


def _told_apart(names: Mapping[int, Sequence[str]]) -> dict[int, str]:
    """For each the first of its names, or a later one as long as another has the same."""
    labels = {one: known[0] for one, known in names.items()}
    for step in range(1, max(map(len, names.values()), default=0)):
        times = Counter(labels.values())
        for one, known in names.items():
            if times[labels[one]] > 1:
                labels[one] = known[min(step, len(known) - 1)]
    return labels


def _unit_labels(units: Iterable[Unit], everything: Mapping[int, Unit]) -> dict[int, str]:
    names = {}
    for unit in units:
        above = everything.get(unit.parent_id or 0)
        longer = f"{unit.name}, {above.name}" if above else unit.name
        names[unit.id] = (unit.name, longer, f"{longer} ({unit.code})")
    return _told_apart(names)


async def _person_labels(session: Session, held: Mapping[int, int]) -> dict[int, str]:
    """ "Nguyễn Văn A (Phó Chủ tịch UBND xã, Xã Phù Lưu)", with all posts held in the picture."""
    rows = (
        await session.execute(
            select(Post.id, Post.title, Unit)
            .join(Unit, Unit.id == Post.unit_id)
            .where(Post.id.in_(held))
            .order_by(Unit.path, Post.id)
        )
    ).all()
    units = _unit_labels({unit.id: unit for *_, unit in rows}.values(), await _units(session))
    posts = defaultdict(list)
    for post_id, title, unit in rows:
        said = fold(units[unit.id]) in fold(title)  # "Trưởng thôn Pác Cáp" says where
        posts[held[post_id]].append(title if said else f"{title}, {units[unit.id]}")
    people = await session.scalars(select(Person).where(Person.id.in_(set(held.values()))))
    names = {}
    for person in people:
        label = f"{person.name} ({'; '.join(posts[person.id])})"
        names[person.id] = (label, f"{label} – {person.code}")
    return _told_apart(names)
