"""Programmes and tasks, and the pure rules about their figures.

The task row carries its current value, % of plan, bucket and last report time, so that a summary
costs the number of tasks and never the number of reports.
"""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Any, Literal

from sqlalchemy import ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Amount, Base, Document, UtcTime

MeasureKind = Literal["number", "percent", "yesno", "checklist", "count", "milestones"]
Direction = Literal["up", "down"]
Origin = Literal["registered", "assigned", "added"]
TaskState = Literal["open", "done", "dropped"]
Cadence = Literal["none", "weekly", "monthly", "quarterly"]
Situation = Literal["on_track", "late", "stuck"]
Bucket = Literal["over", "met", "above70", "from50", "below50", "none"]
BUCKETS: tuple[Bucket, ...] = ("over", "met", "above70", "from50", "below50", "none")
LARGEST_PERCENT = Decimal(10) ** 9
"""Nothing is planned a ten-millionth of: from here on a % of plan is a slip, and is refused."""
_EDGES = (Decimal(0), Decimal(50), Decimal(70), Decimal(100))
_KEPT = Decimal("0.0001")


class Programme(Base):
    """A programme or plan (chương trình, kế hoạch): a numbered, dated document (rows A01, E01)."""

    __tablename__ = "programme"
    id: Mapped[int] = mapped_column(primary_key=True)
    number: Mapped[str] = mapped_column(String(64))
    issued_on: Mapped[date]
    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"), index=True)
    title: Mapped[str] = mapped_column(Text)
    theme: Mapped[str] = mapped_column(Text, default="")
    motto: Mapped[str] = mapped_column(Text, default="")
    horizon: Mapped[str] = mapped_column(String(16), default="year")
    """"year" or "term" (A05)."""
    year: Mapped[int]
    above_id: Mapped[int | None] = mapped_column(ForeignKey("programme.id"))
    """The programme this one carries out (E02)."""
    __table_args__ = (UniqueConstraint("number", "unit_id", "issued_on"),)
    """Numbers begin again every year."""


class Task(Base):
    """One job (việc, nhiệm vụ, chỉ tiêu) with exactly one accountable post (D02)."""

    __tablename__ = "task"
    id: Mapped[int] = mapped_column(primary_key=True)
    programme_id: Mapped[int] = mapped_column(ForeignKey("programme.id"))
    above_id: Mapped[int | None] = mapped_column(ForeignKey("task.id"))
    code: Mapped[str] = mapped_column(String(32))
    title: Mapped[str] = mapped_column(Text)
    folded: Mapped[str] = mapped_column(Text)
    product: Mapped[str] = mapped_column(Text, default="")
    tags: Mapped[list[str]] = mapped_column(Document, default=list)
    origin: Mapped[str] = mapped_column(String(16), default="assigned")
    owner_post_id: Mapped[int] = mapped_column(ForeignKey("post.id"))
    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"))
    """The unit of the owning post, kept here so that a subtree is one join."""

    measure: Mapped[str] = mapped_column(String(16), default="number")
    measure_unit: Mapped[str] = mapped_column(String(64), default="")
    direction: Mapped[str] = mapped_column(String(8), default="up")
    baseline: Mapped[Decimal | None] = mapped_column(Amount)
    target: Mapped[Decimal] = mapped_column(Amount)
    criteria: Mapped[list[str]] = mapped_column(Document, default=list)
    """The names of criteria or milestones, where the measure counts them (C09)."""

    start: Mapped[date]
    due: Mapped[date | None]
    first_due: Mapped[date | None]
    """The first date, never overwritten by an extension."""
    due_version: Mapped[int] = mapped_column(default=1)
    cadence: Mapped[str] = mapped_column(String(16), default="none")
    cadence_day: Mapped[int] = mapped_column(default=1)
    """weekly: 1 (Monday) to 7; monthly and quarterly: the day of the month, 31 = the last."""
    reports_from: Mapped[date | None]
    """The day it was loaded, or was given its rhythm: nobody could report here before. None: start."""

    state: Mapped[str] = mapped_column(String(16), default="open")
    closed_on: Mapped[date | None]
    """The day the product was there, as the check that closed the task found (D03)."""
    loaded_value: Mapped[Decimal | None] = mapped_column(Amount)
    """What stood when the task was loaded; it holds while no report counts."""
    value: Mapped[Decimal | None] = mapped_column(Amount)
    qualifier: Mapped[str | None] = mapped_column(String(16))
    percent: Mapped[Decimal | None] = mapped_column(Amount)
    bucket: Mapped[str] = mapped_column(String(8), default="none")
    situation: Mapped[str | None] = mapped_column(String(16))
    last_report_at: Mapped[datetime | None] = mapped_column(UtcTime)
    unchecked: Mapped[int] = mapped_column(default=0)
    """How many of its reports wait for a check."""
    __table_args__ = (
        UniqueConstraint("programme_id", "code"),
        Index(None, "owner_post_id", "state"),
        Index(None, "unit_id", "state"),
        Index(None, "state", "due"),
    )


