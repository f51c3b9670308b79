"""What must hold for any input: nothing raises, long input is bounded, our own writing is read back."""

from datetime import date, datetime
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.commands.understand import answer_to
from vietnamese import formatting
from vietnamese.dates import When, read_date
from vietnamese.letters import clean, fold
from vietnamese.marked import secrecy_mark
from vietnamese.quantities import Quantity, read_quantity
from vietnamese.tokens import READ_AT_MOST, cut, prepare
from vietnamese.zone import VIETNAM

NOW = datetime(2026, 11, 23, 8, 0, tzinfo=VIETNAM)
steady = settings(deadline=None)
"""Speed is measured in benchmarks/understanding.py, not here."""
KINDS = ("quantity", "date", "command", "name", "report", "marked")
TASKS = [
    {"code": "NV-03", "title": "Xây dựng 2 tổ sản xuất VietGAP", "unit": "tổ", "target": "2"},
    {"code": "NV-07", "title": "Thu gom rác thải nông thôn", "unit": "%", "target": "40"},
]
PIECES = st.sampled_from(
    [
        "2",
        "1.5",
        "3,5",
        "12/400",
        "15/12",
        "30/2",
        "tổ",
        "hộ",
        "%",
        "ha",
        "tỷ",
        "triệu",
        "rưỡi",
        "còn",
        "gần",
        "tăng",
        "giảm",
        "lên",
        "đến",
        "từ",
        "thứ",
        "tuần",
        "sau",
        "tháng",
        "quý",
        "Tết",
        "rằm",
        "mùng",
        "bc",
        "nv03",
        "xong",
        "chưa",
        "làm",
        "không",
        "đổi",
        "vướng",
        "chậm",
        ",",
        ";",
        ":",
        "-",
        "/",
        "(",
        ")",
        ".",
        "\n",
        "năm",
        "ba",
        "mươi",
        "linh",
        "phẩy",
        "trăm",
        "nghìn",
        "một",
        "nửa",
        "phần",
        "ạ",
        "em",
        "MẬT",
        "tối",
    ]
)
NUMBERS = st.decimals(
    allow_nan=False, allow_infinity=False, min_value=-(10**12), max_value=10**12, places=4
)


@steady
@given(st.sampled_from(KINDS), st.text(max_size=300))
def test_no_text_raises(kind: str, text: str) -> None:
    assert answer_to({"kind": kind, "text": text, "now": "2026-11-23T08:00", "tasks": TASKS})[
        "status"
    ]


@steady
@given(st.sampled_from(KINDS), st.lists(PIECES, max_size=25), st.sampled_from(["deadline", "past"]))
def test_no_mixture_of_our_words_raises(kind: str, words: list[str], sense: str) -> None:
    asked = {
        "kind": kind,
        "text": " ".join(words),
        "now": "2028-02-29T23:59",
        "tasks": TASKS,
        "sense": sense,
    }
    answer = answer_to(asked)
    assert answer["status"] != "ask" or answer["readings"]


@steady
@given(NUMBERS)
def test_a_number_we_write_is_read_back(value: Decimal) -> None:
    meaning = read_quantity(formatting.number(value))
    assert isinstance(meaning, Quantity), formatting.number(value)
    assert meaning.value == value


@steady
@given(st.decimals(min_value=0, max_value=1000, places=1))
def test_a_percentage_we_write_is_read_back(value: Decimal) -> None:
    shown = formatting.percent(value)
    meaning = read_quantity(shown, unit="%")
    if "." in shown:
        return  # 1.000% has the dot of 3.500 ha: asked about, by the rule for fractions
    assert isinstance(meaning, Quantity)
    assert (meaning.value, meaning.unit) == (value, "%")


@steady
@given(st.dates(min_value=date(1950, 1, 1), max_value=date(2150, 12, 31)))
def test_a_date_we_write_is_read_back(day: date) -> None:
    for shown in (formatting.day(day), formatting.full_day(day)):
        assert read_date(shown, now=NOW, sense="deadline") == When(day)


@steady
@given(st.dates(min_value=NOW.date(), max_value=date(2027, 11, 22)))
def test_a_short_date_we_write_is_read_back(day: date) -> None:
    assert read_date(f"{day.day:02d}/{day.month:02d}", now=NOW, sense="deadline") == When(day)


@steady
@given(st.text())
def test_cleaning_and_folding_are_finished_after_one_pass(text: str) -> None:
    assert clean(clean(text)) == clean(text)
    assert fold(fold(text)) == fold(text)


@pytest.mark.parametrize("kind", KINDS[:5])
def test_long_input_is_cut_before_it_is_read(kind: str) -> None:
    assert len(cut(prepare("2 tổ, " * 5000))) <= READ_AT_MOST
    long = "2 tổ, " * 1667
    assert answer_to({"kind": kind, "text": long, "now": "2026-11-23T08:00", "tasks": TASKS})[
        "status"
    ]


def test_a_mark_at_the_end_of_ten_thousand_letters_is_seen() -> None:
    assert secrecy_mark("a" * 10_000 + "\nMẬT") == "Mật"
