"""Who may see and do what: decided here, from posts and the unit tree, on every call (promise 6).

A cadre sees the tasks of their own posts; a leader the subtree of the unit; a supervisor what they
oversee; a clerk enters for the unit's subtree. Nobody else's.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import (
    ColumnElement,
    Date,
    Integer,
    Select,
    String,
    and_,
    bindparam,
    cast,
    false,
    or_,
    select,
    true,
)
from sqlalchemy.orm import aliased

from models.account import Account
from models.database import Session
from models.organisation import Holding, Oversight, Person, Post, PostKind, Unit
from models.task import Task, TaskRole
from services.errors import NOT_YOURS, Refused
from vietnamese.zone import local_day


@dataclass(frozen=True)
class HeldPost:
    """A post somebody holds now."""

    id: int
    code: str
    title: str
    kind: PostKind
    unit_id: int
    unit_name: str
    unit_path: str


@dataclass(frozen=True)
class Actor:
    """Who acts: a person, the posts held on `day`, and the network they came by."""

    person_id: int
    name: str
    pseudonym: str
    channel: str
    day: date
    posts: tuple[HeldPost, ...]
    oversees: tuple[tuple[str, str], ...] = ()
    """(unit path, tag): a subtree, or only its tasks with the tag (a field, lĩnh vực)."""
    oversees_tasks: frozenset[int] = frozenset()

    def is_any(self, *kinds: PostKind) -> bool:
        return any(post.kind in kinds for post in self.posts)

    @property
    def leads(self) -> bool:
        """May ask for a summary over others' work."""
        return self.is_any("leader", "supervisor", "clerk", "admin") or bool(
            self.oversees or self.oversees_tasks
        )

    @property
    def main_post(self) -> HeldPost | None:
        """The post to name the person by: the highest in the tree."""
        return min(self.posts, key=lambda post: len(post.unit_path), default=None)

    @property
    def oversees_paths(self) -> tuple[str, ...]:
        """The subtrees where something is overseen."""
        return tuple(path for path, _ in self.oversees)

    def paths(self, *kinds: PostKind) -> tuple[str, ...]:
        """The subtrees given by posts of these kinds."""
        return tuple(sorted({post.unit_path for post in self.posts if post.kind in kinds}))


_DAY = bindparam("day", type_=Date)
_FOLLOWED = aliased(Unit)
_HELD = (
    select(
        Post.id, Post.code, Post.title, Post.kind, Post.unit_id, Unit.name, Unit.path,
        Oversight.id, _FOLLOWED.path, Oversight.tag, Oversight.task_id,
    )
    .select_from(Holding)
    .join(Post, Post.id == Holding.post_id)
    .join(Unit, Unit.id == Post.unit_id)
    .outerjoin(Oversight, Oversight.post_id == Post.id)
    .outerjoin(_FOLLOWED, _FOLLOWED.id == Oversight.unit_id)
    .where(
        Holding.person_id == bindparam("person", type_=Integer),
        Holding.from_day <= _DAY,
        or_(Holding.to_day.is_(None), Holding.to_day >= _DAY),
    )
    .order_by(Post.id)
)  # fmt: skip
_BEHIND = (
    select(Person, Account)
    .join(Account, Account.person_id == Person.id)
    .where(Account.channel == bindparam("channel"), Account.chat_id == bindparam("chat"))
)


async def actor_of(session: Session, person: Person, channel: str, now: datetime) -> Actor:
    """The person with the posts held today, and what these follow."""
    day = local_day(now)
    posts: dict[int, HeldPost] = {}
    areas: set[tuple[str, str]] = set()
    tasks: set[int] = set()
    for row in await session.execute(_HELD, {"person": person.id, "day": day}):
        *post, follows, path, tag, task = row
        posts[row[0]] = HeldPost(*post)
        if task:
            tasks.add(task)
        elif follows and (path or tag):
            areas.add((path or "/", tag or ""))
    return Actor(
        person.id, person.name, person.pseudonym, channel, day,
        tuple(posts.values()), tuple(sorted(areas)), frozenset(tasks),
    )  # fmt: skip


async def actor_at(session: Session, channel: str, chat_id: str, now: datetime) -> Actor | None:
    """Who is behind a chat; None: it is connected to nobody.

    Somebody who had blocked us and writes again is reachable again.
    """
    found = await session.execute(_BEHIND, {"channel": channel, "chat": chat_id})
    row = found.first()
    if row is None:
        return None
    person, account = row
    if account.state != "connected":
        account.state, account.changed_at = "connected", now
    return await actor_of(session, person, channel, now)


