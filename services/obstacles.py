"""Vướng mắc: when an obstacle begins and when it is over.

It lasts until a later report in force no longer says "stuck", or the task ends. The same words again,
in a correction or in the next report, are the same obstacle, and its clock goes on.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, and_, or_, select, update

from models.database import Session
from models.report import Obstacle, Report


async def name(session: Session, report: Report, text: str, waits_for: str) -> None:
    """A stuck report, recorded just now, names what is stuck."""
    waiting = select(Obstacle).where(Obstacle.task_id == report.task_id, _open())
    same = await session.scalar(waiting.where(Obstacle.text == text).limit(1))
    before = await session.scalars(waiting.where(Obstacle.report_number == report.number))
    for other in before.all():
        if other is not same:
            other.closed_at = report.sent_at
    if same is not None:
        same.waits_for = waits_for
        same.report_number = max(report.number, same.report_number or 0)
        return
    over = await session.scalar(
        select(Report.id)
        .where(
            Report.task_id == report.task_id,
            Report.current,
            Report.number > report.number,
            Report.situation != "stuck",
            or_(Report.outcome.is_(None), Report.outcome == "accepted"),
        )
        .limit(1)
    )
    session.add(
        Obstacle(
            task_id=report.task_id,
            report_number=report.number,
            text=text,
            waits_for=waits_for,
            raised_at=report.sent_at,
            closed_at=report.sent_at if over else None,
        )
    )


async def end(
    session: Session, task_id: int, now: datetime, *, up_to: int | None = None
) -> list[int]:
    """What stood in the way of a task is over: the task is, or BC-<up_to> no longer says "stuck".

    Returns which obstacles that ended, by id.
    """
    ended = update(Obstacle).where(Obstacle.task_id == task_id, _open())
    if up_to is not None:
        named = Obstacle.report_number
        ended = ended.where(or_(named.is_(None), named <= up_to))
    over = await session.scalars(ended.values(closed_at=now).returning(Obstacle.id))
    return sorted(over.all())


async def named_by(session: Session, report: Report) -> Obstacle | None:
    """What a stuck report named last; what a later one named as well is the later one's by now."""
    if report.situation != "stuck":
        return None
    own = Obstacle.report_number == report.number
    since = and_(Obstacle.report_number > report.number, Obstacle.raised_at <= report.sent_at)
    return await session.scalar(
        select(Obstacle)
        .where(Obstacle.task_id == report.task_id, or_(own, since))
        .order_by(own.desc(), Obstacle.raised_at.desc(), Obstacle.id.desc())
        .limit(1)
    )


async def seen_with(session: Session, report: Report) -> Sequence[Obstacle]:
    """What stands in the way of the report's task, and what it named itself, oldest first.

    Rights: get the report through services.checks first.
    """
    own = and_(Obstacle.report_number == report.number, Obstacle.closed_at > report.sent_at)
    rows = await session.scalars(
        select(Obstacle)
        .where(Obstacle.task_id == report.task_id, or_(_open(), own))
        .order_by(Obstacle.raised_at, Obstacle.id)
    )
    return rows.all()


def _open() -> ColumnElement[bool]:
    return Obstacle.closed_at.is_(None)
