"""Vietnamese letters: the many ways one word is typed, brought to one form.

Phones, Excel files and PDFs disagree about composition (NFC or NFD), about where the tone sits
(hoà or hòa), about the letter đ (U+0111, or its look-alikes Ð and ð) and about invisible signs.
"""

import re
import unicodedata
from functools import lru_cache

_TONES = "\u0300\u0301\u0303\u0309\u0323"
"""Huyền, sắc, ngã, hỏi, nặng, as combining marks."""

_LOOK_ALIKES = {ord("Ð"): "Đ", ord("ð"): "đ", ord("Ɖ"): "Đ", ord("ɖ"): "đ", 0x066A: "%"}
_SPACES = {ord(c): " " for c in "\u00a0\u1680\u2007\u202f\u205f\u3000\t\v\f"} | dict.fromkeys(
    range(8192, 8203), " "
)
_DIGITS = {0xFF10 + n: str(n) for n in range(10)}
_FULL_WIDTH = {
    code: chr(code - 0xFEE0) for code in range(0xFF01, 0xFF5F) if code - 0xFF10 > 9 or code < 0xFF10
}
_LINES = {ord("\r"): "\n", 0x2028: "\n", 0x2029: "\n", 0x85: "\n"}
_UNSEEN = dict.fromkeys((*range(32), *range(127, 160), 173, 1564, 6158, 65279))
_UNSEEN |= dict.fromkeys((*range(8203, 8208), *range(8234, 8239), *range(8288, 8304)))
_UNSEEN |= dict.fromkeys(range(55296, 57344))
_UNSEEN.pop(0x0A)


class _Cleaning(dict[int, str | None]):
    """A translation table that leaves every letter it does not name as it is."""

    def __missing__(self, code: int) -> str:
        self[code] = chr(code)
        return chr(code)


_CHANGED = {**_UNSEEN, **_LOOK_ALIKES, **_SPACES, **_FULL_WIDTH, **_DIGITS, **_LINES}
_TABLE = _Cleaning(_CHANGED)
_UNCLEAN = re.compile("[" + "".join(re.escape(chr(code)) for code in sorted(_CHANGED)) + "]")
"""Most texts hold none of these, and are soon looked through."""

_SPACE_RUN = re.compile(r"\s+")


def clean(text: str) -> str:
    """The text as it is kept and read: composed (NFC), without anything that cannot be seen.

    Control signs, zero-width signs and right-to-left marks are dropped; every kind of space becomes
    a plain one; full-width letters and digits become ASCII; line ends become ``\\n``. Emoji stay.
    """
    if _UNCLEAN.search(text):
        text = text.replace("\r\n", "\n").translate(_TABLE)
    return unicodedata.normalize("NFC", text)


def fold(text: str) -> str:
    """The text for searching: lower case, no accents, đ as d, single spaces, no outer space."""
    return _fold_word(text) if len(text) <= _WORD else _fold(text)


def _fold(text: str) -> str:
    plain = "".join(_bare(letter) for letter in clean(text).lower())
    return _SPACE_RUN.sub(" ", plain).strip()


_fold_word = lru_cache(maxsize=16384)(_fold)
_WORD = 20
"""Letters of the longest text whose folding is remembered: words, not sentences."""


class _Folding(dict[int, str]):
    """A translation table that finds the bare letter of whatever letter it meets first."""

    def __missing__(self, code: int) -> str:
        letter = chr(code)
        bare = "".join(_bare(c) for c in letter.lower())
        self[code] = bare if len(bare) == 1 else letter
        return self[code]


_FOLDING = _Folding()


def fold_in_place(text: str) -> str:
    """The (clean) text in lower case and without accents, letter for letter: offsets stay true."""
    return text.translate(_FOLDING)


@lru_cache(maxsize=4096)
def _bare(letter: str) -> str:
    if letter == "đ":
        return "d"
    return "".join(c for c in unicodedata.normalize("NFD", letter) if not unicodedata.combining(c))


@lru_cache(maxsize=4096)
def _toneless(letter: str) -> str:
    parts = unicodedata.normalize("NFD", letter)
    return unicodedata.normalize("NFC", "".join(c for c in parts if c not in _TONES))


_HALF_HORNED = re.compile("uơ(?=.)|ưo")
"""``muời``, ``trưóc``: no syllable has one horn only, except a few that end in uơ (thuở)."""


@lru_cache(maxsize=8192)
def word_key(word: str) -> tuple[str, str]:
    """The letters without tone (đ, ê, ơ … kept) and the tone: hoà and hòa have the same key."""
    lower = unicodedata.normalize("NFD", clean(word).lower())
    tone = "".join(c for c in lower if c in _TONES)
    letters = unicodedata.normalize("NFC", "".join(c for c in lower if c not in _TONES))
    return _HALF_HORNED.sub("ươ", letters), tone


@lru_cache(maxsize=16384)
def may_stand_for(typed: str, word: str) -> bool:
    """Whether `typed` is `word`, or `word` with some of its marks left out.

    ``to``, ``tô`` and ``tổ`` may stand for ``tổ``; ``tờ`` and ``tỏ`` may not: whoever types the tone
    types the letter too.
    """
    typed_letters, typed_tone = word_key(typed)
    letters, tone = word_key(word)
    if len(typed_letters) != len(letters) or (typed_tone and typed_tone != tone):
        return False
    if typed_tone:
        return typed_letters == letters
    return all(a in (b, _bare(b)) for a, b in zip(typed_letters, letters, strict=True))


def has_accents(text: str) -> bool:
    """Whether any letter of the (clean) text carries a Vietnamese mark."""
    return any(_bare(letter) != letter for letter in text.lower())


_ONE_TONE = str.maketrans("ãẵẫẽễĩõỗỡũữỹ", "ảẳẩẻểỉỏổởủửỷ")


def one_tone(text: str) -> str:
    """In lower case, with hỏi for ngã: the two are often confused."""
    return text.lower().translate(_ONE_TONE)


def spells(typed: str, words: str) -> bool:
    """Whether the typed words are these, some marks perhaps left out: ``dừng`` is no ``đúng``, and
    ``dung`` may be."""
    pairs = [one_tone(clean(text)).split() for text in (typed, words)]
    return len(pairs[0]) == len(pairs[1]) and all(map(may_stand_for, *pairs))
