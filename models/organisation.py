"""Units, people, posts, and who holds what: the organisation is data.

Units form a tree of any depth with dates of validity (mission §1). Posts own jobs, people hold
posts (row D09). Oversight gives a post units or single tasks to follow (rows D07, E08, E09).
"""

from __future__ import annotations

from datetime import date
from typing import Literal

from sqlalchemy import ForeignKey, Index, String, and_, or_, select
from sqlalchemy.orm import Mapped, mapped_column
from sqlalchemy.sql.elements import ColumnElement

from models.base import Base
from models.database import Session

PostKind = Literal["leader", "supervisor", "cadre", "clerk", "admin"]


class Unit(Base):
    """A unit (đơn vị): province, department, commune, thôn …"""

    __tablename__ = "unit"
    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(String(64), unique=True)
    name: Mapped[str] = mapped_column(String(255))
    folded: Mapped[str] = mapped_column(String(255), index=True)
    kind: Mapped[str] = mapped_column(String(32))
    parent_id: Mapped[int | None] = mapped_column(ForeignKey("unit.id"), index=True)
    path: Mapped[str] = mapped_column(String(255), index=True)
    """The ids from the root to this unit, "/1/5/": a subtree is a prefix."""
    valid_from: Mapped[date]
    valid_to: Mapped[date | None]


class UnitPredecessor(Base):
    """What a unit was before a merger or a new name; figures are never joined across it."""

    __tablename__ = "unit_predecessor"
    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"), primary_key=True)
    predecessor_id: Mapped[int] = mapped_column(ForeignKey("unit.id"), primary_key=True)


class Person(Base):
    """A person; the least that is needed (Luật 91/2025/QH15)."""

    __tablename__ = "person"
    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(String(64), unique=True)
    name: Mapped[str] = mapped_column(String(255))
    folded: Mapped[str] = mapped_column(String(255), index=True)
    pseudonym: Mapped[str] = mapped_column(String(32), unique=True)
    """Stands for the person in the audit log, also after erasure."""
    remind_channel: Mapped[str | None] = mapped_column(String(32))
    """The network chosen for reminders; none: the one connected last."""


class Post(Base):
    """A post (chức vụ) in a unit. Posts own jobs, people hold posts (D09)."""

    __tablename__ = "post"
    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(String(64), unique=True)
    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"), index=True)
    title: Mapped[str] = mapped_column(String(255))
    kind: Mapped[str] = mapped_column(String(16))


class Holding(Base):
    """Who holds a post, from when, to when (the last day included)."""

    __tablename__ = "holding"
    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    post_id: Mapped[int] = mapped_column(ForeignKey("post.id"))
    from_day: Mapped[date]
    to_day: Mapped[date | None]
    __table_args__ = (Index(None, "person_id", "to_day"), Index(None, "post_id", "to_day"))

    @staticmethod
    def held_on(day: date) -> ColumnElement[bool]:
        """SQL: this holding is in force on `day`."""
        return and_(Holding.from_day <= day, or_(Holding.to_day.is_(None), Holding.to_day >= day))


class Oversight(Base):
    """A unit (with all below it) or a single task that a post follows (D07, E08, E09)."""

    __tablename__ = "oversight"
    id: Mapped[int] = mapped_column(primary_key=True)
    post_id: Mapped[int] = mapped_column(ForeignKey("post.id"), index=True)
    unit_id: Mapped[int | None] = mapped_column(ForeignKey("unit.id"))
    task_id: Mapped[int | None] = mapped_column(ForeignKey("task.id"))
    tag: Mapped[str | None] = mapped_column(String(64))
    """A field (lĩnh vực): only tasks with this tag, within the unit if one is given."""


async def holder_of(session: Session, post_id: int, day: date) -> Person | None:
    """Who holds the post on `day`; with several holders the one who came last."""
    return await session.scalar(
        select(Person)
        .join(Holding, Holding.person_id == Person.id)
        .where(Holding.post_id == post_id, Holding.held_on(day))
        .order_by(Holding.from_day.desc(), Holding.id.desc())
        .limit(1)
    )
