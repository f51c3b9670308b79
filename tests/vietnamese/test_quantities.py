"""What a typed value means (pitfall 49). The breadth is in the corpus; here are the rules."""

from decimal import Decimal

import pytest

from vietnamese.meaning import Ask
from vietnamese.quantities import Quantity, read_quantity
from vietnamese.units import convert


def understood(text: str, unit: str | None = None, previous: Decimal | None = None) -> Quantity:
    meaning = read_quantity(text, unit=unit, previous=previous)
    assert isinstance(meaning, Quantity), meaning
    return meaning


def asked(text: str, unit: str | None = None) -> list[str]:
    meaning = read_quantity(text, unit=unit)
    assert isinstance(meaning, Ask), meaning
    return [reading.label for reading in meaning.readings]


def test_p49_forms_of_the_field_are_understood() -> None:
    assert understood("3,5 tỷ").value == Decimal(3_500_000_000)
    assert understood("3.500.000.000").value == Decimal(3_500_000_000)
    assert understood("98,3%").value == Decimal("98.3")
    rest = understood("còn 12/400")
    assert (rest.value, rest.total, rest.percent) == (Decimal(388), Decimal(400), Decimal(97))
    assert understood("1/3").total == 3


@pytest.mark.parametrize("text", ["1.5", "1,234.5", "0.5 ha", "12.5%", "1,234", "3.500 ha"])
def test_p49_doubtful_forms_are_asked_about(text: str) -> None:
    assert asked(text)


def test_p49_the_unit_of_the_task_decides_what_is_doubtful() -> None:
    assert understood("3.500", "hộ").value == 3500
    assert asked("3.500", "ha") == ["3.500", "3,5"]


def test_what_remains_without_a_total_is_asked_about() -> None:
    meaning = read_quantity("còn 12 hộ", unit="hộ")
    assert isinstance(meaning, Ask)
    rest = meaning.readings[0].meaning
    assert (rest.value, rest.left) == (None, Decimal(12))


def test_no_change_carries_the_last_value() -> None:
    meaning = understood("không đổi", previous=Decimal(7))
    assert meaning.same
    assert meaning.value == 7
    assert understood("không đổi, vẫn 7", previous=Decimal(7)).same


def test_no_change_that_contradicts_the_last_value_is_asked_about() -> None:
    assert isinstance(read_quantity("không đổi, vẫn 8", previous=Decimal(7)), Ask)


def test_money_is_kept_in_the_unit_of_the_task() -> None:
    meaning = understood("3,5 tỷ", "triệu đồng")
    assert (meaning.value, meaning.unit) == (Decimal(3500), "triệu đồng")
    assert understood("120", "triệu đồng").value == 120


def test_a_share_of_the_plan_is_not_a_value_in_percent() -> None:
    meaning = understood("97,5% kế hoạch", "%")
    assert (meaning.value, meaning.percent) == (None, Decimal("97.5"))


def test_the_figure_in_the_unit_of_the_task_is_the_answer() -> None:
    assert understood("35 ha, 2 tổ", "tổ").value == 2
    assert understood("35 ha, 2 tổ", "ha").value == 35


def test_a_forecast_is_not_a_result() -> None:
    assert asked("dự kiến 5 tổ") == ["5 tổ"]


def test_units_convert_only_where_that_is_exact() -> None:
    assert convert(Decimal(2), "ha", "m2") == 20000
    assert convert(Decimal(3500), "triệu đồng", "tỷ đồng") == Decimal("3.5")
    assert convert(Decimal(2), "tổ", "hộ") is None
    assert convert(Decimal(2), None, "hộ") == 2