class TaskRole(Base):
    """Other posts on a task: phối hợp, theo dõi, chỉ đạo, tham mưu (E15, B07)."""

    __tablename__ = "task_role"
    task_id: Mapped[int] = mapped_column(ForeignKey("task.id"), primary_key=True)
    post_id: Mapped[int] = mapped_column(ForeignKey("post.id"), primary_key=True, index=True)
    role: Mapped[str] = mapped_column(String(16), primary_key=True)
    """"supporting", "focal", "director" or "advising"."""


def percent_of_plan(
    value: Decimal | None,
    *,
    target: Decimal,
    baseline: Decimal | None = None,
    direction: str = "up",
) -> Decimal | None:
    """% of plan (0 to LARGEST_PERCENT, four decimals), or None where it cannot be told.

    Up without a baseline: actual ÷ target (E05: 98,3/98,3 → 100; 39/40 → 97,5). With a baseline,
    either direction: (baseline - actual) ÷ (baseline - target). Down without a baseline: reached
    or not, because no share of the way can be told (E28).
    """
    if value is None:
        return None
    if baseline is not None and baseline != target:
        share = (baseline - value) / (baseline - target)
    elif direction == "down":
        share = Decimal(1) if value <= target else Decimal(0)
    elif target > 0:
        share = value / target
    else:
        return None
    return _rounded(min(max(share * 100, Decimal(0)), LARGEST_PERCENT))


def _rounded(percent: Decimal) -> Decimal:
    """To four decimals, but never onto or across the edge of a bucket: one đồng short of 3,5 tỷ is
    not "đạt", and may not close the task."""
    shown = percent.quantize(_KEPT)
    for edge in _EDGES:
        if percent < edge <= shown:
            return edge - _KEPT
        if percent > edge >= shown:
            return edge + _KEPT
    return shown


def bucket_of(percent: Decimal | None) -> Bucket:
    """The bucket of a % of plan (E11): vượt, đạt, trên 70, 50–70, dưới 50, chưa có số liệu."""
    if percent is None:
        return "none"
    if percent > 100:
        return "over"
    if percent == 100:
        return "met"
    if percent > 70:
        return "above70"
    return "from50" if percent >= 50 else "below50"


def take_figures(task: Task, value: Decimal | None, qualifier: str | None) -> None:
    """Put a reported value on the task row with all that follows from it."""
    task.value = value
    task.qualifier = qualifier
    task.percent = percent_of_plan(
        value, target=task.target, baseline=task.baseline, direction=task.direction
    )
    task.bucket = bucket_of(task.percent)


def snapshot(task: Task) -> dict[str, Any]:
    """The facts of a task that the audit keeps before and after a change."""
    names = (
        "code", "title", "product", "tags", "origin", "owner_post_id", "measure", "measure_unit",
        "direction", "baseline", "target", "start", "due", "cadence", "cadence_day", "state",
        "closed_on", "value", "percent",
    )  # fmt: skip
    return {name: getattr(task, name) for name in names}
