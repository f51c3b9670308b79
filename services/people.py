"""People and their posts, as a clerk sees them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import ColumnElement, or_, select, true

from models.account import Account
from models.database import Session
from models.organisation import Holding, Person, Post, Unit
from services import audit
from services.access import Actor
from services.errors import Refused
from vietnamese.zone import local_day


@dataclass(frozen=True)
class PersonCard:
    """A person with the post to know them by; `channels`: where they are connected."""

    person_id: int
    code: str
    name: str
    post: str
    unit: str
    unit_path: str
    channels: tuple[str, ...]

    @property
    def label(self) -> str:
        return f"{self.name}, {self.post}, {self.unit}"


async def people_of(session: Session, actor: Actor) -> Sequence[PersonCard]:
    """The people of the units an actor looks after as a clerk or administrator."""
    paths = actor.paths("clerk", "admin")
    if not paths:
        return []
    under = or_(*(Unit.path.startswith(path, autoescape=True) for path in paths))
    return await _cards(session, actor.day, under)


async def everybody(session: Session, day: date) -> Sequence[PersonCard]:
    """All people who hold a post on `day` (the administrator at the command line)."""
    return await _cards(session, day, true())


async def _cards(session: Session, day: date, where: ColumnElement[bool]) -> Sequence[PersonCard]:
    rows = await session.execute(
        select(Person.id, Person.code, Person.name, Post.title, Unit.name, Unit.path)
        .join(Holding, Holding.person_id == Person.id)
        .join(Post, Post.id == Holding.post_id)
        .join(Unit, Unit.id == Post.unit_id)
        .where(Holding.held_on(day), where)
        .order_by(Unit.path, Post.id)
    )
    channels: dict[int, list[str]] = {}
    accounts = await session.execute(
        select(Account.person_id, Account.channel).where(Account.state == "connected")
    )
    for person_id, channel in accounts.all():
        channels.setdefault(person_id, []).append(channel)
    cards: dict[int, PersonCard] = {}
    for person_id, code, name, title, unit, path in rows.all():
        if person_id not in cards:
            found = tuple(channels.get(person_id, ()))
            cards[person_id] = PersonCard(person_id, code, name, title, unit, path, found)
    return list(cards.values())


async def hand_over(
    session: Session,
    actor: Actor | None,
    post: Post,
    person: Person,
    first_day: date,
    now: datetime,
) -> Person | None:
    """Bàn giao: from `first_day` on, `person` holds the post, whose jobs stay with it (D09).

    Whoever holds it on that day stops the day before, whether an end was set or not. Returns who
    held it last. Raises Refused when nothing would change, or for a day before a holding begins.
    """
    held = (
        await session.scalars(
            select(Holding)
            .where(
                Holding.post_id == post.id,
                or_(Holding.to_day.is_(None), Holding.to_day >= first_day),
            )
            .order_by(Holding.from_day, Holding.id)
        )
    ).all()
    before = await session.get_one(Person, held[-1].person_id) if held else None
    ends = [one.to_day for one in held]
    for one in held:
        if one.person_id == person.id:
            until = f" đến {one.to_day:%d/%m/%Y}" if one.to_day else ""
            raise Refused(f"{person.name} giữ chức vụ này{until} rồi.")
        if first_day <= one.from_day:
            raise Refused(
                f"Chức vụ này đã có người nhận từ {one.from_day:%d/%m/%Y}. "
                "Đồng chí chọn ngày sau ngày đó."
            )
        one.to_day = first_day - timedelta(days=1)
    session.add(Holding(person_id=person.id, post_id=post.id, from_day=first_day))
    audit.record(
        session, actor, "hand_over", "post", post.id, now=now, post_id=post.id,
        before={"person": before.pseudonym if before else None, "to_day": ends[-1] if ends else None},
        after={"person": person.pseudonym, "from_day": first_day},
    )  # fmt: skip
    return before


async def administrators(session: Session, now: datetime) -> Sequence[int]:
    """The people who hold an administrator's post now, by id."""
    rows = await session.scalars(
        select(Holding.person_id)
        .join(Post, Post.id == Holding.post_id)
        .where(Post.kind == "admin", Holding.held_on(local_day(now)))
        .distinct()
    )
    return rows.all()
