"""Whether the figure of a report is told as a result, or stands there for something else.

What was lost, planned or only counted has figures too: ``cháy 3 hồ sơ``, ``nếu có máy thì được 200``.
Verbs have no end, so a figure counts as it stands only where the words before it say that something
was reached, are the job's own, are known as work, or name a place. Behind any other word it is asked
about: a question costs one message, a loss written down as a result costs trust.
"""

from collections.abc import Iterator, Sequence
from decimal import Decimal
from functools import lru_cache
from itertools import combinations, pairwise

from vietnamese.letters import fold, has_accents
from vietnamese.quantities.figures import Figure, find_figures
from vietnamese.quantities.not_figures import not_a_figure
from vietnamese.quantities.quantity import Quantity
from vietnamese.quantities.units import Unit, known, read_unit
from vietnamese.reports.result_words import (
    BUT,
    ENDS,
    KNOWN,
    LOST,
    NEEDS_MARKS,
    NEW,
    NO_TROUBLE,
    NOT,
    NOT_BUT,
    NOT_YET,
    PLACES,
    POLITE,
    REACHED,
    TURNS,
    WORK,
)
from vietnamese.reports.tasks import TaskHint, is_idle_beside, title_words
from vietnamese.tokens import Token, cut, starts, starts_any

_BEHIND = 7
"""Words behind a figure that may take it back."""


def is_result(parts: Sequence[str], hint: TaskHint | None, meaning: Quantity) -> bool:
    """Whether what was read from the parts may be taken for the job's result without asking."""
    title = title_words(hint) | _initials(hint.title if hint else "")
    if meaning.change == "+" and "giam" in title:
        return False  # ``tăng 3 hộ`` where the number of households should fall
    expected = known(hint.unit if hint else None)
    told = [found for words in parts for found in _around(cut(words), expected)]
    answers = {meaning.value, meaning.percent}
    if expected is not None and meaning.value is not None:
        answers.add(meaning.value * expected.scale)
    chosen = next((found for found in told if answers & {*found[0].readings}), None)
    if chosen is None:  # a sum, or what is left: no figure of its own says the result
        return not any(_taken_back(before, behind, title) for _, before, behind in told)
    figure, before, behind = chosen
    if _taken_back(before, behind, title):
        return False
    if figure.role not in ("done", "more", "less"):
        return True
    return _told(before, title) and _stands(before, behind, title)


def is_taken_back(text: str, hint: TaskHint, value: Decimal) -> bool:
    """Whether an answer to "how much by today?" tells of a loss, a plan or a denial instead.

    `value`: what was read from it, in the task's unit.
    """
    told = [found for found in _around(cut(text), known(hint.unit)) if found[0].role != "total"]
    ours = [found for found in told if value in found[0].readings] or told
    title = title_words(hint)
    return any(_taken_back(before, behind, title) for _, before, behind in ours)


def is_plan(words: str, hint: TaskHint | None) -> bool:
    """``dự kiến tuần sau xong thêm 30``: figures of what is to come, beside the result."""
    told = list(_around(cut(words), known(hint.unit if hint else None)))
    return bool(told) and all(
        figure.role != "total" and _has(before, NOT_YET, title_words(hint))
        for figure, before, _ in told
    )


@lru_cache(maxsize=1024)
def _initials(title: str) -> frozenset[str]:
    """``bhyt`` of "bảo hiểm y tế": three first letters or more of words that stand together."""
    letters = "".join(word[0] for word in fold(title).split())
    spans = combinations(range(len(letters) + 1), 2)
    return frozenset(letters[a:b] for a, b in spans if b - a > 2)


def _around(
    tokens: Sequence[Token], expected: Unit | None
) -> Iterator[tuple[Figure, Sequence[Token], Sequence[Token]]]:
    """Every figure with the words of its clause before it, and the words behind it."""
    figures = find_figures(tokens, expected)
    places = [0, *(f.end for f in figures)]
    following = [*(f.start for f in figures[1:]), len(tokens)]
    for start, figure, end in zip(places, figures, following, strict=False):
        turns = [n + 1 for n in range(start, figure.start) if tokens[n].may_be(*TURNS)]
        yield figure, tokens[max([start, *turns]) : figure.start], tokens[figure.end : end]


def _taken_back(before: Sequence[Token], behind: Sequence[Token], title: frozenset[str]) -> bool:
    """Whether the words say that the figure was lost, is hoped for, or would only have been."""
    if _has(before, NOT_YET, title) or _lost(before, title) or _denied(before):
        return True
    near = _near(behind, ENDS)
    reached = any(t.may_be("được", "đạt", "xong", "đã") for t in before)
    hoped = _has(near, NOT_YET, title) or any(t.text == "?" for t in behind)
    return _lost(near, title) or _lacks(near) or (not reached and hoped)


