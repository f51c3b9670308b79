"""Results that cannot be, or hardly are: what is refused, and what is asked about."""

from __future__ import annotations

import re
from decimal import Decimal

from handlers.words import example, unit_of, with_unit
from services.reports import share_of_plan
from services.tasks import LARGEST_PERCENT, Task
from vietnamese.formatting import number

LARGEST = Decimal(10) ** 14
"""No figure of a programme is larger (100.000 tỷ đồng)."""
NOT_BELOW = "Kết quả là một số từ 0 trở lên. Đồng chí gõ con số đến hôm nay, ví dụ: {example}."
_MINUS = re.compile(r"\s*[-\u2212\u2013](?=\d)")


def impossible(task: Task, value: Decimal) -> str:
    """Why there can be no such result; "" where there can."""
    if task.measure in ("checklist", "milestones"):
        most = max(task.target, Decimal(len(task.criteria)))
        if value > most:
            return f"{task.code} có {number(most)} {unit_of(task)}. Đồng chí gõ một số từ 0 đến {number(most)}."
    if unit_of(task) == "%" and value > 100 > task.target:
        return "Tỷ lệ này nhiều nhất là 100%. Đồng chí xem lại và gõ con số đến hôm nay."
    return ""


def unlikely(task: Task, value: Decimal, previous: Decimal | None) -> str:
    """What is odd about a result that can be, but hardly is; "" where nothing is.

    More than twice the plan, all at once; or less than the figure before. Where less is
    better (or the way leads down from a baseline), the other way round.
    """
    if task.measure == "yesno" or value == previous:
        return ""
    shown = with_unit(task, value)
    downwards = task.direction == "down" or (
        task.baseline is not None and task.baseline > task.target
    )
    grown = previous is None or value > previous * 2
    if downwards:
        start = previous if previous is not None else task.baseline
        if start and value > start * 2:
            return f"{shown} trong khi lần trước là {with_unit(task, start)}"
        return ""
    if value > task.target * 2 and grown:
        return f"{shown} trong khi chỉ tiêu là {with_unit(task, task.target)}"
    # What is counted does not grow less by itself; a rate goes up and down a little.
    if previous is None or task.measure == "count":
        return ""
    if value < (previous * 9 / 10 if unit_of(task) == "%" else previous):
        return f"{shown} trong khi lần trước là {with_unit(task, previous)}"
    return ""


def has_fallen(task: Task, value: Decimal) -> bool:
    """Whether it is oddly less than the figure before: nobody takes that for "đúng tiến độ"."""
    before = task.value
    return before is not None and value < before and bool(unlikely(task, value, before))


def absurd(task: Task, value: Decimal) -> bool:
    """A slip of the keys: no figure is so large, and no plan is surpassed so far."""
    return value > LARGEST or (share_of_plan(task, value) or 0) >= LARGEST_PERCENT


def below_zero(task: Task, text: str) -> str:
    """Why a figure with a minus sign in front is none; "" where there is no such figure."""
    if task.target < 0 or not _MINUS.match(text):
        return ""
    return NOT_BELOW.format(example=example(task))
