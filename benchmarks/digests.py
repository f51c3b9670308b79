"""How long a morning's digests take for a whole province: python -m benchmarks.digests

124 communes, 1.860 people, 4.028 tasks, 100.000 reports and half a year of reminders in the ledger,
in a SQLite file with the settings of the real thing. The figure to keep: planning under 5 s.
"""

from __future__ import annotations

import asyncio
import random
import resource
import tempfile
import time
from datetime import date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import structlog
from sqlalchemy import insert, select

from models import Base
from models.account import Account
from models.database import Database
from models.nudge import Digest, Nudge
from models.organisation import Holding, Person, Post, Unit
from models.report import Report
from models.task import Programme, Task
from scheduler.digest import compose
from scheduler.planner import Rules
from scheduler.ticks import tick
from vietnamese.zone import VIETNAM

COMMUNES, PEOPLE, TASKS, REPORTS, PAST = 124, 1860, 4028, 100_000, 60_000
START = date(2026, 1, 5)
DAY = date(2026, 11, 25)
LIMIT = 5.0


def moment(day: date, hour: int, minute: int) -> datetime:
    return datetime(day.year, day.month, day.day, hour, minute, tzinfo=VIETNAM)


async def build(database: Database) -> None:
    """A province with random dates, rhythms and reports; the same every time."""
    chance = random.Random(1)
    async with database.engine.begin() as connection:
        await connection.run_sync(Base.metadata.create_all)
    tables: list[tuple[type[Base], list[dict[str, Any]]]] = [
        (Unit, _units()), (Person, _people()), (Post, _posts()), (Holding, _holdings()),
        (Account, _accounts()),
        (Programme, [
            {"id": 1, "number": "12", "issued_on": START, "unit_id": 1, "title": "", "year": 2026}
        ]),
        (Task, _tasks(chance)), (Report, _reports(chance)), (Digest, _digests()),
        (Nudge, _nudges(chance)),
    ]  # fmt: skip
    for table, rows in tables:
        async with database.begin() as session:
            await session.execute(insert(table), rows)


def _units() -> list[dict[str, Any]]:
    units = [{"id": 1, "code": "tinh", "parent_id": None, "path": "/1/"}]
    units += [
        {"id": n, "code": f"xa{n}", "parent_id": 1, "path": f"/1/{n}/"}
        for n in range(2, COMMUNES + 2)
    ]
    return [
        {**unit, "name": f"Xã {unit['id']}", "folded": "", "kind": "xa", "valid_from": START}
        for unit in units
    ]


def _unit_of(person: int) -> int:
    return 1 if person == 1 else 2 + person % COMMUNES


def _people() -> list[dict[str, Any]]:
    return [
        {"id": n, "code": f"p{n}", "name": f"Nguyễn Văn {n}", "folded": "", "pseudonym": f"x{n}"}
        for n in range(1, PEOPLE + 1)
    ]


def _posts() -> list[dict[str, Any]]:
    return [
        {
            "id": n, "code": f"c{n}", "unit_id": _unit_of(n), "title": "",
            "kind": "leader" if n <= COMMUNES + 1 else "cadre",
        }
        for n in range(1, PEOPLE + 1)
    ]  # fmt: skip


def _holdings() -> list[dict[str, Any]]:
    return [{"person_id": n, "post_id": n, "from_day": START} for n in range(1, PEOPLE + 1)]


def _accounts() -> list[dict[str, Any]]:
    at = moment(START, 8, 0)
    return [
        {"channel": "web", "chat_id": f"{n}", "person_id": n, "connected_at": at, "changed_at": at}
        for n in range(1, PEOPLE + 1) if n % 20
    ]  # fmt: skip


