"""Sending and correcting reports (báo cáo).

A report counts as soon as it is sent (the leader sees the new figure at once); only a check closes
a task (D03). Every version is kept.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import Select, func, or_, select

from models.database import Session
from models.media import Media
from models.organisation import Person, Unit, holder_of
from models.report import Evidence, Report, current_report, next_number
from models.task import Situation, Task, percent_of_plan, take_figures
from services import audit, obstacles
from services.access import Actor, own_tasks, reportable_task
from services.errors import REPORT_NOT_YOURS, Refused
from services.evidence import MOST, pieces, pieces_of
from services.tasks import checker_of

_COUNTS = or_(Report.outcome.is_(None), Report.outcome == "accepted")
"""SQL: it was not returned."""


@dataclass(frozen=True)
class Draft:
    """What a report says, before it is sent. `waits_for`: "unit", "above" or ""."""

    task_id: int
    value: Decimal | None
    situation: Situation
    qualifier: str | None = None
    text: str = ""
    obstacle: str = ""
    waits_for: str = ""
    media_ids: tuple[int, ...] = ()
    place: str | None = None


@dataclass(frozen=True)
class Sent:
    """A report as it was recorded, and who will check it."""

    report: Report
    task: Task
    checker: Person | None
    concerned: frozenset[int] = frozenset()
    """Who else hears of it at once: the task's owner, and who sent the version before."""


async def submit_report(session: Session, actor: Actor, draft: Draft, now: datetime) -> Sent:
    """Record a report on an open task of the actor's (or, for a clerk, of the unit's).

    Raises Refused for a foreign or closed task.
    """
    task = await reportable_task(session, actor, draft.task_id, lock=True)
    _must_be_open(task)
    number = await next_number(session, "report")
    report, over = await _record(session, actor, task, draft, now, number)
    audit.record(
        session, actor, "submit_report", "report", report.id,
        now=now, after={**await _facts(session, report), "over": over}, post_id=task.owner_post_id,
    )  # fmt: skip
    return await _sent(session, actor, report, task)


async def correct_report(
    session: Session, actor: Actor, number: int, draft: Draft, now: datetime
) -> Sent:
    """A new version of BC-<number>; the old one is kept, and the check starts anew.

    Raises Refused when it is not the actor's, or has been accepted.
    """
    task = await reportable_task(session, actor, draft.task_id, lock=True)
    old = await current_report(session, number)
    if old is None or old.task_id != task.id:
        raise Refused("Không thấy báo cáo này trong các việc của đồng chí.")
    if old.outcome == "accepted":
        raise Refused("Báo cáo này đã được duyệt. Đồng chí gửi báo cáo mới cho việc này.")
    _must_be_open(task)
    before = await _facts(session, old)
    old.current = False
    await session.flush()
    report, over = await _record(session, actor, task, draft, now, number, old)
    audit.record(
        session, actor, "correct_report", "report", report.id,
        now=now, before=before, after={**await _facts(session, report), "over": over},
        post_id=task.owner_post_id,
    )  # fmt: skip
    return await _sent(session, actor, report, task, old.author_id)


async def _sent(
    session: Session, actor: Actor, report: Report, task: Task, author_before: int | None = None
) -> Sent:
    owner = await holder_of(session, task.owner_post_id, actor.day)
    people = {owner.id if owner else None, author_before}
    concerned = frozenset(one for one in people if one and one != actor.person_id)
    return Sent(report, task, await checker_of(session, task, owner, actor.day), concerned)


def _must_be_open(task: Task) -> None:
    if task.state != "open":
        raise Refused(f"{task.code} đã kết thúc, không cần báo cáo nữa.")


