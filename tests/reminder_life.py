"""One task lived through day by day, with a ledger kept in memory as the database keeps it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, timedelta

from scheduler.calendar import Calendar
from scheduler.planner import Rules, plan
from services.reminders.facts import DEMANDS, Facts, PlannedNudge, Silence, TaskFacts

OWNER, SUPERVISOR, LEADER = 1, 2, 3
RULES = Rules()
START = date(2026, 10, 1)


def d(text: str) -> date:
    """ "27/11" of 2026, "4/1/27"."""
    parts = [int(part) for part in text.split("/")]
    return date(2000 + (parts[2] if len(parts) > 2 else 26), parts[1], parts[0])


@dataclass
class Life:
    """One task lived through day by day; the ledger is kept as the database keeps it."""

    task: TaskFacts
    overrides: Mapping[date, bool] = field(default_factory=dict)
    off: set[date] = field(default_factory=set)
    """Days on which the server was off."""
    away: set[date] = field(default_factory=set)
    told: dict[tuple[int, str], date] = field(default_factory=dict)

    silences: dict[int, Silence] = field(default_factory=dict)

    def day(self, today: date) -> list[str]:
        """What was planned on that day: "before:7", "report 2", "escalated 2 → 2" …"""
        if today in self.off:
            return []
        owner = self.task.owner or 0
        mine = {kind: told for (person, kind), told in self.told.items() if person == owner}
        task = replace(self.task, told=mine, silence=self.silences.get(owner))
        heard: list[str] = []
        served: set[int] = set()
        for kind in ("morning", "evening"):
            facts = Facts(
                today, [task],
                away=frozenset({owner} if today in self.away else ()), served=frozenset(served),
            )  # fmt: skip
            for digest in plan(facts, kind, Calendar(self.overrides), RULES):
                served.add(digest.person_id)
                heard += [self._hear(nudge, digest.person_id, today) for nudge in digest.nudges]
        return heard

    def _hear(self, nudge: PlannedNudge, person: int, today: date) -> str:
        if nudge.kind == "escalated":
            self.task = replace(self.task, escalated=nudge.step)
            return f"escalated {nudge.ordinal} → {person}"
        self.told[person, nudge.kind] = nudge.step
        if nudge.kind in DEMANDS:
            old = self.silences.get(person) or Silence(0, today, date.min)
            more = 1 if old.last < today else 0  # two demands in one message are one message
            self.silences[person] = Silence(old.messages + more, old.first, today)
        return nudge.kind if nudge.kind.startswith("before") else f"{nudge.kind} {nudge.ordinal}"

    def report(self, today: date) -> None:
        """After this day's work a report comes in: the numbering starts again."""
        self.task = replace(self.task, last_report=today, escalated=None)
        self.silences = {}
        self.told = {key: step for key, step in self.told.items() if key[1].startswith("before")}

    def give_back(self, today: date) -> None:
        """A report came, and was returned: it does not count, but it was no silence."""
        self.report(today)
        self.task = replace(self.task, last_report=d("12/11"), returned=today)

    def heard(self, first: str, last: str, reports: Iterable[str] = ()) -> dict[str, list[str]]:
        """Day → what was heard, for the days with anything; reports come in after the digest."""
        answered = {d(day) for day in reports}
        found: dict[str, list[str]] = {}
        today = d(first)
        while today <= d(last):
            if said := self.day(today):
                found[f"{today.day}/{today.month}"] = said
            if today in answered:
                self.report(today)
            today += timedelta(days=1)
        return found


def task(**facts: object) -> TaskFacts:
    base = TaskFacts(id=7, owner=OWNER, start=START, supervisors=(SUPERVISOR, LEADER))
    return replace(base, **facts)  # type: ignore[arg-type] # the facts of a case, by name
