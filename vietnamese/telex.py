"""Telex and VNI left-overs: keystrokes that reached the message instead of letters.

``tieens ddooj`` and ``tie61n d9o65`` both mean ``tiến độ``. A word is repaired only where no other
reading is likely: the keystrokes must spell a possible Vietnamese syllable, and at least one word
of the message must carry a sign that plain typing never has (a doubled vowel, ``dd``, ``w``; a digit
inside a word). So ``nv03``, ``m2``, ``t6`` and ``to 3`` are left alone.
"""

import re
import unicodedata
from functools import lru_cache

_ONSET = r"(?:ngh|ng|nh|gh|gi|kh|ph|th|tr|ch|qu|[bcdđghklmnprstvx])?"
_CLOSED = r"(?:iê|yê|uyê|uô|ươ|oa|oă|oe|uâ|uê|uy|oo|[aăâeêioôơuưy])"
_OPEN = (
    r"(?:iêu|yêu|uôi|ươi|ươu|oai|oay|oeo|uây|uyu|uya|ai|ao|au|ay|âu|ây|eo|êu|ia|iu|oa|oe|oi|ôi|ơi"
    r"|ua|uê|ui|uơ|uy|ưa|ưi|ưu|[aâeêioôơuưy])"
)
_SYLLABLE = re.compile(rf"{_ONSET}(?:{_CLOSED}(?:ng|nh|ch|[cmnpt])|{_OPEN})")
_REAL_WORDS = frozenset(
    {
        "chef",
        "roof",
        "beef",
        "reef",
        "leaf",
        "hoof",
        "goof",
        "xoong",
        "boong",
        "loong",
        "goong",
        "coong",
        "taxi",
        "visa",
        "sofa",
    }
)

_TELEX_TONES = {"s": "\u0301", "f": "\u0300", "r": "\u0309", "x": "\u0303", "j": "\u0323"}
_FOREIGN = frozenset("fj")
"""Letters that no Vietnamese word has: ``ngayf`` is a left-over."""
_VNI_TONES = {"1": "\u0301", "2": "\u0300", "3": "\u0309", "4": "\u0303", "5": "\u0323"}
_VNI_MARKS = {
    "6": {"a": "â", "e": "ê", "o": "ô"},
    "7": {"o": "ơ", "u": "ư"},
    "8": {"a": "ă"},
}
_TELEX_SHAPES = (
    ("dd", "đ"),
    ("uwow", "ươ"),
    ("uow", "ươ"),
    ("wow", "ươ"),
    ("aa", "â"),
    ("ee", "ê"),
    ("oo", "ô"),
    ("aw", "ă"),
    ("ow", "ơ"),
    ("uw", "ư"),
)
_TELEX_WORD = re.compile(r"([a-z]*?[aeiouyw])([sfrxj]?)(ng|nh|ch|[cmnpt])?([sfrxj]?)")
_TONE_INSIDE = re.compile(r"([a-z]*[aeiouyw])([sfrxj])([aeiouy]{1,2})")
"""``baso``: the tone typed right after its vowel, before the next one."""
_WORD = re.compile(r"(?<!\w)[A-Za-z][A-Za-z0-9]{1,9}(?!\w)")
_VNI_INSIDE = re.compile(
    r"^d9|[aeiouy][1-8]+(?:ng|nh|ch|[cmnpt])$|[aeiouy](?:[678][1-5]|[1-5][678])"
)
_VNI_MIDDLE = re.compile(r"[aeiouy][1-8][a-z]")
_VNI_BEFORE_NUMBER = re.compile(r"\b(?:ngay2|thang1) \d{1,2}\b", re.IGNORECASE)
"""``ngay2 20``: with a number after it the 2 is no day of its own."""
_ADDRESS = re.compile(r"(\w+://\S+)")


