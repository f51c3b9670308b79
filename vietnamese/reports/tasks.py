"""Which task a report is about: by its code, its number, or a few words of its title."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import islice

from vietnamese import names
from vietnamese.letters import fold, fold_in_place, may_stand_for
from vietnamese.meaning import Ask, Reading
from vietnamese.names import Candidate, Found, Several, split_code
from vietnamese.quantities.figures import figures_in, find_figures, first_figure
from vietnamese.quantities.progress_words import read_progress
from vietnamese.quantities.units import known
from vietnamese.reports.situations import situations_in
from vietnamese.tokens import Token, cut, is_polite


@dataclass(frozen=True)
class TaskHint:
    """An open task of the person who reports; `target` and `previous` are in `unit`."""

    code: str
    title: str
    unit: str | None = None
    target: Decimal | None = None
    previous: Decimal | None = None


CODE = re.compile(r"(?<![\w/])([a-z]{1,5}) ?[-_.]? ?0*(\d{1,4})(?![\w/]|[.,]\d)")
_LETTER_O = re.compile(r"(?<![\w/])([a-z]{1,5}) ?[-_.]? ?o(?=\d{1,3}(?!\w))")
"""``nv o3``: the letter beside the naught."""
_IDLE = (
    "đã", "được", "dc", "đc", "xong", "rồi", "làm", "đạt", "hoàn", "thành", "thực", "hiện", "đến", "nay", "mới", "tổng", "cộng", "số",
    "lượng", "kết", "quả", "gần", "hơn", "trên", "khoảng", "cũng", "cả", "và", "có", "ở", "là", "trong", "cho", "giờ", "tiến", "độ",
)  # fmt: skip
_IDLE_BY_FOLD: dict[str, tuple[str, ...]] = {}
for _word in _IDLE:
    _IDLE_BY_FOLD[fold(_word)] = (*_IDLE_BY_FOLD.get(fold(_word), ()), _word)


def is_idle(token: Token) -> bool:
    """A word that says nothing beside a figure; "đất" is no "đạt", "trồng" no "trong"."""
    known = _IDLE_BY_FOLD.get(token.folded, ()) if token.kind == "word" else ()
    return any(may_stand_for(token.said, word) for word in known)


_WORD = re.compile(r"[^\W_]+")
_PIECE = re.compile(r"[^:;,.\n]+(?:[.,]\d[^:;,.\n]*)*")
_PIECES, _WORDS, _TITLE = 4, 16, 160
"""Parts of a message in which its task is looked for, and words of each; whoever names it does so near the beginning."""


def title_words(hint: TaskHint | None) -> frozenset[str]:
    """The folded words of the task's title: a report that repeats them says nothing new."""
    return frozenset(_WORD.findall(fold(hint.title))) if hint else frozenset()


def find_task(text: str, tasks: Sequence[TaskHint]) -> tuple[str | None, Ask[str] | None, str]:
    """The task's code, or the question which task, and the text without the task."""
    plain = fold_in_place(text)
    by_code = {split_code(t.code): t.code for t in tasks}
    prefixes = {code[0] for code in by_code if code} | ({"nv"} if not tasks else set())
    plain = _LETTER_O.sub(lambda m: f"{m[0][:-1]}0" if m[1] in prefixes else m[0], plain)
    said = {(m[1], int(m[2])) for m in CODE.finditer(plain)}
    named = [t for t in tasks if split_code(t.code) in said] if said else []
    if len(named) > 1:
        return None, which_task(named), text
    for match in CODE.finditer(plain):
        if match[1] not in prefixes:
            continue
        rest = _without(text, match.start(), match.end()).strip(" :,-–.")
        code = by_code.get((match[1], int(match[2])))
        if not tasks:
            code = f"{match[1].upper()}-{int(match[2]):02d}"
        return (code, None, rest) if code else (None, which_task(tasks), rest)
    numbered = re.match(r"(?:viec |nhiem vu )?(?:so )?(\d{1,4})(?=\s*[:,]|\s+\S|\s*$)", plain)
    if numbered and tasks:
        same = [c for key, c in by_code.items() if key and key[1] == int(numbered[1])]
        if len(same) != 1:
            return _task_by_title(text, tasks)
        after = cut(text[numbered.end() :])
        counts = after and not first_figure(after) and not re.match(r"(?:viec|nhiem vu|so)", plain)
        whole = first_figure(cut(text)[:_WORDS])
        glued = (
            whole is not None
            and (whole.unit is not None or whole.total is not None)
            and whole.start == 0
        )
        if not counts and not glued:
            return same[0], None, text[numbered.end() :].strip(" :,-–.")
    return _task_by_title(text, tasks)


