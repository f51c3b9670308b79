"""Who cannot be reached, for the leader to see by name (mission §4, pitfall 23)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from sqlalchemy import case, func, select

from models.account import Account
from models.database import Session
from models.nudge import Digest
from models.organisation import Holding, Person, Post, Unit
from models.task import Task
from services.access import Actor, followed_tasks
from vietnamese.zone import local_day

FAILED_DAYS = 7
Reason = Literal["never", "blocked", "failed"]


@dataclass(frozen=True)
class Unreachable:
    """A person whom no reminder reaches. "never": no network was ever connected."""

    person_id: int
    name: str
    post: str
    unit: str
    reason: Reason


async def unreachable(session: Session, actor: Actor, now: datetime) -> list[Unreachable]:
    """The holders of open tasks in the actor's area whom no reminder reaches, by unit and name.

    "never": no network connected; "blocked": all are; "failed": the last digest of the past week
    did not get through (a quota, a broken network). The actor is not among them.
    """
    today = local_day(now)
    connected = func.sum(case((Account.state == "connected", 1), else_=0))
    accounts = (
        select(Account.person_id, connected.label("connected"))
        .group_by(Account.person_id)
        .subquery()
    )
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
        select(Person.id, Person.name, Post.title, Unit.name, accounts.c.connected, Digest.state)
        .join(Holding, Holding.person_id == Person.id)
        .join(Post, Post.id == Holding.post_id)
        .join(Unit, Unit.id == Post.unit_id)
        .outerjoin(accounts, accounts.c.person_id == Person.id)
        .outerjoin(last, last.c.person_id == Person.id)
        .outerjoin(Digest, (Digest.person_id == Person.id) & (Digest.day == last.c.day))
        .where(Post.id.in_(posts), Holding.held_on(today), Person.id != actor.person_id)
        .order_by(Unit.path, Person.name, Person.id)
    )
    found: dict[int, Unreachable] = {}
    for person, name, post, unit, working, state in rows:
        reason = _reason(working, state)
        if reason and person not in found:
            found[person] = Unreachable(person, name, post, unit, reason)
    return list(found.values())


def _reason(connected: int | None, last: str | None) -> Reason | None:
    if connected is None:
        return "never"
    if connected == 0:
        return "blocked"
    return "failed" if last == "failed" else None
