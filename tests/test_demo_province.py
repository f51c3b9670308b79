"""The demo province: the same every time, and every figure in it follows from its reports."""

from __future__ import annotations

import asyncio
import shutil
from collections import Counter
from collections.abc import AsyncIterator, Sequence
from datetime import date, time
from decimal import Decimal
from typing import Any

import psycopg
import pytest
from sqlalchemy import func, select

from bot.media_store import MediaStore
from bot.pictures import inspect, near
from demo.people import BLOCKED, NEVER_CONNECTED
from demo.province import DEMO_START, build_province, chairs, imagine_province
from models.account import Account
from models.base import Base
from models.database import Database, Session
from models.media import Media
from models.organisation import Holding, Person, Post, Unit, holder_of
from models.report import Evidence, Obstacle, Report
from models.task import BUCKETS, Programme, Task, bucket_of, percent_of_plan
from scheduler.calendar import Calendar
from services.access import actor_at
from services.reports import refresh_task
from services.summary import check_sums, summarise
from services.tasks import checker_of, my_open_tasks
from vietnamese.zone import local, local_day

CHANNEL = "demo"


async def _build(url: str, folder: str) -> None:
    database = Database(url)
    await build_province(database, MediaStore(folder), channel=CHANNEL)
    await database.close()


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def built_url(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory, photos: str
) -> str:
    """A database with the province, made once for all tests that only read."""
    if request.param == "sqlite":
        path = tmp_path_factory.mktemp("province") / "province.db"
        shutil.copy(request.getfixturevalue("sqlite_template"), path)
        url = f"sqlite:///{path}"
    else:
        server: str = request.getfixturevalue("postgres_server")
        with psycopg.connect(server, autocommit=True) as connection:
            connection.execute("CREATE DATABASE province TEMPLATE template")
        url = server.replace("/postgres?", "/province?")
    asyncio.run(_build(url, photos))
    return url


@pytest.fixture(scope="module")
def photos(tmp_path_factory: pytest.TempPathFactory) -> str:
    return str(tmp_path_factory.mktemp("photos"))


@pytest.fixture
async def built(built_url: str) -> AsyncIterator[Database]:
    """The database with the province; only to be read."""
    made = Database(built_url)
    yield made
    await made.close()


async def _tasks_of(session: Session, unit: str) -> Sequence[Task]:
    rows = await session.scalars(
        select(Task)
        .join(Programme, Programme.id == Task.programme_id)
        .join(Unit, Unit.id == Programme.unit_id)
        .where(Unit.code == unit)
        .order_by(Task.id)
    )
    return rows.all()


def _rows(objects: Sequence[Base]) -> list[dict[str, Any]]:
    return [
        {column.key: getattr(one, column.key) for column in one.__table__.columns}
        for one in objects
    ]


def test_it_is_the_same_every_time() -> None:
    first, again = imagine_province(CHANNEL), imagine_province(CHANNEL)
    for a, b in (
        (first.plan.tasks, again.plan.tasks),
        (first.told.reports, again.told.reports),
        (first.told.obstacles, again.told.obstacles),
        (first.people.holdings, again.people.holdings),
        (first.album.media, again.album.media),
    ):
        assert _rows(a) == _rows(b)
    assert list(first.album.photos) == list(again.album.photos)


async def test_every_task_row_follows_from_the_raw_reports(built: Database) -> None:
    async with built.begin() as session:
        reports: dict[int, list[Report]] = {}
        for report in await session.scalars(select(Report).where(Report.current)):
            reports.setdefault(report.task_id, []).append(report)
        for task in await session.scalars(select(Task)):
            mine = reports.get(task.id, [])
            counting = [report for report in mine if report.outcome != "returned"]
            last = max(counting, key=lambda report: (report.sent_at, report.id), default=None)
            percent = percent_of_plan(
                last.value if last else None,
                target=task.target,
                baseline=task.baseline,
                direction=task.direction,
            )
            assert task.value == (last.value if last else None), task.code
            assert task.qualifier == (last.qualifier if last else None)
            assert task.percent == percent
            assert task.bucket == bucket_of(percent)
            assert task.situation == (last.situation if last else None)
            assert task.last_report_at == (last.sent_at if last else None)
            assert task.unchecked == sum(report.outcome is None for report in mine)


async def test_the_services_find_nothing_to_change(built: Database) -> None:
    async with built.begin() as session:
        tasks = (await session.scalars(select(Task))).all()
        before = _rows(tasks)
        for task in tasks:
            await refresh_task(session, task)
        assert _rows(tasks) == before


