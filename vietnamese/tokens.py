"""A message cut into words, numbers and signs: what every reader here starts from."""

import re
from collections.abc import Sequence
from functools import lru_cache
from typing import Literal, NamedTuple

from vietnamese.letters import clean, fold, may_stand_for
from vietnamese.telex import repair

READ_AT_MOST = 260
"""Letters that are looked at when a short answer is read; nobody types a value in more."""

_TOKEN = re.compile(
    r"(?P<line>\n)"
    r"|(?P<power>(?<![^\W\d_])(?:km|dm|cm|m)[23²³](?!\w))"
    r"|(?P<number>\d+(?:[.,]\d+)*)"
    r"|(?P<word>[^\W\d_]+)"
    r"|(?P<sign>[^\s\w]|_)"
)

_HYPHENATED = re.compile(r"\bh[eé]c-ta\b", re.IGNORECASE)

_COMRADE = re.compile(r"(?<![\w/])[đd]/c(?![\w/])", re.IGNORECASE)
_BOLD = re.compile(r"(?<!\w)\*+(?=\w)|(?<=\w)\*+(?!\w)")
"""Stars around a word, which chats show as bold."""

_POLITE = frozenset(
    {
        "dạ", "vâng", "ạ", "a", "à", "ah", "nhé", "nha", "nhá", "nhe", "nghen", "hen", "em", "anh", "chị", "cô",
        "chú", "bác", "cháu", "con", "tôi", "tui", "mình", "đồng", "chí", "đ/c", "sếp", "thủ", "trưởng", "bí",
        "thư", "thưa", "kính", "gửi", "xin", "phép", "cho", "với", "đi", "thì", "là", "cảm", "ơn", "cám", "nhờ",
        "giúp", "ơi", "e", "ak", "ạh",
    }
)  # fmt: skip

_IN_FULL = {
    "k": "không",
    "ko": "không",
    "khg": "không",
    "dc": "được",
    "đc": "được",
    "r": "rồi",
    "thg": "tháng",
}
"""Abbreviations with one sensible reading; "k" behind a number is a thousand, and "kg" a unit."""


class Token(NamedTuple):
    """A piece of a message. `start` and `end` are places in the text that was cut.

    `folded` is the word that was meant, in lower case and without accents.
    """

    text: str
    kind: Literal["word", "number", "sign", "line"]
    start: int
    end: int
    folded: str

    def may_be(self, *words: str) -> bool:
        """Whether this is one of the words, accents perhaps left out."""
        if self.kind != "word" or self.folded not in _folds(words):
            return False
        said = self.said
        return any(may_stand_for(said, word) for word in words)

    @property
    def said(self) -> str:
        """The word that was meant: an abbreviation written out."""
        return _IN_FULL.get(self.text.lower(), self.text)


@lru_cache(maxsize=16384)
def _folded(text: str) -> str:
    return fold(_IN_FULL.get(text.lower(), text))


@lru_cache(maxsize=4096)
def _folds(words: tuple[str, ...]) -> frozenset[str]:
    return frozenset(map(fold, words))


@lru_cache(maxsize=4096)
def _split(phrase: str) -> tuple[str, ...]:
    return tuple(phrase.split())


def prepare(text: str, at_most: int = READ_AT_MOST) -> str:
    """The text as readers look at it: clean, left-overs of typing repaired, not over-long."""
    seen = clean(text[: at_most * 2])[:at_most]
    if "*" in seen:
        seen = _BOLD.sub("", seen)
    if "/c" in seen or "/C" in seen:
        seen = _COMRADE.sub("đồng chí", seen)
    return _HYPHENATED.sub("héc ta", repair(seen))


def whole_words(text: str, at_most: int) -> int:
    """Where to cut a text that is too long to be read, so that no word is cut in two."""
    if len(text) <= at_most:
        return len(text)
    space = max(text.rfind(" ", 0, at_most), text.rfind("\n", 0, at_most))
    return space if space > at_most // 2 else at_most


@lru_cache(maxsize=256)
def cut(text: str) -> tuple[Token, ...]:
    """The prepared text's words, numbers, signs and line ends, in order."""
    found = []
    for match in _TOKEN.finditer(text):
        kind = match.lastgroup or "sign"
        if kind == "power":
            kind = "word"
        word = match[0]
        found.append(Token(word, kind, *match.span(), _folded(word)))  # type: ignore[arg-type]
    return tuple(found)


def starts(tokens: Sequence[Token], at: int, phrase: str) -> int:
    """The place after `phrase` if it stands at `at`, accents perhaps left out; otherwise 0."""
    words = _split(phrase)
    if at + len(words) > len(tokens):
        return 0
    for near, word in enumerate(words, at):
        if not tokens[near].may_be(word):
            return 0
    return at + len(words)


def starts_any(tokens: Sequence[Token], at: int, phrases: Sequence[str]) -> int:
    """The place after the first of the phrases that stands at `at`; otherwise 0."""
    if at >= len(tokens) or tokens[at].folded not in _first_words(tuple(phrases)):
        return 0
    for phrase in phrases:
        if end := starts(tokens, at, phrase):
            return end
    return 0


@lru_cache(maxsize=1024)
def _first_words(phrases: tuple[str, ...]) -> frozenset[str]:
    return frozenset(fold(phrase.split()[0]) for phrase in phrases)


def ends(tokens: Sequence[Token], before: int, phrase: str) -> bool:
    """Whether `phrase` stands directly before the place `before`."""
    words = _split(phrase)
    return before >= len(words) and starts(tokens, before - len(words), phrase) == before


def is_polite(token: Token) -> bool:
    """A word of address or courtesy that carries no meaning of its own."""
    return token.kind == "word" and any(
        may_stand_for(token.text, word) for word in _POLITE_BY_FOLD.get(token.folded, ())
    )


_POLITE_BY_FOLD: dict[str, tuple[str, ...]] = {}
for _word in sorted(_POLITE):
    _POLITE_BY_FOLD[fold(_word)] = (*_POLITE_BY_FOLD.get(fold(_word), ()), _word)
