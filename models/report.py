"""Reports (báo cáo), their versions, their evidence, and obstacles (vướng mắc)."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import Literal

from sqlalchemy import ForeignKey, Index, String, Text, UniqueConstraint, select, update
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Amount, Base, UtcTime
from models.database import Session, insert_or_nothing

Outcome = Literal["accepted", "returned"]


class Report(Base):
    """One version of one report. BC-0042 has a number for life; a correction adds a version."""

    __tablename__ = "report"
    id: Mapped[int] = mapped_column(primary_key=True)
    number: Mapped[int]
    version: Mapped[int] = mapped_column(default=1)
    current: Mapped[bool] = mapped_column(default=True)
    task_id: Mapped[int] = mapped_column(ForeignKey("task.id"))
    author_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    """Who typed it: the holder of the post, or a clerk for them."""
    post_id: Mapped[int] = mapped_column(ForeignKey("post.id"))
    """The accountable post it was given for."""
    value: Mapped[Decimal | None] = mapped_column(Amount)
    qualifier: Mapped[str | None] = mapped_column(String(16))
    percent: Mapped[Decimal | None] = mapped_column(Amount)
    situation: Mapped[str] = mapped_column(String(16))
    text: Mapped[str] = mapped_column(Text, default="")
    place: Mapped[str | None] = mapped_column(String(64))
    """"lat,lon" of a pin sent with the report (C10)."""
    sent_at: Mapped[datetime] = mapped_column(UtcTime)
    outcome: Mapped[str | None] = mapped_column(String(16))
    checked_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    checked_at: Mapped[datetime | None] = mapped_column(UtcTime)
    comment: Mapped[str] = mapped_column(Text, default="")
    __table_args__ = (
        UniqueConstraint("number", "version"),
        Index(None, "task_id", "current", "sent_at"),
        Index(None, "current", "outcome"),
        Index(None, "author_id", "sent_at"),
    )

    @property
    def name(self) -> str:
        return f"BC-{self.number:04d}"


class Evidence(Base):
    """A photo or file of a report (minh chứng), in the order it came."""

    __tablename__ = "evidence"
    report_id: Mapped[int] = mapped_column(ForeignKey("report.id"), primary_key=True)
    media_id: Mapped[int] = mapped_column(ForeignKey("media.id"), primary_key=True, index=True)
    position: Mapped[int]


class Obstacle(Base):
    """What is stuck and who must unblock it (B09, E31). Its clock counts working days since it was
    raised; the calendar tells how many have gone. When it ends: services.obstacles."""

    __tablename__ = "obstacle"
    id: Mapped[int] = mapped_column(primary_key=True)
    task_id: Mapped[int] = mapped_column(ForeignKey("task.id"), index=True)
    report_number: Mapped[int | None]
    """The report that named it last."""
    text: Mapped[str] = mapped_column(Text)
    waits_for: Mapped[str] = mapped_column(String(64))
    """"unit" (the unit's leader), "above" (the level above) or "" (not said)."""
    raised_at: Mapped[datetime] = mapped_column(UtcTime)
    closed_at: Mapped[datetime | None] = mapped_column(UtcTime, index=True)


class Counter(Base):
    """A number that goes up by one, safely under several replicas."""

    __tablename__ = "counter"
    name: Mapped[str] = mapped_column(String(32), primary_key=True)
    value: Mapped[int]


async def next_number(session: Session, name: str) -> int:
    """The next number of a counter; the row lock keeps two replicas apart."""
    statement = (
        update(Counter)
        .where(Counter.name == name)
        .values(value=Counter.value + 1)
        .returning(Counter.value)
    )
    value = await session.scalar(statement)
    if value is None:
        # The first of all; whoever was first at the same time is waited for here.
        await session.execute(insert_or_nothing(session, Counter).values(name=name, value=0))
        value = await session.scalar(statement)
    assert value is not None
    return value


async def current_report(session: Session, number: int) -> Report | None:
    """The version in force of BC-<number>, as it is now, whatever was read of it before."""
    return await session.scalar(
        select(Report)
        .where(Report.number == number, Report.current)
        .execution_options(populate_existing=True)
    )
