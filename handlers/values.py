"""The result in a report: how it is asked for, and what a typed one means for its task."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from bot.conversation import Choice
from bot.conversation.reply import Layout
from handlers.odd_values import absurd, below_zero, impossible, unlikely
from handlers.words import bare, example, unit_of, with_unit
from services.tasks import Task
from vietnamese.formatting import number, short_day
from vietnamese.letters import fold
from vietnamese.meaning import Ask, Reading
from vietnamese.quantities import Quantity, read_quantity
from vietnamese.reports.results import is_taken_back
from vietnamese.reports.tasks import TaskHint
from vietnamese.zone import local_day

READING, CONFIRMED = "v", "y"
"""How the key of a choice begins: one reading of a number; a number that was asked about."""
AGAIN = "again"
YES_NO = (Choice("1", "Đã xong"), Choice("0", "Chưa xong"))
UNCLEAR = (
    'Chưa rõ con số. Đồng chí gõ một số, ví dụ: {example}. Nếu chưa có gì mới, gõ "không đổi".'
)
YES_OR_NO = 'Đồng chí trả lời "đã xong" hoặc "chưa xong".'
NOTHING_BEFORE = "Việc này chưa có số liệu lần trước. Đồng chí gõ con số đến hôm nay."
OTHER_UNIT = "Việc này tính bằng {unit}. Đồng chí gõ con số theo {unit}, ví dụ: {example}."
OTHER_PLAN = "Chỉ tiêu của việc này là {plan}. Đồng chí gõ con số đến hôm nay, ví dụ: {example}."
SMALLEST_WHOLE = 10
"""What is a part of less ("một nửa", "2/3"), and not of the plan, is a share and no count."""
TOO_LARGE = "Số này lớn quá. Đồng chí xem lại và gõ con số đến hôm nay, ví dụ: {example}."


@dataclass(frozen=True)
class Value:
    """A value in the task's own unit; `qualifier`: gần, trên, khoảng … (A10, E34)."""

    value: Decimal
    qualifier: str | None = None


@dataclass(frozen=True)
class Last:
    """The figure before the one that is asked for, and when it was told; it may have been loaded without a day."""

    value: Decimal | None
    at: datetime | None = None


@dataclass(frozen=True)
class Question:
    """How a result is asked for, or asked about."""

    text: str
    choices: tuple[Choice, ...] = ()
    layout: Layout = "row"


def question(
    task: Task, last_time: Last, today: date, doubt: Ask[Quantity] | None = None
) -> Question:
    """ "Kết quả đến hôm nay, tính bằng tổ? (lần trước 12/11: 1)"

    `doubt`: a number with two sensible readings is asked about, never guessed.
    """
    readings = _choices_of(task, doubt, last_time.value) if doubt else ()
    if doubt and len(readings) > 1:
        return Question(doubt.question, readings, "list")
    if readings:
        return _is_it(_so_far(task, _value_in(readings[0].key)), readings[0].key)
    return Question(_plainly(task, last_time, today), YES_NO if task.measure == "yesno" else ())


def _so_far(task: Task, told: Value) -> str:
    so_far = f"{told.qualifier or ''} {with_unit(task, told.value)}".strip()
    reached = "còn" if task.direction == "down" else "được"
    return f"Nghĩa là đến nay {reached} {so_far}, đúng không?"


def _is_it(text: str, key: str) -> Question:
    return Question(text, (Choice(key, "Đúng"), Choice(AGAIN, "Không phải, gõ lại")))


def _plainly(task: Task, last_time: Last, today: date) -> str:
    last = ""
    if last_time.value is not None:
        when = f" {short_day(local_day(last_time.at), today.year)}" if last_time.at else ""
        last = f" (lần trước{when}: {bare(task, last_time.value)})"
    unit = unit_of(task)
    questions = {
        "yesno": f"{task.code} đã xong chưa?{last}",
        "percent": f"Kết quả đến hôm nay được bao nhiêu phần trăm?{last}",
        "checklist": f"Đến hôm nay đạt mấy trong {number(task.target)} tiêu chí?{last}",
        "milestones": f"Đến hôm nay xong mấy trong {number(task.target)} mốc?{last}",
        "count": f"Từ đầu kỳ đến hôm nay được mấy {unit}?{last}",
    }
    return questions.get(task.measure, f"Kết quả đến hôm nay, tính bằng {unit}?{last}")


