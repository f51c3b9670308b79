"""The words of a sentence, each phrase with the letter of its kind (vietnamese/commands/wish_words.py)."""

from collections.abc import Sequence
from functools import lru_cache
from typing import NamedTuple

from rapidfuzz.distance import OSA

from vietnamese.commands.wish_words import (
    ASKED,
    CODE,
    CODES,
    COURTESY,
    DURING,
    FAR,
    HOW,
    MEANS,
    MISTYPED,
    NO,
    NUMBER,
    PLACES,
    SCOPE,
    STRANGE,
    TODAY,
    TOLD,
    WISH,
)
from vietnamese.letters import has_accents, word_key
from vietnamese.tokens import Token, starts

ASKING = frozenset((ASKED, HOW, FAR))
_LITTLE = frozenset((COURTESY, ASKED, SCOPE, TODAY, TOLD, NO, "m", "L"))
_PERSONS = frozenset({"anh", "chi", "em", "co", "chu", "bac", "ong", "ba"})
_COUNTED = frozenset({"thang", "quy", "nam", "ngay", "thu"})
"""What a number follows."""


class Word(NamedTuple):
    """A word or a phrase of the sentence: its letter, and where it stands in the text."""

    letter: str
    start: int
    end: int


def letters_of(tokens: Sequence[Token]) -> list[Word]:
    """The words of the sentence, each phrase as one."""
    words: list[Word] = []
    at = 0
    while at < len(tokens):
        letter, count = _at(tokens, at)
        if letter:
            words.append(Word(letter, tokens[at].start, tokens[at + count - 1].end))
        at += count
    return [_in_its_place(words, place) for place in range(len(words))]


def _in_its_place(words: Sequence[Word], place: int) -> Word:
    """``2 ngày``, ``từ 20 đến 25`` are periods; ``không`` asks at the end, and denies before it."""
    word = words[place]
    if word.letter == NUMBER and any(
        one.letter in (SCOPE, TODAY) for one in words[max(place - 1, 0) : place + 2]
    ):
        return word._replace(letter=SCOPE)
    if word.letter == NO and any(one.letter not in (COURTESY, WISH) for one in words[place + 1 :]):
        return word._replace(letter=TOLD)
    if word.letter == TODAY:  # "hôm nay em báo cáo" is said of no period
        reports = "R" in [one.letter for one in words[place + 1 :]]
        return word._replace(letter=COURTESY if reports else SCOPE)
    if word.letter == DURING:  # "ai đang chậm" asks, "đang làm" tells
        asks = any(one.letter in ASKING for one in words)
        return word._replace(letter=COURTESY if asks else TOLD)
    return word._replace(letter=ASKED) if word.letter == NO else word


def _at(tokens: Sequence[Token], at: int) -> tuple[str, int]:
    """The letter of what stands here and how many tokens it is; "" for signs."""
    token = tokens[at]
    if token.kind == "number":
        return (SCOPE, 3) if _is_date(tokens, at) else (NUMBER, 1 + _percent(tokens, at + 1))
    if token.kind != "word":
        return "", 1
    if token.folded in CODES and (count := _code(tokens, at)):
        return CODE, count
    if at and token.text.istitle() and tokens[at - 1].folded in _PERSONS:
        return STRANGE, 1
    if token.folded in PLACES and _is_named(tokens, at + 1):
        return SCOPE, 1 + _name(tokens, at + 1)
    phrases = [one for one in MEANS.get(token.folded, ()) if _says(tokens, at, *one)]
    if (not phrases or phrases[0][2] == 1) and (letter := _mistyped(tokens, at)):
        return letter, 2
    for _, letter, count in phrases:
        if token.text == "ha" and at and tokens[at - 1].kind == "number":
            break  # "35 ha" is no "hả"
        counted = letter == SCOPE and token.folded in _COUNTED
        return letter, count + (_number(tokens, at + count) if counted else 0)
    if token.folded in PLACES:
        return SCOPE, 1 + _name(tokens, at + 1)
    if at and _is_named(tokens, at) and _is_named(tokens, at + 1):
        return SCOPE, 2  # "của Phù Lưu"
    return STRANGE, 1


def _says(tokens: Sequence[Token], at: int, phrase: str, letter: str, count: int) -> bool:
    """Whether the phrase stands here. A little word must bear its marks where the next one bears
    any: "thu gom rác" is no "thứ"."""
    if not starts(tokens, at, phrase):
        return False
    if count > 1 or letter not in _LITTLE or tokens[at].said != tokens[at].text:
        return True
    near = tokens[max(at - 2, 0) : at + 3]
    marked = any(has_accents(token.text) for token in near)
    return not marked or word_key(tokens[at].text) == word_key(phrase)


def _is_named(tokens: Sequence[Token], at: int) -> bool:
    return at < len(tokens) and tokens[at].kind == "word" and tokens[at].text.istitle()


def _is_date(tokens: Sequence[Token], at: int) -> bool:
    return (
        at + 2 < len(tokens)
        and tokens[at + 1].text in "/-"
        and tokens[at + 2].kind == "number"
        and tokens[at].end == tokens[at + 1].start
    )


def _percent(tokens: Sequence[Token], at: int) -> int:
    return int(at < len(tokens) and tokens[at].text == "%")


def _code(tokens: Sequence[Token], at: int) -> int:
    """``nv03``, ``NV-03``: how many tokens a code takes."""
    signs = int(at + 1 < len(tokens) and tokens[at + 1].text in ("-", "_", ".", "–"))
    place = at + 1 + signs
    return place + 1 - at if place < len(tokens) and tokens[place].kind == "number" else 0


def _number(tokens: Sequence[Token], at: int) -> int:
    """``tháng 11``, ``quý IV``."""
    if at >= len(tokens):
        return 0
    return int(tokens[at].kind == "number" or tokens[at].folded in {"i", "ii", "iii", "iv"})


def _name(tokens: Sequence[Token], at: int) -> int:
    """How many words of a unit's name follow: those with capitals, or two that mean nothing else."""
    count = 0
    while count < 3 and at + count < len(tokens) and tokens[at + count].kind == "word":
        token = tokens[at + count]
        if not token.text.istitle() and (
            count > 1 or _at(tokens, at + count)[0] not in (STRANGE, COURTESY)
        ):
            break
        count += 1
    return count


def _mistyped(tokens: Sequence[Token], at: int) -> str | None:
    """``bao coa``, ``tổng kếtt``: one slip of the thumb in the usual words."""
    if at + 1 >= len(tokens) or tokens[at + 1].kind != "word":
        return None
    return _slip_of(tokens[at].folded + tokens[at + 1].folded)


@lru_cache(maxsize=4096)
def _slip_of(joined: str) -> str | None:
    for usual, letter in MISTYPED.items():
        swapped = len(usual) == len(joined) and sorted(usual) == sorted(joined)
        doubled = len(joined) == len(usual) + 1
        if (
            joined != usual
            and joined[:1] == usual[0]
            and (swapped or doubled)
            and OSA.distance(joined, usual) == 1
        ):
            return letter
    return None
