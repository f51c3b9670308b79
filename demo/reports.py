"""Half a year of reports: what was sent, corrected, checked and stuck, and what follows from it."""

from __future__ import annotations

import random
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from decimal import ROUND_FLOOR, ROUND_HALF_UP, Decimal

from demo.calendar import DEMO_START, after_working_days, at_work, working_day
from demo.people import People
from demo.sentences import ACCEPTED, ACCEPTED_BEHIND, RETURNED, obstacle_text, report_text
from demo.tasks import Course, Plan
from demo.units import PLACES
from models.cadence import report_day
from models.report import Obstacle, Report
from models.task import Task, percent_of_plan, take_figures
from vietnamese.quantities.units import known
from vietnamese.zone import local_day

FIRST_DAY = date(2026, 6, 1)
_LAST_DAY = local_day(DEMO_START) - timedelta(days=1)


@dataclass
class Told:
    """Reports in the order they were sent, with the obstacles they raised."""

    reports: list[Report] = field(default_factory=list)
    obstacles: list[Obstacle] = field(default_factory=list)
    last_number: int = 0


def tell_reports(plan: Plan, people: People) -> Told:
    """Make the reports, and put on every task row what follows from them."""
    told = Told()
    raised: list[tuple[Report, Obstacle]] = []
    for task, course in zip(plan.tasks, plan.courses, strict=True):
        chance = random.Random(f"{course.unit}/{course.owner}/{task.code}")
        mine = _Teller(task, course, people, chance)
        mine.tell()
        told.reports += mine.reports
        raised += mine.raised
        _settle(task, mine.reports)
    _number(told.reports)
    told.reports.sort(key=lambda report: (report.sent_at, report.number))
    for at, report in enumerate(told.reports, start=1):
        report.id = at
    told.last_number = max(report.number for report in told.reports)
    raised.sort(key=lambda pair: pair[0].number)
    for report, obstacle in raised:
        obstacle.report_number = report.number
        told.obstacles.append(obstacle)
    return told


def _number(reports: list[Report]) -> None:
    """BC-0001 and on by the time of the first version; a correction keeps its report's number.

    Until here `number` holds the task's own count, so that versions find each other.
    """
    first = sorted(
        (report for report in reports if report.version == 1),
        key=lambda report: (report.sent_at, report.task_id),
    )
    numbers = {(report.task_id, report.number): at for at, report in enumerate(first, start=1)}
    for report in reports:
        report.number = numbers[report.task_id, report.number]


def _settle(task: Task, reports: list[Report]) -> None:
    """The figures of a task follow from its newest report that was not returned."""
    in_force = [report for report in reports if report.current]
    counting = [report for report in in_force if report.outcome != "returned"]
    last = max(counting, key=lambda report: report.number, default=None)
    take_figures(task, last.value if last else None, last.qualifier if last else None)
    task.situation = last.situation if last else None
    task.last_report_at = max((report.sent_at for report in counting), default=None)
    task.unchecked = sum(report.outcome is None for report in in_force)