def _lacks(near: Sequence[Token]) -> bool:
    """``300 người không có điện thoại``; "không có vướng mắc gì" lacks nothing."""
    return any(
        a.may_be(*NOT) and b.may_be("có") and not c.may_be(*NO_TROUBLE)
        for a, b, c in zip(near, near[1:], near[2:], strict=False)
    )


def _near(behind: Sequence[Token], ends: tuple[str, ...]) -> Sequence[Token]:
    """The words directly behind a figure, up to one that begins something new."""
    for n, token in enumerate(behind[:_BEHIND]):
        if token.kind != "word" or token.may_be(*ends) or _is_address(behind[n : n + 3]):
            return behind[:n]
    return behind[:_BEHIND]


def _is_address(tokens: Sequence[Token]) -> bool:
    """``https://…``, ``maps.app``: pieces that touch each other over a sign."""
    glued = len(tokens) == 3 and tokens[1].kind == "sign" and tokens[1].text in ":."
    return glued and all(a.end == b.start for a, b in pairwise(tokens))


def _stands(before: Sequence[Token], behind: Sequence[Token], title: frozenset[str]) -> bool:
    """Whether a figure is left what it is by the words behind it: ``3 hồ sơ trùng`` is no result.

    Where the words before it say what was done, those behind only tell of what kind it is.
    """
    done = (*REACHED, *WORK, "đạt", "đã")
    if any(t.folded in title or starts_any(before, n, done) for n, t in enumerate(before)):
        return True
    near, at = _near(behind, (*ENDS, *NEW)), 0
    if any(
        starts_any(near, n, (*REACHED, "đã", "đạt", "rồi", "hoàn thành")) for n in range(len(near))
    ):
        return True
    while at < len(near) and (end := _known_words(near, at, title)):
        at = end
    return at >= len(near)


def _denied(before: Sequence[Token]) -> bool:
    """``không làm được 2 nhà``."""
    return any(
        token.may_be(*NOT) and not (n + 1 < len(before) and before[n + 1].may_be(*NOT_BUT))
        for n, token in enumerate(before[:-1])
    )


def _has(tokens: Sequence[Token], phrases: tuple[str, ...], title: frozenset[str]) -> bool:
    return any(
        starts_any(tokens, n, phrases) and not (_bare(t) or t.folded in title or _polite(tokens, n))
        for n, t in enumerate(tokens)
    )


def _polite(tokens: Sequence[Token], at: int) -> bool:
    """``em xin báo cáo 2 tổ`` asks for nothing."""
    return tokens[at].may_be("xin") and starts_any(tokens, at + 1, POLITE) > 0


def _bare(token: Token) -> bool:
    """A word that is another one more often when its marks are left out: "co" is "có"."""
    return token.folded in NEEDS_MARKS and not has_accents(token.text)


def _lost(tokens: Sequence[Token], title: frozenset[str]) -> bool:
    for at, token in enumerate(tokens):
        if _bare(token) or token.folded in title:
            continue
        found = next((phrase for phrase in LOST if starts(tokens, at, phrase)), None)
        if found and not (at + 1 < len(tokens) and tokens[at + 1].may_be(*BUT.get(found, ()))):
            return True
    return False


def _told(before: Sequence[Token], title: frozenset[str]) -> bool:
    """Whether the words before a figure leave no doubt that it is what was reached."""
    at, strange = 0, False
    while at < len(before):
        if end := starts_any(before, at, REACHED):
            strange, at = False, end
        elif end := _known_words(before, at, title):
            at = end
        elif before[at].may_be(*PLACES) or _is_name(before, at):
            at = next(
                (n for n in range(at + 1, len(before)) if _known_words(before, n, title)),
                len(before),
            )
        else:
            strange, at = True, at + 1
    return not strange


def _known_words(tokens: Sequence[Token], at: int, title: frozenset[str]) -> int:
    """The place behind words that leave a figure what it is; otherwise 0."""
    end = starts_any(tokens, at, KNOWN)
    unit, unit_end = read_unit(tokens, at)
    if end or (unit and not _bare(tokens[at]) and not tokens[at].may_be(*PLACES)):
        return max(end, unit_end)
    if tokens[at].kind == "number":
        return max(not_a_figure(tokens, at), at + 1)
    return at + 1 if is_idle_beside(tokens[at], title) else 0


def _is_name(tokens: Sequence[Token], at: int) -> bool:
    """``Nà Lạc 40 hồ sơ``: two capitals in a row."""
    pair = [t.text for t in tokens[at : at + 2]]
    return len(pair) == 2 and all(word.istitle() for word in pair)
