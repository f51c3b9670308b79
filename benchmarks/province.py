"""A province of full size for measuring: 124 communes, 1.860 people, 4.028 tasks (row A06).

Run by itself it fills a database and says how long that took:
python -m benchmarks.province sqlite:////tmp/big.db --reports 1000000
"""

from __future__ import annotations

import argparse
import asyncio
import random
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from sqlalchemy import func, insert, select

from benchmarks.organisation import NOW, imagine_organisation, put, write_organisation
from models.database import Database, Session
from models.media import Media
from models.migrate import migrate
from models.organisation import Person, Post, Unit
from models.report import Counter, Evidence, Obstacle, Report
from models.task import Programme, Task, percent_of_plan, take_figures
from scheduler.calendar import Calendar
from vietnamese.letters import fold
from vietnamese.zone import VIETNAM, local_day

TASKS = 4_028

_FIRST_DAY = date(2026, 6, 1)
_CHUNK = 20_000
_PHOTO_EVERY = 10
_JOBS = (
    ("Xây dựng tổ sản xuất VietGAP", "number", "tổ", 12),
    ("Thu gom rác thải nông thôn", "percent", "%", 80),
    ("Bê tông hoá đường trục thôn", "number", "km", 40),
    ("Xoá nhà tạm, nhà dột nát", "number", "căn", 60),
    ("Đối thoại với Nhân dân", "count", "cuộc", 4),
    ("Dịch vụ công trực tuyến toàn trình", "percent", "%", 85),
    ("Giảm số hộ nghèo", "number", "hộ", 100),
)


@dataclass(frozen=True)
class Big:
    """What was built, in how many seconds."""

    people: int
    tasks: int
    reports: int
    seconds: float


async def build_big(
    database: Database, reports: int = 100_000, seed: int = 1, *, channel: str = "bench"
) -> Big:
    """Fill an empty, migrated database; everybody has the chat (channel, their code).

    The secretary of the province is `bi-thu-tinh`; of commune 7 `bi-thu-007`; its cadres are
    `can-bo-007-02` … Reports lie in the order of time, as they would have come, and the task rows
    hold what follows from them. The same seed gives the same rows.
    """
    started = time.perf_counter()
    chance = random.Random(seed)
    units, posts = imagine_organisation()
    tasks = _tasks(chance, posts)
    active = [task for task in tasks if chance.random() < 0.9]
    chance.shuffle(active)
    last: dict[int, Mapping[str, Any]] = {}
    async with database.begin() as session:
        await write_organisation(session, units, posts, channel)
        await put(session, Task, _task_rows(tasks))
        done = 0
        for chunk in _chunks(_reports(chance, active, reports, last)):
            await session.execute(insert(Report), chunk)
            done += len(chunk)
        await _photos(session, channel, reports)
        _settle(tasks, last)
        await _write_figures(session, tasks)
        await put(session, Obstacle, _obstacles(last.values()))
        await put(session, Counter, [{"name": "report", "value": done}])
        if not database.is_sqlite:
            await _count_on(session)
    return Big(len(posts), len(tasks), done, time.perf_counter() - started)


def _tasks(chance: random.Random, posts: Sequence[Post]) -> list[Task]:
    owners = [post for post in posts if post.unit_id > 1]
    numbers: dict[int, int] = {}
    tasks: list[Task] = []
    for at in range(TASKS):
        owner = owners[at % len(owners)]
        numbers[owner.unit_id] = number = numbers.get(owner.unit_id, 0) + 1
        title, measure, unit, goal = chance.choice(_JOBS)
        falls = title.startswith("Giảm")
        due = date(2026, 9, 1) + timedelta(days=chance.randrange(170))
        due_day = None if chance.random() < 0.05 else due
        cadence = chance.choice(["none", "weekly", "monthly", "monthly", "quarterly"])
        task = Task(
            id=at + 1,
            programme_id=owner.unit_id,
            code=f"NV-{number:02d}",
            title=title,
            folded=fold(f"NV-{number:02d} {title}"),
            product="",
            tags=[chance.choice(["đột phá", "việc khó", "tồn đọng", "thường xuyên"])],
            origin=chance.choice(["assigned", "assigned", "registered", "added"]),
            owner_post_id=owner.id,
            unit_id=owner.unit_id,
            measure=measure,
            measure_unit=unit,
            direction="down" if falls else "up",
            baseline=Decimal(goal * 2) if falls else None,
            target=Decimal(goal),
            criteria=[],
            start=date(2026, 1, 12),
            due=due_day,
            first_due=due_day,
            due_version=1,
            cadence=cadence,
            cadence_day=chance.randint(1, 5) if cadence == "weekly" else chance.randint(1, 28),
            state="open",
            bucket="none",
            unchecked=0,
        )
        tasks.append(task)
    return tasks


def _task_rows(tasks: Sequence[Task]) -> list[dict[str, Any]]:
    return [
        {column.key: getattr(task, column.key) for column in Task.__table__.columns}
        for task in tasks
    ]


