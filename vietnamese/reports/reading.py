"""A whole report in one message: ``bc nv03 2 tổ, xong tổ chanh, còn vướng 3 hộ chưa ký``.

The message is cut at commas and line ends. Each part is a task, a figure, a situation, an obstacle,
or plain text. What is doubtful comes back as one question (`ReportMeaning.ask`): first the task, then
the figure, then the situation; what is missing is simply absent, and the talk asks for it.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from vietnamese.commands import read_clean_command
from vietnamese.letters import clean, fold
from vietnamese.meaning import Ask, Reading
from vietnamese.names import split_code
from vietnamese.quantities import Quantity, read_quantity
from vietnamese.quantities.figures import Figure, find_figures, first_figure
from vietnamese.quantities.progress_words import read_progress
from vietnamese.quantities.units import TIME, Unit, known
from vietnamese.reports.obstacles import read_obstacles
from vietnamese.reports.parts import BREAK, Part, later_parts, read_closely
from vietnamese.reports.results import is_plan, is_result
from vietnamese.reports.situations import Situation
from vietnamese.reports.tasks import (
    CODE,
    find_task,
    is_bare_figure,
    is_idle,
    is_idle_beside,
    title_words,
)
from vietnamese.reports.tasks import TaskHint as TaskHint
from vietnamese.tokens import READ_AT_MOST, Token, cut, is_polite, prepare

_READ, _PARTS = READ_AT_MOST, 10


@dataclass(frozen=True)
class ReportMeaning:
    """What a message reports. `task` is a code; `obstacle` and `text` are in the person's words."""

    task: str | None = None
    quantity: Quantity | None = None
    situation: Situation | None = None
    obstacle: str | None = None
    text: str | None = None
    ask: Ask[Any] | None = None


_NUMBERED = re.compile(r"^ *\d{1,2}[.)] +", re.MULTILINE)
"""The numbers of a form that was filled in: ``1. Việc: …``."""
_LABELS = frozenset(
    {"viec", "nhiem vu", "cong viec", "noi dung", "ket qua", "tien do", "tinh hinh"}
)
_GLUED = re.compile(r"bc[a-z]{1,5}[-_.]?\d{1,4}(?!\w)", re.IGNORECASE)
_SPACES = re.compile(r"[ \t]+")


def read_report(text: str, tasks: Sequence[TaskHint]) -> ReportMeaning | None:
    """The report in the message; None when it says neither a task, a figure nor a situation."""
    text = _apart(clean(text), tasks)
    command = read_clean_command(text)
    asked = command is not None and command.name == "baocao"
    body = command.rest if command is not None and asked else text
    if len(_NUMBERED.findall(body)) > 1:
        body = _NUMBERED.sub("", body)
    end = read_closely(body)
    head = prepare(body[:end], _READ)
    task, task_ask, head = find_task(head, tasks)
    hint = next((t for t in tasks if t.code == task), None)
    if hint is None and task is None and task_ask is None and len(tasks) == 1:
        hint, task = tasks[0], tasks[0].code
    pieces = BREAK.split(_SPACES.sub(" ", head), maxsplit=_PARTS)
    parts = [Part(p) for p in pieces if p.strip(" .,:-")]
    later = later_parts(body[end:])
    situation, obstacle, situation_ask = read_obstacles([*parts, *later], hint)
    quantity, quantity_ask = _quantity(parts, hint)
    if task_ask and len(set(CODE.findall(fold(body[:end])))) > 1:
        quantity = quantity_ask = None  # figures of two jobs make no sum
    if quantity is not None and _goes_past(body, end, hint):
        quantity_ask, quantity = _confirm(quantity), None
    left = [p for p in (*parts, *later) if not p.used and (p.plain or not _repeats(p.words, hint))]
    words = [p.words.strip(" .,;:-–") for p in left]
    said = ", ".join(w for w in words if w and fold(w[:20]) not in _LABELS)
    ask = task_ask or quantity_ask or situation_ask
    named = task is not None and _names(text, hint) and _tells(said)
    if not (asked or CODE.search(fold(text[:200])) or quantity or situation or ask or named):
        return None
    if not any((task, quantity, situation, obstacle, said, ask)):
        return None
    return ReportMeaning(task, quantity, situation, obstacle, said or None, ask)


