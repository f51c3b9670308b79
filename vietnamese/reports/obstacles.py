"""What a report says of its situation, and the obstacle in the person's own words."""

import re
from collections.abc import Sequence

from vietnamese.letters import fold, fold_in_place
from vietnamese.meaning import Ask, Reading
from vietnamese.quantities.figures import find_figures, first_figure
from vietnamese.quantities.units import known
from vietnamese.reports.parts import Part
from vietnamese.reports.situations import Situation, situations_in
from vietnamese.reports.tasks import TaskHint, is_bare_figure, is_idle
from vietnamese.tokens import cut, is_polite, starts_any

_BEGINNING = 12
_SITUATIONS: dict[Situation, str] = {
    "on_track": "Đúng tiến độ",
    "late": "Chậm",
    "stuck": "Vướng mắc",
}

_JOINTS = re.compile(
    r"(?:[ ,:]+|^)(?:nhưng|nhung|mà|ma|(?<!tien )do|vì|vi|còn|con|đang|dang|vẫn|van|bị|bi|hiện|hien|và|va|là|la"
    r"|tuy nhiên|tuy nhien|thì|thi|gặp|gap)$",
    re.IGNORECASE,
)
_AFTER_STUCK = (
    "mắc", "vướng mắc", "khó khăn", "phải", "ở", "tại", "là", "do", "vì", "về", "khâu", "chỗ", "cho", "nhất",
)  # fmt: skip
_WITHOUT_MARKS = {"do": ("đạc", "đất"), "o": ("nhiễm",), "ve": ("sinh",)}
"""Typed without marks these are words of their own before those: đo đạc, ô nhiễm, vệ sinh."""
_REASON = re.compile(r"(?:chua co|thieu|khong co|ko co|do|vi|het|tai)\b")
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
    {
        "khong",
        "khong co",
        "khong co gi",
        "ko",
        "ko co",
        "k",
        "k co",
        "chua co",
        "khong gi",
        "gi",
        "gi ca",
        "gi het",
        "gi dau",
    }
)


def read_obstacles(
    parts: list[Part], hint: TaskHint | None
) -> tuple[Situation | None, str | None, Ask[Situation] | None]:
    """The situation, the obstacle, and the question when two situations contradict each other."""
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
            told = _obstacle(part.words, stuck)
            if _counts_the_stuck(before, parts[:at], hint):
                before, told = "", part.words.strip(" .,;")
            if fold(told) in _NONE_AT_ALL:
                named = [*named[: -len(found)], *(n for n, _, _ in found if n != "stuck")]
                told = ""
            elif not told:
                told, before = _cause(before)
                if not told and at + 1 < len(parts) and _is_reason(parts[at + 1]):
                    at += 1
                    told, parts[at].used = parts[at].words.strip(" .,;"), True
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
            elif (figure := first_figure(cut(rest))) and is_bare_figure(rest, hint):
                part.words = rest
                # "chậm 10%" tells how late it is, "3 km chậm" how far.
                behind = cut(rest)[figure.start].start >= found[0][1]
                part.plain = found[0][0] == "late" and behind
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
    figure = None if part.plain else first_figure(cut(part.words)[:_BEGINNING])
    if (
        figure is None
        or figure.start != 0
        or figure.unit in (None, "%")
        or figure.total is not None
        or situations_in(part.words)
    ):
        return False
    unit = known(hint.unit) if hint else None
    if unit is None or figure.unit != unit.name or earlier is None:
        return True
    return any(find_figures(cut(p.words), unit) for p in earlier if not p.plain)


def _without_joints(words: str) -> str:
    words = words.rstrip(" ,:-–")
    while found := _JOINTS.search(words):
        words = words[: found.start()].rstrip(" ,:-–")
    return words


def _obstacle(words: str, stuck: tuple[Situation, int, int]) -> str:
    """What is said behind the word for being stuck; "khó" itself belongs to what is hard."""
    start, end = stuck[1:]
    if fold(words[start:end]) == "kho":
        return words[start:].strip(" .,;:-–")
    words = words[end:]
    tokens = cut(words)
    at = 0
    while at < len(tokens):
        kept = _WITHOUT_MARKS.get(tokens[at].text.lower(), ())
        if at + 1 < len(tokens) and tokens[at + 1].may_be(*kept):
            break
        behind = starts_any(tokens, at, _AFTER_STUCK)
        if not behind and not (tokens[at].kind == "sign" and tokens[at].text in ":-–,"):
            break
        at = behind or at + 1
    return words[tokens[at].start :].strip(" .,;:-–") if at < len(tokens) else ""


def _counts_the_stuck(before: str, earlier: Sequence[Part], hint: TaskHint | None) -> bool:
    """In ``45 đơn, 2 đơn vướng hồ sơ gốc`` the second figure tells how many are stuck."""
    unit = known(hint.unit if hint else None)
    figure = first_figure(cut(before)[:_BEGINNING]) if earlier and unit else None
    if figure is None or figure.start or figure.total is not None or unit is None:
        return False
    counted = figure.unit == unit.name and is_bare_figure(before, hint)
    return counted and any(find_figures(cut(p.words), unit) for p in earlier if not p.plain)


def _cause(before: str) -> tuple[str, str]:
    """``kho bạc chưa duyệt nên kẹt`` tells the obstacle first; what is left then is the result, if it was told."""
    tokens = cut(before)
    if not tokens or not tokens[-1].may_be("nên"):
        return "", before
    turns = [t for t in tokens if t.may_be("nhưng", "mà", "vì", "do")]
    first = turns[-1].end if turns else 0
    if first_figure(cut(before[first:])) is not None:
        return "", before
    result = before[: turns[-1].start].rstrip(" ,") if turns else ""
    return before[first : tokens[-1].start].strip(" .,;:-–"), result


def _is_reason(part: Part) -> bool:
    """``vướng - chưa có vốn``: the next part says what a bare "vướng" left out."""
    return bool(_REASON.match(fold_in_place(part.words))) and not (
        part.plain or situations_in(part.words)
    )


def _nothing_else(words: str) -> bool:
    return all(
        t.kind != "number"
        and (t.kind != "word" or is_polite(t) or is_idle(t) or t.may_be(*_BESIDE_SITUATION))
        for t in cut(words)
    )
