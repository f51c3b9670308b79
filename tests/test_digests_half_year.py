"""Half a year of random work, leave, handovers and outages: what must hold on every single day."""

from __future__ import annotations

import random
from collections import Counter as Count
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Any

import pytest
from sqlalchemy import event, select

from bot.channels.base import SendFailed
from models.calendar import DayOff
from models.database import Database
from models.nudge import Digest, Nudge
from models.task import Task
from scheduler.calendar import Calendar
from scheduler.planner import Rules
from tests.digest_world import World
from vietnamese.zone import VIETNAM, local

FIRST, LAST = date(2026, 7, 6), date(2026, 12, 31)
STORM = date(2026, 9, 10)
CADRES = ("ct-a", "pct-a", "ct-b", "bt-a", "bt-b")


@dataclass
class HalfYear:
    """Lives through the days and keeps its own account of what was true when."""

    world: World
    random: random.Random
    calendar: Calendar = field(default_factory=lambda: Calendar({STORM: False}))
    leaves: dict[str, set[date]] = field(default_factory=dict)
    holders: dict[str, str] = field(default_factory=lambda: {who: who for who in CADRES})
    reports: dict[str, set[date]] = field(default_factory=dict)
    heard: list[tuple[datetime, str, str]] = field(default_factory=list)

    async def live(self) -> None:
        async with self.world.database.begin() as session:
            session.add(DayOff(day=STORM, off=True, name="Nghỉ bão"))
        for number in range(18):
            await self._task(number)
        day, outage = FIRST, 0
        while day <= LAST:
            outage = max(outage - 1, 0) or (
                self.random.randrange(2, 6) * (self.random.random() < 0.03)
            )
            await self._change(day)
            if not outage:
                await self._ticks(day)
            day += timedelta(days=1)

    async def _task(self, number: int) -> None:
        owner = self.random.choice(CADRES)
        due = FIRST + timedelta(days=self.random.randrange(5, 170))
        cadence = self.random.choice(["none", "weekly", "monthly", "quarterly"])
        await self.world.task(
            f"NV-{number:02d}", owner, f"{due.day}/{due.month}", start=FIRST, cadence=cadence,
            cadence_day=self.random.randrange(1, 8 if cadence == "weekly" else 32),
        )  # fmt: skip

    async def _ticks(self, day: date) -> None:
        for hour in (time(3), time(7, 30), time(11), time(16, 45), time(17, 40)):
            now = datetime.combine(day, hour, VIETNAM)
            await self.world.tick(now)
            if self.random.random() < 0.05:
                continue  # the network is away until the next time
            for who in CADRES:
                self.world.network.failing.pop(who, None)
                if self.random.random() < 0.03:
                    self.world.network.failing[who] = SendFailed("timeout", unknown=True)
            self.heard += [(now, who, text) for who, text in (await self.world.send()).items()]

    async def _change(self, day: date) -> None:
        chance, now = self.random.random(), datetime.combine(day, time(6), VIETNAM)
        code = self.random.choice(list(self.world.tasks))
        who = self.random.choice(CADRES)
        if chance < 0.15:
            async with self.world.change(code) as task:
                owner = next(
                    c for c, post in self.world.posts.items() if post == task.owner_post_id
                )
                is_open = task.state == "open"
            if is_open:
                value = self.random.choice([10, 50, 90, 100])
                await self.world.report(code, self.holders[owner], now, value)
                self.reports.setdefault(code, set()).add(day)
        elif chance < 0.20:
            async with self.world.change(code) as task:
                if task.unchecked:
                    task.unchecked = 0
                    task.state = "done" if task.percent and task.percent >= 100 else "open"
        elif chance < 0.23:
            async with self.world.change(code) as task:
                task.due, task.due_version = day + timedelta(days=20), task.due_version + 1
        elif chance < 0.27:
            last = day + timedelta(days=self.random.randrange(1, 20))
            await self.world.leave(who, day, last)
            span = (day + timedelta(days=n) for n in range((last - day).days + 1))
            self.leaves.setdefault(who, set()).update(span)
        elif chance < 0.29:
            to = self.random.choice(CADRES)
            await self.world.hand_over(who, to, day)
            self.holders[who] = to