class _Teller:
    """Tells the reports of one task."""

    def __init__(self, task: Task, course: Course, people: People, chance: random.Random) -> None:
        self.task, self.course, self.people, self.chance = task, course, people, chance
        self.reports: list[Report] = []
        self.raised: list[tuple[Report, Obstacle]] = []

    def tell(self) -> None:
        reached = self.course.reached
        if reached is None:
            return
        days = self._days()
        values = _values(self.task, self.course, reached, len(days), self.chance)
        for at, (day, value) in enumerate(zip(days, values, strict=True)):
            last = at == len(days) - 1
            self._report(at + 1, day, value, None if last else days[at + 1])
        for report, obstacle in self.raised:
            over = [r for r in self.reports if r.number > report.number and r.situation != "stuck"]
            obstacle.closed_at = over[0].sent_at if over else None

    def _days(self) -> list[date]:
        """The working days on which a report was sent, the last as the course has it."""
        task, course = self.task, self.course
        end = course.done or course.last
        first = max(task.start, FIRST_DAY)
        days: list[date] = []
        due = report_day(task.cadence, task.cadence_day, end or _LAST_DAY)
        weekly = task.cadence == "weekly"
        while due is not None and due > first + timedelta(days=3):
            early = self.chance.randint(0, 1 if weekly else 2)
            day = working_day(due)
            days.append(after_working_days(day, -early) if early else day)
            due = report_day(task.cadence, task.cadence_day, due - timedelta(days=1))
        days.reverse()
        if end is not None:
            days = [day for day in days if day < end - timedelta(days=3)]
            days.append(end)
        kept = [day for day in days[:-1] if self.chance.random() > (0.2 if weekly else 0.06)]
        return [*kept, days[-1]]

    def _report(self, count: int, day: date, value: Decimal, following: date | None) -> None:
        course, chance = self.course, self.chance
        last = following is None
        fate = 1.0 if last else chance.random()
        situation, waits_for = course.situation if last else "on_track", course.waits_for
        if fate < 0.05 and following and following > after_working_days(day, 3):
            situation, waits_for = "stuck", chance.choice(["unit", "above", ""])
        elif fate < 0.17:
            situation = "late"
        sent = at_work(day, chance, 8, 16)
        report = self._version(count, 1, sent, value, situation)
        if last:
            report.qualifier = course.qualifier
            report.text = course.text or report.text
        if situation == "stuck":
            report.text = obstacle_text(chance, waits_for)
            self._raise(report, waits_for)
        if last and course.unchecked:
            return
        if 0.5 < fate < 0.56 and following and following > after_working_days(day, 2):
            self._correct(report, returned=fate < 0.54)
        elif 0.56 < fate < 0.58 and following:
            self._check(report, "returned")  # and the next report put it right
        else:
            self._check(report, "accepted")

    def _version(
        self, count: int, version: int, sent: datetime, value: Decimal, situation: str
    ) -> Report:
        task, chance = self.task, self.chance
        percent = percent_of_plan(
            value, target=task.target, baseline=task.baseline, direction=task.direction
        )
        place = None
        if chance.random() < 0.2:
            lat, lon = PLACES[self.course.unit]
            spread = 0.012
            lat += chance.uniform(-spread, spread)
            lon += chance.uniform(-spread, spread)
            place = f"{lat:.5f},{lon:.5f}"
        report = Report(
            number=count,
            version=version,
            current=True,
            task_id=task.id,
            author_id=self.people.holder(self.course.owner, local_day(sent)).id,
            post_id=task.owner_post_id,
            value=value,
            percent=percent,
            situation=situation,
            text=report_text(chance, task.title, situation),
            place=place,
            sent_at=sent,
            comment="",
        )
        self.reports.append(report)
        return report

    def _correct(self, old: Report, *, returned: bool) -> None:
        """A second version on the next working day; the first is kept."""
        if returned:
            self._check(old, "returned", same_day=True)
        value = old.value if old.value is not None else Decimal(0)
        sent = at_work(after_working_days(local_day(old.sent_at), 1), self.chance, 8, 11)
        new = self._version(old.number, 2, sent, value, old.situation)
        if not returned and value > 1:  # a slip of the finger
            old.value = value - 1
            old.percent = percent_of_plan(
                old.value,
                target=self.task.target,
                baseline=self.task.baseline,
                direction=self.task.direction,
            )
        old.current = False
        new.place = old.place
        self._check(new, "accepted")

    def _check(self, report: Report, outcome: str, *, same_day: bool = False) -> None:
        chance = self.chance
        later = after_working_days(local_day(report.sent_at), chance.randint(1, 2))
        checked = at_work(later, chance, 8, 16)
        if same_day or checked >= DEMO_START:
            checked = report.sent_at + timedelta(minutes=chance.randint(9, 28))
        report.outcome = outcome
        report.checked_at = checked
        report.checked_by = checker(self.course, self.people, report.author_id)
        words = ACCEPTED if report.situation == "on_track" else ACCEPTED_BEHIND
        report.comment = chance.choice(RETURNED if outcome == "returned" else words)

    def _raise(self, report: Report, waits_for: str) -> None:
        """It lasts until a later report no longer says "stuck", as in services.obstacles."""
        obstacle = Obstacle(
            task_id=self.task.id,
            text=report.text,
            waits_for=waits_for,
            raised_at=report.sent_at,
        )
        self.raised.append((report, obstacle))


def checker(course: Course, people: People, author: int) -> int:
    """The person who checks: the nearest leader who is not the author (D03)."""
    place = course.unit if f"bi-thu-{course.unit}" in people.posts else ""
    if course.unit.startswith("thon-"):
        place = "phu-luu"
    near = {
        "so-nnmt": ["giam-doc-nnmt"],
        "so-khcn": ["giam-doc-khcn"],
    }.get(course.unit, [f"bi-thu-{place}", f"chu-tich-{place}"])
    for post in (*near, "bi-thu-tinh"):
        if post in people.posts:
            person = people.holder(post, _LAST_DAY).id
            if person != author:
                return person
    raise LookupError(f"nobody checks {course.owner}")


def _values(
    task: Task, course: Course, reached: Decimal, count: int, chance: random.Random
) -> list[Decimal]:
    """`count` values that lead to `reached`, never back; whole where the unit is counted."""
    unit = known(task.measure_unit)
    fine = task.measure == "percent" or (
        task.measure == "number"
        and ((unit is not None and unit.fractional) or reached % 1 != 0 or task.target % 1 != 0)
    )
    step = Decimal("0.1") if fine else Decimal(1)
    begun = task.baseline if task.baseline is not None else Decimal(0)
    # Half the year was over when the telling begins.
    share = Decimal(chance.randint(20, 45)) / 100
    if task.measure == "percent" and task.baseline is None:
        share = Decimal(chance.randint(60, 80)) / 100
    if task.measure in ("yesno", "milestones", "checklist") or task.start > FIRST_DAY:
        share = Decimal(0)
    rounding = ROUND_FLOOR if task.measure == "yesno" else ROUND_HALF_UP
    values: list[Decimal] = []
    done = share
    weights = [chance.randint(1, 6) for _ in range(count)]
    for weight in weights:
        done += (1 - share) * weight / sum(weights)
        value = begun + (reached - begun) * done
        values.append((value / step).to_integral_value(rounding) * step)
    values[-1] = reached
    if course.done:
        _hold_back(values, task, begun, step)
    return values


def _hold_back(values: list[Decimal], task: Task, begun: Decimal, step: Decimal) -> None:
    """The target is reached in the last report, not before: that is when it was closed."""
    for at, value in enumerate(values[:-1]):
        if task.direction == "up" and value >= task.target:
            values[at] = max(task.target - step, begun)
        elif task.direction == "down" and value <= task.target:
            values[at] = min(task.target + step, begun)
