"""The rules of reminders as tables: a task, day by day, and what its people hear (mission §4)."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, time, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scheduler.calendar import Calendar
from scheduler.planner import due_kinds, plan, report_due
from services.reminders.facts import Facts, Silence
from tests.reminder_life import LEADER, OWNER, RULES, SUPERVISOR, Life, d, task
from vietnamese.zone import VIETNAM

TWICE = Silence(2, d("20/11"), d("25/11"))
"""Told on two days, and no word since."""


def test_one_task_day_by_day() -> None:
    """Due Monday 30/11/2026, no report at all until 9/12, closed by a check on 16/12."""
    life = Life(task(due=d("30/11")))
    assert life.heard("9/11", "15/12", reports=["9/12"]) == {
        "23/11": ["before:7"],  # Monday; 24/11 is a holiday
        "27/11": ["before:1"],  # Friday: the step of Sunday 29/11 came forward and says it all
        "30/11": ["before:0"],  # the day itself: "nhắc lần 1"
        "3/12": ["after 2"],  # three working days late: "nhắc lần 2"
        "4/12": ["escalated 2 → 2"],  # a whole day without an answer: the supervisor hears of it
        "8/12": ["after 3"],
        # 9/12: a report; three working days of peace, and the numbering starts again
        "14/12": ["after 1"],
    }


def test_a_weekly_report_day_by_day() -> None:
    """Every Friday; reported on Thursday 12/11, then silence, then a late report on Tuesday."""
    life = Life(task(cadence="weekly", cadence_day=5, last_report=d("12/11")))
    assert life.heard("13/11", "11/12", reports=["1/12"]) == {
        "20/11": ["report 1"],  # the 13th was answered by the report of the 12th
        "26/11": ["report 2"],  # 23, 25, 26: three working days (24/11 is off)
        "27/11": ["escalated 2 → 2"],
        "1/12": ["report 3"],
        # the report of 1/12 answers Friday 4/12
        "11/12": ["report 1"],
    }


def test_a_report_on_the_day_is_asked_for_in_the_same_digest_as_the_date() -> None:
    life = Life(task(due=d("4/12"), cadence="weekly", cadence_day=5, last_report=d("25/11")))
    assert life.heard("26/11", "15/12") == {
        "27/11": ["before:7"],  # the report of 25/11 answers 27/11
        "1/12": ["before:3"],
        "3/12": ["before:1"],
        "4/12": ["before:0", "report 1"],  # one message, and so one reminder
        "9/12": ["after 2"],
        "10/12": ["escalated 2 → 2"],
        "14/12": ["after 3"],
    }


def test_a_returned_report_is_no_silence_and_gives_three_working_days() -> None:
    """Weekly on Fridays; reported on 26/11, returned that day, and nothing since."""
    late = Life(task(due=d("13/11"), cadence="weekly", cadence_day=5, last_report=d("12/11")))
    assert list(late.heard("13/11", "23/11")) == ["13/11", "18/11", "19/11", "23/11"]
    late.give_back(d("26/11"))
    assert late.heard("27/11", "4/12") == {"1/12": ["after 1"], "4/12": ["after 2"]}
    weekly = Life(task(cadence="weekly", cadence_day=5, last_report=d("12/11")))
    weekly.give_back(d("26/11"))
    assert weekly.heard("27/11", "7/12") == {
        "1/12": ["report 1"],
        "4/12": ["report 2"],
        "7/12": ["escalated 2 → 2"],
    }


@pytest.mark.parametrize(
    ("due", "expected"),
    [
        ("30/11", ["23/11", "27/11", "30/11"]),  # over a weekend
        ("24/11", ["17/11", "20/11", "23/11"]),  # the date is a holiday: the working day before
        ("29/11", ["20/11", "26/11", "27/11"]),  # a Sunday
        ("29/8", ["22/8", "26/8", "28/8"]),  # 22/8: the swapped Saturday is worked
        ("18/2", ["11/2", "13/2"]),  # in Tết: the three last steps fall before it
        ("2/12", ["25/11", "27/11", "1/12", "2/12"]),  # 29/11 is a Sunday
    ],
)
def test_p26_a_step_on_a_day_off_moves_to_the_working_day_before(
    due: str, expected: list[str]
) -> None:
    life = Life(task(due=d(due), start=d("1/1")))
    first = d(due) - timedelta(days=30)
    heard = life.heard(f"{first.day}/{first.month}", due)
    assert list(heard) == expected


def test_p26_an_override_in_mid_year_moves_steps_and_repeats_none() -> None:
    life = Life(task(due=d("2/12")))
    assert list(life.heard("20/11", "25/11")) == ["25/11"]
    life.overrides = {d("25/11"): False, d("1/12"): False, d("29/11"): True}
    # 25/11 is declared off after the fact: its step was given and is not given again.
    # 1/12 is off now: the step of 1/12 moves to Monday 30/11.
    assert life.heard("26/11", "2/12") == {
        "29/11": ["before:3"],  # a Sunday that is worked
        "30/11": ["before:1"],
        "2/12": ["before:0"],
    }


def test_p19_three_days_off_over_a_deadline_say_what_is_still_true_once() -> None:
    missed = {d("27/11"), d("30/11"), d("1/12")}
    life = Life(task(due=d("30/11")), off=missed)
    assert life.heard("20/11", "10/12") == {
        "23/11": ["before:7"],
        "2/12": ["before:0"],  # once, not three times; the text says "quá hạn 2 ngày"
        "7/12": ["after 2"],  # three working days after what was said, not one after
        "8/12": ["escalated 2 → 2"],
        "10/12": ["after 3"],
    }


def test_a_long_outage_is_not_caught_up_with_step_by_step() -> None:
    outage = {d("1/11") + timedelta(days=at) for at in range(60)}
    life = Life(task(due=d("20/11")), off=outage)
    assert life.heard("1/11", "6/1/27") == {"31/12": ["after 1"], "6/1": ["after 2"]}


def test_leave_says_nothing_and_then_what_is_still_true() -> None:
    leave = {d("25/11") + timedelta(days=at) for at in range(8)}  # to 2/12
    life = Life(task(due=d("30/11")), away=leave)
    assert life.heard("20/11", "9/12") == {
        "23/11": ["before:7"],
        "3/12": ["after 1"],
        "8/12": ["after 2"],
        "9/12": ["escalated 2 → 2"],
    }


def test_a_handover_tells_the_new_holder_once_and_counts_from_one() -> None:
    life = Life(task(due=d("30/11")))
    assert list(life.heard("20/11", "3/12")) == ["23/11", "27/11", "30/11", "3/12"]
    life.task = replace(life.task, owner=9)
    assert life.heard("4/12", "10/12") == {
        "4/12": ["after 1"],
        "9/12": ["after 2"],
        "10/12": ["escalated 2 → 2"],
    }


def test_p25_a_new_date_starts_a_new_ladder_and_ends_the_old_silence() -> None:
    life = Life(task(due=d("30/11")))
    life.heard("20/11", "3/12")
    life.task = replace(life.task, due=d("18/12"), due_version=2)
    life.told, life.silences = {}, {}  # the ledger is asked for the present version only
    assert life.heard("4/12", "18/12") == {
        "11/12": ["before:7"], "15/12": ["before:3"], "17/12": ["before:1"], "18/12": ["before:0"],
    }  # fmt: skip


@pytest.mark.parametrize(
    "facts",
    [
        {"due": d("1/12"), "waits_for_check": True},  # D03: it is the checker's turn
        {"due": d("20/11"), "waits_for_check": True},
        {"due": d("1/12"), "owner": None},
        {"due": d("1/12"), "start": d("2/12")},
        {"due": None},
        {"due": d("20/12")},
        {"due": d("1/12"), "start": d("26/11")},  # newer than its step of 24/11
        {"due": d("1/12"), "last_report": d("24/11")},  # answered since the step of 24/11
        {"due": d("24/11"), "last_report": d("25/11")},  # late, but reported two days ago
        {"cadence": "monthly", "cadence_day": 25, "last_report": d("26/10")},
        {"cadence": "weekly", "cadence_day": 5},  # 27/11 is tomorrow, told below
    ],
)
def test_nothing_is_said(facts: dict[str, object]) -> None:
    if "cadence" in facts:
        facts |= {"told": {"report": d("25/11")}, "silence": Silence(1, d("25/11"), d("25/11"))}
    found = plan(Facts(d("26/11"), [task(**facts)]), "morning", Calendar(), RULES)
    assert found == []


@pytest.mark.parametrize(
    ("cadence", "day", "last_report", "expected"),
    [
        ("weekly", 5, "12/11", "20/11"),
        ("weekly", 5, "13/11", "20/11"),
        ("weekly", 5, "14/11", "27/11"),  # the day after a report day answers the next
        ("weekly", 7, "12/11", "20/11"),  # Sundays: the Friday before
        ("weekly", 2, "17/11", "23/11"),  # Tuesday 24/11 is off: asked for the day before
        ("weekly", 2, "18/11", "1/12"),
        ("monthly", 31, "30/9", "30/10"),  # 31/10/2026 is a Saturday
        ("monthly", 31, "1/10", "30/11"),
        ("monthly", 5, "2/11", "4/12"),
        ("quarterly", 15, "15/9", "15/12"),
        ("quarterly", 31, "20/8", "31/12"),
        ("weekly", 3, "9/2", "13/2"),  # 18/2 lies in Tết
        ("weekly", 5, "13/2", "27/2"),  # the week of Tết has no working day: it is not asked for
    ],
)
def test_when_the_next_report_is_due(
    cadence: str, day: int, last_report: str, expected: str
) -> None:
    facts = task(cadence=cadence, cadence_day=day, last_report=d(last_report), start=d("1/1"))
    assert report_due(facts, Calendar()) == d(expected)


def test_one_digest_a_person_a_day() -> None:
    """A leader with tasks of their own hears in the morning, and not again in the evening."""
    late = task(due=d("10/11"), owner=LEADER, id=1)
    other = task(due=d("10/11"), owner=OWNER, id=2, supervisors=(LEADER,))
    silent = replace(other, told={"after": d("25/11")}, silence=TWICE)
    facts = Facts(d("26/11"), [late, silent], followers=frozenset({LEADER, SUPERVISOR}))
    morning = plan(facts, "morning", Calendar(), RULES)
    assert [(one.person_id, [n.kind for n in one.nudges]) for one in morning] == [
        (LEADER, ["after", "escalated"])
    ]
    evening = plan(replace(facts, served=frozenset({LEADER})), "evening", Calendar(), RULES)
    assert [(one.person_id, one.nudges) for one in evening] == [(SUPERVISOR, ())]


def test_a_leader_on_leave_has_no_evening_digest() -> None:
    facts = Facts(d("26/11"), [], followers=frozenset({LEADER, SUPERVISOR}))
    away = replace(facts, away=frozenset({LEADER}))
    assert [one.person_id for one in plan(away, "evening", Calendar(), RULES)] == [SUPERVISOR]


def test_an_escalation_passes_over_a_supervisor_on_leave() -> None:
    silent = task(due=d("10/11"), told={"after": d("25/11")}, silence=TWICE)
    facts = Facts(d("26/11"), [silent], away=frozenset({SUPERVISOR}))
    assert [one.person_id for one in plan(facts, "evening", Calendar(), RULES)] == [LEADER]
    nobody = replace(facts, away=frozenset({SUPERVISOR, LEADER}))
    assert plan(nobody, "evening", Calendar(), RULES) == []


def test_an_escalation_passes_over_a_supervisor_who_cannot_be_reached() -> None:
    silent = task(due=d("10/11"), told={"after": d("25/11")}, silence=TWICE)
    for unreached, expected in (({SUPERVISOR}, LEADER), ({SUPERVISOR, LEADER}, SUPERVISOR)):
        facts = Facts(d("26/11"), [silent], unreached=frozenset(unreached))
        found = plan(facts, "evening", Calendar(), RULES)
        assert [one.person_id for one in found] == [expected]


@pytest.mark.parametrize(
    ("moment", "kinds"),
    [
        (time(7, 29, 59), ()),
        (time(7, 30), ("morning",)),
        (time(16, 44), ("morning",)),
        (time(16, 45), ("morning", "evening")),
        (time(17, 29, 59), ("morning", "evening")),
        (time(17, 30), ()),
        (time(0, 0), ()),
    ],
)
def test_nothing_is_planned_at_night(moment: time, kinds: tuple[str, ...]) -> None:
    assert due_kinds(datetime.combine(d("26/11"), moment, VIETNAM), RULES) == kinds


@pytest.mark.parametrize("day", ["24/11", "28/11", "29/11", "17/2", "31/8"])
def test_p26_nothing_is_planned_on_a_day_off(day: str) -> None:
    late = task(due=d("10/1"), start=d("1/1"))
    facts = Facts(d(day), [late], followers=frozenset({LEADER}))
    assert plan(facts, "morning", Calendar(), RULES) == []
    assert plan(facts, "evening", Calendar(), RULES) == []
    assert plan(facts, "morning", Calendar({d(day): True}), RULES) != []


DAYS = st.integers(0, 140).map(lambda n: date(2026, 7, 6) + timedelta(days=n))


@settings(max_examples=150, deadline=None)
@given(
    due=st.none() | DAYS,
    cadence=st.sampled_from(["none", "weekly", "monthly", "quarterly"]),
    cadence_day=st.integers(1, 7),
    off=st.sets(DAYS, max_size=30),
    away=st.sets(DAYS, max_size=30),
    storms=st.sets(DAYS, max_size=10),
    reports=st.sets(DAYS, max_size=8),
)
def test_whatever_happens_the_rules_hold(
    due: date | None,
    cadence: str,
    cadence_day: int,
    off: set[date],
    away: set[date],
    storms: set[date],
    reports: set[date],
) -> None:
    first = date(2026, 7, 6)
    facts = task(due=due, cadence=cadence, cadence_day=cadence_day, start=first)
    life = Life(facts, dict.fromkeys(storms, False), off, away)
    calendar = Calendar(life.overrides)
    steps: list[str] = []
    last: date | None = None  # the last demand since the last report
    told_above = False  # the supervisor has heard of this silence
    since = waited = 0  # since the last report: demands made; days at work without a word
    for today in (first + timedelta(days=n) for n in range(150)):
        heard = life.day(today)
        at_work = calendar.is_working(today) and today not in away and today not in off
        assert at_work or not heard
        demands = [one for one in heard if one.startswith(("after", "report", "before:0"))]
        for one in heard:
            if one.startswith("before"):
                steps.append(one)
            elif one.startswith("escalated"):
                assert since >= RULES.escalate_after
                assert not told_above
                told_above = True
            else:
                assert one.endswith(f" {since + 1}") or "before:0" in demands
                assert last is None or calendar.working_days_between(last, today) >= RULES.every
        since += bool(demands)
        last = today if demands else last
        # It goes on until a check closes the task (D03): never quiet for long once overdue.
        late = due is not None and today > due and at_work
        waited = 0 if demands or today in reports or not late else waited + 1
        assert waited <= 2 * RULES.every
        if today in reports:
            life.report(today)
            since, last, told_above = 0, None, False
    assert len(steps) == len(set(steps))