@pytest.mark.timeout(300)
@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
async def test_half_a_year_holds(database: Database) -> None:
    # Thousands of commits, and no power cut to survive. (The ledger's tests run on both databases.)
    event.listen(database.engine.sync_engine, "connect", _without_waiting_for_the_disk)
    life = HalfYear(await World(database).build(), random.Random(1))
    await life.live()
    assert len(life.heard) > 200
    _nobody_hears_at_a_wrong_time(life)
    async with life.world.database.begin() as session:
        digests = list(await session.scalars(select(Digest)))
        nudges = list(await session.scalars(select(Nudge)))
        tasks = {task.id: task for task in await session.scalars(select(Task))}
    _the_ledger_is_settled_and_tells_what_was_heard(life, digests, nudges)
    _no_task_is_nagged_about(life, digests, nudges)
    assert {nudge.task_id for nudge in nudges} <= set(tasks)
    assert {nudge.kind for nudge in nudges} >= {
        "before:7",
        "before:0",
        "after",
        "report",
        "escalated",
    }


def _without_waiting_for_the_disk(connection: Any, _record: Any) -> None:
    connection.cursor().execute("PRAGMA synchronous=OFF")


def _nobody_hears_at_a_wrong_time(life: HalfYear) -> None:
    rules = Rules()
    for now, who, text in life.heard:
        moment = local(now)
        assert life.calendar.is_working(moment.date()), (moment, who)
        assert rules.morning <= moment.time() < rules.until, (moment, who)
        assert moment.date() not in life.leaves.get(who, ()), (moment, who)
        assert text.startswith("Chào đồng chí")
    per_day = Count((local(now).date(), who) for now, who, _ in life.heard)
    assert set(per_day.values()) == {1}


def _the_ledger_is_settled_and_tells_what_was_heard(
    life: HalfYear, digests: list[Digest], nudges: list[Nudge]
) -> None:
    codes = {number: code for code, number in life.world.people.items()}
    sent = {(digest.day, codes[digest.person_id]) for digest in digests if digest.state == "sent"}
    assert sent == {(local(now).date(), who) for now, who, _ in life.heard}
    states = {digest.id: digest.state for digest in digests}
    for nudge in nudges:
        assert nudge.state == states[nudge.digest_id] or nudge.state == "dropped"
        if states[nudge.digest_id] == "planned":  # the very last evening, and only then
            assert max(digest.day for digest in digests if digest.id == nudge.digest_id) == max(
                digest.day for digest in digests
            )
    keys = Count((n.task_id, n.person_id, n.kind, n.day, n.due_version) for n in nudges)
    assert set(keys.values()) == {1}


def _no_task_is_nagged_about(life: HalfYear, digests: list[Digest], nudges: list[Nudge]) -> None:
    """Nobody is asked again within three working days, unless a report came in between."""
    codes = {number: code for code, number in life.world.tasks.items()}
    days = {digest.id: digest.day for digest in digests}
    given: dict[tuple[int, int, int], list[date]] = {}
    for nudge in nudges:
        if nudge.kind in ("after", "report") and nudge.state in ("sent", "unknown"):
            key = (nudge.task_id, nudge.person_id, nudge.due_version)
            given.setdefault(key, []).append(days[nudge.digest_id])
    for (task, _, _), dates in given.items():
        answered = life.reports.get(codes[task], set())
        for earlier, later in zip(sorted(dates), sorted(dates)[1:], strict=False):
            apart = life.calendar.working_days_between(earlier, later)
            assert apart >= 3 or any(earlier < day <= later for day in answered)