def _reports(
    chance: random.Random,
    active: Sequence[Task],
    count: int,
    last: dict[int, Mapping[str, Any]],
) -> Iterator[dict[str, Any]]:
    """`count` reports, one task after the other in rounds, spread evenly over the half year.

    Older ones are accepted; of the last two days' every second waits for its check.
    """
    calendar = Calendar()
    span = (local_day(NOW) - _FIRST_DAY).days
    days = [_FIRST_DAY + timedelta(days=at) for at in range(span)]
    worked = [
        datetime(d.year, d.month, d.day, 8, tzinfo=VIETNAM) for d in days if calendar.is_working(d)
    ]
    rounds = max(-(-count // len(active)), 1)
    ends = {task.id: chance.choice([30, 55, 75, 90, 100, 100, 115]) for task in active}
    fresh = worked[-2]
    for at in range(count):
        task = active[at % len(active)]
        day, rest = divmod(at * len(worked), count)
        sent = worked[day] + timedelta(seconds=rest * 8 * 3600 // count)
        share = Decimal(ends[task.id]) / 100 * (at // len(active) + 1) / rounds
        begun = task.baseline if task.baseline is not None else Decimal(0)
        value = (begun + (task.target - begun) * share).quantize(Decimal("0.1"))
        luck = chance.random()
        waits = sent >= fresh and luck < 0.5
        row = {
            "id": at + 1,
            "number": at + 1,
            "version": 1,
            "current": True,
            "task_id": task.id,
            "author_id": task.owner_post_id,
            "post_id": task.owner_post_id,
            "value": value,
            "percent": percent_of_plan(
                value, target=task.target, baseline=task.baseline, direction=task.direction
            ),
            "situation": "stuck" if luck > 0.97 else "late" if luck > 0.85 else "on_track",
            "text": "Việc đang triển khai theo kế hoạch, bà con đồng tình." if luck > 0.3 else "",
            "sent_at": sent,
            "outcome": None if waits else "accepted",
            "checked_by": None if waits else 1,
            "checked_at": None if waits else sent + timedelta(hours=1),
        }
        last[task.id] = row
        task.unchecked += waits
        yield row


def _chunks(rows: Iterator[dict[str, Any]]) -> Iterator[list[dict[str, Any]]]:
    chunk: list[dict[str, Any]] = []
    for row in rows:
        chunk.append(row)
        if len(chunk) == _CHUNK:
            yield chunk
            chunk = []
    if chunk:
        yield chunk


def _settle(tasks: Sequence[Task], last: Mapping[int, Mapping[str, Any]]) -> None:
    """The rows' figures follow from their last reports; what is accepted at 100 % is done."""
    for task in tasks:
        row = last.get(task.id)
        if row is None:
            continue
        take_figures(task, row["value"], None)
        task.situation, task.last_report_at = row["situation"], row["sent_at"]
        if row["outcome"] and row["percent"] >= 100:
            task.state, task.closed_on = "done", local_day(row["sent_at"])


async def _write_figures(session: Session, tasks: Sequence[Task]) -> None:
    """By plain UPDATEs: the objects were never part of the session."""
    names = ("id", "state", "closed_on", "value", "percent", "bucket", "situation", "unchecked")
    rows = [{name: getattr(task, name) for name in (*names, "last_report_at")} for task in tasks]
    await session.run_sync(lambda sync: sync.bulk_update_mappings(Task.__mapper__, rows))


async def _photos(session: Session, channel: str, reports: int) -> None:
    """A photo's row for every tenth report (without bytes: nothing here sends them)."""
    chosen = await session.execute(
        select(Report.id, Report.author_id, Report.sent_at).where(Report.id % _PHOTO_EVERY == 0)
    )
    media, evidence = [], []
    for report, author, sent in chosen:
        media.append(
            {
                "id": report // _PHOTO_EVERY,
                "channel": channel,
                "chat_id": str(author),
                "person_id": author,
                "ref": f"bench:{report}",
                "state": "have",
                "next_at": sent,
                "created_at": sent,
                "sha256": f"{report:064x}",
                "mime": "image/jpeg",
                "phash": f"{report * 2_654_435_761 % 2**64:016x}",
            }
        )
        evidence.append({"report_id": report, "media_id": report // _PHOTO_EVERY, "position": 1})
    await put(session, Media, media)
    await put(session, Evidence, evidence)


def _obstacles(rows: Any) -> list[dict[str, Any]]:
    """An open obstacle wherever the last report says "stuck"."""
    return [
        {
            "task_id": row["task_id"],
            "report_number": row["number"],
            "text": "Chờ hướng dẫn về định mức hỗ trợ.",
            "waits_for": ("unit", "above", "")[row["number"] % 3],
            "raised_at": row["sent_at"],
        }
        for row in rows
        if row["situation"] == "stuck"
    ]


async def _count_on(session: Session) -> None:
    """PostgreSQL: its counters go on behind the numbers that the rows brought."""
    for table in (Unit, Post, Person, Programme, Task, Report, Media):
        sequence = func.pg_get_serial_sequence(table.__tablename__, "id")
        last = await session.scalar(select(func.max(table.id)))
        if last:
            await session.execute(select(func.setval(sequence, last)))


async def _main() -> None:
    wanted = argparse.ArgumentParser(description="Fill a database with a province of full size.")
    wanted.add_argument("url", help="sqlite:///PATH or postgresql://…, without tables or empty")
    wanted.add_argument("--reports", type=int, default=100_000)
    wanted.add_argument("--seed", type=int, default=1)
    said = wanted.parse_args()
    database = Database(said.url)
    await migrate(database)
    built = await build_big(database, said.reports, said.seed)
    await database.close()
    print(
        f"{built.people} people, {built.tasks} tasks, {built.reports} reports "
        f"in {built.seconds:.1f} s"
    )


if __name__ == "__main__":
    asyncio.run(_main())
