"""The result in a report: how it is asked for, and what a typed one means for its task."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from bot.conversation import Choice
from handlers.words import amount, unit_of
from services.reports import share_of_plan
from services.tasks import LARGEST_PERCENT, Task
from vietnamese.formatting import number, short_day
from vietnamese.letters import fold
from vietnamese.meaning import Ask
from vietnamese.quantities import Quantity, read_quantity
from vietnamese.zone import local_day

LARGEST = Decimal(10) ** 14
"""No figure of a programme is larger (100.000 tỷ đồng)."""
UNCLEAR = (
    'Chưa rõ con số. Đồng chí gõ một số, ví dụ: {example}. Nếu chưa có gì mới, gõ "không đổi".'
)
YES_OR_NO = 'Đồng chí trả lời "đã xong" hoặc "chưa xong".'
NOTHING_BEFORE = "Việc này chưa có số liệu lần trước. Đồng chí gõ con số đến hôm nay."
OTHER_UNIT = "Việc này tính bằng {unit}. Đồng chí gõ con số theo {unit}, ví dụ: {example}."
TOO_LARGE = "Số này lớn quá. Đồng chí xem lại và gõ con số đến hôm nay, ví dụ: {example}."


@dataclass(frozen=True)
class Value:
    """A value in the task's own unit; `qualifier`: gần, trên, khoảng … (A10, E34)."""

    value: Decimal
    qualifier: str | None = None


def question(task: Task, today: date) -> str:
    """ "Kết quả đến hôm nay, tính bằng tổ? (lần trước 12/11: 1)" """
    last = ""
    if task.value is not None and task.last_report_at is not None:
        when = short_day(local_day(task.last_report_at), today.year)
        last = f" (lần trước {when}: {_bare(task, task.value)})"
    unit = unit_of(task)
    questions = {
        "yesno": f"{task.code} đã xong chưa?{last}",
        "percent": f"Kết quả đến hôm nay được bao nhiêu phần trăm?{last}",
        "checklist": f"Đến hôm nay đạt mấy trong {number(task.target)} tiêu chí?{last}",
        "milestones": f"Đến hôm nay xong mấy trong {number(task.target)} mốc?{last}",
        "count": f"Từ đầu kỳ đến hôm nay được mấy {unit}?{last}",
    }
    return questions.get(task.measure, f"Kết quả đến hôm nay, tính bằng {unit}?{last}")


def _bare(task: Task, value: Decimal) -> str:
    if task.measure == "yesno":
        return amount(task, value)
    return f"{number(value)}{'%' if unit_of(task) == '%' else ''}"


def read(task: Task, text: str, key: str = "") -> Value | Ask[Quantity] | str:
    """What was typed or picked as a value; a sentence where it is none."""
    if key.startswith("v"):
        return Value(Decimal(key[1:]))
    if task.measure == "yesno":
        return _yes_or_no(task, text, key)
    meaning = read_quantity(text, unit=unit_of(task), previous=task.value)
    if isinstance(meaning, Ask):
        other_unit = OTHER_UNIT.format(unit=unit_of(task), example=_example(task))
        return meaning if choices_of(task, meaning) else other_unit
    if meaning is None:
        return UNCLEAR.format(example=_example(task))
    value = value_of(task, meaning)
    if value is not None:
        return Value(value, meaning.qualifier)
    if meaning.same:
        return NOTHING_BEFORE
    said = meaning.percent if meaning.value is None else meaning.value
    if said is not None and _absurd(task, abs(said)):
        return TOO_LARGE.format(example=_example(task))
    return OTHER_UNIT.format(unit=unit_of(task), example=_example(task))


def _yes_or_no(task: Task, text: str, key: str) -> Value | str:
    meaning = read_quantity(text, previous=task.value)
    if key in ("0", "1"):
        return Value(task.target if key == "1" else Decimal(0))
    if isinstance(meaning, Quantity):
        if meaning.percent == 100:
            return Value(task.target)
        if meaning.same and task.value is not None:
            return Value(task.value)
        if meaning.same or meaning.value == 0:
            return Value(Decimal(0))
    return YES_OR_NO


def choices_of(task: Task, doubt: Ask[Quantity]) -> list[Choice]:
    """The readings of a doubtful number that are values of this task."""
    return [
        Choice(f"v{value}", reading.label)
        for reading in doubt.readings
        if (value := value_of(task, reading.meaning)) is not None
    ]


def value_of(task: Task, quantity: Quantity) -> Decimal | None:
    """The value a quantity means for this task, or None where it means none.

    "như kỳ trước" is the last value, "tăng 1 tổ" adds to it, "xong" is the target; a quantity in
    another unit is none of this task's.
    """
    value = _value_of(task, quantity)
    if value is None or _absurd(task, value) or value < min(task.target, Decimal(0)):
        return None
    return value


def _absurd(task: Task, value: Decimal) -> bool:
    """A slip of the keys: no figure is so large, and no plan is surpassed so far."""
    return value > LARGEST or (share_of_plan(task, value) or 0) >= LARGEST_PERCENT


def _value_of(task: Task, quantity: Quantity) -> Decimal | None:
    if quantity.same:
        return task.value
    if task.measure == "yesno":
        return task.target if quantity.percent == 100 else quantity.value
    unit = unit_of(task)
    if quantity.value is None:
        if quantity.percent is None or quantity.unit not in (None, "%"):
            return None
        if unit == "%":
            return quantity.percent
        return task.target if quantity.percent == 100 else None
    if quantity.unit and fold(quantity.unit) not in (fold(unit), "diem %"):
        return quantity.percent if unit == "%" else None
    if quantity.change:
        step = quantity.value if quantity.change == "+" else -quantity.value
        return (task.value or Decimal(0)) + step
    return quantity.value


def _example(task: Task) -> str:
    return "98,3" if unit_of(task) == "%" else f"2 {unit_of(task)}".strip()