def repair(text: str) -> str:
    """The (clean) text with unmistakable left-overs turned into the letters that were meant."""
    if "://" in text:
        pieces = _ADDRESS.split(text)  # an address of a page stays as it is
        pieces[::2] = map(_repaired, pieces[::2])
        return "".join(pieces)
    return _repaired(text)


def _repaired(text: str) -> str:
    words = [m[0].lower() for m in _WORD.finditer(text)]
    telex = [sure for word in words if (sure := _telex(word)[1]) is not None]
    vni = [sure for word in words if (sure := _vni(word)[1]) is not None]
    by_telex = any(telex) or len(telex) >= 2
    by_vni = any(vni) or sum(1 for word in words if _VNI_MIDDLE.search(word) and _vni(word)[0]) >= 2

    by_vni = by_vni or bool(_VNI_BEFORE_NUMBER.search(text))

    def mend(found: re.Match[str]) -> str:
        word = found[0].lower()
        mended = (_telex(word)[0] if by_telex else None) or (_vni(word)[0] if by_vni else None)
        if mended is None:
            return found[0]
        return mended.upper() if found[0].isupper() else mended

    return _WORD.sub(mend, text) if by_telex or by_vni else text


def syllable(word: str) -> str | None:
    """What a word would be if it were a left-over of Telex, however likely: ``huyr`` is "huỷ"."""
    return _telex(word)[0]


@lru_cache(maxsize=4096)
def _telex(word: str) -> tuple[str | None, bool | None]:
    """The syllable that was meant, and whether it is unmistakable; (None, None) if there is none."""
    if not word.isalpha() or word in _REAL_WORDS:
        return None, None
    early = _TONE_INSIDE.fullmatch(word)
    found = _TELEX_WORD.fullmatch(early[1] + early[3] + early[2] if early else word)
    if not found or (found[2] and found[4]):
        return None, None
    letters = found[1] + (found[3] or "")
    for keys, letter in _TELEX_SHAPES:
        letters = letters.replace(keys, letter)
    tone = found[2] or found[4]
    shaped = letters != found[1] + (found[3] or "")
    sure = shaped or (tone in _FOREIGN and len(word) > 3)
    if not (tone or shaped) or not _SYLLABLE.fullmatch(letters):
        return None, None
    return _with_tone(letters, _TELEX_TONES.get(tone, "")), sure


@lru_cache(maxsize=4096)
def _vni(word: str) -> tuple[str | None, bool | None]:
    if word.isalpha() or "0" in word:
        return None, None
    letters: list[str] = []
    tone = ""
    for key in word:
        if key in _VNI_TONES:
            if tone or not any(c in "aeiouyâêôơưă" for c in letters):
                return None, None
            tone = _VNI_TONES[key]
        elif key == "9":
            if letters != ["d"]:
                return None, None
            letters = ["đ"]
        elif key.isdigit():
            marks = _VNI_MARKS[key]
            places = [n for n, c in enumerate(letters) if c in marks]
            if not places:
                return None, None
            chosen = places if key == "7" and "".join(letters[-2:]) == "uo" else places[-1:]
            for n in chosen:
                letters[n] = marks[letters[n]]
        else:
            letters.append(key)
    spelled = "".join(letters)
    if not _SYLLABLE.fullmatch(spelled):
        return None, None
    return _with_tone(spelled, tone), bool(_VNI_INSIDE.search(word))


def _with_tone(letters: str, tone: str) -> str:
    if not tone:
        return letters
    start = 2 if letters[:2] in {"qu", "gi"} and letters[2:3] in tuple("aăâeêioôơuưy") else 0
    vowels = [n for n in range(start, len(letters)) if letters[n] in "aăâeêioôơuưy"]
    marked = [n for n in vowels if letters[n] in "ăâêôơư"]
    if marked:
        place = marked[-1]
    elif vowels[-1] == len(letters) - 1 and len(vowels) > 1:
        place = vowels[-2]
    else:
        place = vowels[-1]
    return unicodedata.normalize("NFC", letters[: place + 1] + tone + letters[place + 1 :])