def _apart(text: str, tasks: Sequence[TaskHint]) -> str:
    """``bcnv03 2 tổ``: the command and the code, which a hurried thumb left together."""
    code = _GLUED.match(text)
    if code is None or split_code(code[0][2:]) not in {split_code(t.code) for t in tasks}:
        return text
    return f"{text[:2]} {text[2:]}"


def _goes_past(body: str, end: int, hint: TaskHint | None) -> bool:
    """Whether a list of figures goes on behind the part that is read closely."""
    following = BREAK.split(body[end : end + _READ].lstrip(" ,;\n"), maxsplit=1)[0]
    unit = known(hint.unit) if hint else None
    if unit is None:
        return False
    figure = first_figure(cut(prepare(following)), unit)
    return figure is not None and figure.role == "done" and figure.unit in (None, unit.name)


def _repeats(words: str, hint: TaskHint | None) -> bool:
    """Whether the words only repeat the task's name, or are courtesies."""
    if len(words) > _READ:
        return False
    title = title_words(hint)
    kept = [t for t in cut(words) if t.kind in ("word", "number") and not is_polite(t)]
    if any(t.kind == "number" for t in kept):
        return False
    named = [t for t in kept if fold(t.text) in title]
    return (len(named) > 1 and all(t in named or is_idle(t) for t in kept)) or not kept


def _names(text: str, hint: TaskHint | None) -> bool:
    """Whether at least two words of the task's title were typed as they are."""
    typed = {t.folded for t in cut(prepare(text)) if not is_idle(t)}
    return len(typed & title_words(hint)) > 1


def _tells(said: str) -> bool:
    """Whether what is left tells how far a named task is, without a figure: ``chưa xong``."""
    words = [fold(t.text) for t in cut(said[:_READ])]
    return bool({"chua", "xong", "dang", "da", "moi", "hoan"} & set(words)) or not words


def _quantity(
    parts: list[Part], hint: TaskHint | None
) -> tuple[Quantity | None, Ask[Quantity] | None]:
    unit = hint.unit if hint else None
    expected = known(unit)
    own: list[Part] = []
    other: list[Part] = []
    for part in parts:
        if part.used or part.plain:
            continue
        tokens = cut(part.words)
        progress, whole = read_progress(tokens, unit)
        if whole and progress:
            own.append(part)
            continue
        figures = find_figures(tokens, expected)
        if not figures:
            continue
        fitting = [
            f
            for f in figures
            if f.unit is None
            or (expected is None and f.unit not in TIME)
            or (expected is not None and f.unit in (expected.name, "%"))
            or (expected is not None and expected.name == "%" and f.unit == "điểm %")
            or (expected is not None and f.unit == "đồng" and expected.is_money)
        ]
        if fitting:
            own.append(part)
        elif any(f.unit not in TIME for f in figures):
            other.append(part)
    chosen = [part for part in own if not is_plan(part.words, hint)] or own or other
    if not chosen:
        return None, None
    if len(chosen) > 1:
        figured = [p for p in chosen if find_figures(cut(p.words), expected)]
        chosen = figured or chosen[:1]
    said = ", ".join(part.words for part in chosen)
    meaning = read_quantity(said, unit=unit, previous=hint.previous if hint else None)
    if meaning is None:
        return None, None
    if isinstance(meaning, Ask):
        for part in chosen:
            part.used = is_bare_figure(part.words, hint)
        return None, meaning
    if not is_result([part.words for part in chosen], hint, meaning):
        return None, _confirm(meaning)
    remarks = [_remark(part.words, hint, meaning) for part in chosen]
    if not any(remarks) or not _is_sum(chosen, expected, meaning):  # of a sum all is kept
        for part, remark in zip(chosen, remarks, strict=True):
            part.words, part.used = remark, not remark
    if (
        meaning.value is None
        and meaning.percent == 100
        and hint
        and hint.target is not None
        and meaning.qualifier is None
    ):
        meaning = replace(meaning, value=hint.target, unit=hint.unit)
    if (
        expected is not None
        and expected.name != "%"
        and meaning.unit == "%"
        and meaning.total is None
    ):
        share, done = meaning.value, meaning.value == 100
        target = hint.target if hint and done and meaning.qualifier is None else None
        meaning = replace(
            meaning,
            value=target,
            percent=share,
            unit=hint.unit if hint and target is not None else None,
        )
    if not own and expected is not None:
        return None, _confirm(meaning)
    if meaning.unit is None and meaning.value is not None and hint is not None:
        meaning = replace(meaning, unit=hint.unit)
    return meaning, None


