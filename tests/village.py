"""A small organisation for tests, and people who say, pick, send photos, and hear.

A province with two communes; vice-chairs with tasks, a secretary, a supervisor, a clerk.
"""

from __future__ import annotations

import io
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

from PIL import Image

from bot.app import App, build_app
from bot.channels.terminal import TerminalChannel
from bot.clock import StillClock
from bot.conversation import Address, Event, MediaRef
from bot.settings import Settings
from models.account import Account
from models.database import Database, Session
from models.organisation import Holding, Oversight, Person, Post, Unit
from models.task import Programme, Task, take_figures
from vietnamese.letters import fold

START = datetime(2026, 11, 22, 9, 30, tzinfo=UTC)
"""16:30 on Sunday 22/11/2026 in Vietnam, the moment of the mission's dialogue."""
SECRET = "a secret of at least thirty-two letters"
SINCE = date(2025, 7, 1)


def settings_for(url: str, folder: Path, **more: Any) -> Settings:
    """Settings of their own, untouched by the machine's environment."""
    given = {"secret_key": SECRET, "database_url": url, "media_url": str(folder), **more}
    return Settings(**{"_env_file": None, **given})


def picture(colour: str = "green", size: tuple[int, int] = (64, 48)) -> bytes:
    """A small real photo."""
    out = io.BytesIO()
    Image.new("RGB", size, colour).save(out, "JPEG")
    return out.getvalue()


@dataclass
class Village:
    """The ids of what was made, by code."""

    units: dict[str, int] = field(default_factory=dict)
    people: dict[str, int] = field(default_factory=dict)
    posts: dict[str, int] = field(default_factory=dict)
    tasks: dict[str, int] = field(default_factory=dict)


async def build_village(session: Session, channel: str | None = "terminal") -> Village:
    """Insert the organisation; every person's chat id is their code."""
    made = Village()
    await _units(session, made)
    people = (
        ("bi-thu-tinh", "Trần Văn T", "Bí thư Tỉnh uỷ", "tinh", "leader"),
        ("van-phong", "Lê Thị V", "Chuyên viên Văn phòng", "tinh", "clerk"),
        ("quan-tri", "Phạm Văn Q", "Quản trị", "tinh", "admin"),
        ("giam-sat", "Hoàng Văn G", "Uỷ viên phụ trách cụm", "tinh", "supervisor"),
        ("bi-thu-phu-luu", "Nguyễn Văn B", "Bí thư Đảng uỷ", "phu-luu", "leader"),
        ("pct-phu-luu", "Nguyễn Văn A", "Phó Chủ tịch UBND", "phu-luu", "cadre"),
        ("bi-thu-bach-xa", "Trần Thị C", "Bí thư Đảng uỷ", "bach-xa", "leader"),
        ("pct-bach-xa", "Lê Văn D", "Phó Chủ tịch UBND", "bach-xa", "cadre"),
    )
    await _seat(session, made, people, channel)
    session.add(Oversight(post_id=made.posts["giam-sat"], unit_id=made.units["bach-xa"]))
    await _tasks(session, made)
    return made


async def _units(session: Session, made: Village) -> None:
    rows = {
        code: Unit(code=code, name=name, folded=fold(name), kind=kind, path="", valid_from=SINCE)
        for code, name, kind in (
            ("tinh", "Tỉnh Tuyên Quang", "province"),
            ("phu-luu", "Xã Phù Lưu", "commune"),
            ("bach-xa", "Xã Bạch Xa", "commune"),
        )
    }
    session.add_all(rows.values())
    await session.flush()
    made.units |= {code: unit.id for code, unit in rows.items()}
    top = rows.pop("tinh")
    top.path = f"/{top.id}/"
    for unit in rows.values():
        unit.parent_id, unit.path = top.id, f"{top.path}{unit.id}/"


async def add_person(
    session: Session,
    made: Village,
    code: str,
    name: str,
    title: str,
    unit: str,
    kind: str,
    channel: str | None,
) -> None:
    """A person with a post of the same code, connected on `channel` unless it is None."""
    await _seat(session, made, [(code, name, title, unit, kind)], channel)


async def _seat(
    session: Session,
    made: Village,
    people: Sequence[tuple[str, str, str, str, str]],
    channel: str | None,
) -> None:
    seated = [
        (
            Person(code=code, name=name, folded=fold(name), pseudonym=f"p-{code}"),
            Post(code=code, unit_id=made.units[unit], title=title, kind=kind),
        )
        for code, name, title, unit, kind in people
    ]
    session.add_all(one for pair in seated for one in pair)
    await session.flush()
    for person, post in seated:
        session.add(Holding(person_id=person.id, post_id=post.id, from_day=SINCE))
        if channel:
            session.add(
                Account(
                    channel=channel, chat_id=person.code, person_id=person.id,
                    connected_at=START, changed_at=START,
                )
            )  # fmt: skip
        made.people[person.code], made.posts[post.code] = person.id, post.id


