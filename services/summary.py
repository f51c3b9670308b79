"""The whole picture (tổng kết): every figure with its base, and sums that add up.

To this minute it reads the task rows only, which carry their current figures, so it costs the
number of tasks and never the number of reports. To an earlier cut-off see `standing_at`.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import ROUND_HALF_UP, Decimal
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Select, or_, select

from models.cadence import silent_since
from models.database import Session
from models.media import Media
from models.organisation import Holding, Unit
from models.report import Evidence, Obstacle, Report
from models.task import BUCKETS, Bucket, Programme, Task
from services.access import Actor, followed_tasks
from services.errors import Refused
from services.standing import standing_at
from vietnamese.zone import local_day


class Line(NamedTuple):
    """One task as the summary sees it; `late_days` > 0: overdue by so many days."""

    task_id: int
    code: str
    title: str
    state: str
    due: date | None
    closed_on: date | None
    bucket: Bucket
    percent: Decimal | None
    situation: str | None
    unchecked: int
    unit_id: int
    unit: str
    post_id: int
    programme_id: int
    silent_since: date | None
    late_days: int
    first_due: date | None
    value: Decimal | None
    qualifier: str | None
    measure: str
    measure_unit: str

    @property
    def outcome(self) -> str:
        """One of: done_on_time, done_late, doing, overdue (§3 Against the date)."""
        if self.state == "done":
            late = self.due is not None and self.closed_on is not None and self.closed_on > self.due
            return "done_late" if late else "done_on_time"
        return "overdue" if self.late_days > 0 else "doing"


_SHOWN = Decimal("0.01")


@dataclass
class Figures:
    """Counts over a set of tasks; `outcomes` and `buckets` each add up to `tasks`."""

    tasks: int = 0
    outcomes: Counter[str] = field(default_factory=Counter)
    buckets: Counter[Bucket] = field(default_factory=Counter)

    def add(self, line: Line) -> None:
        self.tasks += 1
        self.outcomes[line.outcome] += 1
        self.buckets[line.bucket] += 1

    @property
    def done(self) -> int:
        return self.outcomes["done_on_time"] + self.outcomes["done_late"]

    @property
    def fallen_due(self) -> int:
        """The base of the rate: what is done, and what is overdue (21.914 → 16.274)."""
        return self.done + self.outcomes["overdue"]

    @property
    def done_share(self) -> Decimal:
        """Done, in % of what has fallen due, to two decimals; 0 where nothing has.

        Never 100 while one task is overdue, and never 0 once one is done.
        """
        if not self.fallen_due or self.done in (0, self.fallen_due):
            return Decimal(100 if self.done else 0)
        share = Decimal(self.done * 100) / self.fallen_due
        return min(max(share.quantize(_SHOWN, ROUND_HALF_UP), _SHOWN), 100 - _SHOWN)


@dataclass
class Summary:
    """All that `/tongket` shows, at one cut-off time."""

    at: datetime
    unit: str
    unit_id: int | None
    programmes: list[str]
    people: int
    figures: Figures
    lines: list[Line]
    silent: list[Line]
    longest_silence: int
    unchecked: int
    obstacles: Counter[str]
    """Open obstacles by who must unblock them: "unit", "above" or ""."""
    stuck_tasks: frozenset[int]
    """The tasks that have an open obstacle."""
    past: bool = False
    """Whether `at` is an earlier cut-off, the end of a day."""
    areas: tuple[str, ...] = ()
    """The paths of the subtrees it covers; none of them lies within another."""

    @property
    def overdue(self) -> list[Line]:
        late = [line for line in self.lines if line.outcome == "overdue"]
        return sorted(late, key=lambda line: -line.late_days)

    @property
    def urgent(self) -> list[Line]:
        """What to look at now: overdue longest first, then stuck."""
        doing = (line for line in self.lines if line.outcome == "doing")
        return [*self.overdue, *(line for line in doing if line.task_id in self.stuck_tasks)]


async def summarise(
    session: Session,
    actor: Actor,
    now: datetime,
    *,
    unit_id: int | None = None,
    until: datetime | None = None,
) -> Summary:
    """The summary over what the actor leads or oversees, or one unit of it with all below.

    `until`: an earlier cut-off; what was reported, checked or raised after it is not counted.
    Raises Refused for someone who leads nothing, and for a unit outside their area.
    """
    if not actor.leads:
        raise Refused(
            'Tổng kết dành cho lãnh đạo và người theo dõi. Đồng chí gõ "nhiệm vụ" để xem việc của mình.'
        )
    unit = await session.get(Unit, unit_id) if unit_id is not None else None
    at = until or now
    today = local_day(at)
    lines = await _lines(session, actor, today, unit, until)
    if unit is not None and not lines and not _leads_unit(actor, unit):
        raise Refused("Đơn vị này không thuộc phạm vi của đồng chí.")
    figures = Figures()
    for line in lines:
        figures.add(line)
    silent = sorted(
        (line for line in lines if line.silent_since),
        key=lambda line: line.silent_since or date.max,
    )
    longest = (today - silent[0].silent_since).days if silent and silent[0].silent_since else 0
    obstacles = await _obstacles(session, actor, unit, at)
    return Summary(
        at,
        unit.name if unit else _title(actor),
        unit.id if unit else None,
        await _programmes(session, {line.programme_id for line in lines}),
        len(set((await holders(session, {line.post_id for line in lines}, today)).values())),
        figures,
        lines,
        silent,
        longest,
        sum(line.unchecked for line in lines),
        Counter(waits_for for _, waits_for in obstacles),
        frozenset(task for task, _ in obstacles),
        until is not None,
        (unit.path,) if unit else _outermost(area_paths(actor)),
    )


def area_paths(actor: Actor) -> tuple[str, ...]:
    """The subtrees an actor leads or oversees; one may lie within another."""
    return (*actor.paths("leader", "clerk", "admin"), *actor.oversees_paths)


def _outermost(paths: Sequence[str]) -> tuple[str, ...]:
    return tuple(
        one
        for one in dict.fromkeys(paths)
        if not any(one != other and one.startswith(other) for other in paths)
    )


def _leads_unit(actor: Actor, unit: Unit) -> bool:
    return any(unit.path.startswith(path) for path in area_paths(actor))


def _title(actor: Actor) -> str:
    leading = [post for post in actor.posts if post.kind in ("leader", "clerk", "admin")]
    main = min(leading, key=lambda post: len(post.unit_path), default=None)
    return main.unit_name if main else "Phạm vi được giao theo dõi"


def _scope(actor: Actor, unit: Unit | None) -> Select[Any]:
    chosen = select(Task.id).join(Unit, Unit.id == Task.unit_id)
    chosen = chosen.where(followed_tasks(actor), Task.state != "dropped")
    if unit is not None:
        chosen = chosen.where(Unit.path.startswith(unit.path, autoescape=True))
    return chosen


async def _lines(
    session: Session, actor: Actor, today: date, unit: Unit | None, until: datetime | None
) -> list[Line]:
    columns = _scope(actor, unit).with_only_columns(
        Task.id, Task.code, Task.title, Task.state, Task.due, Task.closed_on, Task.bucket,
        Task.percent, Task.situation, Task.unchecked, Task.unit_id, Unit.name, Task.owner_post_id,
        Task.programme_id, Task.cadence, Task.cadence_day, Task.start,
        Task.reports_from, Task.last_report_at,
        Task.first_due, Task.value, Task.qualifier, Task.measure, Task.measure_unit,
    )  # fmt: skip
    columns = columns.order_by(Unit.path, Task.programme_id, Task.id)
    if until is None:
        return [_line(row, today) for row in (await session.execute(columns)).all()]
    rows = (await session.execute(columns.where(Task.start <= today))).all()
    stood = await standing_at(session, _scope(actor, unit), until)
    return [_line(tuple((row._asdict() | stood[row.id]).values()), today) for row in rows]


def _line(row: Sequence[Any], today: date) -> Line:
    # Thousands of rows: taken apart by place, because looking names up costs more than all else.
    (
        task_id, code, title, state, due, closed_on, bucket, percent, situation, unchecked, unit_id,
        unit, post_id, programme_id, cadence, cadence_day, start, reports_from, last_report, *shown,
    ) = row  # fmt: skip
    silent = None
    late = 0
    if state == "open":
        late = max((today - due).days, 0) if due else 0
        if cadence != "none":
            silent = silent_since(
                cadence, cadence_day, start=start, reports_from=reports_from,
                last_report=last_report, today=today,
            )  # fmt: skip
    return Line(
        task_id, code, title, state, due, closed_on, bucket, percent, situation, unchecked, unit_id,
        unit, post_id, programme_id, silent, late, *shown,
    )  # fmt: skip


async def _programmes(session: Session, ids: set[int]) -> list[str]:
    if not ids:
        return []
    rows = await session.execute(
        select(Programme.number, Programme.year, Programme.horizon)
        .where(Programme.id.in_(ids))
        .order_by(Programme.id)
    )
    return [
        f"{number} năm {year}" if horizon == "year" else f"{number} (nhiệm kỳ)"
        for number, year, horizon in rows.all()
    ]


async def holders(session: Session, posts: set[int], day: date) -> dict[int, int]:
    """Who holds each of these posts on that day; of several the one who came last."""
    rows = await session.execute(
        select(Holding.post_id, Holding.person_id)
        .where(Holding.held_on(day))
        .order_by(Holding.from_day, Holding.id)
    )
    return {post: person for post, person in rows.all() if post in posts}


def _waited_at(at: datetime) -> tuple[ColumnElement[bool], ...]:
    return Obstacle.raised_at <= at, or_(Obstacle.closed_at.is_(None), Obstacle.closed_at > at)


async def _obstacles(
    session: Session, actor: Actor, unit: Unit | None, at: datetime
) -> Sequence[tuple[int, str]]:
    """Of each open obstacle the task, and who must unblock it."""
    rows = await session.execute(
        select(Obstacle.task_id, Obstacle.waits_for).where(
            *_waited_at(at), Obstacle.task_id.in_(_scope(actor, unit))
        )
    )
    return [(task, waits_for) for task, waits_for in rows]


async def stuck(
    session: Session, actor: Actor, at: datetime, unit_id: int | None = None
) -> list[tuple[Obstacle, Task, str]]:
    """Obstacles in the actor's area that were open at that time, oldest first, with task and unit."""
    unit = await session.get(Unit, unit_id) if unit_id is not None else None
    rows = await session.execute(
        select(Obstacle, Task, Unit.name)
        .join(Task, Task.id == Obstacle.task_id)
        .join(Unit, Unit.id == Task.unit_id)
        .where(*_waited_at(at), Task.id.in_(_scope(actor, unit)))
        .order_by(Obstacle.raised_at)
        .limit(100)
    )
    return list(rows.all())