def _task_by_title(text: str, tasks: Sequence[TaskHint]) -> tuple[str | None, Ask[str] | None, str]:
    """A part of the message that is a few words of a title: ``rác thải: 39%``."""
    if len(tasks) < 2:
        return None, None, text
    candidates = [Candidate(t.code, t.title, t.code) for t in tasks]
    own = frozenset(word for t in tasks for word in title_words(t))
    places = (place for m in islice(_PIECE.finditer(text), _PIECES) for place in _titles_in(m, own))
    for start, end in places:
        title = text[start:end]
        if sum(map(str.isalpha, title)) < 3 or situations_in(title):
            continue
        match names.find(title, candidates):
            case Found(id=code):
                hint = next(t for t in tasks if t.code == code)
                end = _past_own_words(text, _end_of_title(title, hint) + start, [hint])
                return code, None, _without(text, start, end)
            case Several(ids=codes):
                near = [t for t in tasks if t.code in codes]
                return (
                    None,
                    which_task(near),
                    _without(text, start, _past_own_words(text, end, near)),
                )
    return None, None, text


def _without(text: str, start: int, end: int) -> str:
    return f"{text[:start].rstrip(' :;,.-–')}\n{text[end:].lstrip(' :;,-–')}".strip()


def _past_own_words(text: str, end: int, tasks: Sequence[TaskHint]) -> int:
    """Behind the titles' own words that follow: the "tông" of ``đường bê tông 1 km`` is no "tổng"."""
    own = frozenset(word for t in tasks for word in title_words(t))
    for token in cut(text[end : end + _TITLE]):
        if token.kind != "word" or token.folded not in own:
            return end + token.start
    return end


def _end_of_title(title: str, hint: TaskHint) -> int:
    """Where the title ends in ``nhà văn hoá Bản Chang xong móng``: behind its last own word."""
    own = _WORD.findall(fold(hint.title))
    initials = "".join(word[0] for word in own)
    ends = [
        t.end
        for t in cut(title)
        if any(names.alike(t.folded, word) > 80 for word in own)
        or (len(t.folded) >= 3 and t.folded in initials)
    ]
    return ends[-1] if ends else len(title)


def _titles_in(piece: re.Match[str], own: frozenset[str]) -> list[tuple[int, int]]:
    """Where in ``việc rác thải đến nay được 39%`` a title may stand: without figure and courtesies.

    The titles' `own` words begin no figure ("nha tam" is no eight). Then once more with the words at its end that mostly say nothing: "hien dat" is "hiến đất".
    """
    near = cut(piece[0][:_TITLE])[: 2 * _WORDS]
    tokens = [_moved(t, piece.start()) for t in near]
    figures = (f for f in figures_in(near) if f.start > 0)
    counted = next((f for f in figures if near[f.start].folded not in own), None)
    kept = tokens[: counted.start] if counted else tokens
    digits = next((n for n, t in enumerate(kept) if n and t.kind == "number"), len(kept))
    first = next((n for n, t in enumerate(kept[:digits]) if not is_polite(t)), digits)
    kept = kept[first : min(digits, first + _WORDS)]
    whole = list(kept)
    while kept and _is_idle(kept[-1]):
        kept.pop()
    spans = [(some[0].start, some[-1].end) for some in (kept, whole) if some]
    return list(dict.fromkeys(spans))


def _moved(token: Token, by: int) -> Token:
    return token._replace(start=token.start + by, end=token.end + by)


def _is_idle(token: Token) -> bool:
    beside = token.may_be(
        "chưa",
        "đang",
        "vẫn",
        "hiện",
        "còn",
        "bị",
        "hết",
        "tăng",
        "giảm",
        "thêm",
        "từ",
        "lên",
        "xuống",
    )
    return token.kind == "sign" or beside or is_idle(token) or is_polite(token)


def which_task(tasks: Sequence[TaskHint]) -> Ask[str]:
    """The question that is asked where no task, or more than one, was meant."""
    readings = tuple(Reading(f"{t.code} {t.title}", t.code) for t in tasks[:9])
    return Ask("Đồng chí báo cáo việc nào ạ?", readings)


def is_bare_figure(words: str, hint: TaskHint | None) -> bool:
    """Whether the part holds a figure and nothing worth keeping as text."""
    tokens = cut(words)
    if read_progress(tokens, hint.unit if hint else None)[1]:
        return True
    figures = find_figures(tokens, known(hint.unit if hint else None))
    inside = {n for f in figures for n in range(f.start, f.end)}
    kept = [t for n, t in enumerate(tokens) if n not in inside and t.kind in ("word", "number")]
    return all(
        is_idle_beside(t, title_words(hint))
        or t.may_be("còn", "tăng", "giảm", "thêm", "dưới", "từ", "lên", "xuống")
        for t in kept
    )


def is_idle_beside(token: Token, title: frozenset[str]) -> bool:
    """A word beside a figure that adds nothing to it: a courtesy, "được", a word of the title."""
    if token.kind != "word":
        return token.kind != "number"
    return (
        is_polite(token)
        or token.may_be("vẫn", "hết")
        or is_idle(token)
        or fold(token.text) in title
    )
