"""Who cannot be reached, for the leader to see by name (mission §4, pitfall 23)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Literal

from sqlalchemy import Subquery, case, func, select

from models.account import Account
from models.database import Session
from models.nudge import Digest
from models.organisation import Holding, Person, Post, Unit
from models.task import Task
from models.zalo_oa import ZaloOaContact
from services.access import Actor, followed_tasks
from vietnamese.zone import local_day

FAILED_DAYS = 7
Reason = Literal["never", "blocked", "quota", "window", "failed"]
IN_WORDS: dict[Reason, str] = {
    "never": "chưa kết nối",
    "blocked": "đã chặn",
    "quota": "hết lượt tin tháng này",
    "window": "đã quá 7 ngày chưa nhắn cho OA",
    "failed": "tin không tới",
}


@dataclass(frozen=True)
class Unreachable:
    """A person whom no reminder reaches. "never": no network was ever connected.

    "quota": the Zalo bot's messages of the month are used up; "window": outside the seven days in
    which the Official Account may write to them; "failed": for another reason.
    """

    person_id: int
    name: str
    post: str
    unit: str
    reason: Reason


async def unreachable(session: Session, actor: Actor, now: datetime) -> list[Unreachable]:
    """The holders of open tasks in the actor's area whom no reminder reaches, by unit and name.

    "never": no network connected; "blocked": all are; else the last digest of the past week did
    not get through, and nothing has changed that since. The actor is not among them.
    """
    today = local_day(now)
    accounts = _accounts()
    last = (
        select(Digest.person_id, func.max(Digest.day).label("day"))
        .where(Digest.day > today - timedelta(days=FAILED_DAYS), Digest.day <= today)
        .where(Digest.state.in_(("sent", "unknown", "failed")))
        .group_by(Digest.person_id)
        .subquery()
    )
    posts = (
        select(Task.owner_post_id)
        .join(Unit, Unit.id == Task.unit_id)
        .where(Task.state == "open", followed_tasks(actor))
    )
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
        .where(Post.id.in_(posts), Holding.held_on(today), Person.id != actor.person_id)
        .order_by(Unit.path, Person.name, Person.id)
    )  # fmt: skip
    found: dict[int, Unreachable] = {}
    for person, name, post, unit, working, heard, digest in rows:
        reason = _reason(working, heard, digest, today)
        if reason and person not in found:
            found[person] = Unreachable(person, name, post, unit, reason)
    return list(found.values())


async def not_sent_on(session: Session, day: date) -> list[tuple[str, Reason]]:
    """(name, reason) of everybody whose digest of that day did not get through, by name."""
    accounts = _accounts()
    rows = await session.execute(
        select(Person.name, accounts.c.connected, Digest)
        .join(Digest, Digest.person_id == Person.id)
        .outerjoin(accounts, accounts.c.person_id == Person.id)
        .where(Digest.day == day, Digest.state == "failed")
        .order_by(Person.name, Person.id)
    )
    return [
        (name, "blocked" if working == 0 else _why(digest.reason)) for name, working, digest in rows
    ]


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
    if last is None or last.state != "failed":
        return None
    why = _why(last.reason)
    if why == "quota" and (last.day.year, last.day.month) != (today.year, today.month):
        return None  # a new month, a new quota
    if why == "window" and heard is not None and heard > last.planned_at:
        return None  # they have written since
    return why


def _why(reason: str) -> Reason:
    """What the ledger's reason (models.nudge.Digest.reason) means."""
    for known in ("never", "quota", "window"):
        if reason == known or reason.startswith(f"{known}:"):
            return known
    return "blocked" if reason == "blocked" else "failed"