@dataclass(frozen=True)
class NewPhoto:
    """A photo sent with a report, for the leader who asks."""

    sha256: str
    report: str
    code: str
    title: str
    unit: str
    sent_at: datetime


async def new_photos(
    session: Session, actor: Actor, at: datetime, unit_id: int | None = None, limit: int = 5
) -> list[NewPhoto]:
    """The newest photos in the actor's area at that time, newest first."""
    unit = await session.get(Unit, unit_id) if unit_id is not None else None
    rows = await session.execute(
        select(Media.sha256, Report.number, Task.code, Task.title, Unit.name, Report.sent_at)
        .join(Evidence, Evidence.media_id == Media.id)
        .join(Report, Report.id == Evidence.report_id)
        .join(Task, Task.id == Report.task_id)
        .join(Unit, Unit.id == Task.unit_id)
        .where(Media.state == "have", Media.kind == "photo")
        .where(Report.current, Report.sent_at <= at)
        .where(Task.id.in_(_scope(actor, unit)))
        .order_by(Report.sent_at.desc(), Evidence.position)
        .limit(limit)
    )
    return [
        NewPhoto(sha, f"BC-{number:04d}", code, title, unit_name, sent)
        for sha, number, code, title, unit_name, sent in rows.all()
        if sha
    ]


def check_sums(summary: Summary) -> None:
    """The printed sums must equal the number of tasks (E11); a fault here is ours."""
    figures = summary.figures
    assert sum(figures.outcomes.values()) == figures.tasks
    assert sum(figures.buckets[bucket] for bucket in BUCKETS) == figures.tasks
