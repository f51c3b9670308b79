"""A report cut at its commas and line ends; of a long one only the telling parts are read closely."""

import re
from dataclasses import dataclass

from vietnamese.letters import fold_in_place
from vietnamese.tokens import READ_AT_MOST, whole_words

BREAK = re.compile(r"\s*(?:[;\n•]|,(?!\d)|(?<!\d),|\.(?=\s|$)|\s[-–—+]\s|!(?=\s|$))\s*")
_TELLING = (
    "vuong", "kho khan", "gap kho", "nghen", "be tac", "ach tac", "cham", "tre tien do", "qua han", "dung tien do",
    "dam bao tien do", "kip tien do",
)  # fmt: skip
_LONGEST, _PARTS, _PART = 4096, 3, 160
"""Letters of the longest message of any network; how many telling parts are read, and how much of each."""


@dataclass
class Part:
    """Some words of a report. `plain` parts are kept as text and not read; `used` ones are dropped."""

    words: str
    used: bool = False
    plain: bool = False


def read_closely(body: str, at_most: int = READ_AT_MOST) -> int:
    """Where the part that is read word by word ends: at a comma or line end, if there is one."""
    if len(body) <= at_most:
        return len(body)
    ends = [m.start() for m in BREAK.finditer(body, at_most // 2, at_most)]
    return ends[-1] if ends else whole_words(body, at_most)


def later_parts(text: str) -> list[Part]:
    """What stands after the part of a (clean) message that is read closely.

    An obstacle is often told last. The parts that name one are found by their words, the rest stays
    together as text, so that the work is bounded however long the message is.
    """
    rest = text.strip(" ,;")
    plain = fold_in_place(rest[:_LONGEST])
    parts: list[Part] = []
    done = 0
    for start, end in _places(plain):
        if start > done:
            parts.append(Part(rest[done:start].strip(" ,;"), plain=True))
        end = start + whole_words(rest[start:end], _PART)
        parts.append(Part(rest[start:end].strip(" ,;")))
        done = end
    parts.append(Part(rest[done:].strip(" ,;"), plain=True))
    return [part for part in parts if part.words]


def _places(plain: str) -> list[tuple[int, int]]:
    """Where the telling parts begin and end, in order."""
    found: list[tuple[int, int]] = []
    at = 0
    while len(found) < _PARTS:
        hits = [hit for word in _TELLING if (hit := plain.find(word, at)) >= 0]
        if not hits:
            break
        hit = min(hits)
        before = [m.end() for m in BREAK.finditer(plain, max(at, hit - _PART), hit)]
        start = before[-1] if before else max(at, hit - _PART)
        after = BREAK.search(plain, hit, hit + _PART)
        end = after.start() if after else min(hit + _PART, len(plain))
        found.append((start, end))
        at = max(end, hit + 1)
    return found
