"""Working days: the library's holidays, swapped days, and what an administrator decides over them."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scheduler.calendar import Calendar, NoWorkingDay

DAYS = st.dates(date(2024, 1, 1), date(2030, 12, 31))
OVERRIDES = st.dictionaries(DAYS, st.booleans(), max_size=12)


@pytest.mark.parametrize(
    ("day", "working"),
    [
        (date(2026, 11, 23), True),  # Thứ Hai
        (date(2026, 11, 24), False),  # Ngày Văn hóa Việt Nam
        (date(2026, 11, 28), False),  # Thứ Bảy
        (date(2026, 8, 22), True),  # Thứ Bảy làm bù
        (date(2026, 8, 31), False),  # nghỉ hoán đổi
        (date(2026, 9, 2), False),  # Quốc khánh
        (date(2026, 2, 16), False),  # Tết Bính Ngọ
        (date(2026, 2, 20), False),
        (date(2026, 2, 23), True),
        (date(2026, 4, 27), False),  # Giỗ Tổ nghỉ bù
        (date(2027, 2, 8), False),  # Tết Đinh Mùi
        (date(2025, 1, 29), False),  # Tết Ất Tỵ
        (date(2024, 5, 4), True),  # Thứ Bảy làm bù
        (date(2028, 1, 26), False),  # Tết Mậu Thân
        (date(2030, 2, 4), False),  # Tết Canh Tuất
        (date(2030, 9, 2), False),
    ],
)
def test_p26_the_library_knows_holidays_tet_and_swapped_days(day: date, working: bool) -> None:
    assert Calendar().is_working(day) is working


def test_p26_an_override_wins_both_ways_and_changes_nothing_else() -> None:
    storm, swapped = date(2026, 9, 10), date(2026, 9, 12)
    calendar = Calendar({storm: False, swapped: True, date(2026, 11, 24): True})
    assert not calendar.is_working(storm)
    assert calendar.is_working(swapped)
    assert calendar.is_working(date(2026, 11, 24))
    assert calendar.next_working(date(2026, 9, 9)) == date(2026, 9, 11)
    assert calendar.previous_working(date(2026, 9, 14)) == swapped
    assert Calendar().is_working(storm)


@pytest.mark.parametrize(
    ("day", "n", "expected"),
    [
        (date(2026, 11, 23), 1, date(2026, 11, 25)),  # over 24/11
        (date(2026, 11, 23), 3, date(2026, 11, 27)),
        (date(2026, 11, 29), 1, date(2026, 11, 30)),  # from a Sunday
        (date(2026, 11, 29), -1, date(2026, 11, 27)),
        (date(2026, 11, 25), -1, date(2026, 11, 23)),
        (date(2026, 2, 13), 1, date(2026, 2, 23)),  # over Tết
        (date(2026, 8, 21), 1, date(2026, 8, 22)),  # the swapped Saturday counts
        (date(2026, 12, 31), 1, date(2027, 1, 4)),  # over the year's end
        (date(2027, 1, 4), -1, date(2026, 12, 31)),
        (date(2026, 11, 24), 0, date(2026, 11, 24)),
    ],
)
def test_adding_working_days(day: date, n: int, expected: date) -> None:
    assert Calendar().add_working_days(day, n) == expected


@given(DAYS, st.integers(-30, 30), OVERRIDES)
def test_adding_is_walking_one_by_one(day: date, n: int, overrides: dict[date, bool]) -> None:
    calendar = Calendar(overrides)
    walked = day
    for _ in range(abs(n)):
        walked = calendar.next_working(walked) if n > 0 else calendar.previous_working(walked)
    assert calendar.add_working_days(day, n) == walked


@given(DAYS, st.integers(0, 500), OVERRIDES)
def test_counting_is_looking_at_each_day(day: date, n: int, overrides: dict[date, bool]) -> None:
    calendar = Calendar(overrides)
    upto = day + timedelta(days=n)
    looked = sum(calendar.is_working(day + timedelta(days=at)) for at in range(1, n + 1))
    assert calendar.working_days_between(day, upto) == looked


@given(DAYS)
def test_what_comes_before_is_worked_and_nothing_between_is(day: date) -> None:
    calendar = Calendar()
    before = calendar.on_or_before(day)
    assert calendar.is_working(before)
    assert before <= day
    assert calendar.working_days_between(before, day) == 0


def test_a_table_that_stops_the_country_is_a_mistake_not_an_endless_loop() -> None:
    first = date(2026, 3, 1)
    calendar = Calendar({first + timedelta(days=at): False for at in range(60)})
    with pytest.raises(NoWorkingDay):
        calendar.next_working(first)
