"""Which reminders are due on a day: pure rules, facts in, planned digests out (mission §4).

The rules, in one place:

* Nothing on a day off (weekend, holiday, Tết, an administrator's day), nothing on leave; the
  digest goes to whoever holds the post that day. After a day off, a leave or an outage what is
  still true is said once.
* The ladder: 7, 3, 1, 0 days before the date. A step on a day off moves to the working day before.
  Only the latest passed step counts; an older one is never caught up with, nor one that passed
  before the task began, nor one answered by a report since. A reminder before the date is a
  courtesy: it has no number, and leaving it unanswered is no silence.
* After the date every 3 working days, until a check closes the task (D03). A report buys 3
  working days: the count starts at the date or at the last report, whichever is later.
* A report due by cadence is asked for on its day (the working day before, if that is off) unless
  one came since the day before it in the rhythm; while nothing comes, every 3 working days. A
  period without any working day is not asked for. After the date the overdue reminder speaks alone.
* A returned report is no silence, but it answers nothing either: 3 working days after its return
  its task is asked for again.
* Reminders on and after the date, and those for a report, are numbered since the last report and
  never closer than 3 working days; a message counts once, whatever stands in it of one task. When
  two messages have stayed unanswered for a whole working day, the task is escalated once to the
  nearest supervisor who is not on leave and can be reached.
* A report at 100 % or more that waits for its check leaves the owner in peace.
* One digest a person a day. A leader with tasks of their own to be reminded of gets one digest in
  the morning, and the picture of the area is added to it; all other leaders get the picture at the
  end of the working day. An escalation is never a reason for a second digest.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from scheduler.calendar import Calendar
from services.reminders.facts import DEMANDS, Facts, PlannedDigest, PlannedNudge, TaskFacts

MORNING = "morning"
EVENING = "evening"


@dataclass(frozen=True)
class Rules:
    """The settings of the reminders. Hours are those on a Vietnamese wall."""

    ladder: tuple[int, ...] = (7, 3, 1, 0)
    """Days before the date."""
    every: int = 3
    """Working days between two reminders of what is overdue or silent."""
    escalate_after: int = 2
    """How many unanswered reminders lead to an escalation."""
    look_back: int = 7
    """Working days: a step missed for longer is not caught up with."""
    morning: time = time(7, 30)
    evening: time = time(16, 45)
    until: time = time(17, 30)
    """Nothing is sent before `morning` or from `until` on."""
    soon: int = 7
    """Days: what is "đến hạn tới" in the leader's picture."""
    behind: int = 20
    """Points of % by which a figure may lag behind the time gone before it is "chậm so mốc"."""
    unblock: int = 3
    """Working days an obstacle may wait (B09)."""
    text_limit: int = 1800
    """UTF-16 units of a digest: it fits every network in one message."""

    def sending_hours(self, moment: time) -> bool:
        return self.morning <= moment < self.until


def due_kinds(moment: datetime, rules: Rules) -> tuple[str, ...]:
    """The digests that should have been planned by a local moment, on a working day."""
    if not rules.sending_hours(moment.time()):
        return ()
    return (MORNING, EVENING) if moment.time() >= rules.evening else (MORNING,)


def plan(facts: Facts, kind: str, calendar: Calendar, rules: Rules) -> list[PlannedDigest]:
    """The digests of one kind that are due and not planned, in the order of people's ids."""
    day = facts.day
    if not calendar.is_working(day):
        return []
    own: dict[int, list[PlannedNudge]] = {}
    above: dict[int, list[PlannedNudge]] = {}
    for task in facts.tasks:
        if task.owner is None or task.owner in facts.away:
            continue
        if kind == MORNING and (nudges := own_nudges(task, day, calendar, rules)):
            own.setdefault(task.owner, []).extend(nudges)
        if nudge := escalation(task, day, rules):
            receiver = _receiver(task, facts)
            if receiver is not None:
                above.setdefault(receiver, []).append(nudge)
    people = set(own) if kind == MORNING else set(above) | facts.followers
    return [
        PlannedDigest(person, day, kind, (*own.get(person, ()), *above.get(person, ())))
        for person in sorted(people - facts.served - facts.away)
    ]


