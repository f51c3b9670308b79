"""How well a name is meant by some words of it: without accents, with slips, with abbreviations."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from operator import itemgetter

from rapidfuzz import fuzz
from rapidfuzz.distance import OSA

from vietnamese.letters import clean, fold, has_accents, may_stand_for, word_key

_WORDS, _TOGETHER, _OTHER_KIND, _OTHER_TONE = 12, 5.0, 15.0, 15.0
_KINDS = {
    "xa": "xã", "phuong": "phường", "thon": "thôn", "ban": "bản", "xom": "xóm", "to dan pho": "tổ", "huyen": "huyện",
    "tinh": "tỉnh", "thi tran": "thị trấn", "thi xa": "thị xã", "thanh pho": "thành phố", "tp": "thành phố",
    "tt": "thị trấn", "x": "xã", "p": "phường", "dac khu": "đặc khu", "quan": "quận", "ap": "ấp", "cum xa": "cụm",
}  # fmt: skip
_KIND = re.compile("(" + "|".join(sorted(_KINDS, key=len, reverse=True)) + r")[. ]+(?=\S)")
_ORGANS = {
    "ubnd": "ubnd", "uy ban nhan dan": "ubnd", "uy ban": "ubnd", "ub": "ubnd", "hdnd": "hdnd", "hoi dong nhan dan": "hdnd",
    "hoi dong": "hdnd", "dang uy": "dang uy", "mttq": "mttq", "ubmttq": "mttq", "mat tran": "mttq",
}  # fmt: skip
_ORGAN = re.compile(
    "(" + "|".join(sorted(_ORGANS, key=len, reverse=True)) + rf") (?={_KIND.pattern}|\w+(?: \w+)?$)"
)
"""``ubnd`` before a kind or before a short name; "HĐND giám sát …" is the name of a job."""
_VOWELS = frozenset("aeiouy")
IDLE = frozenset(
    {
        "viec", "nhiem", "vu", "nv", "cai", "cua", "ve", "cho", "la", "o", "tai", "nay", "do", "kia", "em", "a", "nhe",
        "voi", "xem", "chon", "va", "cac", "nhung", "ay",
    }
)  # fmt: skip


@lru_cache(maxsize=16384)
def bare_name(folded: str) -> tuple[str, str | None]:
    """The name without its organ and kind, and the kind (xã, phường …) if there was one."""
    organ = _ORGAN.match(folded)
    name = folded[organ.end() :] if organ else folded
    kind = _KIND.match(name)
    return (name[kind.end() :], _KINDS[kind[1]]) if kind else (name, None)


def organ_of(folded: str) -> str | None:
    """``ubnd`` of ``ubnd xa phu luu``."""
    organ = _ORGAN.match(folded)
    return _ORGANS[organ[1]] if organ else None


@dataclass(frozen=True)
class Wanted:
    """What was typed, cut up once for all candidates."""

    name: str
    kind: str | None
    words: tuple[str, ...]
    marked: dict[str, str]
    """The words that carry marks, by what they are without."""


def cut_up(wanted: str, folded: str) -> Wanted:
    name, kind = bare_name(folded)
    words = re.findall(r"\w+", name)
    if kind is None and len("".join(words)) < 3:
        words = re.findall(r"\w+", folded)
    telling = [w for w in words if w not in IDLE] or words
    marked = {fold(w): w for w in re.findall(r"\w+", wanted) if has_accents(w)}
    return Wanted(name, kind, tuple(telling), marked)


@lru_cache(maxsize=16384)
def _words_of(folded: str) -> tuple[str, ...]:
    return tuple(re.findall(r"\w+", folded))


@lru_cache(maxsize=16384)
def initials_of(folded: str) -> str:
    """The first letters of the words."""
    return "".join(word[0] for word in _words_of(folded))


def score(wanted: Wanted, name: str, folded_name: str) -> float:
    """0–100: how well the words typed are found among the candidate's, then how much of it they are."""
    own_name, own_kind = bare_name(folded_name)
    other_kind = wanted.kind and own_kind and wanted.kind != own_kind
    own = _words_of(own_name)
    if not wanted.words or not own:
        return 0.0
    typed = _spelled_out(wanted, own, initials_of(own_name))[:_WORDS]
    theirs = _spelling(name) if wanted.marked else {}
    total = weight = 0.0
    left = list(own)
    for word in typed:
        value, chosen = max(((alike(word, o), o) for o in left or own), key=itemgetter(0))
        if word in wanted.marked and not _may_be(wanted.marked[word], theirs.get(chosen, chosen)):
            value = 80.0 if value == 100 else value - _OTHER_TONE
        if chosen in left and value > 60:
            left.remove(chosen)
        heavy = 1.0 + min(len(word), 6) / 6
        total, weight = total + value * heavy, weight + heavy
    typed_joined, own_joined = "".join(typed), "".join(own)
    whole = f" {' '.join(typed)} " in f" {' '.join(own)} " and total == 100 * weight
    together = _TOGETHER if whole and len(typed) > 1 else 0.0
    if len(typed_joined) >= 5 and typed_joined in own_joined and not other_kind:
        return max(90.0, total / weight - 4 * len(left) / len(own)) + together
    covered = 1 - len(left) / len(own)
    joined = fuzz.ratio(wanted.name.replace(" ", ""), own_name.replace(" ", ""))
    spread = total / weight - 4 * (1 - covered)
    spread += together - (_OTHER_KIND if other_kind else 0.0)
    if wanted.kind is None and len(typed_joined) < 3 and covered < 1 and typed[-1] != own[-1]:
        spread -= 25
    return spread if other_kind else max(spread, joined)


def _may_be(typed: str, word: str) -> bool:
    """Whether a word that was typed with marks may be this one: a slip of the thumb keeps the tone."""
    return may_stand_for(typed, word) if fold(typed) == fold(word) else _same_tone(typed, word)


@lru_cache(maxsize=4096)
def _same_tone(typed: str, word: str) -> bool:
    tone = word_key(typed)[1]
    return not tone or tone == word_key(word)[1]


@lru_cache(maxsize=4096)
def _spelling(name: str) -> dict[str, str]:
    """The words of a name as they are written, by what they are without marks."""
    return {fold(w): w for w in re.findall(r"\w+", clean(name))}


def _spelled_out(wanted: Wanted, own: Sequence[str], initials: str) -> list[str]:
    """``gpmb đường liên xã``: initials of words that stand together count as those words."""
    spelled: list[str] = []
    for word in wanted.words:
        at = -1
        if word not in own and _may_be_initials(wanted.marked.get(word, word)):
            at = initials.find(word)
        spelled += own[at : at + len(word)] if at >= 0 else [word]
    return spelled


@lru_cache(maxsize=4096)
def _may_be_initials(word: str) -> bool:
    """Three letters or more without marks, or two without a vowel: ``gpmb``, ``qsdđ``, ``sx``."""
    short = len(word) == 2 and not set(word) & _VOWELS
    return (len(word) > 2 or short) and not has_accents(word.replace("đ", "d"))


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