async def test_the_vice_chair_has_two_open_tasks_in_order(built: Database) -> None:
    async with built.begin() as session:
        actor = await actor_at(session, CHANNEL, "pct-phu-luu", DEMO_START)
        assert actor is not None
        groups, rubbish = await my_open_tasks(session, actor)
        assert (groups.code, groups.title) == ("NV-03", "Xây dựng 2 tổ sản xuất VietGAP")
        assert (groups.measure_unit, groups.target, groups.value) == ("tổ", Decimal(2), Decimal(1))
        assert (groups.percent, groups.due) == (Decimal(50), date(2026, 12, 31))
        assert groups.last_report_at is not None
        assert local_day(groups.last_report_at) == date(2026, 11, 12)
        assert (rubbish.code, rubbish.title) == ("NV-07", "Thu gom rác thải nông thôn")
        assert (rubbish.target, rubbish.value, rubbish.percent) == (
            Decimal(40),
            Decimal(39),
            Decimal("97.5"),
        )
        assert rubbish.due == date(2026, 11, 30)
        day = local_day(DEMO_START)
        owner = await holder_of(session, groups.owner_post_id, day)
        checker = await checker_of(session, groups, owner, day)
        assert checker is not None
        assert checker.code == "bi-thu-phu-luu"


async def test_phu_luu_has_the_buckets_of_row_e11_and_the_origins_of_e07(built: Database) -> None:
    async with built.begin() as session:
        actor = await actor_at(session, CHANNEL, "bi-thu-phu-luu", DEMO_START)
        assert actor is not None
        summary = await summarise(session, actor, DEMO_START)
        check_sums(summary)
        assert [summary.figures.buckets[bucket] for bucket in BUCKETS] == [7, 4, 8, 3, 3, 12]
        assert summary.figures.outcomes == {
            "done_on_time": 9,
            "done_late": 2,
            "doing": 22,
            "overdue": 4,
        }
        assert (summary.figures.tasks, summary.people, summary.unchecked) == (37, 9, 3)
        assert summary.obstacles == {"unit": 2, "above": 1}
        assert (len(summary.silent), summary.longest_silence) == (5, 12)
        origins = Counter(task.origin for task in await _tasks_of(session, "phu-luu"))
        assert origins["registered"] == 9
        assert origins["assigned"] + origins["added"] == 28


async def test_published_figures_come_out(built: Database) -> None:
    async with built.begin() as session:
        home = {task.code: task for task in await _tasks_of(session, "phu-luu")}
        town = {task.code: task for task in await _tasks_of(session, "minh-xuan")}
    assert home["NV-02"].percent == Decimal(97)  # C07: còn 12/400
    assert town["NV-01"].percent == Decimal(100)  # E05: 98,3/98,3
    assert home["NV-08"].baseline is not None
    assert home["NV-08"].baseline - home["NV-08"].target == Decimal("5.15")  # E28
    assert home["NV-28"].percent == Decimal("16.6667")  # E25: 24 of 144
    assert home["NV-19"].qualifier == "gần"  # A10


async def test_there_is_one_of_everything(built: Database) -> None:
    async with built.begin() as session:
        tasks = (await session.scalars(select(Task))).all()
        assert {task.measure for task in tasks} == {
            "number",
            "percent",
            "yesno",
            "checklist",
            "count",
            "milestones",
        }
        assert {task.bucket for task in tasks} == set(BUCKETS)
        assert {task.direction for task in tasks} == {"up", "down"}
        assert {task.cadence for task in tasks} == {"none", "weekly", "monthly", "quarterly"}
        assert all(
            len(task.criteria) == task.target
            for task in tasks
            if task.measure in ("checklist", "milestones")
        )
        ends = {
            (task.closed_on > task.due) - (task.closed_on < task.due)
            for task in tasks
            if task.closed_on and task.due
        }
        assert ends == {-1, 0, 1}
        assert any(task.due is None for task in tasks)
        assert 95 <= len(tasks) <= 105
        horizons = set(await session.scalars(select(Programme.horizon)))
        assert horizons == {"year", "term"}
        people = await session.scalar(select(func.count()).select_from(Person))
        assert people == 40
        reports = await session.scalar(select(func.count()).select_from(Report))
        assert reports is not None
        assert 600 <= reports <= 900


async def test_a_done_task_was_closed_by_an_accepted_report(built: Database) -> None:
    async with built.begin() as session:
        for task in await session.scalars(select(Task).where(Task.state == "done")):
            last = (
                await session.scalars(
                    select(Report)
                    .where(Report.task_id == task.id, Report.current)
                    .order_by(Report.sent_at.desc())
                    .limit(1)
                )
            ).one()
            assert last.outcome == "accepted"
            assert task.closed_on == local_day(last.sent_at)
            assert task.percent is not None
            assert task.percent >= 100