async def _record(
    session: Session,
    actor: Actor,
    task: Task,
    draft: Draft,
    now: datetime,
    number: int,
    old: Report | None = None,
) -> tuple[Report, list[int]]:
    """The report, and which obstacles it ended."""
    if full := await _beyond(session, draft.media_ids):
        raise Refused(f"Một báo cáo có tối đa {full}. Đồng chí bớt rồi gửi lại.")
    report = Report(
        number=number,
        version=old.version + 1 if old else 1,
        task_id=task.id,
        author_id=actor.person_id,
        post_id=task.owner_post_id,
        value=draft.value,
        qualifier=draft.qualifier,
        percent=share_of_plan(task, draft.value),
        situation=draft.situation,
        text=draft.text,
        place=draft.place,
        sent_at=now,
    )
    session.add(report)
    await session.flush()
    may = await _usable(session, actor, draft.media_ids, old)
    for position, media_id in enumerate([m for m in draft.media_ids if m in may], start=1):
        session.add(Evidence(report_id=report.id, media_id=media_id, position=position))
    over: list[int] = []
    if draft.situation != "stuck":
        over = await obstacles.end(session, task.id, now, up_to=number)
    elif draft.obstacle:
        await obstacles.name(session, report, draft.obstacle, draft.waits_for)
    await session.flush()
    await refresh_task(session, task)
    return report, over


async def _beyond(session: Session, media_ids: Sequence[int]) -> str:
    """What there is too much of, "10 ảnh" or "5 tệp"; "" when all fit."""
    kinds = [piece.kind for piece in await pieces(session, media_ids)]
    words = {"photo": "ảnh", "file": "tệp"}
    return next((f"{most} {words[k]}" for k, most in MOST.items() if kinds.count(k) > most), "")


async def _usable(
    session: Session, actor: Actor, wanted: Sequence[int], old: Report | None
) -> set[int]:
    """Photos and files the actor may send: their own, and those of the version they correct, whoever sent it."""
    if not wanted:
        return set()
    before = select(Evidence.media_id).where(Evidence.report_id == (old.id if old else None))
    rows = await session.scalars(
        select(Media.id).where(
            Media.id.in_(wanted),
            or_(
                Media.person_id == actor.person_id,
                Media.person_id.is_(None),
                Media.id.in_(before),
            ),
        )
    )
    return set(rows)


async def refresh_task(session: Session, task: Task) -> None:
    """Put on the task row what follows from its reports in force.

    The newest number tells how the task stands, also when an older report was corrected after it.
    A returned report does not count; the figures fall back to the one before it, and without one
    to what was loaded. Hold the task's row before.
    """
    last = await session.scalar(counting_reports(task).limit(1))
    valued = last if last and last.value is not None else await newest_valued(session, task)
    if valued:
        take_figures(task, valued.value, valued.qualifier)
    else:
        take_figures(task, task.loaded_value, None)
    task.situation = last.situation if last else None
    told = await session.execute(
        select(
            func.max(Report.sent_at).filter(_COUNTS),
            func.count().filter(Report.outcome.is_(None)),
        ).where(Report.task_id == task.id, Report.current)
    )
    task.last_report_at, task.unchecked = told.one()


def counting_reports(task: Task) -> Select[Report]:
    """The reports of a task that are in force and not returned, the newest first."""
    return (
        select(Report)
        .where(Report.task_id == task.id, Report.current, _COUNTS)
        .order_by(Report.number.desc())
        .execution_options(populate_existing=True)
    )


async def newest_valued(session: Session, task: Task) -> Report | None:
    """The report whose value is the task's."""
    return await session.scalar(counting_reports(task).where(Report.value.is_not(None)).limit(1))


async def _facts(session: Session, report: Report) -> dict[str, Any]:
    names = ("number", "version", "task_id", "value", "qualifier", "situation", "text", "place")
    stuck = await obstacles.named_by(session, report)
    return {
        **{name: getattr(report, name) for name in names},
        "obstacle": stuck.text if stuck else "",
        "waits_for": stuck.waits_for if stuck else "",
    }


