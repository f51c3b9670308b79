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
from rapidfuzz.distance import OSA

from vietnamese.letters import clean, fold, has_accents, may_stand_for, word_key
from vietnamese.tokens import prepare

_LONGEST, _WORDS, _TOGETHER = 120, 16, 5.0
_GOOD, _MARGIN, _SHORTLIST, _LISTED = 78.0, 7.0, 40, 6
_KINDS = {
    "xa": "xã", "phuong": "phường", "thon": "thôn", "ban": "bản", "xom": "xóm", "to dan pho": "tổ", "huyen": "huyện",
    "tinh": "tỉnh", "thi tran": "thị trấn", "thi xa": "thị xã", "thanh pho": "thành phố", "tp": "thành phố",
    "tt": "thị trấn", "x": "xã", "p": "phường", "dac khu": "đặc khu", "quan": "quận", "ap": "ấp", "cum xa": "cụm",
}  # fmt: skip
_KIND = re.compile(
    r"(?:(?:ubnd|hdnd|dang uy) )?("
    + "|".join(sorted(_KINDS, key=len, reverse=True))
    + r")[. ]+(?=\S)"
)
_TITLES = (
    "phó chủ tịch", "phó bí thư", "đồng chí", "bí thư", "chủ tịch", "d/c", "đ/c", "anh", "chị", "ông", "bà", "cô", "chú",
    "bác", "em", "thầy", "pct", "ct",
)  # fmt: skip
_COURTESIES = ("dạ", "vâng", "ạ", "nhé", "nhá", "ah", "nhe")
_IDLE = frozenset(
    {
        "viec", "nhiem", "vu", "cai", "cua", "ve", "cho", "la", "o", "tai", "nay", "do", "kia", "em", "a", "nhe",
        "voi", "xem", "chon", "va", "cac", "nhung", "thuoc",
    }
)  # fmt: skip


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
    wanted = _without_courtesy(wanted)
    folded = fold(wanted)
    if not folded or not candidates:
        return None
    if by_code := _by_code(folded, candidates):
        return by_code
    if sum(c.isalpha() for c in folded) < 2:
        return None
    if whole := _whole(wanted, folded, candidates):
        return whole
    if short := _by_initials(folded, candidates):
        return short
    return _by_words(wanted, folded, candidates)


def split_code(text: str) -> tuple[str, int] | None:
    """``NV-03``, ``nv 3`` and ``NV003`` are all ("nv", 3); a bare number has no letters."""
    found = re.fullmatch(
        r"(?:(?:so|viec|nhiem vu|ma|ma so|stt|muc) )*([a-z]{0,6})[-_. /]*0*(\d{1,6})", fold(text)
    )
    return (found[1], int(found[2])) if found else None


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


def _bare_name(folded: str) -> tuple[str, str | None]:
    """The name without its kind, and the kind (xã, phường …) if there was one."""
    kind = _KIND.match(folded)
    return (folded[kind.end() :], _KINDS[kind[1]]) if kind else (folded, None)


def _whole(wanted: str, folded: str, candidates: Sequence[Candidate]) -> Found | Several | None:
    name, kind = _bare_name(folded)
    fitting = []
    for candidate in candidates:
        theirs = _folded(candidate.name)
        own_name, own_kind = _bare_name(theirs)
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


def _by_initials(folded: str, candidates: Sequence[Candidate]) -> Found | Several | None:
    """``pl`` for the whole name, or ``ntm`` for words that stand together in it."""
    letters = folded.replace(".", "").replace(" ", "") if len(folded) <= 8 else ""
    if not 2 <= len(letters) <= 6 or not letters.isalpha():
        return None
    fitting, within = [], []
    for candidate in candidates:
        whole = _folded(candidate.name)
        for name in (whole, _bare_name(whole)[0]):
            words = re.findall(r"\w+", name)
            initials = "".join(word[0] for word in words)
            if len(words) >= 2 and initials == letters:
                fitting.append(candidate.id)
            elif len(letters) >= 3 and letters in initials and letters not in words:
                within.append(candidate.id)
    return _of(fitting or within, sure=False)


