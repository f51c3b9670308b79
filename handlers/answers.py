"""Answers in a report that are words: how it goes, what is stuck, who can help, a note.

Each puts what was said into the draft. False: it was no answer to the question.
"""

from __future__ import annotations

import re
from dataclasses import replace
from decimal import Decimal

from bot.conversation import Choice
from handlers import choosing, odd_values, values
from handlers import draft as kept
from handlers.draft import LONGEST, Draft
from handlers.values import Question, Value
from handlers.words import short
from handlers.world import Turn
from services.tasks import Task, enterable_tasks
from vietnamese.letters import fold
from vietnamese.quantities import Quantity
from vietnamese.reports import ReportMeaning, read_report
from vietnamese.reports.situations import read_situation

SITUATION = "Tình hình?"
SITUATION_CHOICES = (
    Choice("on_track", "Đúng tiến độ"),
    Choice("late", "Chậm"),
    Choice("stuck", "Vướng mắc"),
)
OBSTACLE = "Đang vướng ở đâu? Đồng chí ghi một hai câu, để lãnh đạo biết mà tháo gỡ."
UNBLOCKER = "Ai tháo gỡ được?"
WAITING_CHOICES = (
    Choice("unit", "Lãnh đạo đơn vị"),
    Choice("above", "Cấp trên"),
    Choice("unknown", "Chưa rõ"),
)
_NO_NOTE = re.compile(
    r"khong(?: (?:co|ghi)(?: gi)?)?|(?:bo|xoa)(?: (?:het|di|trang|trong|ghi chu))*"
)
_CODED = re.compile(r"[a-z][-_.]?\d", re.IGNORECASE)
"""What every task's code holds; most answers do not."""
_PAUSE = re.compile(r"\s*(?:[;\n]|,(?!\d)|(?<!\d),)\s*")
_TWOFOLD = re.compile(
    r"\b(?:vuong|kho khan|cham|tre|tien do)\b[^?]*(?:[,;]|\b(?:nhung|ma|song)\b)[^?]*$"
)
"""More than one thing is said, one of them of how it goes: "không vướng gì nhưng mưa nhiều"."""
_ONLY_TONE = frozenset({"thoi", "roi", "a", "thoi a", "roi a"})
_WHO = (
    ("unknown", r"(?:chua|khong|ko) (?:ro|biet)|bo qua"),
    ("above", r"(?:cap )?tren|tinh|trung uong|(?<!co )so(?! ?\d)|huyen|(?<!can )bo|nganh"),
    ("unit", r"lanh dao|don vi|co quan|xa|phuong|chu tich|bi thu|thu truong|dang uy|ubnd|phong"),
)


def situation(draft: Draft, text: str, key: str) -> bool:
    draft.situation = key or read_situation(text) or ""
    return bool(draft.situation)


async def set_apart(turn: Turn) -> str:
    """What an answer reports on another task is taken out of it, and the person told so.

    "2 tổ; nv07 40%", or "nv07 40%" alone: then the sentence, as nothing of the answer is left.
    """
    draft = kept.load(turn)
    if turn.said.key or turn.free or not draft.task or not _CODED.search(turn.said.text):
        return ""
    mine = await enterable_tasks(turn.world.session, turn.world.actor)
    own = next((task.code for task in mine if task.id == draft.task), "")
    first, another = choosing.first_of_several(f"{own}, {turn.said.text}", mine)
    rest = first.removeprefix(own).strip(" ,")
    figures = any(sign.isdigit() for sign in choosing.after_code(kept.without_command(another)))
    if not another or (rest and not figures):  # "chậm, nv07 chưa xong" tells why
        return ""
    turn.said = replace(turn.said, text=rest)
    sentence = kept.NOT_OF_THIS.format(another=short(another, 40))
    if not rest:
        return sentence
    turn.say(sentence)
    return ""


async def why(turn: Turn, draft: Draft) -> Question | None:
    """What an answer to "Tình hình?" says besides it is kept in the person's own words.

    What is stuck is the obstacle, all else a note. A figure that is not the one told before is
    asked about.
    """
    text, task = turn.said.text, await kept.task_of(turn, draft)
    whole = _read(task, text) if task else None
    if task is None or whole is None:
        return None
    known = read_situation(text)
    if not known and not _TWOFOLD.search(fold(text)):
        return None
    last = await kept.last_result(turn, draft, task)
    figure = _figure(task, whole, last.value)
    result = whole.quantity if figure else None
    told = ", ".join(filter(None, (_told(task, one, result) for one in _PAUSE.split(text))))
    if told and known == "stuck":
        draft.obstacle = told[:LONGEST]
    elif told and told not in draft.text:
        draft.add_text(told)
        if not known:
            turn.say(f'Đã ghi chú: "{short(told)}".')
    same = figure is None or (draft.value is not None and figure.value == Decimal(draft.value))
    return None if figure is None or same else values.contradicted(task, figure)


def _read(task: Task, text: str) -> ReportMeaning | None:
    return read_report(f"{task.code} {text}", [values.hint_of(task)])


def _figure(task: Task, whole: ReportMeaning, previous: Decimal | None) -> Value | None:
    """The result that was said; none is "vướng, chưa có đất", which is no "0 tổ"."""
    said = whole.quantity
    if whole.ask or said is None or said.same or not said.value:
        return None
    value = values.value_of(task, said, previous)
    if value is None or odd_values.impossible(task, value):
        return None
    return Value(value, said.qualifier)


def _told(task: Task, clause: str, result: Quantity | None) -> str:
    """A clause as it was said; nothing of one that only names the situation or the result."""
    alone = _read(task, clause)
    if alone is None or (alone.text and fold(alone.text) not in _ONLY_TONE):
        return clause.strip()
    if alone.obstacle:
        return alone.obstacle
    if alone.quantity is None:
        return "" if alone.situation else clause.strip()
    return "" if alone.quantity == result else clause.strip()


def obstacle(draft: Draft, text: str, key: str) -> bool:
    draft.obstacle = text.strip()[:LONGEST]
    return bool(draft.obstacle)


def unblocker(draft: Draft, text: str, key: str) -> bool:
    """ "tỉnh", "lãnh đạo xã": the level above, if one is named; else the unit's own."""
    words = fold(text)
    said = (who for who, named in _WHO if re.search(rf"\b(?:{named})\b", words))
    draft.waits_for = key or next(said, "")
    return bool(draft.waits_for)


def note(draft: Draft, text: str, key: str) -> bool:
    """The note anew; "không", "xoá" leave it empty."""
    emptied = _NO_NOTE.fullmatch(fold(text).strip(" ."))
    draft.text = "" if emptied else text.strip()[:LONGEST]
    return True
