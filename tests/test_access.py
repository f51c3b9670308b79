"""Rights, against a slow and independent reckoning of them over the demo province (promise 6).

p46: no cadre reads or changes another commune's data, whatever key, number or link is forged.
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import select

from bot.channels.terminal import TerminalChannel
from bot.clock import StillClock
from bot.commands.demo import demo_app
from demo.calendar import DEMO_START
from documents.official import official_table
from models.database import Database, Session
from models.media import Media
from models.organisation import Holding, Oversight, Person, Post, Unit
from models.report import Report
from models.task import Task, TaskRole
from services import access, checks, evidence, linking, reports, summary, tasks
from services.access import Actor
from services.errors import Refused
from tests.village import SECRET, Town, add_person, town
from vietnamese.zone import local_day

TODAY = local_day(DEMO_START)


@dataclass
class World:
    """Everything, in memory."""

    units: dict[int, Unit] = field(default_factory=dict)
    posts: dict[int, Post] = field(default_factory=dict)
    tasks: dict[int, Task] = field(default_factory=dict)
    holdings: list[Holding] = field(default_factory=list)
    oversights: list[Oversight] = field(default_factory=list)
    roles: list[TaskRole] = field(default_factory=list)

    def below(self, unit: int | None, top: int) -> bool:
        while unit is not None:
            if unit == top:
                return True
            unit = self.units[unit].parent_id
        return False

    def held_by(self, person: int, day: date) -> list[Post]:
        return [
            self.posts[one.post_id]
            for one in self.holdings
            if one.person_id == person
            and one.from_day <= day
            and (one.to_day is None or one.to_day >= day)
        ]

    def may_read(self, person: int, task: Task) -> bool:
        held = self.held_by(person, TODAY)
        if task.owner_post_id in {post.id for post in held}:
            return True
        if any(
            role.task_id == task.id and role.post_id == post.id
            for post in held
            for role in self.roles
        ):
            return True
        if any(
            post.kind in ("leader", "clerk", "admin") and self.below(task.unit_id, post.unit_id)
            for post in held
        ):
            return True
        return any(
            seen.post_id == post.id and self.covers(seen, task)
            for post in held
            for seen in self.oversights
        )

    def covers(self, seen: Oversight, task: Task) -> bool:
        if seen.task_id is not None:
            return seen.task_id == task.id
        in_unit = seen.unit_id is None or self.below(task.unit_id, seen.unit_id)
        return in_unit and (seen.tag is None or seen.tag in task.tags)

    def may_report(self, person: int, task: Task) -> bool:
        return any(
            task.owner_post_id == post.id
            or (post.kind == "clerk" and self.below(task.unit_id, post.unit_id))
            for post in self.held_by(person, TODAY)
        )


async def everything(session: Session) -> World:
    world = World()
    world.units = {unit.id: unit for unit in await session.scalars(select(Unit))}
    world.posts = {post.id: post for post in await session.scalars(select(Post))}
    world.tasks = {task.id: task for task in await session.scalars(select(Task))}
    world.holdings = list(await session.scalars(select(Holding)))
    world.oversights = list(await session.scalars(select(Oversight)))
    world.roles = list(await session.scalars(select(TaskRole)))
    return world


@pytest.fixture
async def province(tmp_path: Path) -> AsyncIterator[Database]:
    app = await demo_app(tmp_path, TerminalChannel(), StillClock(DEMO_START))
    async with app.database.begin() as session:
        # A field is followed across all units, by a post that otherwise sees nothing of them.
        post = (await session.scalars(select(Post).where(Post.code == "pct-son-duong"))).one()
        session.add(Oversight(post_id=post.id, tag="việc khó"))
    yield app.database
    await app.close()


async def allowed(session: Session, actor: Actor, task: Task) -> tuple[bool, bool]:
    may = []
    for ask in (access.readable_task, access.reportable_task):
        try:
            await ask(session, actor, task.id)
        except Refused:
            may.append(False)
        else:
            may.append(True)
    return may[0], may[1]


async def test_p46_every_person_may_what_the_tree_says_and_nothing_else(
    province: Database,
) -> None:
    async with province.begin() as session:
        world = await everything(session)
        seen = 0
        for person in await session.scalars(select(Person).order_by(Person.id)):
            actor = await access.actor_of(session, person, "test", DEMO_START)
            for task in world.tasks.values():
                expected = world.may_read(person.id, task), world.may_report(person.id, task)
                assert await allowed(session, actor, task) == expected, (person.code, task.code)
                seen += expected[0]
        assert 200 < seen < len(world.tasks) * 40


async def test_p46_lists_and_figures_hold_nothing_foreign(province: Database) -> None:
    async with province.begin() as session:
        world = await everything(session)
        sent = {report.number: report for report in await session.scalars(select(Report))}
        for person in await session.scalars(select(Person).order_by(Person.id)):
            actor = await access.actor_of(session, person, "test", DEMO_START)
            readable = {key for key, task in world.tasks.items() if world.may_read(person.id, task)}
            shown = {task.id for task in await tasks.visible_open_tasks(session, actor)}
            assert shown <= readable
            assert {item.task.id for item in await checks.waiting(session, actor)} <= readable
            if actor.leads:
                found = await summary.summarise(session, actor, DEMO_START)
                assert {line.task_id for line in found.lines} <= readable
            foreign = next((r for r in sent.values() if r.task_id not in readable), None)
            if foreign is not None:
                with pytest.raises(Refused):
                    await reports.draft_of(session, actor, foreign.number)
                with pytest.raises(Refused):
                    await checks.accept(session, actor, foreign.number, DEMO_START, close=False)


@pytest.fixture
async def here(database_url: str, tmp_path: Path) -> AsyncIterator[Town]:
    async with town(database_url, tmp_path / "media") as made:
        yield made


async def test_p46_photos_and_tables_of_another_commune_stay_closed(here: Town) -> None:
    chair = here.sits("pct-phu-luu")
    await chair.sends_photo(caption="bc nv03 2 tổ")
    await chair.says("gửi")
    async with here.database.begin() as session:
        sha = (await session.scalars(select(Media.sha256))).one()
        assert sha
        for code, may in (("bi-thu-phu-luu", True), ("bi-thu-bach-xa", False), ("giam-sat", False)):
            actor = await access.actor_at(session, "terminal", code, here.now)
            assert actor
            assert await evidence.may_see_photo(session, actor, sha) is may
    foreign = here.village.units["phu-luu"]
    with pytest.raises(Refused):
        await official_table(
            here.database, here.village.people["bi-thu-bach-xa"], foreign, here.now
        )


async def test_a_clerk_of_a_commune_makes_no_codes_for_another(here: Town) -> None:
    async with here.database.begin() as session:
        await add_person(
            session, here.village, "van-thu", "Vũ Thị K", "Văn thư", "phu-luu", "clerk", "terminal"
        )
    async with here.database.begin() as session:
        actor = await access.actor_at(session, "terminal", "van-thu", here.now)
        for person, may in (("pct-phu-luu", True), ("pct-bach-xa", False), ("bi-thu-tinh", False)):
            made = linking.make_code(
                session, actor, here.village.people[person],
                now=here.now, secret=SECRET.encode(), days=7,
            )  # fmt: skip
            if may:
                assert len(await made) == linking.CODE_DIGITS
            else:
                with pytest.raises(Refused):
                    await made
