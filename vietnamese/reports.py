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
from vietnamese.figures import find_figures
from vietnamese.letters import clean, fold, fold_in_place
from vietnamese.meaning import Ask, Reading
from vietnamese.progress_words import read_progress
from vietnamese.quantities import Quantity, read_quantity
from vietnamese.report_parts import BREAK, Part, later_parts
from vietnamese.report_tasks import CODE, find_task, is_idle, title_words
from vietnamese.report_tasks import TaskHint as TaskHint
from vietnamese.situations import Situation, situations_in
from vietnamese.tokens import READ_AT_MOST, Token, cut, is_polite, prepare, whole_words
from vietnamese.units import TIME, known

_READ, _PARTS, _BEGINNING = READ_AT_MOST, 10, 12
_SITUATIONS: dict[Situation, str] = {
    "on_track": "Đúng tiến độ",
    "late": "Chậm",
    "stuck": "Vướng mắc",
}


@dataclass(frozen=True)
class ReportMeaning:
    """What a message reports. `task` is a code; `obstacle` and `text` are in the person's words."""

    task: str | None = None
    quantity: Quantity | None = None
    situation: Situation | None = None
    obstacle: str | None = None
    text: str | None = None
    ask: Ask[Any] | None = None


_SPACES = re.compile(r"[ \t]+")
_JOINTS = re.compile(
    r"(?:[ ,:]+|^)(?:nhưng|nhung|mà|ma|(?<!tien )do|vì|vi|còn|con|đang|dang|vẫn|van|bị|bi|hiện|hien|và|va|là|la"
    r"|tuy nhiên|tuy nhien|thì|thi|gặp|gap)$",
    re.IGNORECASE,
)
_AFTER_STUCK = re.compile(
    r"^(?: ?(?:mac|phai|o|tai|la|do|vi|ve|khau|cho|nhat|:|-|–|,) ?)+|^[ :,\-–]+"
)
_BESIDE_SITUATION = (
    "bị",
    "đang",
    "hơi",
    "vẫn",
    "rất",
    "còn",
    "nhưng",
    "đảm",
    "bảo",
    "tình",
    "hình",
    "cơ",
    "bản",
)
_NONE_AT_ALL = frozenset(
    {"khong", "khong co", "khong co gi", "ko", "ko co", "k", "k co", "chua co", "khong gi"}
)


def read_report(text: str, tasks: Sequence[TaskHint]) -> ReportMeaning | None:
    """The report in the message; None when it says neither a task, a figure nor a situation."""
    text = clean(text)
    command = read_clean_command(text)
    asked = command is not None and command.name == "baocao"
    body = command.rest if command is not None and asked else text
    end = _read_closely(body)
    head = prepare(body[:end], _READ)
    task, task_ask, head = find_task(head, tasks)
    hint = next((t for t in tasks if t.code == task), None)
    if hint is None and task is None and task_ask is None and len(tasks) == 1:
        hint, task = tasks[0], tasks[0].code
    pieces = BREAK.split(_SPACES.sub(" ", head), maxsplit=_PARTS)
    parts = [Part(p) for p in pieces if p.strip(" .,:-")]
    later = later_parts(body[end:])
    situation, obstacle, situation_ask = _situation([*parts, *later], hint)
    quantity, quantity_ask = _quantity(parts, hint)
    left = [p for p in (*parts, *later) if not p.used and (p.plain or not _repeats(p.words, hint))]
    said = ", ".join(words for p in left if (words := p.words.strip(" .,;:-–")))
    ask = task_ask or quantity_ask or situation_ask
    named = task is not None and _names(text, hint) and _tells(said)
    if not (asked or CODE.search(fold(text[:200])) or quantity or situation or ask or named):
        return None
    if not any((task, quantity, situation, obstacle, said, ask)):
        return None
    return ReportMeaning(task, quantity, situation, obstacle, said or None, ask)


