"""When a report closes its task, and since when the task is then done (D03)."""

from __future__ import annotations

from datetime import date
from itertools import groupby, takewhile

from sqlalchemy import select

from models.database import Session
from models.report import Report
from models.task import Task
from services.reports import newest_valued, share_of_plan
from vietnamese.zone import local_day


def reached(task: Task, report: Report) -> bool:
    """Whether the report says that all of it is there."""
    share = share_of_plan(task, report.value)
    return share is not None and share >= 100


async def why_not(session: Session, task: Task, report: Report) -> str:
    """Why this report cannot close its task; empty: it can. It must be what the figures rest on."""
    if task.state != "open":
        return f"{task.code} đã kết thúc rồi."
    if not reached(task, report):
        return "Báo cáo này chưa đạt 100% kế hoạch nên chưa kết thúc việc được."
    newest = await newest_valued(session, task)
    if newest is not None and newest.number != report.number:
        return (
            f"Việc này có báo cáo mới hơn là {newest.name} nên không kết thúc theo {report.name}."
        )
    return ""


async def newer_to_close(session: Session, task: Task, report: Report) -> str:
    """The later report that waits for a check and can close the task instead; empty: none."""
    newest = await newest_valued(session, task)
    if task.state != "open" or newest is None or newest.number <= report.number:
        return ""
    return newest.name if newest.outcome is None and reached(task, newest) else ""


async def there_since(session: Session, task: Task, report: Report) -> date:
    """The day since which every report that counts has said 100 % or more.

    So that neither a correction nor a slow check makes a task late. A returned version said nothing.
    """
    rows = await session.scalars(
        select(Report)
        .where(Report.task_id == task.id, Report.number <= report.number)
        .where(Report.value.is_not(None))
        .order_by(Report.number.desc(), Report.version.desc())
        .execution_options(populate_existing=True)
    )
    since = report.sent_at
    for _, group in groupby(rows, key=lambda version: version.number):
        versions = list(group)
        if versions[0].outcome == "returned":
            continue
        told = list(
            takewhile(lambda one: one.outcome != "returned" and reached(task, one), versions)
        )
        if not told:
            break
        since = min(since, told[-1].sent_at)
    return local_day(since)
