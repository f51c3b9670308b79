"""The demo province, put into an empty database in one go."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select

from bot.media_store import MediaStore
from demo.calendar import DEMO_START
from demo.people import People, build_people
from demo.photos import Album, take_photos
from demo.reports import Told, tell_reports
from demo.tasks import Plan, build_tasks
from demo.units import build_units
from models.audit import Audit
from models.base import Base
from models.database import Database, Session
from models.organisation import Holding, Person, Post, Unit, UnitPredecessor
from models.report import Counter
from vietnamese.zone import local_day
from web.parts import Chair

__all__ = ["DEMO_START", "build_province", "chairs"]

HOME = "phu-luu"
"""The commune that is told in full."""


@dataclass(frozen=True)
class Province:
    """All rows of the demo, numbered, and its photos."""

    units: dict[str, Unit]
    before: list[UnitPredecessor]
    people: People
    plan: Plan
    told: Told
    album: Album


def imagine_province(channel: str) -> Province:
    """Everything, in memory; the same for every call with the same channel."""
    units, before = build_units()
    people = build_people(units, channel)
    plan = build_tasks(units, people)
    told = tell_reports(plan, people)
    album = take_photos(
        told.reports,
        {task.id: task for task in plan.tasks},
        {unit.id: unit for unit in units.values()},
        {person.id: person for person in people.persons.values()},
        channel,
        HOME,
    )
    return Province(units, before, people, plan, told, album)


async def build_province(
    database: Database,
    store: MediaStore,
    *,
    channel: str,
    clock_start: datetime = DEMO_START,
) -> None:
    """Fill an empty, migrated database; all but one person get the chat (channel, their code).

    What is told ends on the Sunday before DEMO_START; `clock_start` stamps the audit line only.
    """
    province = await asyncio.to_thread(imagine_province, channel)
    # Photos first: a transaction never spans a file write.
    for sha, photo in province.album.photos.items():
        await store.keep(photo.data)
        await store.keep_copies(sha, photo.prepared)
    async with database.begin() as session:
        await _write(session, province, clock_start)
        if not database.is_sqlite:
            await _count_on(session)


async def _write(session: Session, province: Province, now: datetime) -> None:
    people, plan, told, album = province.people, province.plan, province.told, province.album
    made = Audit(
        at=now,
        who="system",
        channel="system",
        action="build_demo",
        kind="unit",
        thing_id=1,
        after={"tasks": len(plan.tasks), "reports": told.last_number},
    )
    tables: tuple[Sequence[Base], ...] = (
        list(province.units.values()),
        province.before,
        list(people.persons.values()),
        list(people.posts.values()),
        people.holdings,
        people.oversights,
        people.accounts,
        people.leaves,
        plan.programmes,
        plan.tasks,
        plan.roles,
        told.reports,
        album.media,
        album.evidence,
        told.obstacles,
        [Counter(name="report", value=told.last_number), made],
    )
    for rows in tables:  # in this order: what is referred to comes first
        session.add_all(rows)
        await session.flush()


async def _count_on(session: Session) -> None:
    """PostgreSQL: the rows brought their own numbers, so its counters go on behind them."""
    for table in Base.metadata.sorted_tables:
        if "id" in table.c:
            last = await session.scalar(select(func.max(table.c.id)))
            sequence = func.pg_get_serial_sequence(table.name, "id")
            if last:
                await session.execute(select(func.setval(sequence, last)))


async def chairs(session: Session, now: datetime = DEMO_START) -> list[Chair]:
    """Every post that is held, with its holder, in the order of the unit tree.

    Somebody who holds two posts has two chairs and one chat, `person_code`.
    """
    rows = await session.execute(
        select(Unit.path, Post, Person.name, Unit.name, Person.code)
        .join(Post, Post.unit_id == Unit.id)
        .join(Holding, Holding.post_id == Post.id)
        .join(Person, Person.id == Holding.person_id)
        .where(Holding.held_on(local_day(now)))
        .order_by(Post.id)
    )
    # As numbers: "/1/10/" comes behind "/1/9/".
    ordered = sorted(rows, key=lambda row: [int(n) for n in row[0].strip("/").split("/")])
    return [
        Chair(post.code, name, post.title, unit, person) for _, post, name, unit, person in ordered
    ]