def _read_closely(body: str) -> int:
    """Where the part that is read word by word ends: at a comma or line end, if there is one."""
    if len(body) <= _READ:
        return len(body)
    ends = [m.start() for m in BREAK.finditer(body, _READ // 2, _READ)]
    return ends[-1] if ends else whole_words(body, _READ)


def _situation(
    parts: list[Part], hint: TaskHint | None
) -> tuple[Situation | None, str | None, Ask[Situation] | None]:
    named: list[Situation] = []
    obstacles: list[str] = []
    at = 0
    while at < len(parts):
        part = parts[at]
        found = () if part.plain else situations_in(part.words)
        named += [name for name, _, _ in found]
        stuck = next((place for place in found if place[0] == "stuck"), None)
        if stuck:
            before = _without_joints(part.words[: stuck[1]])
            told = _without_stuck_word(part.words[stuck[2] :])
            if fold(told) in _NONE_AT_ALL:
                named.remove("stuck")
                told = ""
            obstacles.append(told)
            part.words, part.used = before, not before
            earlier = None if before else parts[:at]
            while at + 1 < len(parts) and _goes_on(parts[at + 1], hint, earlier):
                obstacles.append(parts[at + 1].words.strip(" .,;"))
                parts[at + 1].used = True
                at += 1
        elif len(found) == 1:
            rest = (part.words[: found[0][1]] + " " + part.words[found[0][2] :]).strip()
            if _nothing_else(rest):
                part.used = True
            elif find_figures(cut(rest)) and _is_bare_figure(rest, hint):
                part.words = rest
        at += 1
    obstacle = ", ".join(o for o in obstacles if o) or None
    different = set(named)
    if "on_track" in different and len(different) > 1:
        readings = tuple(Reading(_SITUATIONS[name], name) for name in dict.fromkeys(named))
        return None, obstacle, Ask("Tình hình của việc này thế nào ạ?", readings)
    chosen = next((name for name in _SITUATIONS if name in different), None)
    return ("stuck" if "stuck" in different else chosen), obstacle, None


def _goes_on(part: Part, hint: TaskHint | None, earlier: Sequence[Part] | None) -> bool:
    """``vướng 3 hộ chưa ký, 2 hộ đi vắng``: a count of other things goes on with the obstacle.

    A count of the task's own unit does so only when the result has been told in the `earlier` parts (None: in
    the same one).
    """
    figures = () if part.plain else find_figures(cut(part.words)[:_BEGINNING])
    if (
        not figures
        or figures[0].start != 0
        or figures[0].unit in (None, "%")
        or figures[0].total is not None
        or situations_in(part.words)
    ):
        return False
    unit = known(hint.unit) if hint else None
    if unit is None or figures[0].unit != unit.name or earlier is None:
        return True
    return any(find_figures(cut(p.words), unit) for p in earlier if not p.plain)


def _without_joints(words: str) -> str:
    words = words.rstrip(" ,:-–")
    while found := _JOINTS.search(words):
        words = words[: found.start()].rstrip(" ,:-–")
    return words


def _without_stuck_word(words: str) -> str:
    found = _AFTER_STUCK.match(fold_in_place(words))
    return words[found.end() if found else 0 :].strip(" .,;:-–")


def _nothing_else(words: str) -> bool:
    return all(
        t.kind != "number"
        and (t.kind != "word" or is_polite(t) or is_idle(t) or t.may_be(*_BESIDE_SITUATION))
        for t in cut(words)
    )


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
        if part.used:
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
            or (expected is not None and f.unit in (expected.name, "%", "đồng"))
        ]
        if fitting:
            own.append(part)
        elif any(f.unit not in TIME for f in figures):
            other.append(part)
    chosen = own or other
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
            part.used = _is_bare_figure(part.words, hint)
        return None, meaning
    for part in chosen:
        part.words = _remark(part.words, hint, meaning)
        part.used = not part.words
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
        return None, Ask(
            f"Có phải {meaning.read_as} không ạ?", (Reading(meaning.read_as, meaning),)
        )
    if meaning.unit is None and meaning.value is not None and hint is not None:
        meaning = replace(meaning, unit=hint.unit)
    return meaning, None


def _remark(words: str, hint: TaskHint | None, meaning: Quantity) -> str:
    """What a part says besides its figure and the task's name: of ``40% xong hết rồi`` nothing.

    A part whose figure is not the answer stays whole: ``3 nhà đang xây``.
    """
    if _is_bare_figure(words, hint):
        return ""
    tokens = cut(words)
    figures = find_figures(tokens, known(hint.unit if hint else None))
    title = title_words(hint)
    unit = figures[0].unit if figures else None
    alone = len(figures) == 1 or all(f.unit not in (None, unit) for f in figures[1:])
    if not figures or not {meaning.value, meaning.percent} & {*figures[0].readings}:
        return words
    if not alone or not all(_is_idle(t, title) for t in tokens[: figures[0].start]):
        return words
    after = tokens[figures[0].end :]
    if all(t.kind != "number" and _is_idle(t, title) for t in after):
        return ""
    return words[after[0].start :].strip(" .,;:-–") if after else ""


def _is_bare_figure(words: str, hint: TaskHint | None) -> bool:
    """Whether the part holds a figure and nothing worth keeping as text."""
    tokens = cut(words)
    if read_progress(tokens, hint.unit if hint else None)[1]:
        return True
    figures = find_figures(tokens, known(hint.unit if hint else None))
    inside = {n for f in figures for n in range(f.start, f.end)}
    kept = [t for n, t in enumerate(tokens) if n not in inside and t.kind in ("word", "number")]
    return all(
        _is_idle(t, title_words(hint))
        or t.may_be("còn", "tăng", "giảm", "thêm", "dưới", "từ", "lên", "xuống")
        for t in kept
    )


def _is_idle(token: Token, title: frozenset[str]) -> bool:
    """A word beside a figure that adds nothing to it: a courtesy, "được", a word of the title."""
    if token.kind != "word":
        return token.kind != "number"
    return (
        is_polite(token)
        or token.may_be("vẫn", "hết")
        or is_idle(token)
        or fold(token.text) in title
    )
