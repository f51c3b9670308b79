"""Checking reports (kiểm tra, nghiệm thu / trả lại). Only a check closes a task (D03)."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from sqlalchemy import ScalarSelect, func, select

from models.database import Session
from models.media import Media
from models.organisation import Person, Unit
from models.report import Evidence, Obstacle, Report, current_report
from models.task import Task, snapshot
from services import audit, closing, obstacles
from services.access import Actor, checkable_task, checkable_tasks
from services.errors import REPORT_NOT_YOURS, Refused
from services.evidence import Piece, pieces_of
from services.reports import refresh_task, share_of_plan

_WORDS = re.compile(r"[^\W\d_]{2,}")
"""A reason has at least a word in it."""


class Overtaken(Refused):
    """The report is no longer what its checker was shown. `again`: it still waits; show it anew."""

    def __init__(self, sentence: str, *, again: bool) -> None:
        super().__init__(sentence)
        self.again = again


@dataclass(frozen=True)
class ToCheck:
    """A report that waits for a check."""

    report: Report
    task: Task
    unit: str
    author: str
    photos: int
    files: int

    @property
    def share(self) -> Decimal | None:
        """What its value is of the plan."""
        return share_of_plan(self.task, self.report.value)


@dataclass(frozen=True)
class Shown:
    """A report as its checker looks at it."""

    item: ToCheck
    obstacles: Sequence[Obstacle]
    may_close: bool
    newer: str
    """A later report of the task that waits too, where that one would close it; or empty."""


@dataclass(frozen=True)
class Checked:
    """How a check ended, and who must be told: the reports by author, the checked one among them."""

    report: Report
    task: Task
    closed: bool
    by_author: dict[int, list[Report]]


async def waiting(session: Session, actor: Actor, limit: int = 200) -> list[ToCheck]:
    """Reports the actor may check, oldest first; their own are for somebody else."""
    photos, files = (_how_many(kind) for kind in ("photo", "file"))
    rows = await session.execute(
        select(Report, Task, Unit.name, Person.name, photos, files)
        .join(Task, Task.id == Report.task_id)
        .join(Unit, Unit.id == Task.unit_id)
        .join(Person, Person.id == Report.author_id)
        .where(checkable_tasks(actor), Report.current, Report.outcome.is_(None))
        .where(Report.author_id != actor.person_id)
        .order_by(Report.sent_at, Report.id)
        .limit(limit)
    )
    return [ToCheck(*row) for row in rows.all()]


def _how_many(kind: str) -> ScalarSelect[int]:
    """Photos or files of a report, those among them that may still come."""
    return (
        select(func.count())
        .select_from(Evidence)
        .join(Media, Media.id == Evidence.media_id)
        .where(Evidence.report_id == Report.id, Media.kind == kind)
        .scalar_subquery()
    )


async def one_to_check(session: Session, actor: Actor, number: int) -> Shown:
    """BC-<number> as its checker sees it. Raises Refused for a foreign one, Overtaken for a checked one."""
    report, task = await _checkable(session, actor, number)
    author = await session.get_one(Person, report.author_id)
    unit = await session.get_one(Unit, task.unit_id)
    kinds = Counter(piece.kind for piece in await pieces_of(session, report.id))
    item = ToCheck(report, task, unit.name, author.name, kinds["photo"], kinds["file"])
    return Shown(
        item,
        await obstacles.seen_with(session, report),
        not await closing.why_not(session, task, report),
        await closing.newer_to_close(session, task, report),
    )


async def _checkable(
    session: Session, actor: Actor, number: int, *, seen: int | None = None, lock: bool = False
) -> tuple[Report, Task]:
    """The report and its task; with `lock` both stay as they are until the end of the transaction.

    A report never moves to another task, so the task can be found, and held, before it is read.
    """
    task_id = await session.scalar(
        select(Report.task_id).where(Report.number == number, Report.current)
    )
    if task_id is None:
        raise Refused("Không thấy báo cáo này trong danh sách chờ kiểm tra của đồng chí.")
    task = await checkable_task(session, actor, task_id, lock=lock, refusal=REPORT_NOT_YOURS)
    report = await current_report(session, number)
    if report is None or report.outcome is not None:
        raise Overtaken(f"BC-{number:04d} đã được kiểm tra rồi.", again=False)
    if report.author_id == actor.person_id:
        raise Refused("Người gửi không tự kiểm tra báo cáo của mình được.")
    if seen not in (None, report.version):
        raise Overtaken(f"{report.name} vừa được người gửi sửa, đồng chí xem bản mới.", again=True)
    return report, task


async def accept(
    session: Session,
    actor: Actor,
    number: int,
    now: datetime,
    *,
    seen: int | None = None,
    comment: str = "",
    close: bool,
) -> Checked:
    """Accept a report; `seen` is the version the checker was shown.

    `close`: the product is there, the task is done. What else waited on it is accepted with it, its
    obstacles are over. Raises Refused for a foreign report, Overtaken for what has changed.
    """
    report, task = await _checkable(session, actor, number, seen=seen, lock=True)
    if close and (why := await closing.why_not(session, task, report)):
        raise Overtaken(why, again=True)
    before = snapshot(task)
    accepted = [report, *(await _others_waiting(session, actor, report) if close else ())]
    for one in accepted:
        _mark(one, actor, "accepted", comment if one is report else "", now)
    over: list[int] = []
    if close:
        task.state, task.closed_on = "done", await closing.there_since(session, task, report)
        over = await obstacles.end(session, task.id, now)
    await session.flush()
    await refresh_task(session, task)
    names = ", ".join(one.name for one in accepted)
    after = {**snapshot(task), "report": names, "comment": comment, "over": over}
    audit.record(
        session, actor, "accept_report", "task", task.id, now=now, before=before, after=after
    )
    return _checked(task, accepted, closed=close)


async def give_back(
    session: Session,
    actor: Actor,
    number: int,
    now: datetime,
    *,
    seen: int | None = None,
    comment: str,
) -> Checked:
    """Return a report (trả lại) with a reason; its figures no longer count.

    A task that has ended keeps its figures: nothing of it is returned any more.
    """
    if not _WORDS.search(comment):
        raise Refused("Đồng chí ghi một câu lý do để người gửi biết cần bổ sung gì.")
    report, task = await _checkable(session, actor, number, seen=seen, lock=True)
    if task.state != "open":
        raise Overtaken(f"{task.code} đã kết thúc nên không trả lại báo cáo nữa.", again=True)
    before = snapshot(task)
    _mark(report, actor, "returned", comment.strip(), now)
    await session.flush()
    await refresh_task(session, task)
    audit.record(
        session, actor, "return_report", "task", task.id,
        now=now, before=before, after={**snapshot(task), "report": report.name, "comment": comment},
    )  # fmt: skip
    return _checked(task, [report], closed=False)


def _checked(task: Task, reports: Sequence[Report], *, closed: bool) -> Checked:
    by_author: defaultdict[int, list[Report]] = defaultdict(list)
    for one in reports:
        by_author[one.author_id].append(one)
    return Checked(reports[0], task, closed, dict(by_author))


def _mark(report: Report, actor: Actor, outcome: str, comment: str, now: datetime) -> None:
    report.outcome, report.comment = outcome, comment
    report.checked_by, report.checked_at = actor.person_id, now


async def _others_waiting(session: Session, actor: Actor, report: Report) -> Sequence[Report]:
    """What else of the task waits: settled with it, except what the checker sent themselves (D03)."""
    rows = await session.scalars(
        select(Report)
        .where(Report.task_id == report.task_id, Report.current, Report.outcome.is_(None))
        .where(Report.number != report.number, Report.author_id != actor.person_id)
        .order_by(Report.number)
        .execution_options(populate_existing=True)
    )
    return rows.all()


NEAR_BITS = 6
"""Of 64: pictures whose hashes differ in so few bits look the same (evidence, mission §3)."""
FLAT = "0" * 16
"""The hash of a picture of one even colour says nothing."""


async def seen_before(session: Session, report: Report) -> list[tuple[Piece, str]]:
    """Photos of a report that look like one sent with an earlier report of the same unit, and files
    that are one.

    Each with "BC-0042"; a flag for the checker to look at, never an accusation. Rights: get
    the report through this module first.
    """
    mine = await evidence_of(session, report.id)
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
    for piece in mine:
        same = next((n for n, s, p in earlier if s == piece.sha or _near(p, piece.phash)), None)
        if same is not None:
            found.append((piece, f"BC-{same:04d}"))
    return found


def _near(a: str | None, b: str | None) -> bool:
    if not a or not b or FLAT in (a, b):
        return False
    return (int(a, 16) ^ int(b, 16)).bit_count() <= NEAR_BITS


async def evidence_of(session: Session, report_id: int) -> list[Piece]:
    """The photos of a report that are there, then its files, each in their order.

    Rights: get the report through this module first.
    """
    there = [piece for piece in await pieces_of(session, report_id) if piece.sha]
    return sorted(there, key=lambda piece: piece.is_file)