async def actor_by_id(
    session: Session, person_id: int, channel: str, now: datetime
) -> Actor | None:
    """A person by id, with the posts held today."""
    person = await session.get(Person, person_id)
    return await actor_of(session, person, channel, now) if person else None


def _under(paths: tuple[str, ...]) -> ColumnElement[bool]:
    return or_(false(), *(Unit.path.startswith(path, autoescape=True) for path in paths))


def _overseen(actor: Actor) -> ColumnElement[bool]:
    """SQL: what was given to follow, by unit, by field, or as a single task (D07, E08, E09)."""
    areas = [
        and_(
            Unit.path.startswith(path, autoescape=True),
            cast(Task.tags, String).contains(f'"{tag}"', autoescape=True) if tag else true(),
        )
        for path, tag in actor.oversees
    ]
    return or_(Task.id.in_(actor.oversees_tasks), *areas)


def own_tasks(actor: Actor) -> ColumnElement[bool]:
    """SQL: the task's accountable post is held by the actor."""
    return Task.owner_post_id.in_([post.id for post in actor.posts])


def followed_tasks(actor: Actor) -> ColumnElement[bool]:
    """SQL (Task joined with Unit): what the actor leads, oversees or is the focal point of."""
    posts = [post.id for post in actor.posts]
    roles = select(TaskRole.task_id).where(
        TaskRole.post_id.in_(posts), TaskRole.role.in_(("focal", "director", "advising"))
    )
    return or_(
        _under(actor.paths("leader", "clerk", "admin")),
        _overseen(actor),
        Task.id.in_(roles),
    )


def visible_tasks(actor: Actor) -> ColumnElement[bool]:
    """SQL (Task joined with Unit): all tasks the actor may read."""
    supporting = select(TaskRole.task_id).where(
        TaskRole.post_id.in_([post.id for post in actor.posts])
    )
    return or_(own_tasks(actor), followed_tasks(actor), Task.id.in_(supporting))


async def readable_task(session: Session, actor: Actor, task_id: int) -> Task:
    """The task, if the actor may read it. Raises Refused, alike for foreign and for missing."""
    task = await session.scalar(
        select(Task)
        .join(Unit, Unit.id == Task.unit_id)
        .where(Task.id == task_id, visible_tasks(actor))
    )
    if task is None:
        raise Refused(NOT_YOURS)
    return task


async def reportable_task(
    session: Session,
    actor: Actor,
    task_id: int,
    *,
    lock: bool = False,
    refusal: str = NOT_YOURS,
) -> Task:
    """The task, if the actor may report on it: its owner, or a clerk of the unit or above.

    `lock`: a change follows, see `_locked`.
    """
    query = (
        select(Task)
        .join(Unit, Unit.id == Task.unit_id)
        .where(Task.id == task_id, or_(own_tasks(actor), _under(actor.paths("clerk"))))
    )
    task = await session.scalar(_locked(query) if lock else query)
    if task is None:
        raise Refused(refusal)
    return task


def checkable_tasks(actor: Actor) -> ColumnElement[bool]:
    """SQL (Task joined with Unit): tasks whose reports the actor may check.

    Leaders and supervisors check below them and focal points theirs, never their own (D03).
    """
    posts = [post.id for post in actor.posts]
    focal = select(TaskRole.task_id).where(
        TaskRole.post_id.in_(posts), TaskRole.role.in_(("focal", "director"))
    )
    return and_(
        Task.owner_post_id.not_in(posts),
        or_(
            _under(actor.paths("leader")),
            _overseen(actor),
            Task.id.in_(focal),
        ),
    )


async def checkable_task(
    session: Session,
    actor: Actor,
    task_id: int,
    *,
    lock: bool = False,
    refusal: str = NOT_YOURS,
) -> Task:
    """The task, if the actor may check its reports. Raises Refused.

    `lock`: a change follows, see `_locked`.
    """
    query = (
        select(Task)
        .join(Unit, Unit.id == Task.unit_id)
        .where(Task.id == task_id, checkable_tasks(actor))
    )
    task = await session.scalar(_locked(query) if lock else query)
    if task is None:
        raise Refused(refusal)
    return task


def _locked(query: Select[Task]) -> Select[Task]:
    """The task's row is held until the end of the transaction, and read as it is by then.

    Whatever changes a task, its reports or its obstacles holds it first, so that two who report or
    check at the same time come one after the other (PostgreSQL; on SQLite they always do).
    """
    held = query.with_for_update(of=Task, key_share=True)
    return held.execution_options(populate_existing=True)
