"""What a typed value means (pitfall 49). The breadth is in the corpus; here are the rules."""

from decimal import Decimal

import pytest

from vietnamese.meaning import Ask
from vietnamese.quantities import Quantity, read_quantity
from vietnamese.quantities.units import convert
from vietnamese.reports import TaskHint, read_report


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


@pytest.mark.parametrize(
    "text",
    [
        "dự kiến trồng 5 ha",
        "chưa trồng được 5 ha",
        "xin thêm 5 ha",
        "tuần sau trồng 5 ha",
        "bị chết 5 ha",
    ],
)
def test_a_plan_a_wish_or_a_loss_is_not_a_result(text: str) -> None:
    assert asked(text, "ha")


def test_the_number_of_a_paper_and_a_term_count_nothing() -> None:
    for text in ("12-KH/ĐU", "366-QĐ/TW", "335/2025/NĐ-CP", "nhiệm kỳ 2025-2030", "0912 345 678"):
        assert read_quantity(text, unit="tổ") is None
    assert understood("theo 05-NQ/ĐU đạt 4 tổ", "tổ").value == 4


def test_a_list_that_is_too_long_to_be_read_is_not_added_up() -> None:
    places = [
        "Lưu",
        "Lạ",
        "Ngang",
        "Lập",
        "Bình",
        "Sơn",
        "Tân",
        "Hà",
        "Quang",
        "Hảo",
        "An",
        "Minh",
        "Vinh",
        "Ngọc",
        "Xuân",
        "Hiệp",
        "Sản",
        "Hành",
    ]
    listed = ", ".join(f"thôn {place} 2 hộ" for place in places)
    assert understood(", ".join(listed.split(", ")[:9]), "hộ").value == 18
    assert asked(listed, "hộ")
    report = read_report(f"bc nv05 {listed}", [TaskHint("NV-05", "Làm nhà vệ sinh", "hộ")])
    assert report is not None
    assert report.quantity is None
    assert report.ask is not None


def test_parts_of_a_figure_are_not_added_to_it() -> None:
    assert understood("45 hộ, trong đó 5 hộ nghèo", "hộ").value == 45
    assert asked("45 hộ, trong đó đã xong 5 hộ", "hộ")
    assert understood("30 nhà (25 xây mới, 5 sửa chữa)", "nhà").value == 30
    assert understood("12 hộ + 5 hộ = 17 hộ", "hộ").value == 17


def test_units_convert_only_where_that_is_exact() -> None:
    assert convert(Decimal(2), "ha", "m2") == 20000
    assert convert(Decimal(3500), "triệu đồng", "tỷ đồng") == Decimal("3.5")
    assert convert(Decimal(2), "tổ", "hộ") is None
    assert convert(Decimal(2), None, "hộ") == 2