async def test_reports_come_at_work_and_are_checked_by_others(built: Database) -> None:
    calendar = Calendar()
    async with built.begin() as session:
        holdings = (await session.scalars(select(Holding))).all()
        for report in await session.scalars(select(Report)):
            sent = local(report.sent_at)
            assert calendar.is_working(sent.date()), report.name
            assert time(7, 30) <= sent.time() < time(17, 30)
            assert any(
                holding.person_id == report.author_id
                and holding.post_id == report.post_id
                and holding.from_day <= sent.date()
                and (holding.to_day is None or sent.date() <= holding.to_day)
                for holding in holdings
            )
            assert (report.outcome is None) == (report.checked_at is None)
            if report.checked_at:
                assert report.sent_at < report.checked_at < DEMO_START
                assert calendar.is_working(local_day(report.checked_at))
                assert report.checked_by not in (None, report.author_id)
            if report.outcome == "returned":
                assert report.comment


async def test_obstacles_belong_to_stuck_reports(built: Database) -> None:
    async with built.begin() as session:
        obstacles = (await session.scalars(select(Obstacle))).all()
        stuck = (
            await session.execute(
                select(Report.task_id, Report.number).where(Report.situation == "stuck")
            )
        ).all()
        assert sorted((one.task_id, one.report_number) for one in obstacles) == sorted(
            (task, number) for task, number in stuck
        )
        still = {one.task_id for one in obstacles if one.closed_at is None}
        standing = await session.scalars(select(Task.id).where(Task.situation == "stuck"))
        assert still == set(standing)
        assert all(one.raised_at < one.closed_at < DEMO_START for one in obstacles if one.closed_at)


async def test_the_photos_are_kept_and_are_what_their_rows_say(
    built: Database, photos: str
) -> None:
    store = MediaStore(photos)
    async with built.begin() as session:
        media = (await session.scalars(select(Media))).all()
        evidence = (await session.scalars(select(Evidence))).all()
        homes = dict((await session.execute(select(Account.chat_id, Account.person_id))).all())
    assert {row.media_id for row in evidence} == {row.id for row in media}
    for row in media:
        assert (row.state, row.channel) == ("have", CHANNEL)
        assert homes[row.chat_id] == row.person_id
        assert row.sha256
        seen = inspect(await store.read(row.sha256))
        assert (seen.mime, seen.width, seen.height, seen.phash) == (
            row.mime,
            row.width,
            row.height,
            row.phash,
        )
        assert inspect(await store.read_copy(row.sha256, "thumb")).width == 320
    times = Counter(row.sha256 for row in media)
    assert 35 <= len(times) <= 50
    assert sorted(times.values())[-2:] == [1, 2]  # one photo was sent twice
    hashes = {row.sha256: row.phash for row in media}
    apart = [near(a, b) for a in hashes.values() for b in hashes.values() if a and b and a != b]
    assert sorted(apart)[len(apart) // 10] > 10  # drawn scenes, and yet hardly any look alike


async def test_people_and_what_is_special_about_some(built: Database) -> None:
    async with built.begin() as session:
        states = dict((await session.execute(select(Account.chat_id, Account.state))).all())
        codes = set(await session.scalars(select(Person.code)))
        assert codes - set(states) == {NEVER_CONNECTED}
        assert [code for code, state in states.items() if state == "blocked"] == [BLOCKED]
        post = (await session.scalars(select(Post).where(Post.code == "pct-ham-yen"))).one()
        before = await holder_of(session, post.id, date(2026, 8, 31))
        after = await holder_of(session, post.id, date(2026, 9, 1))
        assert before is not None
        assert after is not None
        assert before.id != after.id
        busy = await actor_at(session, CHANNEL, "pct-bach-xa", DEMO_START)
        assert busy is not None
        assert len(busy.posts) == 2
        watcher = await actor_at(session, CHANNEL, "giam-sat-ham-yen", DEMO_START)
        assert watcher is not None
        assert len(watcher.oversees_paths) == 3


async def test_chairs_come_in_the_order_of_the_tree(built: Database) -> None:
    async with built.begin() as session:
        found = await chairs(session)
        accounts = set(await session.scalars(select(Account.chat_id)))
    codes = [chair.code for chair in found]
    assert len(codes) == len(set(codes)) == 41
    assert codes[0] == "bi-thu-tinh"
    assert {"pct-phu-luu", "bi-thu-phu-luu", "van-phong-tinh", "quan-tri"} <= set(codes)
    units = [chair.unit for chair in found]
    assert [unit for at, unit in enumerate(units) if at == 0 or units[at - 1] != unit] == list(
        dict.fromkeys(units)
    )
    assert units.index("Thôn Pác Cáp") < units.index("Xã Hàm Yên")
    assert {chair.person_code for chair in found} - accounts == {NEVER_CONNECTED}