def _by_words(wanted: str, folded: str, candidates: Sequence[Candidate]) -> Found | Several | None:
    folded_names = [_folded(c.name) for c in candidates]
    best: dict[str, float] = {}
    for place in _shortlist(folded, folded_names):
        candidate = candidates[place]
        score = _score(wanted, folded, candidate, folded_names[place])
        best[candidate.id] = max(score, best.get(candidate.id, 0.0))
    ranked = sorted(best.items(), key=lambda item: -item[1])
    if not ranked or ranked[0][1] < _GOOD:
        return None
    top = ranked[0][1]
    return _of([i for i, score in ranked if score >= max(top - _MARGIN, _GOOD - 4)], sure=False)


def _shortlist(folded: str, names: Sequence[str]) -> Sequence[int]:
    """The places of the names worth a closer look."""
    if len(names) <= _SHORTLIST:
        return range(len(names))
    near = process.extract(folded, names, scorer=fuzz.partial_token_set_ratio, limit=_SHORTLIST)
    near += process.extract(folded, names, scorer=fuzz.WRatio, limit=_SHORTLIST)
    return sorted({place for _, _, place in near})


def _score(wanted: str, folded: str, candidate: Candidate, folded_name: str) -> float:
    """0–100: how well the words typed are found among the candidate's, then how much of it they are."""
    name, kind = _bare_name(folded)
    own_name, own_kind = _bare_name(folded_name)
    if kind and own_kind and kind != own_kind:
        return 0.0
    typed = [w for w in re.findall(r"\w+", name) if w not in _IDLE] or re.findall(r"\w+", name)
    own = re.findall(r"\w+", own_name)
    if not typed or not own:
        return 0.0
    typed = _spelled_out(typed, own)[:_WORDS]
    marked = {fold(w): w for w in re.findall(r"\w+", wanted) if has_accents(w)}
    theirs = {fold(w): w for w in re.findall(r"\w+", clean(candidate.name))}
    total = weight = 0.0
    left = list(own)
    for word in typed:
        chosen = max(left or own, key=lambda o: alike(word, o))
        value = alike(word, chosen)
        if (
            value == 100
            and word in marked
            and not may_stand_for(marked[word], theirs.get(chosen, chosen))
        ):
            value = 80.0
        if chosen in left and value > 60:
            left.remove(chosen)
        heavy = 1.0 + min(len(word), 6) / 6
        total, weight = total + value * heavy, weight + heavy
    typed_joined, own_joined = "".join(typed), "".join(own)
    whole = f" {' '.join(typed)} " in f" {' '.join(own)} " and total == 100 * weight
    together = _TOGETHER if whole and len(typed) > 1 else 0.0
    if len(typed_joined) >= 5 and typed_joined in own_joined:
        return max(90.0, total / weight - 4 * len(left) / len(own)) + together
    covered = 1 - len(left) / len(own)
    joined = fuzz.ratio(name.replace(" ", ""), own_name.replace(" ", ""))
    spread = total / weight - 4 * (1 - covered)
    spread += together
    if len("".join(typed)) < 3 and covered < 1:
        spread -= 25
    return max(spread, joined)


def _spelled_out(typed: Sequence[str], own: Sequence[str]) -> list[str]:
    """``gpmb đường liên xã``: initials of words that stand together count as those words."""
    initials = "".join(word[0] for word in own)
    spelled: list[str] = []
    for word in typed:
        at = initials.find(word) if len(word) >= 3 and word not in own else -1
        spelled += own[at : at + len(word)] if at >= 0 else [word]
    return spelled


@lru_cache(maxsize=16384)
def alike(word: str, other: str) -> float:
    """0–100: how alike two folded words are, allowing for a slip of the thumb."""
    if word == other:
        return 100.0
    if word.isdigit() or other.isdigit():
        return 0.0
    if len(word) >= 3 and other.startswith(word):
        return 92.0
    longest = max(len(word), len(other))
    slips = OSA.distance(word, other)
    if longest >= 3 and slips == 1:
        return {3: 72.0, 4: 80.0}.get(longest, 88.0)
    return 100.0 * (1 - slips / longest) * 0.85
