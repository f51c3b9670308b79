"""Two who report or check one task at the same time, in transactions that overlap."""

from __future__ import annotations

import asyncio
import contextvars
from collections.abc import AsyncIterator, Awaitable, Callable
from decimal import Decimal
from pathlib import Path

import pytest
from sqlalchemy import select

from models.database import Session
from models.report import Report
from models.task import Task
from services import access, checks, reports
from services.access import Actor
from services.checks import Overtaken
from services.errors import Refused
from tests.village import START, Town, town

Change = Callable[[Session], Awaitable[object]]
OWNER, CLERK, LEADER, PROVINCE = "pct-phu-luu", "van-phong", "bi-thu-phu-luu", "bi-thu-tinh"


@pytest.fixture
async def here(database_url: str, tmp_path: Path) -> AsyncIterator[Town]:
    async with town(database_url, tmp_path / "media") as made:
        yield made


class Acts:
    """What people do, each as a change to be made in some transaction."""

    def __init__(self, here: Town) -> None:
        self.here = here
        self.alive: list[object] = []

    async def who(self, session: Session, code: str) -> Actor:
        actor = await access.actor_at(session, "terminal", code, START)
        assert actor
        # Rows that were read before the lock must not be believed after it. A session forgets
        # what nobody holds, so they are held.
        self.alive += (await session.scalars(select(Task))).all()
        self.alive += (await session.scalars(select(Report))).all()
        return actor

    def draft(self, value: int, code: str = "NV-03") -> reports.Draft:
        return reports.Draft(self.here.village.tasks[code], Decimal(value), "on_track")

    def sends(self, value: int, code: str = OWNER, task: str = "NV-03") -> Change:
        async def change(session: Session) -> object:
            actor = await self.who(session, code)
            return await reports.submit_report(session, actor, self.draft(value, task), START)

        return change

    def corrects(self, value: int) -> Change:
        async def change(session: Session) -> object:
            actor = await self.who(session, OWNER)
            return await reports.correct_report(session, actor, 1, self.draft(value), START)

        return change

    def accepts(self, code: str = LEADER, *, close: bool = True) -> Change:
        async def change(session: Session) -> object:
            actor = await self.who(session, code)
            return await checks.accept(session, actor, 1, START, seen=1, close=close)

        return change

    def returns(self, code: str) -> Change:
        async def change(session: Session) -> object:
            actor = await self.who(session, code)
            return await checks.give_back(session, actor, 1, START, seen=1, comment="Thiếu ảnh")

        return change

    async def alone(self, change: Change) -> None:
        async with self.here.database.begin() as session:
            await change(session)

    async def together(self, first: Change, second: Change) -> Refused | None:
        """The second begins while the first is not committed yet; how the second was refused."""

        async def begins_later() -> Refused | None:
            try:
                await self.alone(second)
            except Refused as refused:
                return refused
            return None

        outside = contextvars.copy_context()
        async with asyncio.TaskGroup() as group, self.here.database.begin() as session:
            await first(session)
            later = group.create_task(begins_later(), context=outside)
            await asyncio.wait({later}, timeout=0.5)
        return later.result()

    async def found(self) -> tuple[str, int, int, list[tuple[int, str | None]]]:
        """The task's state, value and number of unchecked reports; the reports in force."""
        async with self.here.database.begin() as session:
            task = await session.get_one(Task, self.here.village.tasks["NV-03"])
            rows = await session.scalars(
                select(Report).where(Report.current).order_by(Report.number)
            )
            told = [(int(row.value or 0), row.outcome) for row in rows]
            return task.state, int(task.value or 0), task.unchecked, told


@pytest.fixture
def acts(here: Town) -> Acts:
    return Acts(here)


async def test_accepted_and_returned(acts: Acts) -> None:
    await acts.alone(acts.sends(2))
    assert isinstance(await acts.together(acts.accepts(), acts.returns(PROVINCE)), Overtaken)
    assert await acts.found() == ("done", 2, 0, [(2, "accepted")])


async def test_returned_and_accepted(acts: Acts) -> None:
    await acts.alone(acts.sends(2))
    assert isinstance(await acts.together(acts.returns(PROVINCE), acts.accepts()), Overtaken)
    assert await acts.found() == ("open", 1, 0, [(2, "returned")])


async def test_accepted_twice(acts: Acts) -> None:
    await acts.alone(acts.sends(2))
    second = await acts.together(acts.accepts(close=False), acts.accepts(PROVINCE))
    assert isinstance(second, Overtaken)
    assert await acts.found() == ("open", 2, 0, [(2, "accepted")])


async def test_corrected_and_accepted(acts: Acts) -> None:
    await acts.alone(acts.sends(2))
    assert isinstance(await acts.together(acts.corrects(0), acts.accepts()), Overtaken)
    assert await acts.found() == ("open", 0, 1, [(0, None)])


async def test_accepted_and_corrected(acts: Acts) -> None:
    await acts.alone(acts.sends(2))
    assert await acts.together(acts.accepts(), acts.corrects(0))
    assert await acts.found() == ("done", 2, 0, [(2, "accepted")])


async def test_reported_and_closed(acts: Acts) -> None:
    await acts.alone(acts.sends(2))
    assert isinstance(await acts.together(acts.sends(1), acts.accepts()), Overtaken)
    assert await acts.found() == ("open", 1, 2, [(2, None), (1, None)])


async def test_closed_and_reported(acts: Acts) -> None:
    await acts.alone(acts.sends(2))
    assert await acts.together(acts.accepts(), acts.sends(1))
    assert await acts.found() == ("done", 2, 0, [(2, "accepted")])


async def test_reported_twice(acts: Acts) -> None:
    await acts.alone(acts.sends(1))
    assert await acts.together(acts.sends(2), acts.sends(1, CLERK)) is None
    assert await acts.found() == ("open", 1, 3, [(1, None), (2, None), (1, None)])


async def test_the_first_two_reports_of_all(acts: Acts) -> None:
    assert await acts.together(acts.sends(2), acts.sends(39, task="NV-07")) is None
    async with acts.here.database.begin() as session:
        assert sorted(await session.scalars(select(Report.number))) == [1, 2]
