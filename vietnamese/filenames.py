"""Names of files: as they are kept and handed out, whatever their sender's phone made of them."""

from __future__ import annotations

import re
import unicodedata

from vietnamese.letters import clean

LONGEST = 100
_PLACES = re.compile(r"[/\\]")
_JOINED = re.compile(r"(?<=\w)[.-]+(?=\w)")
_FORBIDDEN = re.compile(r'[<>:"|?*]')
"""What no name on Windows may hold."""


def clean_name(name: str, ending: str = "") -> str:
    """The last part of a path, of letters that can be seen, at most 100 of them.

    `ending`: what the file is by its content ("pdf"): the name ends with it, and so with no other.
    Without it an empty name stays empty.
    """
    seen = "".join(letter for letter in clean(name) if unicodedata.category(letter)[0] != "C")
    plain = _FORBIDDEN.sub("_", _PLACES.split(seen)[-1])
    plain = " ".join(plain.split()).strip(" .")
    stem, dot, last = plain.rpartition(".")
    if not ending:
        ending = last if dot and 0 < len(last) <= 5 else ""
        stem = stem if ending else plain
        return _fitted(stem, ending) if plain else ""
    return _fitted(stem if last.lower() == ending and dot else plain, ending)


def words_of_name(name: str) -> str:
    """A name as words, to be read for a mark: "ke_hoach (Mật).pdf" is "ke hoach (Mật)"."""
    plain = clean_name(name)
    stem, dot, last = plain.rpartition(".")
    words = (stem if dot and len(last) <= 5 else plain).replace("_", " ")
    return _JOINED.sub(" ", words).strip()


def _fitted(stem: str, ending: str) -> str:
    room = LONGEST - len(ending) - bool(ending)
    stem = stem[:room].strip(" .") or "tep"
    return f"{stem}.{ending}" if ending else stem
