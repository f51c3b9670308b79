"""The ledger of reminders (nhắc việc): a digest a person a day, and what stood in it."""

from __future__ import annotations

from datetime import date, datetime
from typing import Literal

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint, update
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, UtcTime
from models.database import Session

NudgeState = Literal["planned", "sent", "dropped", "unknown", "failed"]


class Digest(Base):
    """The one digest of a person on a day; its text is made when its turn comes."""

    __tablename__ = "digest"
    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    day: Mapped[date]
    kind: Mapped[str] = mapped_column(String(16))
    """"morning" (one's own work) or "evening" (the leader's picture of the day)."""
    state: Mapped[str] = mapped_column(String(16), default="planned")
    planned_at: Mapped[datetime] = mapped_column(UtcTime)
    reason: Mapped[str] = mapped_column(String(64), default="")
    """Why nothing could be sent, or (state "planned") why it has to wait: "never", "network" …"""
    __table_args__ = (UniqueConstraint("person_id", "day"), Index(None, "day", "state"))


class Nudge(Base):
    """One reminder, planned once for (task, person, kind, day, deadline version) (promise 5)."""

    __tablename__ = "nudge"
    id: Mapped[int] = mapped_column(primary_key=True)
    task_id: Mapped[int] = mapped_column(ForeignKey("task.id"))
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    kind: Mapped[str] = mapped_column(String(32))
    """"before:7", "after", "report", "escalated" …"""
    day: Mapped[date]
    """The day it was due by the rules, which may lie before the day it was sent."""
    due_version: Mapped[int]
    ordinal: Mapped[int] = mapped_column(default=1)
    """nhắc lần n: since the last report."""
    digest_id: Mapped[int] = mapped_column(ForeignKey("digest.id"), index=True)
    state: Mapped[str] = mapped_column(String(16), default="planned")
    __table_args__ = (
        UniqueConstraint("task_id", "person_id", "kind", "day", "due_version"),
        Index(None, "person_id", "day"),
    )


async def settle(session: Session, digest_id: int, state: NudgeState, reason: str = "") -> None:
    """Write in the ledger how the sending of a digest ended."""
    await session.execute(
        update(Digest).where(Digest.id == digest_id).values(state=state, reason=reason[:64])
    )
    await session.execute(
        update(Nudge)
        .where(Nudge.digest_id == digest_id, Nudge.state == "planned")
        .values(state=state)
    )


async def hold(session: Session, digest_id: int, reason: str) -> None:
    """It still waits to be sent: the ledger says for what."""
    await session.execute(
        update(Digest)
        .where(Digest.id == digest_id, Digest.state == "planned")
        .values(reason=reason[:64])
    )
