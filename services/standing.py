"""Where tasks stood at an earlier moment, told from their reports as they were then."""

from __future__ import annotations

from collections import defaultdict
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, func, or_, select
from sqlalchemy.orm import aliased

from models.database import Session
from models.report import Report
from models.task import Task, bucket_of, percent_of_plan
from vietnamese.zone import local_day


async def standing_at(
    session: Session, tasks: Select[Any], at: datetime
) -> dict[int, dict[str, Any]]:
    """What the rows of these tasks (a select of ids) said at that moment, by task id and column.

    The same rules as for the row itself (services.reports.refresh_task): a returned report does not
    count, and neither does a version that was not yet sent. A task is done from the day its product
    was there (D03). Targets and dates are today's.
    """
    last, valued = aliased(Report), aliased(Report)
    rows = await session.execute(
        select(Task, last, valued, _unchecked(at), _told(at))
        .select_from(Task)
        .outerjoin(last, last.id == _newest(at))
        .outerjoin(valued, valued.id == _newest(at, with_value=True))
        .where(Task.id.in_(tasks))
    )
    older = await _corrected_since(session, tasks, at)
    found = {}
    for task, newest, told, unchecked, last_at in rows.all():
        then = older[task.id]
        counting = [one for one in then if _counted(one, at)]
        newest = _latest(newest, *counting)
        told = _latest(told, *(one for one in counting if one.value is not None))
        done = task.state == "done" and task.closed_on and task.closed_on <= local_day(at)
        value = told.value if told else task.loaded_value
        percent = percent_of_plan(
            value, target=task.target, baseline=task.baseline, direction=task.direction
        )
        found[task.id] = {
            "state": "done" if done else "open",
            "closed_on": task.closed_on if done else None,
            "bucket": bucket_of(percent),
            "percent": percent,
            "situation": newest.situation if newest else None,
            "unchecked": unchecked + sum(_waits(one, at) for one in then),
            "last_report_at": max(
                filter(None, (last_at, *(one.sent_at for one in counting))), default=None
            ),
            "value": value,
            "qualifier": told.qualifier if told else None,
        }
    return found


def _newest(at: datetime, *, with_value: bool = False) -> Any:
    """The id of a task's newest report among those in force today that counted then."""
    report = aliased(Report)
    chosen = select(report.id).where(*_counting(report, at))
    if with_value:
        chosen = chosen.where(report.value.is_not(None))
    chosen = chosen.order_by(report.number.desc()).limit(1)
    return chosen.correlate(Task).scalar_subquery()


def _told(at: datetime) -> Any:
    """When one of them was sent last: a correction of an older report is the latest word."""
    report = aliased(Report)
    sent = select(func.max(report.sent_at)).where(*_counting(report, at))
    return sent.correlate(Task).scalar_subquery()


def _counting(report: Any, at: datetime) -> tuple[ColumnElement[bool], ...]:
    return (
        report.task_id == Task.id,
        report.current,
        report.sent_at <= at,
        or_(report.outcome.is_(None), report.outcome == "accepted", report.checked_at > at),
    )


def _unchecked(at: datetime) -> Any:
    waiting: ColumnElement[bool] = or_(Report.outcome.is_(None), Report.checked_at > at)
    return (
        select(func.count())
        .select_from(Report)
        .where(Report.task_id == Task.id, Report.current, Report.sent_at <= at, waiting)
        .correlate(Task)
        .scalar_subquery()
    )


async def _corrected_since(
    session: Session, tasks: Select[Any], at: datetime
) -> defaultdict[int, list[Report]]:
    """Versions that were in force then and have been replaced since, by task."""
    next_version = aliased(Report)
    rows = await session.scalars(
        select(Report)
        .join(
            next_version,
            (next_version.number == Report.number) & (next_version.version == Report.version + 1),
        )
        .where(Report.sent_at <= at, next_version.sent_at > at, Report.task_id.in_(tasks))
    )
    found = defaultdict(list)
    for report in rows:
        found[report.task_id].append(report)
    return found


def _waits(report: Report, at: datetime) -> bool:
    return report.checked_at is None or report.checked_at > at


def _counted(report: Report, at: datetime) -> bool:
    return report.outcome != "returned" or _waits(report, at)


def _latest(*reports: Report | None) -> Report | None:
    there = [one for one in reports if one is not None]
    return max(there, key=lambda one: one.number, default=None)
