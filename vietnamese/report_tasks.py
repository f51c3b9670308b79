"""Which task a report is about: by its code, its number, or a few words of its title."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from vietnamese import names
from vietnamese.figures import find_figures
from vietnamese.letters import fold, fold_in_place
from vietnamese.meaning import Ask, Reading
from vietnamese.names import Candidate, Found, Several, split_code
from vietnamese.situations import situations_in
from vietnamese.tokens import cut, is_polite


@dataclass(frozen=True)
class TaskHint:
    """An open task of the person who reports; `target` and `previous` are in `unit`."""

    code: str
    title: str
    unit: str | None = None
    target: Decimal | None = None
    previous: Decimal | None = None


CODE = re.compile(r"(?<![\w/])([a-z]{1,5}) ?[-_.]? ?0*(\d{1,4})(?![\w/]|[.,]\d)")
IDLE = frozenset(
    {
        "da", "duoc", "dc", "xong", "roi", "lam", "dat", "hoan", "thanh", "thuc", "hien", "den", "nay", "moi", "tong", "cong", "so", "luong", "ket", "qua", "gan", "hon", "tren", "khoang", "cung", "ca", "va",
        "co", "o", "la", "trong", "cho", "gio", "tien", "do",
    }
)  # fmt: skip


def find_task(text: str, tasks: Sequence[TaskHint]) -> tuple[str | None, Ask[str] | None, str]:
    """The task's code, or the question which task, and the text without the task."""
    plain = fold_in_place(text)
    by_code = {split_code(t.code): t.code for t in tasks}
    prefixes = {code[0] for code in by_code if code} | ({"nv"} if not tasks else set())
    named = [
        t
        for t in tasks
        if any(split_code(t.code) == (m[1], int(m[2])) for m in CODE.finditer(plain))
    ]
    if len(named) > 1:
        return None, _which(named), text
    for match in CODE.finditer(plain):
        if match[1] not in prefixes:
            continue
        rest = (text[: match.start()] + text[match.end() :]).strip(" :,-–.")
        code = by_code.get((match[1], int(match[2])))
        if not tasks:
            code = f"{match[1].upper()}-{int(match[2]):02d}"
        return (code, None, rest) if code else (None, _which(tasks), rest)
    numbered = re.match(r"(?:viec |nhiem vu )?(?:so )?(\d{1,4})(?=\s*[:,]|\s+\S|\s*$)", plain)
    if numbered and tasks:
        same = [c for key, c in by_code.items() if key and key[1] == int(numbered[1])]
        after = cut(text[numbered.end() :])
        counts = after and not find_figures(after) and not re.match(r"(?:viec|nhiem vu|so)", plain)
        whole = find_figures(cut(text))
        glued = (
            bool(whole)
            and (whole[0].unit is not None or whole[0].total is not None)
            and whole[0].start == 0
        )
        if len(same) == 1 and not counts and not glued:
            return same[0], None, text[numbered.end() :].strip(" :,-–.")
    return _task_by_title(text, tasks)


def _task_by_title(text: str, tasks: Sequence[TaskHint]) -> tuple[str | None, Ask[str] | None, str]:
    """A part of the message that is a few words of a title: ``rác thải: 39%``."""
    candidates = [Candidate(t.code, t.title, t.code) for t in tasks]
    first = re.split(r"[:;,\n]|(?<=\D)\s(?=\d)", text, maxsplit=1)
    lead = first[0].strip()
    words = [w for w in re.findall(r"[^\W\d_]+", fold(lead)) if len(w) > 1]
    pieces = lead.split()
    while pieces and (fold(pieces[-1]) in IDLE or is_polite(cut(pieces[-1])[0])):
        pieces.pop()
    title = " ".join(pieces)
    kept = set(fold(title).split())
    words = [w for w in words if w in kept]
    if len(tasks) < 2 or not words or len("".join(words)) < 3 or situations_in(title):
        return None, None, text
    rest = text[
        text.index(lead) + len(lead) - len(lead[lead.index(title) + len(title) :])
        if title in lead
        else len(first[0]) :
    ]
    rest = rest.strip(" :;,")
    lead = title
    found = names.find(lead, candidates)
    if isinstance(found, Found):
        return found.id, None, rest
    if isinstance(found, Several):
        near = [t for t in tasks if t.code in found.ids]
        return None, _which(near), rest
    return None, None, text


def _which(tasks: Sequence[TaskHint]) -> Ask[str]:
    readings = tuple(Reading(f"{t.code} {t.title}", t.code) for t in tasks[:9])
    return Ask("Đồng chí báo cáo việc nào ạ?", readings)