async def _tasks(session: Session, made: Village) -> None:
    plan = Programme(
        number="Kế hoạch 12-KH/ĐU", issued_on=date(2026, 1, 5), unit_id=made.units["phu-luu"],
        title="Giao việc đột phá, đổi mới", year=2026,
    )  # fmt: skip
    session.add(plan)
    await session.flush()
    tasks = []
    for code, title, owner, measure, unit, target, value, due in (
        ("NV-03", "Xây dựng 2 tổ sản xuất VietGAP", "pct-phu-luu", "number", "tổ", "2", "1",
         date(2026, 12, 31)),
        ("NV-07", "Thu gom rác thải nông thôn", "pct-phu-luu", "percent", "%", "40", "39",
         date(2026, 11, 30)),
        ("NV-21", "Đạt chuẩn nông thôn mới", "pct-bach-xa", "yesno", "", "1", None,
         date(2026, 11, 16)),
    ):  # fmt: skip
        post_id = made.posts[owner]
        task = Task(
            programme_id=plan.id, code=code, title=title, folded=fold(title),
            owner_post_id=post_id, unit_id=made.units[owner.removeprefix("pct-")],
            measure=measure, measure_unit=unit, target=Decimal(target),
            start=date(2026, 1, 5), due=due, first_due=due,
        )  # fmt: skip
        task.loaded_value = Decimal(value) if value else None
        take_figures(task, task.loaded_value, None)
        if value:
            task.last_report_at = datetime(2026, 11, 12, 3, 0, tzinfo=UTC)
            task.situation = "on_track"
        tasks.append(task)
    session.add_all(tasks)
    await session.flush()
    made.tasks |= {task.code: task.id for task in tasks}


class Chair:
    """A person in front of the bot: says, picks, sends, hears."""

    def __init__(self, town: Town, code: str) -> None:
        self.town = town
        self.code = code
        self.address = Address("terminal", code)

    async def says(self, text: str) -> str:
        """Say something; what is heard in answer, messages joined by a blank line."""
        return await self.does(
            Event(self.address, self.town.next_id(), "text", self.town.now, text)
        )

    async def picks(self, key: str, menu: int) -> str:
        """Pick by key out of a menu, as a button would."""
        event = Event(
            self.address, self.town.next_id(), "choice", self.town.now, key=key, menu=menu
        )
        return await self.does(event)

    async def sends_photo(
        self, data: bytes | None = None, caption: str = "", album: str = ""
    ) -> str:
        ref = await self.town.app.store.take_upload(data or picture(), "anh.jpg")
        return await self.does(self.photo_event(ref, caption, album))

    async def sends_file(self, data: bytes, name: str, caption: str = "", album: str = "") -> str:
        ref = await self.town.app.store.take_upload(data, name)
        event = self.photo_event(ref, caption, album)
        return await self.does(replace(event, kind="file"))

    def photo_event(self, ref: MediaRef, caption: str = "", album: str = "") -> Event:
        return Event(
            self.address, self.town.next_id(), "photo", self.town.now, caption,
            media=(ref,), album=album,
        )  # fmt: skip

    async def does(self, *events: Event) -> str:
        await self.town.app.inbox.accept(events)
        await self.town.app.drain()
        return self.hears()

    def hears(self) -> str:
        return "\n\n".join(self.town.terminal.take(self.code))


class Town:
    """The running program with the village in it, on a clock that stands still."""

    def __init__(
        self, app: App, terminal: TerminalChannel, clock: StillClock, village: Village
    ) -> None:
        self.app = app
        self.terminal = terminal
        self.clock = clock
        self.village = village
        self._events = 0

    @property
    def now(self) -> datetime:
        return self.clock.now()

    def next_id(self) -> str:
        self._events += 1
        return f"event-{self._events}"

    def sits(self, code: str) -> Chair:
        return Chair(self, code)

    @property
    def database(self) -> Database:
        return self.app.database

    async def restarts(self) -> None:
        """The program is started anew on the same database: all that was in memory is gone."""
        await self.app.database.close()
        self.app = build_app(
            self.app.settings, clock=self.clock, channels=[self.terminal], store=self.app.store
        )


@asynccontextmanager
async def town(database_url: str, folder: Path) -> AsyncIterator[Town]:
    """The program on a fresh database with the village, at the mission's moment."""
    clock, terminal = StillClock(START), TerminalChannel()
    app = build_app(settings_for(database_url, folder), clock=clock, channels=[terminal])
    async with app.database.begin() as session:
        village = await build_village(session)
    made = Town(app, terminal, clock, village)
    try:
        yield made
    finally:
        await made.app.close()


async def add_task(here: Town, code: str, owner: str, **facts: Any) -> None:
    """One more open task: `facts` are columns, over those of a plain count."""
    async with here.database.begin() as session:
        post = await session.get_one(Post, here.village.posts[owner])
        programme = Programme(
            number=f"Kế hoạch {code} {owner}", issued_on=date(2026, 1, 5), unit_id=post.unit_id,
            title="Giao việc", year=2026,
        )  # fmt: skip
        session.add(programme)
        await session.flush()
        title = facts.pop("title", "Làm đường bê tông")
        value = facts.pop("value", None)
        told = {"measure": "number", "measure_unit": "km", "target": Decimal("7.5"), **facts}
        task = Task(
            programme_id=programme.id, code=code, title=title, folded=fold(title),
            owner_post_id=post.id, unit_id=post.unit_id, start=date(2026, 1, 5),
            due=told.pop("due", date(2026, 12, 31)), **told,
        )  # fmt: skip
        task.first_due = task.due
        task.loaded_value = Decimal(value) if value is not None else None
        take_figures(task, task.loaded_value, None)
        session.add(task)
        await session.flush()
        here.village.tasks[f"{code} {owner}"] = task.id
