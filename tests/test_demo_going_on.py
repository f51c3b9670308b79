"""How the demo goes on from its first morning, and that the benchmark's province holds together."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import func, select

from benchmarks.province import build_big
from bot.media_store import MediaStore
from demo.province import DEMO_START, build_province
from models.database import Database, Session
from models.organisation import Person, Unit
from models.report import Report, next_number
from models.task import BUCKETS, Task
from scheduler.calendar import Calendar
from scheduler.planner import MORNING, Rules, plan
from services.reminders import ledger as reminders_ledger
from services.reminders.facts import PlannedDigest, facts_of
from services.reports import refresh_task
from vietnamese.zone import local_day

CHANNEL = "demo"
MORNING_25 = DEMO_START + timedelta(days=2)


async def test_versions_and_numbers_have_no_gap_and_go_on(database: Database) -> None:
    await build_province(database, MediaStore("memory://"), channel=CHANNEL)
    async with database.begin() as session:
        rows = (
            await session.execute(
                select(Report.number, Report.version, Report.current, Report.sent_at).order_by(
                    Report.number, Report.version
                )
            )
        ).all()
        versions: dict[int, list[tuple[bool, datetime]]] = {}
        for number, version, current, sent_at in rows:
            versions.setdefault(number, []).append((current, sent_at))
            assert version == len(versions[number])
        assert list(versions) == list(range(1, len(versions) + 1))
        assert any(len(parts) == 2 for parts in versions.values())
        for parts in versions.values():
            assert [current for current, _ in parts] == [False] * (len(parts) - 1) + [True]
            assert sorted(parts, key=lambda part: part[1]) == parts
        firsts = [parts[0][1] for parts in versions.values()]
        assert firsts == sorted(firsts)
        assert await next_number(session, "report") == len(versions) + 1


async def test_new_rows_can_be_added_behind_the_numbered_ones(database: Database) -> None:
    await build_province(database, MediaStore("memory://"), channel=CHANNEL)
    async with database.begin() as session:
        last = await session.scalar(select(func.max(Person.id)))
        session.add(Person(code="moi", name="Nguyễn Văn Z", folded="nguyen van z", pseudonym="z"))
        await session.flush()
        assert await session.scalar(select(func.max(Person.id))) == (last or 0) + 1


async def _plan(session: Session, day: date) -> list[PlannedDigest]:
    return plan(await facts_of(session, day, [CHANNEL]), MORNING, Calendar(), Rules())


async def test_on_the_next_working_morning_some_are_reminded_and_most_are_not(
    database: Database,
) -> None:
    await build_province(database, MediaStore("memory://"), channel=CHANNEL)
    calendar = Calendar()
    assert calendar.next_working(local_day(DEMO_START)) == local_day(MORNING_25)
    async with database.begin() as session:
        await reminders_ledger.write(
            session, await _plan(session, local_day(DEMO_START)), DEMO_START, [CHANNEL]
        )
    async with database.begin() as session:
        people = {person.id: person.code for person in await session.scalars(select(Person))}
        tasks = {task.id: task.code for task in await session.scalars(select(Task))}
        due = {
            people[digest.person_id]: {(tasks[one.task_id], one.kind) for one in digest.nudges}
            for digest in await _plan(session, local_day(MORNING_25))
        }
    assert due["pct-phu-luu"] == {("NV-03", "report"), ("NV-07", "report")}
    assert 5 <= len(due) <= len(people) // 3
    assert "pct-bach-xa" not in due  # on leave


def _row(task: Task) -> dict[str, Any]:
    return {column.key: getattr(task, column.key) for column in Task.__table__.columns}


async def test_the_big_province_of_the_benchmarks_holds_together(database: Database) -> None:
    built = await build_big(database, 5_000)
    assert (built.people, built.tasks, built.reports) == (1_860, 4_028, 5_000)
    async with database.begin() as session:
        tasks = (await session.scalars(select(Task).where(Task.id <= 200))).all()
        before = [_row(task) for task in tasks]
        for task in tasks:
            await refresh_task(session, task)
        assert [_row(task) for task in tasks] == before
        assert {task.bucket for task in tasks} == set(BUCKETS)
        assert await next_number(session, "report") == 5_001
        communes = select(func.count()).select_from(Unit).where(Unit.kind == "commune")
        assert await session.scalar(communes) == 124
