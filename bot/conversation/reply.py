"""What we answer: words, choices, a photo or a document; never a keyboard or a button.

The numbered form is what every network shows; those that have buttons show them as well.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, Literal

from pydantic import TypeAdapter

from bot.conversation.event import Address

Layout = Literal["list", "row", "dots", "words"]
PAGE = 8
MORE = "more"

_JOINS = re.compile("[\u0300-\u036f\u20e3\u200d\ufe0f\U0001f3fb-\U0001f3ff\U000e0020-\U000e007f]")
_HALF_FLAG = re.compile("[\U0001f1e6-\U0001f1ff]")
_BOLD = re.compile("\x02([^\x02\x03]*)\x03")


def bold(text: str) -> str:
    """Mark a part as bold. The marks are control letters, which nobody can type to us."""
    return f"\x02{text}\x03"


def plain(text: str) -> str:
    """The text without its marks, for networks without formatting."""
    return _BOLD.sub(r"\1", text)


def with_bold(text: str, before: str, after: str) -> str:
    """The text with its bold parts between `before` and `after`."""
    return _BOLD.sub(lambda part: f"{before}{part[1]}{after}", text)


@dataclass(frozen=True, slots=True)
class Choice:
    """Something that can be picked, by its number, its label, a part of it, or its key.

    Keys are short (a network allows 64 bytes with the menu's number) and carry ids only.
    A key that starts with "/" is a command and stays valid in old messages.
    """

    key: str
    label: str


@dataclass(frozen=True, slots=True)
class Attachment:
    """A photo or document to send; `source` is understood by bot.media."""

    source: str
    kind: Literal["photo", "document"] = "photo"
    name: str = ""


@dataclass(frozen=True, slots=True)
class Reply:
    """One answer. `hint` stands below the choices.

    `commands`: what this person may type from now on, for networks that show a menu of commands.
    """

    text: str
    choices: tuple[Choice, ...] = ()
    layout: Layout = "list"
    hint: str = ""
    attachment: Attachment | None = None
    commands: tuple[tuple[str, str], ...] = ()
    brief: str = ""
    """What to ask with when the same question is asked again; empty: the whole text."""
    page: int = 0

    @property
    def shown(self) -> tuple[Choice, ...]:
        """The choices of this page; numbers go on over the pages."""
        return self.choices[self.page * PAGE : (self.page + 1) * PAGE]

    @property
    def more(self) -> bool:
        return len(self.choices) > (self.page + 1) * PAGE

    def once_more(self) -> Reply:
        """The question as it is asked again."""
        return replace(self, text=self.brief) if self.brief else self


@dataclass(frozen=True, slots=True)
class Letter:
    """Replies for a chat, in their order.

    `menu`: the number of the question they carry, if any. `person_id`: it is no answer in this chat
    but meant for that person, wherever they are.
    """

    address: Address
    replies: Sequence[Reply]
    menu: int = 0
    person_id: int | None = None


@dataclass(frozen=True, slots=True)
class Message:
    """A reply as one network message: its whole text, and what may be picked with it."""

    text: str
    choices: tuple[Choice, ...] = ()
    menu: int = 0
    attachment: Attachment | None = None
    commands: tuple[tuple[str, str], ...] = ()


def write_out(reply: Reply) -> str:
    """The whole text with its choices numbered, the same on every network."""
    first = reply.page * PAGE + 1
    numbered = [(str(first + at), choice.label) for at, choice in enumerate(reply.shown)]
    if reply.more:
        numbered.append(("0", f"Xem tiếp (còn {len(reply.choices) - (reply.page + 1) * PAGE})"))
    if reply.layout == "words" or not numbered:
        body = reply.text
    elif reply.layout == "row":
        gap = "\n" if "\n" in reply.text else " "
        body = f"{reply.text}{gap}" + "  ".join(f"{number}. {label}" for number, label in numbered)
    elif reply.layout == "dots":
        body = f"{reply.text}\n" + " · ".join(f"{number} {label}" for number, label in numbered)
    else:
        body = "\n".join([reply.text, *(f"{number}. {label}" for number, label in numbered)])
    return f"{body}\n{reply.hint}" if reply.hint else body


def offered(reply: Reply) -> tuple[Choice, ...]:
    """What can be picked from this page, "Xem tiếp" included."""
    return (*reply.shown, Choice(MORE, "Xem tiếp")) if reply.more else reply.shown


def units(text: str) -> int:
    """The length as the networks count it: UTF-16 units."""
    return len(text.encode("utf-16-le")) // 2


def split_text(text: str, limit: int) -> list[str]:
    """The text in parts of at most `limit` UTF-16 units, cut between lines, then words.

    A letter is never cut, nor a bold part that stands within a line.
    """
    parts: list[str] = []
    part = ""
    for line in _lines_within(text, limit):
        joined = f"{part}\n{line}" if part else line
        if units(joined) > limit:
            parts.append(part)
            part = line
        else:
            part = joined
    return [*parts, part] if part or not parts else parts


def _lines_within(text: str, limit: int) -> list[str]:
    lines: list[str] = []
    for line in text.split("\n"):
        rest = line
        while units(rest) > limit:
            cut = _cut(rest, limit)
            lines.append(rest[:cut].rstrip())
            rest = rest[cut:].lstrip()
        lines.append(rest)
    return lines


def _cut(line: str, limit: int) -> int:
    """Where to cut a line that is too long: behind the last space, else before a whole letter."""
    size = 0
    for at, letter in enumerate(line):
        size += units(letter)
        if size > limit:
            space = line.rfind(" ", 1, at)
            return space if space > at // 2 else _before_letter(line, at)
    return len(line)


def _before_letter(line: str, at: int) -> int:
    """Step back over marks that belong to the letter before them (NFD, keycaps, joined emoji, the
    letters of a flag), and over the first half of a flag."""
    while at > 1 and (_JOINS.match(line[at]) or line[at - 1] == "\u200d"):
        at -= 1
    halves = re.search("[\U0001f1e6-\U0001f1ff]*$", line[:at])
    odd = halves is not None and len(halves[0]) % 2 == 1
    return at - 1 if odd and at > 1 and _HALF_FLAG.match(line[at]) else at


def messages(reply: Reply, limit: int, menu: int = 0) -> list[Message]:
    """The reply as network messages within `limit`; choices go with the last of them."""
    parts = _in_parts(reply, limit)
    attachment = reply.attachment if len(parts) == 1 else None
    last = Message(parts[-1], offered(reply), menu, attachment, reply.commands)
    first = [Message(part) for part in parts[:-1]]
    if reply.attachment and len(parts) > 1:
        first.insert(0, Message("", attachment=reply.attachment))
    return [*first, last]


def _in_parts(reply: Reply, limit: int) -> list[str]:
    """The text in parts; a menu stays whole, in the last one, where it can."""
    whole = write_out(reply)
    menu = whole[len(reply.text) :].lstrip("\n ")
    if units(whole) <= limit or not menu or units(menu) > limit:
        return split_text(whole, limit)
    return [*split_text(reply.text, limit), menu]


_message = TypeAdapter(Message)


def dump_message(message: Message) -> dict[str, Any]:
    dumped: dict[str, Any] = _message.dump_python(message, mode="json", exclude_defaults=True)
    return dumped


def load_message(data: dict[str, Any]) -> Message:
    return _message.validate_python(data)
