"""Finding a task, a unit or a person among many by what somebody typed of it.

By code (``nv03``, ``NV-03``, ``3``), by the whole name, by initials (``pl`` for Phù Lưu), or by a few
words, without accents and with slips of the thumb. A clear winner is offered, near ties are listed.
Marks decide where they were typed: Cẩm Giang is not Cẩm Giàng. The same `id` may be given several
times, under its former names; one former name under several ids is a question.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from rapidfuzz import fuzz, process

from vietnamese.letters import clean, fold, fold_in_place, has_accents, may_stand_for, word_key
from vietnamese.names.scores import (
    IDLE,
    alike,
    bare_name,
    cut_up,
    initials_of,
    organ_of,
    score,
)
from vietnamese.tokens import prepare

_LONGEST = 120
_GOOD, _MARGIN, _SHORTLIST, _LISTED = 78.0, 7.0, 16, 6
_TITLES = (
    "phó chủ tịch", "phó bí thư", "đồng chí", "bí thư", "chủ tịch", "d/c", "đ/c", "anh", "chị", "ông", "bà", "cô", "chú",
    "bác", "em", "thầy", "pct", "ct",
)  # fmt: skip
_CODE = re.compile(r"(?<!\w)([a-z]{1,6})[-_. ]?0*(\d{1,6})(?!\w)")
_COURTESIES = ("dạ", "vâng", "ạ", "nhé", "nhá", "ah", "nhe")


@dataclass(frozen=True)
class Candidate:
    """Something that can be found. `unit` is where it belongs, shown when names repeat."""

    id: str
    name: str
    code: str | None = None
    unit: str | None = None


@dataclass(frozen=True)
class Found:
    """One clear winner. `sure` only for a whole code or a whole name: otherwise it is confirmed."""

    id: str
    sure: bool


@dataclass(frozen=True)
class Several:
    """Near ties, the nearest first."""

    ids: tuple[str, ...]


def find(text: str, candidates: Sequence[Candidate]) -> Found | Several | None:
    """The candidate meant by the text; None when nothing is near enough."""
    wanted = _without_title(prepare(text, _LONGEST).strip(" .,;:!?\"'()[]"))
    wanted = _with_organ(_without_courtesy(wanted))
    folded = fold(wanted)
    if not folded or not candidates:
        return None
    if organ := organ_of(folded):
        candidates = [c for c in candidates if organ_of(_folded(c.name)) in (organ, None)]
    if by_code := _by_code(folded, candidates):
        return by_code
    if sum(c.isalpha() for c in folded) < 2:
        return None
    if whole := _whole(wanted, folded, candidates):
        return whole
    if short := _by_initials(wanted, folded, candidates):
        return short
    if coded := _by_code_within(wanted, candidates):
        return coded
    return _by_words(wanted, folded, candidates)


@lru_cache(maxsize=4096)
def split_code(text: str) -> tuple[str, int] | None:
    """``NV-03``, ``nv 3``, ``n.v 3`` and ``NV003`` are all ("nv", 3); a bare number has no letters."""
    found = re.fullmatch(
        r"(?:(?:so|viec|nhiem vu|ma|ma so|stt|muc) )*((?:[a-z][. ]){1,3}|[a-z]{0,6})[-_. /]*0*(\d{1,6})",
        fold(text),
    )
    return (re.sub("[. ]", "", found[1]), int(found[2])) if found else None


__all__ = ["Candidate", "Found", "Several", "alike", "find", "split_code"]

_folded = lru_cache(maxsize=16384)(fold)


def _by_code(folded: str, candidates: Sequence[Candidate]) -> Found | Several | None:
    same = [c.id for c in candidates if c.code and fold(c.code) == folded]
    if same:
        return _of(same, sure=True)
    code = split_code(folded)
    if code is None:
        return None
    letters, number = code
    codes = [(c.id, split_code(c.code)) for c in candidates if c.code]
    with_letters = [i for i, other in codes if other == code]
    if letters:
        return _of(with_letters, sure=True)
    return _of([i for i, other in codes if other and other[1] == number], sure=False)


def _by_code_within(wanted: str, candidates: Sequence[Candidate]) -> Found | Several | None:
    """``hộ nghèo nv15``: a code beside words; where the words say another name, both are listed."""
    plain = fold_in_place(wanted)
    written = {(found[1], int(found[2])) for found in _CODE.finditer(plain)}
    coded = [c.id for c in candidates if written and c.code and split_code(c.code) in written]
    if not coded:
        return None
    words = _CODE.sub(lambda found: " " * len(found[0]), plain)
    left = "".join(a if b != " " else b for a, b in zip(wanted, words, strict=True)).strip(" .,;:-")
    telling = any(word not in IDLE for word in fold(left).split())
    named = _by_words(left, fold(left), candidates) if telling else None
    by_words = (named.id,) if isinstance(named, Found) else named.ids if named else ()
    if len(coded) == 1 and (not by_words or coded[0] in by_words):
        return Found(coded[0], sure=False)
    return _of([*coded, *by_words], sure=False)


def _of(ids: Sequence[str], *, sure: bool) -> Found | Several | None:
    different = tuple(dict.fromkeys(ids))
    if not different:
        return None
    return Found(different[0], sure) if len(different) == 1 else Several(different[:_LISTED])


def _without_title(wanted: str) -> str:
    words = wanted.split()
    for title in _TITLES:
        size = len(title.split())
        if len(words) > size and all(
            may_stand_for(a, b) for a, b in zip(words, title.split(), strict=False)
        ):
            return " ".join(words[size:])
    return wanted


def _without_courtesy(wanted: str) -> str:
    """``nv3 ạ``, ``dạ nv3 nhé``: without the courtesies that can be nothing else."""
    words = wanted.split()
    while len(words) > 1 and words[-1].lower() in _COURTESIES:
        words.pop()
    while len(words) > 1 and words[0].lower().rstrip(",") in _COURTESIES:
        words.pop(0)
    return " ".join(words).strip(" .,;:!?")


def _with_organ(wanted: str) -> str:
    """``đu pl``: without its mark, as names are compared, it would be "du"."""
    first, _, rest = wanted.partition(" ")
    return f"Đảng uỷ {rest}" if rest and first.lower() == "đu" else wanted


def _whole(wanted: str, folded: str, candidates: Sequence[Candidate]) -> Found | Several | None:
    name, kind = bare_name(folded)
    fitting = []
    for candidate in candidates:
        theirs = _folded(candidate.name)
        own_name, own_kind = bare_name(theirs)
        if theirs == folded or (
            own_name == name and (kind is None or own_kind is None or kind == own_kind)
        ):
            fitting.append(candidate)
    exact = [c for c in fitting if _spelled(wanted, c.name)]
    if exact and has_accents(wanted):
        fitting = exact
    elif has_accents(wanted):
        fitting = [c for c in fitting if _marks_fit(wanted, c.name)]
    return _of([c.id for c in fitting], sure=True)


def _spelled(wanted: str, name: str) -> bool:
    """Whether every word carries exactly the name's marks, wherever the tone was put."""
    pairs = zip(reversed(wanted.split()), reversed(clean(name).split()), strict=False)
    return all(word_key(a) == word_key(b) for a, b in pairs)