def hint_of(task: Task) -> TaskHint:
    """The task as a report's words are read with."""
    return TaskHint(task.code, task.title, unit_of(task), task.target, task.value)


def answered(task: Task, last: Last, today: date, text: str, key: str) -> Value | Question | str:
    """What was typed or picked: a value, something to be asked about it, or why it is none."""
    if key == AGAIN:
        return question(task, last, today)
    if key.startswith(CONFIRMED):
        return _value_in(key)
    meaning = read(task, text, key, last.value)
    if isinstance(meaning, Ask):
        return question(task, last, today, meaning)
    if isinstance(meaning, Value):
        confirmed = _key_of(CONFIRMED, meaning)
        if odd := unlikely(task, meaning.value, last.value):
            return _is_it(f"{odd}, đúng không?", confirmed)
        plainly = key or task.measure == "yesno"
        if not plainly and is_taken_back(text, hint_of(task), meaning.value):
            return contradicted(task, meaning)
    return meaning


def contradicted(task: Task, told: Value) -> Question:
    """A figure that hardly fits what else was said: "Nghĩa là đến nay được 1 tổ, đúng không?"."""
    return _is_it(_so_far(task, told), _key_of(CONFIRMED, told))


def read(task: Task, text: str, key: str, previous: Decimal | None) -> Value | Ask[Quantity] | str:
    """What was typed or picked as a value; a sentence where it is none.

    `previous`: the figure before this one, for "không đổi" and "tăng 1".
    """
    if key.startswith(READING):
        return _value_in(key)
    if task.measure == "yesno":
        return _yes_or_no(task, text, key, previous)
    if sentence := below_zero(task, text):
        return sentence
    meaning = read_quantity(text, unit=unit_of(task), previous=previous)
    if isinstance(meaning, Ask):
        return meaning if _choices_of(task, meaning, previous) else not_ours(task)
    if meaning is None:
        return UNCLEAR.format(example=example(task))
    if two := doubt(task, meaning, previous):
        return two
    value = value_of(task, meaning, previous)
    if value is not None:
        return impossible(task, value) or Value(value, meaning.qualifier)
    if meaning.same:
        return NOTHING_BEFORE
    said = meaning.percent if meaning.value is None else meaning.value
    if said is not None and absurd(task, abs(said)):
        return TOO_LARGE.format(example=example(task))
    return not_ours(task, meaning)


def doubt(task: Task, quantity: Quantity, previous: Decimal | None) -> Ask[Quantity] | None:
    """ "tăng 2%" of a task in % is 2 points, or 2 % of the figure before (E14)."""
    if not quantity.change or quantity.unit != "%" or unit_of(task) != "%":
        return None
    if quantity.value is None or previous is None:
        return None
    sign, word = (1, "tăng") if quantity.change == "+" else (-1, "giảm")
    points = previous + sign * quantity.value
    share = (previous * (100 + sign * quantity.value) / 100).quantize(Decimal("0.01"))
    said = f"{word} {number(quantity.value)}"
    readings = [
        Reading(f"{said} điểm %, thành {number(points)}%", Quantity(value=points, unit="%")),
        Reading(f"{said}% của mức trước, thành {number(share)}%", Quantity(value=share, unit="%")),
    ]
    return Ask("Đồng chí muốn ghi số nào ạ?", tuple(readings))


def not_ours(task: Task, quantity: Quantity | None = None) -> str:
    """Why a figure is none of this task's: another plan's, or in another unit."""
    if quantity and quantity.value is not None and quantity.total not in (None, task.target):
        return OTHER_PLAN.format(plan=with_unit(task, task.target), example=example(task))
    return OTHER_UNIT.format(unit=unit_of(task), example=example(task))