def _is_sum(parts: Sequence[Part], expected: Unit | None, meaning: Quantity) -> bool:
    """Whether the result is none of the figures that were typed: ``tổ cam 1, tổ chanh 1``."""
    figures = [f for part in parts for f in find_figures(cut(part.words), expected)]
    return len(figures) > 1 and all(meaning.value not in f.readings for f in figures)


def _confirm(meaning: Quantity) -> Ask[Quantity]:
    return Ask(f"Có phải {meaning.read_as} không ạ?", (Reading(meaning.read_as, meaning),))


def _remark(words: str, hint: TaskHint | None, meaning: Quantity) -> str:
    """What a part says besides its figure and the task's name: of ``40% xong hết rồi`` nothing.

    A part whose figure is not the answer stays whole: ``3 nhà đang xây``.
    """
    tokens = cut(words)
    figures = find_figures(tokens, known(hint.unit if hint else None))
    if is_bare_figure(words, hint):
        return _side_figures(words, tokens, figures, meaning, hint)
    title = title_words(hint)
    unit = figures[0].unit if figures else None
    alone = len(figures) == 1 or all(f.unit not in (None, unit) for f in figures[1:])
    if not figures or not {meaning.value, meaning.percent} & {*figures[0].readings}:
        return words
    if not alone or not all(is_idle_beside(t, title) for t in tokens[: figures[0].start]):
        return words
    after = tokens[figures[0].end :]
    if all(t.kind != "number" and is_idle_beside(t, title) for t in after):
        return ""
    return words[after[0].start :].strip(" .,;:-–") if after else ""


def _side_figures(
    words: str,
    tokens: Sequence[Token],
    figures: Sequence[Figure],
    meaning: Quantity,
    hint: TaskHint | None,
) -> str:
    """The "35 ha" of ``2 tổ 35 ha``: what is counted in another unit is worth keeping (A08, A09),
    and so is a rest that does not make up the plan."""
    if not figures or meaning.unit is None or meaning.value is None:
        return ""
    if figures[0].value != meaning.value:
        plan = hint.target if hint else None
        adds_up = plan is None or figures[0].value + meaning.value == plan
        return "" if adds_up or figures[0].role != "left" else words.strip(" .,;:-–")
    for figure in figures[1:]:
        if figure.unit not in (None, "%", "điểm %", meaning.unit, *TIME):
            return words[tokens[figure.start].start :].strip(" .,;:-–")
    return ""


for _line in (
    "bc nv03 2 tổ, xong tổ chanh ngày 15/12, được 1.500,5 ha trên 12 ha, còn vướng 3 hộ chưa ký, chậm, tuần sau xong",
    "việc thu gom rác đến nay đạt 39%",
):
    read_report(
        _line, (TaskHint("NV-03", "Xây dựng 2 tổ", "tổ"), TaskHint("NV-07", "Thu gom rác", "%"))
    )
"""Read once while the program starts: what is compiled and remembered at first use is there then."""
