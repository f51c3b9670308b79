"""Who cannot be reached, for the leader to see by name (mission §4, pitfall 23)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Literal

from sqlalchemy import ColumnElement, Subquery, and_, case, func, or_, select

from models.account import Account
from models.database import Session
from models.nudge import Digest
from models.organisation import Holding, Oversight, Person, Post, Unit
from models.task import Task
from models.zalo_oa import ZaloOaContact
from services.access import Actor, followed_tasks
from vietnamese.zone import local_day

FAILED_DAYS = 7
Reason = Literal["never", "blocked", "quota", "window", "network", "failed"]
IN_WORDS: dict[Reason, str] = {
    "never": "chưa kết nối",
    "blocked": "đã chặn",
    "quota": "hết lượt tin tháng này",
    "window": "đã quá 7 ngày chưa nhắn cho OA",
    "network": "mạng đang hỏng",
    "failed": "tin không tới",
}


@dataclass(frozen=True)
class Unreachable:
    """A person whom no reminder reaches. "never": no network was ever connected.

    "quota": the Zalo bot's messages of the month are used up; "window": outside the seven days in
    which the Official Account may write to them; "network": theirs refuses everybody, or is not
    in use; "failed": for another reason.
    """

    person_id: int
    name: str
    post: str
    unit: str
    reason: Reason


async def unreachable(session: Session, actor: Actor, now: datetime) -> list[Unreachable]:
    """The holders of open tasks in the actor's area and those who follow them there, where no
    reminder reaches them; by unit and name.

    "never": no network connected; "blocked": all are; else the last digest of the past week did
    not get through, and nothing has changed that since. The actor is not among them.
    """
    today = local_day(now)
    accounts = _accounts()
    last = (
        select(Digest.person_id, func.max(Digest.day).label("day"))
        .where(Digest.day > today - timedelta(days=FAILED_DAYS), Digest.day <= today)
        .where(or_(Digest.state.in_(("sent", "unknown")), _not_sent()))
        .group_by(Digest.person_id)
        .subquery()
    )
    posts = await _posts(session, actor)
    rows = await session.execute(
        select(
            Person.id, Person.name, Post.title, Unit.name, accounts.c.connected, accounts.c.heard,
            Digest,
        )
        .join(Holding, Holding.person_id == Person.id)
        .join(Post, Post.id == Holding.post_id)
        .join(Unit, Unit.id == Post.unit_id)
        .outerjoin(accounts, accounts.c.person_id == Person.id)
        .outerjoin(last, last.c.person_id == Person.id)
        .outerjoin(Digest, (Digest.person_id == Person.id) & (Digest.day == last.c.day))
        .where(posts, Holding.held_on(today), Person.id != actor.person_id)
        .order_by(Unit.path, Person.name, Person.id)
    )  # fmt: skip
    found: dict[int, Unreachable] = {}
    for person, name, post, unit, working, heard, digest in rows:
        reason = _reason(working, heard, digest, today)
        if reason and person not in found:
            found[person] = Unreachable(person, name, post, unit, reason)
    return list(found.values())


async def _posts(session: Session, actor: Actor) -> ColumnElement[bool]:
    """SQL: a post that owns open tasks of the area, leads a unit of theirs or oversees one."""
    area = (
        select(Task.id)
        .join(Unit, Unit.id == Task.unit_id)
        .where(Task.state == "open", followed_tasks(actor))
    )
    units = (
        await session.execute(
            select(Unit.id, Unit.path).where(
                Unit.id.in_(area.with_only_columns(Task.unit_id).distinct())
            )
        )
    ).all()
    upwards = {int(part) for _, path in units for part in path.split("/") if part}
    overseers = select(Oversight.post_id).where(
        or_(Oversight.unit_id.in_(upwards), Oversight.task_id.in_(area))
    )
    return or_(
        Post.id.in_(area.with_only_columns(Task.owner_post_id)),
        and_(Post.kind == "leader", Post.unit_id.in_([unit for unit, _ in units])),
        Post.id.in_(overseers),
    )


async def not_sent_on(session: Session, day: date) -> list[tuple[str, Reason]]:
    """(name, reason) of everybody whose digest of that day did not get through, by name."""
    accounts = _accounts()
    rows = await session.execute(
        select(Person.name, accounts.c.connected, Digest)
        .join(Digest, Digest.person_id == Person.id)
        .outerjoin(accounts, accounts.c.person_id == Person.id)
        .where(Digest.day == day, _not_sent())
        .order_by(Person.name, Person.id)
    )
    return [
        (name, "blocked" if working == 0 else _why(digest.reason)) for name, working, digest in rows
    ]


def _not_sent() -> ColumnElement[bool]:
    """SQL: it has failed, or waits for a network that refuses everybody."""
    held = and_(Digest.state == "planned", Digest.reason.startswith("network"))
    return or_(Digest.state == "failed", held)


def _accounts() -> Subquery:
    """By person: how many accounts work, and when they last wrote to the Official Account."""
    connected = func.sum(case((Account.state == "connected", 1), else_=0))
    return (
        select(
            Account.person_id,
            connected.label("connected"),
            func.max(ZaloOaContact.heard_at).label("heard"),
        )
        .outerjoin(
            ZaloOaContact,
            (Account.channel == "zalo_oa") & (ZaloOaContact.chat_id == Account.chat_id),
        )
        .group_by(Account.person_id)
        .subquery()
    )


def _reason(
    connected: int | None, heard: datetime | None, last: Digest | None, today: date
) -> Reason | None:
    if connected is None:
        return "never"
    if connected == 0:
        return "blocked"
    if last is None or last.state in ("sent", "unknown"):
        return None
    why = _why(last.reason)
    if why == "quota" and (last.day.year, last.day.month) != (today.year, today.month):
        return None  # a new month, a new quota
    if why == "window" and heard is not None and heard > last.planned_at:
        return None  # they have written since
    return why


def _why(reason: str) -> Reason:
    """What the ledger's reason (models.nudge.Digest.reason) means."""
    for known in ("never", "quota", "window", "network"):
        if reason == known or reason.startswith(f"{known}:"):
            return known
    return "blocked" if reason == "blocked" else "failed"