def _tasks(chance: random.Random) -> list[dict[str, Any]]:
    rows = []
    for n in range(1, TASKS + 1):
        owner = 1 + n % PEOPLE
        last = DAY - timedelta(days=chance.randrange(1, 60))
        rows.append(
            {
                "id": n, "programme_id": 1, "code": f"NV-{n}", "title": "Thu gom rác thải",
                "folded": "", "owner_post_id": owner, "unit_id": _unit_of(owner),
                "target": Decimal(100), "measure": "percent", "start": START,
                "due": DAY + timedelta(days=chance.randrange(-40, 120)),
                "cadence": chance.choice(["none", "weekly", "monthly", "quarterly"]),
                "cadence_day": chance.randrange(1, 8), "percent": Decimal(chance.randrange(100)),
                "value": Decimal(50), "unchecked": chance.randrange(2),
                "last_report_at": moment(last, 9, 0),
            }
        )  # fmt: skip
    return rows


def _reports(chance: random.Random) -> list[dict[str, Any]]:
    return [
        {
            "number": n, "task_id": 1 + n % TASKS, "author_id": 1, "post_id": 1,
            "situation": "on_track", "outcome": chance.choice([None, "accepted", "accepted"]),
            "sent_at": moment(DAY - timedelta(days=chance.randrange(0, 300)), 9, 0),
        }
        for n in range(1, REPORTS + 1)
    ]  # fmt: skip


def _digests() -> list[dict[str, Any]]:
    rows = []
    for n in range(PAST // 3):
        day = DAY - timedelta(days=7 + n // PEOPLE * 3)
        rows.append(
            {
                "id": n + 1, "person_id": 1 + n % PEOPLE, "day": day, "kind": "morning",
                "state": "sent", "planned_at": moment(day, 7, 30),
            }
        )  # fmt: skip
    return rows


def _nudges(chance: random.Random) -> list[dict[str, Any]]:
    """Three reminders in each digest, about its person's own tasks."""
    rows = []
    for n in range(PAST):
        digest, owner = n // 3, n // 3 % PEOPLE
        task = [owner or PEOPLE, owner + PEOPLE, owner + 2 * PEOPLE][n % 3]
        rows.append(
            {
                "task_id": min(task, TASKS), "person_id": 1 + owner,
                "kind": chance.choice(["after", "report"]), "due_version": 1,
                "day": START + timedelta(days=digest // PEOPLE * 3 + n % 3),
                "digest_id": digest + 1, "state": "sent",
            }
        )  # fmt: skip
    unique = {(row["task_id"], row["person_id"], row["kind"], row["day"]): row for row in rows}
    return list(unique.values())


async def measure(database: Database) -> float:
    """Print the table; returns the seconds of the morning's plan."""
    rules, taken = Rules(), []
    for name, now in (
        ("kế hoạch buổi sáng", moment(DAY, 7, 30)),
        ("một phút sau", moment(DAY, 7, 31)),
        ("kế hoạch cuối ngày", moment(DAY, 16, 45)),
    ):
        begun = time.perf_counter()
        result = await tick(database, now, rules, ["web"])
        taken.append(time.perf_counter() - begun)
        print(f"{name:<22}{taken[-1]:>9.3f} s   {result.digests} digests, {result.nudges} nudges")
    for kind in ("morning", "evening"):
        async with database.begin() as session:
            digests = await session.scalars(
                select(Digest.id).where(
                    Digest.day == DAY, Digest.kind == kind, Digest.state == "planned"
                )
            )
            some = list(digests)[:100]
        begun = time.perf_counter()
        for digest in some:
            async with database.begin() as session:
                await compose(session, digest, moment(DAY, 16, 50), rules)
        each = (time.perf_counter() - begun) / max(len(some), 1)
        print(f"{'soạn một tin ' + kind:<22}{each * 1000:>8.1f} ms   over {len(some)}")
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"{'bộ nhớ cao nhất':<22}{memory:>8.0f} MB   making the data included")
    return taken[0]


async def main() -> None:
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(40))
    with tempfile.TemporaryDirectory() as folder:
        database = Database(f"sqlite:///{Path(folder) / 'digests.db'}")
        await build(database)
        morning = await measure(database)
        await database.close()
    verdict = "đạt" if morning < LIMIT else "KHÔNG ĐẠT"
    print(f"{PEOPLE} people, {TASKS} tasks: {morning:.2f} s of {LIMIT:.0f} s, {verdict}")


if __name__ == "__main__":
    asyncio.run(main())
