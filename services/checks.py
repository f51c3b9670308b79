"""Checking reports (kiểm tra, nghiệm thu / trả lại). Only a check closes a task (D03)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select

from models.database import Session
from models.media import Media
from models.organisation import Person, Unit
from models.report import Evidence, Report, current_report
from models.task import Task, snapshot
from services import audit
from services.access import Actor, checkable_task, checkable_tasks
from services.errors import Refused
from services.reports import refresh_task
from vietnamese.zone import local_day


@dataclass(frozen=True)
class ToCheck:
    """A report that waits for a check."""

    report: Report
    task: Task
    unit: str
    author: str
    photos: int


@dataclass(frozen=True)
class Checked:
    """How a check ended, and who must be told."""

    report: Report
    task: Task
    author_id: int
    closed: bool


async def waiting(session: Session, actor: Actor, limit: int = 200) -> list[ToCheck]:
    """Reports the actor may check, oldest first."""
    photos = (
        select(func.count())
        .select_from(Evidence)
        .where(Evidence.report_id == Report.id)
        .scalar_subquery()
    )
    rows = await session.execute(
        select(Report, Task, Unit.name, Person.name, photos)
        .join(Task, Task.id == Report.task_id)
        .join(Unit, Unit.id == Task.unit_id)
        .join(Person, Person.id == Report.author_id)
        .where(checkable_tasks(actor), Report.current, Report.outcome.is_(None))
        .order_by(Report.sent_at, Report.id)
        .limit(limit)
    )
    return [ToCheck(*row) for row in rows.all()]


async def one_to_check(session: Session, actor: Actor, number: int) -> ToCheck:
    """BC-<number> as its checker sees it. Raises Refused for a foreign or checked one."""
    report, task = await _checkable(session, actor, number)
    author = await session.get_one(Person, report.author_id)
    unit = await session.get_one(Unit, task.unit_id)
    photos = await session.scalar(
        select(func.count()).select_from(Evidence).where(Evidence.report_id == report.id)
    )
    return ToCheck(report, task, unit.name, author.name, photos or 0)


async def _checkable(session: Session, actor: Actor, number: int) -> tuple[Report, Task]:
    report = await current_report(session, number)
    if report is None:
        raise Refused("Không thấy báo cáo này trong danh sách chờ kiểm tra của đồng chí.")
    task = await checkable_task(session, actor, report.task_id)
    if report.outcome is not None:
        raise Refused(f"{report.name} đã được kiểm tra rồi. Đồng chí xem báo cáo khác.")
    if report.author_id == actor.person_id:
        raise Refused("Người gửi không tự kiểm tra báo cáo của mình được.")
    return report, task


async def accept(
    session: Session, actor: Actor, number: int, now: datetime, *, comment: str = "", close: bool
) -> Checked:
    """Accept a report. `close`: the product is there, the task is done since the report's day.

    Raises Refused for a foreign or already checked report, or to close a task below 100 %.
    """
    report, task = await _checkable(session, actor, number)
    if close and (task.percent is None or task.percent < 100):
        raise Refused("Việc này chưa đạt 100% kế hoạch nên chưa kết thúc được.")
    before = snapshot(task)
    _mark(report, actor, "accepted", comment, now)
    if close:
        task.state, task.closed_on = "done", local_day(report.sent_at)
    await session.flush()
    await refresh_task(session, task)
    audit.record(
        session, actor, "accept_report", "task", task.id,
        now=now, before=before, after={**snapshot(task), "report": report.name, "comment": comment},
    )  # fmt: skip
    return Checked(report, task, report.author_id, close)


async def give_back(
    session: Session, actor: Actor, number: int, now: datetime, *, comment: str
) -> Checked:
    """Return a report (trả lại) with a reason; its figures no longer count."""
    if not comment.strip():
        raise Refused("Đồng chí ghi một câu lý do để người gửi biết cần bổ sung gì.")
    report, task = await _checkable(session, actor, number)
    before = snapshot(task)
    _mark(report, actor, "returned", comment.strip(), now)
    await session.flush()
    await refresh_task(session, task)
    audit.record(
        session, actor, "return_report", "task", task.id,
        now=now, before=before, after={**snapshot(task), "report": report.name, "comment": comment},
    )  # fmt: skip
    return Checked(report, task, report.author_id, closed=False)


def _mark(report: Report, actor: Actor, outcome: str, comment: str, now: datetime) -> None:
    report.outcome, report.comment = outcome, comment
    report.checked_by, report.checked_at = actor.person_id, now


NEAR_BITS = 6
"""Of 64: pictures whose hashes differ in so few bits look the same (evidence, mission §3)."""
FLAT = "0" * 16
"""The hash of a picture of one even colour says nothing."""


async def seen_before(session: Session, report: Report) -> list[tuple[int, str]]:
    """Photos of a report that look like one sent with an earlier report of the same unit.

    (position, "BC-0042") each; a flag for the checker to look at, never an accusation. Rights: get
    the report through this module first.
    """
    mine = (
        await session.execute(
            select(Evidence.position, Media.sha256, Media.phash)
            .join(Media, Media.id == Evidence.media_id)
            .where(Evidence.report_id == report.id, Media.state == "have")
        )
    ).all()
    if not mine:
        return []
    unit = select(Task.unit_id).where(Task.id == report.task_id).scalar_subquery()
    earlier = (
        await session.execute(
            select(Report.number, Media.sha256, Media.phash)
            .join(Evidence, Evidence.report_id == Report.id)
            .join(Media, Media.id == Evidence.media_id)
            .join(Task, Task.id == Report.task_id)
            .where(Task.unit_id == unit, Report.number < report.number, Media.state == "have")
            .order_by(Report.number)
        )
    ).all()
    found = []
    for position, sha, phash in sorted(mine):
        same = next((n for n, s, p in earlier if s == sha or _near(p, phash)), None)
        if same is not None:
            found.append((position, f"BC-{same:04d}"))
    return found


def _near(a: str | None, b: str | None) -> bool:
    if not a or not b or FLAT in (a, b):
        return False
    return (int(a, 16) ^ int(b, 16)).bit_count() <= NEAR_BITS


async def photos_of(session: Session, report_id: int) -> Sequence[str]:
    """The photos of a report that are there, by SHA-256, in order.

    Rights: get the report through this module first.
    """
    rows = await session.scalars(
        select(Media.sha256)
        .join(Evidence, Evidence.media_id == Media.id)
        .where(Evidence.report_id == report_id, Media.sha256.is_not(None))
        .order_by(Evidence.position)
    )
    return [sha for sha in rows if sha]
