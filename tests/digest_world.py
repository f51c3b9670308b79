"""A small province for the tests of reminders: real tables, a real outbox, a network with memory."""

from __future__ import annotations

from collections.abc import AsyncIterator, Collection
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import date, datetime, time
from decimal import Decimal

from sqlalchemy import select

from bot.channels.base import Accept, Features, SendFailed, Sending
from bot.clock import StillClock
from bot.conversation.reply import plain
from bot.outbox import OutboxWorker
from models.account import Account
from models.calendar import Leave
from models.database import Database, Session
from models.nudge import Digest, Nudge
from models.organisation import Holding, Oversight, Person, Post, Unit
from models.report import Counter
from models.task import Programme, Task
from scheduler.digest import compose
from scheduler.planner import Rules
from scheduler.ticks import TickResult, tick
from services.access import actor_at
from services.reports import Draft, submit_report
from vietnamese.letters import fold
from vietnamese.zone import VIETNAM

START = date(2026, 1, 5)


def d(text: str) -> date:
    """ "27/11" of 2026."""
    day, month = text.split("/")
    return date(2026, int(month), int(day))


def at(text: str) -> datetime:
    """ "27/11 16:45" of 2026, in Vietnam."""
    day, hour = text.split()
    return datetime.combine(d(day), time.fromisoformat(hour.zfill(5)), VIETNAM)


@dataclass
class Network:
    """Keeps what it was given; refuses on request."""

    name: str = "web"
    features: Features = field(
        default_factory=lambda: Features(4096, per_second=0, per_chat_second=0)
    )
    said: list[tuple[str, str]] = field(default_factory=list)
    failing: dict[str, SendFailed] = field(default_factory=dict)

    async def run(self, accept: Accept) -> None: ...

    async def send(self, sending: Sending) -> str:
        chat = sending.address.chat_id
        if chat in self.failing:
            raise self.failing[chat]
        self.said.append((chat, plain(sending.message.text)))
        return str(len(self.said))

    async def fetch(self, ref: str) -> bytes:
        return b""

    async def close(self) -> None: ...


class World:
    """A province with two communes; people are called by their codes."""

    def __init__(self, database: Database, rules: Rules | None = None) -> None:
        self.database = database
        self.rules = rules or Rules()
        self.clock = StillClock(at("23/11 8:00"))
        self.network = Network()
        self.alarms: list[str] = []
        self.outbox = OutboxWorker(
            database, self.clock, {"web": self.network}, compose, self._on_trouble
        )
        self.people: dict[str, int] = {}
        self.posts: dict[str, int] = {}
        self.tasks: dict[str, int] = {}

    async def _on_trouble(self, session: Session, text: str, networks: Collection[str]) -> None:
        self.alarms.append(text)

    async def build(self) -> World:
        async with self.database.begin() as session:
            for number, (code, parent) in enumerate(
                {"tinh": "/", "a": "/1/", "b": "/1/"}.items(), 1
            ):
                name = {"tinh": "Tỉnh X", "a": "Xã Phù Lưu", "b": "Xã Hùng Đức"}[code]
                session.add(
                    Unit(
                        id=number, code=code, name=name, folded=fold(name), kind="xa",
                        parent_id=None if parent == "/" else 1, path=f"{parent}{number}/",
                        valid_from=START,
                    )
                )  # fmt: skip
                await session.flush()
            session.add(
                Programme(id=1, number="12-KH/ĐU", issued_on=START, unit_id=1, title="", year=2026)
            )
            session.add(Counter(name="report", value=0))
            for code, unit, kind, name in (
                ("bt-tinh", 1, "leader", "Lê Văn T"), ("gs-tinh", 1, "supervisor", "Phạm Thị S"),
                ("bt-a", 2, "leader", "Trần Văn L"), ("ct-a", 2, "cadre", "Nguyễn Văn A"),
                ("pct-a", 2, "cadre", "Nguyễn Thị B"), ("bt-b", 3, "leader", "Hoàng Văn M"),
                ("ct-b", 3, "cadre", "Vũ Văn C"),
            ):  # fmt: skip
                await self._person(session, code, unit, kind, name)
            session.add(Oversight(post_id=self.posts["gs-tinh"], unit_id=2))
        return self

    async def _person(self, session: Session, code: str, unit: int, kind: str, name: str) -> None:
        person = Person(code=code, name=name, folded=fold(name), pseudonym=code)
        post = Post(code=code, unit_id=unit, title=code, kind=kind)
        session.add_all([person, post])
        await session.flush()
        session.add(Holding(person_id=person.id, post_id=post.id, from_day=START))
        session.add(
            Account(
                channel="web", chat_id=code, person_id=person.id,
                connected_at=at("5/1 8:00"), changed_at=at("5/1 8:00"),
            )
        )  # fmt: skip
        self.people[code], self.posts[code] = person.id, post.id

    async def task(self, code: str, owner: str, due: str | None, **facts: object) -> int:
        async with self.database.begin() as session:
            post = await session.get_one(Post, self.posts[owner])
            values: dict[str, object] = {
                "title": "Thu gom rác thải nông thôn", "start": START, "measure": "percent",
                "measure_unit": "%", "target": Decimal(100), **facts,
            }  # fmt: skip
            task = Task(
                programme_id=1, code=code, folded="", owner_post_id=post.id, unit_id=post.unit_id,
                due=d(due) if due else None, first_due=d(due) if due else None, **values,
            )  # fmt: skip
            session.add(task)
            await session.flush()
            self.tasks[code] = task.id
            return task.id

    @asynccontextmanager
    async def change(self, code: str) -> AsyncIterator[Task]:
        async with self.database.begin() as session:
            yield await session.get_one(Task, self.tasks[code])

    async def report(self, code: str, who: str, when: datetime, value: int) -> None:
        async with self.database.begin() as session:
            actor = await actor_at(session, "web", who, when)
            assert actor is not None
            draft = Draft(self.tasks[code], Decimal(value), "on_track")
            await submit_report(session, actor, draft, when)

    async def hand_over(self, post: str, to: str, on: date) -> None:
        async with self.database.begin() as session:
            session.add(Holding(person_id=self.people[to], post_id=self.posts[post], from_day=on))

    async def leave(self, who: str, first: date, last: date) -> None:
        async with self.database.begin() as session:
            session.add(Leave(person_id=self.people[who], from_day=first, to_day=last))

    async def tick(self, when: datetime) -> TickResult:
        self.clock.move_to(when)
        return await tick(self.database, when, self.rules, self.outbox.networks)

    async def send(self, when: datetime | None = None) -> dict[str, str]:
        """Send what is due; who heard what."""
        if when is not None:
            self.clock.move_to(when)
        before = len(self.network.said)
        while await self.outbox.send_once():
            pass
        return dict(self.network.said[before:])

    async def live(self, when: datetime) -> dict[str, str]:
        """One tick and what is heard of it."""
        await self.tick(when)
        return await self.send()

    async def ledger(self) -> list[tuple[str, str, str]]:
        """(task, kind, state) of each reminder, in the order they were planned."""
        names = {number: code for code, number in self.tasks.items()}
        async with self.database.begin() as session:
            rows = await session.scalars(select(Nudge).order_by(Nudge.id))
            return [(names[row.task_id], row.kind, row.state) for row in rows]

    async def digests(self) -> list[tuple[str, str, str, str]]:
        """(person, kind, state, reason) of each digest."""
        names = {number: code for code, number in self.people.items()}
        async with self.database.begin() as session:
            rows = await session.scalars(select(Digest).order_by(Digest.id))
            return [(names[row.person_id], row.kind, row.state, row.reason) for row in rows]
