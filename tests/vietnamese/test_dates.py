"""What a typed date means (pitfall 50). The breadth is in the corpus; here are the rules."""

from datetime import UTC, date, datetime

import pytest

from vietnamese.dates import NoSuchDate, Sense, When, read_date
from vietnamese.dates.lunar import from_lunar, new_year
from vietnamese.meaning import Ask
from vietnamese.zone import VIETNAM

MONDAY = datetime(2026, 11, 23, 8, 0, tzinfo=VIETNAM)


def on(text: str, now: datetime = MONDAY, sense: Sense = "deadline") -> date:
    meaning = read_date(text, now=now, sense=sense)
    assert isinstance(meaning, When), meaning
    return meaning.start


def test_p50_weekdays_and_month_ends() -> None:
    assert on("t6") == date(2026, 11, 27)
    assert on("thứ 6 tuần sau") == date(2026, 12, 4)
    assert on("cuối tháng") == date(2026, 11, 30)


def test_a_week_named_at_the_end_holds_for_the_first_weekday_unless_it_could_be_this_week() -> None:
    assert on("từ thứ 2 đến thứ 6 tuần sau") == date(2026, 11, 30)
    assert isinstance(read_date("từ thứ 4 đến thứ 6 tuần sau", now=MONDAY, sense="deadline"), Ask)


def test_p50_a_date_goes_over_the_end_of_the_year() -> None:
    late = datetime(2026, 12, 28, 9, 0, tzinfo=VIETNAM)
    assert on("5/1", late) == date(2027, 1, 5)
    assert on("15/12", late) == date(2027, 12, 15)
    assert on("15/12", late, "past") == date(2026, 12, 15)
    assert on("thứ 6", late) == date(2027, 1, 1)
    assert on("cuối tháng sau", late) == date(2027, 1, 31)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("30/2", "Tháng 2/2027 chỉ có 28 ngày"),
        ("31/11", "chỉ có 30 ngày"),
        ("15/13", "Không có ngày"),
    ],
)
def test_p50_a_date_that_does_not_exist_is_told(text: str, told: str) -> None:
    meaning = read_date(text, now=MONDAY, sense="deadline")
    assert isinstance(meaning, NoSuchDate)
    assert told in meaning.sentence


def test_p50_read_back_with_weekday_and_full_date() -> None:
    meaning = read_date("14h30 thứ 6", now=MONDAY, sense="deadline")
    assert isinstance(meaning, When)
    assert meaning.read_as == "14:30 Thứ Sáu 27/11/2026"


def test_the_29th_of_february_in_a_leap_year() -> None:
    assert on("29/2", datetime(2027, 12, 1, tzinfo=VIETNAM)) == date(2028, 2, 29)


def test_the_day_is_the_one_in_vietnam() -> None:
    evening = datetime(2026, 11, 22, 18, 0, tzinfo=UTC)  # already Monday 01:00 in Hà Nội
    assert on("hôm nay", evening) == date(2026, 11, 23)


def test_the_same_weekday_as_today_is_asked_about() -> None:
    meaning = read_date("thứ hai", now=MONDAY, sense="deadline")
    assert isinstance(meaning, Ask)
    assert [r.meaning.start.day for r in meaning.readings] == [23, 30]


def test_a_weekday_that_contradicts_its_date_is_asked_about() -> None:
    assert isinstance(read_date("thứ 5 ngày 27/11", now=MONDAY, sense="deadline"), Ask)


@pytest.mark.parametrize(
    ("year", "day"),
    [
        (1968, "1968-01-29"),
        (1985, "1985-01-21"),
        (2007, "2007-02-17"),
        (2023, "2023-01-22"),
        (2025, "2025-01-29"),
        (2026, "2026-02-17"),
        (2027, "2027-02-06"),
        (2030, "2030-02-02"),
        (2033, "2033-01-31"),
    ],
)
def test_tet_falls_on_its_day_in_vietnam(year: int, day: str) -> None:
    assert new_year(year).isoformat() == day


def test_lunar_days() -> None:
    assert from_lunar(15, 1, 2027) == date(2027, 2, 20)
    assert from_lunar(15, 8, 2025) == date(2025, 10, 6)  # after the leap sixth month
    assert from_lunar(30, 12, 2026) is None
    assert from_lunar(10, 3, 2026) == date(2026, 4, 26)