def _marks_fit(wanted: str, name: str) -> bool:
    """Whether the marks that were typed are the name's own (some may be left out)."""
    ours, theirs = wanted.split(), clean(name).split()
    pairs = zip(reversed(ours), reversed(theirs), strict=False)
    return all(may_stand_for(a, b) for a, b in pairs if fold(a) == fold(b))


def _by_initials(
    wanted: str, folded: str, candidates: Sequence[Candidate]
) -> Found | Several | None:
    """``pl`` for the whole name, or ``ntm`` for words that stand together in it."""
    own, kind = bare_name(folded)
    typed = " ".join(wanted.split()[-len(own.split()) :])
    letters = own.replace(".", "").replace(" ", "") if len(own) <= 8 else ""
    if not 2 <= len(letters) <= 6 or not letters.isalpha() or has_accents(typed.replace("đ", "d")):
        return None
    fitting, within = [], []
    is_word = any(letters in _folded(candidate.name).split() for candidate in candidates)
    for candidate in candidates:
        whole = _folded(candidate.name)
        bare, own_kind = bare_name(whole)
        if kind and own_kind and kind != own_kind:
            continue
        for name in (whole, bare):
            initials = initials_of(name)
            if initials == letters:
                fitting.append(candidate.id)
            elif len(letters) >= 3 and letters in initials and not is_word:
                within.append(candidate.id)
    return _of(fitting or within, sure=False)


def _by_words(wanted: str, folded: str, candidates: Sequence[Candidate]) -> Found | Several | None:
    folded_names = [_folded(c.name) for c in candidates]
    typed = cut_up(wanted, folded)
    best: dict[str, float] = {}
    for place in _shortlist(folded, folded_names):
        candidate = candidates[place]
        value = score(typed, candidate.name, folded_names[place])
        best[candidate.id] = max(value, best.get(candidate.id, 0.0))
    ranked = sorted(best.items(), key=lambda item: -item[1])
    if not ranked or ranked[0][1] < _GOOD:
        return None
    top = ranked[0][1]
    return _of([i for i, value in ranked if value >= max(top - _MARGIN, _GOOD - 4)], sure=False)


def _shortlist(folded: str, names: Sequence[str]) -> Sequence[int]:
    """The places of the names worth a closer look."""
    if len(names) <= _SHORTLIST * 2:
        return range(len(names))
    near = process.extract(folded, names, scorer=fuzz.partial_token_set_ratio, limit=_SHORTLIST)
    near += process.extract(folded, names, scorer=fuzz.token_set_ratio, limit=_SHORTLIST)
    near += process.extract(folded, names, scorer=fuzz.ratio, limit=_SHORTLIST // 2)
    return sorted({place for _, _, place in near})
