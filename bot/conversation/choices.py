"""Which of the offered choices was meant: by number, label, part of a label, or key."""

from __future__ import annotations

import re
from dataclasses import replace

from bot.conversation.reply import MORE, Choice, Reply
from vietnamese.letters import clean, fold, fold_in_place, spells

_NUMBER = re.compile(r"(?:so|chon|muc)?\s*(\d{1,3})\s*[.)]?")
_KEYCAP = re.compile("[\ufe0f\u20e3]")
"""What makes a drawn key of a digit: 1️⃣."""
_CODE = re.compile(r"([a-z]{2,6})[-_. ]?0*(\d{1,9})")


_COURTESY = re.compile(
    r"^(?:(?:dạ|da|vâng|vang|ok|oke|okie|okay)[ ,.]+)+"
    r"|(?:[ ,.]+(?:nhé|nhe|nha|ạ|a|đi|di|luôn|luon|giúp|giup))+$"
)
"""With their marks: "đã 4" and "duyệt à" are no "dạ 4" and no "duyệt ạ"."""


def _typed(text: str) -> str:
    return " ".join(clean(text).lower().split()).strip(" .!\"'“”")


def _plainly(text: str) -> str:
    """Without what is only courtesy: "dạ 1 ạ", "gửi đi nhé"."""
    return _COURTESY.sub("", _typed(text)).strip(" ,.")


def _is(typed: str, label: str) -> bool:
    return fold(typed) == fold(label) and spells(typed, label)


def by_number(reply: Reply, text: str) -> Choice | None:
    """The choice with this number, over all pages; 0 turns the page."""
    if reply.layout == "words":
        return None
    words = _KEYCAP.sub("", clean(text)).strip()
    found = _NUMBER.fullmatch(fold(words)) or _NUMBER.fullmatch(fold(_plainly(words)))
    if not found:
        return None
    number = int(found[1])
    if number == 0 and reply.more:
        return Choice(MORE, "Xem tiếp")
    return reply.choices[number - 1] if 1 <= number <= len(reply.choices) else None


def by_key(reply: Reply, key: str) -> Choice | None:
    if key == MORE and reply.more:
        return Choice(MORE, "Xem tiếp")
    return next((choice for choice in reply.choices if choice.key == key), None)


def by_label(reply: Reply, text: str) -> Choice | None:
    """The one choice whose label, key, or code at the head of its label is this text."""
    wanted = _typed(text)
    if reply.more and fold(wanted) in ("xem tiep", "tiep", "them"):
        return Choice(MORE, "Xem tiếp")
    same = [one for one in reply.choices if wanted == one.key or _is(wanted, one.label)]
    if not same and (plainly := _plainly(text)):
        same = [one for one in reply.choices if plainly == one.key or _is(plainly, one.label)]
    if not same and (code := _code(fold(wanted))):
        same = [one for one in reply.choices if _code(fold(one.label).split(" ")[0]) == code]
    return same[0] if len(same) == 1 else None


def _code(text: str) -> tuple[str, int] | None:
    """ "nv3", "NV-03" and "nv 03" are the same code."""
    found = _CODE.fullmatch(text)
    return (found[1], int(found[2])) if found else None


def by_part(reply: Reply, text: str) -> Choice | None:
    """The one choice whose label holds these words; at least three letters are needed."""
    wanted = _typed(text)
    if len(wanted) < 3:
        return None
    pattern = re.compile(rf"(?<!\w){re.escape(fold(wanted))}(?!\w)")
    holding = [one for one in reply.choices if _holds(one.label, pattern, wanted)]
    return holding[0] if len(holding) == 1 else None


def _holds(label: str, pattern: re.Pattern[str], wanted: str) -> bool:
    label = " ".join(clean(label).split())
    places = pattern.finditer(fold_in_place(label))
    return any(spells(wanted, label[place.start() : place.end()]) for place in places)


def any_of(reply: Reply, text: str) -> Choice | None:
    """The choice meant, by whatever way it was named."""
    return by_number(reply, text) or by_label(reply, text) or by_part(reply, text)


def turned(reply: Reply) -> Reply:
    """The same question, its next page."""
    return replace(reply, page=reply.page + 1)