def _yes_or_no(task: Task, text: str, key: str, previous: Decimal | None) -> Value | str:
    meaning = read_quantity(text, previous=previous)
    if key in ("0", "1"):
        return Value(task.target if key == "1" else Decimal(0))
    if isinstance(meaning, Quantity) and meaning.same:
        return Value(previous if previous is not None else Decimal(0))
    if fold(text).strip(" .!") in ("roi", "da roi", "xong roi"):
        return Value(task.target)
    if isinstance(meaning, Quantity) and (value := _done_or_not(task, meaning)) is not None:
        return Value(value)
    return YES_OR_NO


def _choices_of(task: Task, doubt: Ask[Quantity], previous: Decimal | None) -> tuple[Choice, ...]:
    """The readings of a doubtful number that can be values of this task, each value once."""
    found: dict[str, Choice] = {}
    for reading in doubt.readings:
        value = value_of(task, reading.meaning, previous)
        if value is None or impossible(task, value):
            continue
        left = reading.meaning.left is not None and task.direction != "down"
        reached = f", tức là được {with_unit(task, value)}" if left else ""
        key = _key_of(READING, Value(value, reading.meaning.qualifier))
        found.setdefault(key, Choice(key, f"{reading.label}{reached}"))
    return tuple(found.values())


def _key_of(kind: str, told: Value) -> str:
    return f"{kind}{told.value}|{told.qualifier or ''}"


def _value_in(key: str) -> Value:
    """The value in a choice's key."""
    value, _, qualifier = key[1:].partition("|")
    return Value(Decimal(value), qualifier or None)


def value_of(task: Task, quantity: Quantity, previous: Decimal | None) -> Decimal | None:
    """The value a quantity means for this task, or None where it means none.

    "như kỳ trước" is the last value, "tăng 1 tổ" adds to it, "xong" is the target; a quantity in
    another unit is none of this task's.
    """
    value = _value_of(task, quantity, previous)
    if value is None or absurd(task, value) or value < min(task.target, Decimal(0)):
        return None
    return value


def _value_of(task: Task, quantity: Quantity, previous: Decimal | None) -> Decimal | None:
    if quantity.same:
        return previous
    if task.measure == "yesno":
        return _done_or_not(task, quantity)
    unit = unit_of(task)
    if unit == "%" and quantity.total is None and quantity.value == quantity.percent == 100:
        return task.target  # "xong", in words
    if quantity.value is None and quantity.left is not None:
        return _but(task, quantity.left)
    if quantity.value is None:
        if quantity.percent is None or quantity.unit not in (None, "%"):
            return None
        return _of_plan(task, quantity.percent) if unit == "%" or quantity.percent == 100 else None
    if quantity.unit and fold(quantity.unit) not in (fold(unit), "diem %"):
        return quantity.percent if unit == "%" else None
    if quantity.total not in (None, task.target):
        if unit == "%":
            return quantity.percent
        if quantity.total <= SMALLEST_WHOLE:
            return None
    if quantity.change:
        step = quantity.value if quantity.change == "+" else -quantity.value
        return (previous or Decimal(0)) + step
    return quantity.value


def _of_plan(task: Task, percent: Decimal) -> Decimal | None:
    """The value at a share of the plan: "80% kế hoạch" of 40% is 32%."""
    if percent == 100:
        return task.target
    if task.baseline is not None or task.direction == "down":
        return None
    return (task.target * percent / 100).quantize(Decimal("0.0001"))


def _but(task: Task, left: Decimal) -> Decimal | None:
    """The value when so much is left: of what must fall it is the value itself."""
    if task.direction == "down":
        return left
    return task.target - left if task.baseline is None and left <= task.target else None


def _done_or_not(task: Task, quantity: Quantity) -> Decimal | None:
    """Done or not done, and nothing between: "xong", 100%, "chưa", 0%."""
    told = quantity.percent
    if told is None and quantity.unit in (None, "%"):
        told = quantity.value if quantity.unit or quantity.value == 0 else None
    return (
        {Decimal(100): task.target, Decimal(0): Decimal(0)}.get(told) if told is not None else None
    )