def _receiver(task: TaskFacts, facts: Facts) -> int | None:
    """The nearest supervisor who is at work and can be reached; else the nearest at work.

    One who cannot be reached is passed over, and named to the leaders as such (reminders_reach).
    """
    at_work = [person for person in task.supervisors if person not in facts.away]
    reached = [person for person in at_work if person not in facts.unreached]
    return next(iter([*reached, *at_work]), None)


def own_nudges(
    task: TaskFacts, day: date, calendar: Calendar, rules: Rules
) -> tuple[PlannedNudge, ...]:
    """What the holder of the task is to be reminded of on a working day."""
    if task.waits_for_check or day < task.start:
        return ()
    if task.due is not None and day > task.due:
        nudge = _overdue(task, task.due, day, calendar, rules)
        return (nudge,) if nudge else ()
    before = _ladder(task, day, calendar, rules)
    report = _report(task, day, calendar, rules)
    return tuple(nudge for nudge in (before, report) if nudge)


def escalation(task: TaskFacts, day: date, rules: Rules) -> PlannedNudge | None:
    """Two reminders unanswered, the last of them for a working day: the supervisor hears of it."""
    silence = task.silence
    if silence is None or silence.messages < rules.escalate_after or task.waits_for_check:
        return None
    told_above = task.escalated is not None and task.escalated >= silence.first
    if day <= silence.last or told_above:
        return None
    return PlannedNudge(task.id, "escalated", silence.last, task.due_version, silence.messages)


def step_day(due: date, days_before: int, calendar: Calendar) -> date:
    """The working day on which a step of the ladder falls."""
    return calendar.on_or_before(due - timedelta(days=days_before))


def report_due(task: TaskFacts, calendar: Calendar) -> date | None:
    """The working day on which the next report is due that has not come; None: none by rhythm."""
    if task.cadence == "none":
        return None
    for before, nominal in task.open_report_days():
        due = calendar.on_or_before(nominal)
        if due > before:
            return due
    return None


def _heard(task: TaskFacts, least: date) -> date:
    """The day from which silence counts: of the last report or its return, `least` at least."""
    return max(least, task.last_report or least, task.returned or least)


def _ladder(task: TaskFacts, day: date, calendar: Calendar, rules: Rules) -> PlannedNudge | None:
    if task.due is None:
        return None
    for days_before in sorted(rules.ladder):
        step = step_day(task.due, days_before, calendar)
        if step > day:
            continue
        kind = f"before:{days_before}"
        stale = (
            step < task.start
            or kind in task.told
            or _heard(task, date.min) >= step
            or calendar.working_days_between(step, day) > rules.look_back
        )
        # The ledger keeps the day counted from the date, not the moved one: it stays the same
        # when an administrator changes the calendar between two looks.
        nominal = task.due - timedelta(days=days_before)
        return None if stale else _nudge(task, kind, nominal)
    return None


def _overdue(
    task: TaskFacts, due: date, day: date, calendar: Calendar, rules: Rules
) -> PlannedNudge | None:
    since = _heard(task, due)
    rounds = calendar.working_days_between(since, day) // rules.every
    if rounds == 0:  # the last step before the date may have been missed
        return _ladder(task, day, calendar, rules)
    step = calendar.add_working_days(since, rounds * rules.every)
    return _demand(task, "after", step, day, calendar, rules)


def _report(task: TaskFacts, day: date, calendar: Calendar, rules: Rules) -> PlannedNudge | None:
    due = report_due(task, calendar)
    if due is None or due > day:
        return None
    since = max(due, task.returned or due)
    rounds = calendar.working_days_between(since, day) // rules.every
    if rounds == 0 and since != due:  # it was returned just now: they are at work on it
        return None
    step = calendar.add_working_days(since, rounds * rules.every)
    return _demand(task, "report", step, day, calendar, rules)


def _demand(
    task: TaskFacts, kind: str, step: date, day: date, calendar: Calendar, rules: Rules
) -> PlannedNudge | None:
    told = task.told.get(kind)
    if told is not None and told >= step:
        return None
    silence = task.silence
    if silence and calendar.working_days_between(silence.last, day) < rules.every:
        return None
    return _nudge(task, kind, step)


def _nudge(task: TaskFacts, kind: str, step: date) -> PlannedNudge:
    ordinal = 1 + (task.silence.messages if task.silence and kind in DEMANDS else 0)
    return PlannedNudge(task.id, kind, step, task.due_version, ordinal)