async def my_reports(session: Session, actor: Actor, limit: int = 8) -> Sequence[Report]:
    """The last reports in force on the actor's tasks (a clerk's own entries too), newest first."""
    rows = await session.scalars(
        select(Report)
        .join(Task, Task.id == Report.task_id)
        .join(Unit, Unit.id == Task.unit_id)
        .where(or_(own_tasks(actor), Report.author_id == actor.person_id), Report.current)
        .order_by(Report.sent_at.desc(), Report.id.desc())
        .limit(limit)
    )
    return rows.all()


async def titles_of(session: Session, sent: Sequence[Report]) -> dict[int, str]:
    """Code and title of the tasks of these reports, by task id."""
    rows = await session.execute(
        select(Task.id, Task.code, Task.title).where(
            Task.id.in_({report.task_id for report in sent})
        )
    )
    return {task_id: f"{code} {title}" for task_id, code, title in rows.all()}


async def draft_of(session: Session, actor: Actor, number: int) -> tuple[Draft, Report]:
    """A sent report as a draft again, to correct it. Raises Refused for foreign ones."""
    report = await current_report(session, number)
    if report is None:
        raise Refused("Không thấy báo cáo này trong các việc của đồng chí.")
    await reportable_task(session, actor, report.task_id, refusal=REPORT_NOT_YOURS)
    media = await session.scalars(
        select(Evidence.media_id).where(Evidence.report_id == report.id).order_by(Evidence.position)
    )
    obstacle = await obstacles.named_by(session, report)
    draft = Draft(
        report.task_id,
        report.value,
        report.situation,  # type: ignore[arg-type] # the column holds a Situation
        report.qualifier,
        report.text,
        obstacle.text if obstacle else "",
        obstacle.waits_for if obstacle else "",
        tuple(media),
        report.place,
    )
    return draft, report


async def add_photos(
    session: Session, actor: Actor, number: int, media_ids: Sequence[int], now: datetime
) -> int:
    """Add late photos and files to a report that waits for its check; returns how many it has now."""
    seen, _ = await draft_of(session, actor, number)
    await reportable_task(session, actor, seen.task_id, lock=True)
    draft, report = await draft_of(session, actor, number)
    if report.outcome is not None:
        raise Refused("Báo cáo này đã được kiểm tra. Đồng chí gửi báo cáo mới kèm ảnh, tệp.")
    new = [m for m in media_ids if m not in draft.media_ids]
    if full := await _beyond(session, [*draft.media_ids, *new]):
        raise Refused(f"Một báo cáo có tối đa {full}. Ảnh, tệp gửi thêm chưa được gắn.")
    for position, media_id in enumerate(new, start=len(draft.media_ids) + 1):
        session.add(Evidence(report_id=report.id, media_id=media_id, position=position))
    audit.record(
        session, actor, "add_photos", "report", report.id,
        now=now, after={"media": list(new)}, post_id=report.post_id,
    )  # fmt: skip
    return len(draft.media_ids) + len(new)


def share_of_plan(task: Task, value: Decimal | None) -> Decimal | None:
    """% of plan that a value means for a task."""
    return percent_of_plan(
        value, target=task.target, baseline=task.baseline, direction=task.direction
    )


async def place_of_photo(session: Session, media_id: int) -> tuple[str, int] | None:
    """Which report in force a photo or file belongs to ("BC-0042"), and its number in it."""
    report = await session.scalar(
        select(Report)
        .join(Evidence, Evidence.report_id == Report.id)
        .where(Evidence.media_id == media_id, Report.current)
        .limit(1)
    )
    if report is None:
        return None
    among = await pieces_of(session, report.id)
    return report.name, next(one.number for one in among if one.media_id == media_id)


async def last_report_of(session: Session, actor: Actor, since: datetime) -> Report | None:
    """The report the actor sent last, if it was after `since`."""
    return await session.scalar(
        select(Report)
        .where(Report.author_id == actor.person_id, Report.current, Report.sent_at >= since)
        .order_by(Report.sent_at.desc(), Report.id.desc())
        .limit(1)
    )
