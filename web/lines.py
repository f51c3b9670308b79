"""A line of a chat as it is shown: its words, its photos, and what may be picked.

Choices come numbered within the text, as on every network. Where the numbered lines are found they
are shown as the things to pick, so that nothing is read twice; the numbers stay, for typing.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from markupsafe import Markup, escape

from bot.conversation.event import Event, load_event
from bot.conversation.reply import MORE, Choice, Message, load_message, plain, with_bold
from services.history import Line, Picture
from vietnamese.formatting import clock_time, full_day
from vietnamese.zone import local
from web.seats import Seat

_LINK = re.compile(r"https?://[^\s<>\"'\x02\x03]+[^\s<>\"'\x02\x03.,;:!?)\]}”’]")
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f\u202a-\u202e\u2066-\u2069\u200e\u200f]")

Layout = Literal["list", "row"]
NOTHING = Markup()


@dataclass(frozen=True)
class Option:
    """Something to pick: the number to type (or none), the words, the key."""

    number: str
    label: str
    key: str


@dataclass(frozen=True)
class Shot:
    """A photo or file within a line."""

    thumb: str = ""
    full: str = ""
    name: str = ""
    fault: str = ""
    """Why it could not be had."""
    is_file: bool = False

    @property
    def waiting(self) -> bool:
        return not (self.full or self.fault)


@dataclass(frozen=True)
class Shown:
    """A line, ready for the template."""

    key: str
    id: int
    side: str
    at: datetime
    text: Markup
    after: Markup = NOTHING
    options: tuple[Option, ...] = ()
    layout: Layout = "list"
    menu: int = 0
    shots: tuple[Shot, ...] = ()
    place: str = ""

    @property
    def day(self) -> str:
        return self.at.date().isoformat()

    @property
    def day_name(self) -> str:
        return full_day(self.at.date())

    @property
    def time(self) -> str:
        return clock_time(self.at)

    @property
    def waiting(self) -> bool:
        return any(shot.waiting for shot in self.shots)


def shown(line: Line, seat: Seat) -> Shown:
    """The line as this seat sees it."""
    return _said(line, seat) if line.side == "in" else _sent(line, seat)


# What they said


def _said(line: Line, seat: Seat) -> Shown:
    event = load_event(line.body)
    text = event.text or ("(đã chọn)" if event.kind == "choice" else "")
    return Shown(
        line.key,
        line.id,
        "in",
        local(line.at),
        Markup(escape(_visible(text))),
        shots=tuple(_shot(event, at, line, seat) for at in range(len(event.media))),
        place=_place(event),
    )


def _shot(event: Event, at: int, line: Line, seat: Seat) -> Shot:
    media = event.media[at]
    picture: Picture | None = line.pictures.get(media.ref)
    is_file = picture.is_file if picture else event.kind == "file"
    name = _visible(media.name) or ("tệp" if is_file else "")
    if picture is None or picture.state == "wanted":
        return Shot(name=name, is_file=is_file)
    if picture.state == "failed" or not picture.sha:
        return Shot(name=name, fault=picture.reason or "Ảnh này không nhận được.")
    if is_file:
        return Shot(full=f"{seat.base}/tep/{picture.sha}", name=name, is_file=True)
    base = f"{seat.base}/anh/{picture.sha}"
    return Shot(f"{base}/thumb", f"{base}/full", name)


def _place(event: Event) -> str:
    if event.place is None:
        return ""
    return ", ".join(f"{degree:.5f}" for degree in event.place)  # as maps take it


# What we said


def _sent(line: Line, seat: Seat) -> Shown:
    message = load_message(line.body)
    before, options, after, layout = _apart(message)
    shots: tuple[Shot, ...] = ()
    if message.attachment:
        url = f"{seat.base}/tep/{line.id}"
        is_file = message.attachment.kind == "document"
        name = _visible(message.attachment.name)
        shots = (
            Shot(f"{url}?nho=1", url, name or ("Tệp kèm theo" if is_file else ""), is_file=is_file),
        )
    return Shown(
        line.key,
        line.id,
        "out",
        local(line.at),
        rich(before),
        rich(after),
        options,
        layout,
        line.menu,
        shots,
    )


def _apart(message: Message) -> tuple[str, tuple[Option, ...], str, Layout]:
    """The text before the numbered choices, the choices, and the text behind them."""
    choices = message.choices
    if not choices:
        return message.text, (), "", "list"
    forms: tuple[tuple[str, str, str, Layout], ...] = (
        ("\n", r"\. ", "\n", "list"),
        (" ", r"\. ", "  ", "row"),
        ("\n", " ", " · ", "row"),
    )
    for lead, dot, between, layout in forms:
        pattern = lead + between.join(_numbered(choice, dot) for choice in choices)
        found = re.search(f"{pattern}(?=\n|$)", message.text)
        if found:
            options = tuple(
                Option(number, choice.label, choice.key)
                for number, choice in zip(found.groups(), choices, strict=True)
            )
            after = message.text[found.end() :].removeprefix("\n")
            return message.text[: found.start()].rstrip(), options, after, layout
    options = tuple(Option("", choice.label, choice.key) for choice in choices)
    return message.text, options, "", "row"


def _numbered(choice: Choice, dot: str) -> str:
    left = r"(?: \(còn \d+\))?" if choice.key == MORE else ""
    return rf"(\d+){dot}{re.escape(choice.label)}{left}"


def rich(text: str) -> Markup:
    """Our text as HTML: bold and links, all else escaped (pitfall 45)."""
    pieces = []
    at = 0
    for link in _LINK.finditer(text):
        pieces += [str(escape(text[at : link.start()])), _anchor(link[0])]
        at = link.end()
    html = "".join([*pieces, str(escape(text[at:]))])
    return Markup(_visible(plain(with_bold(html, "<b>", "</b>"))))


def _anchor(url: str) -> str:
    safe = str(escape(url))
    return f'<a href="{safe}" target="_blank" rel="noopener noreferrer nofollow">{safe}</a>'


def _visible(text: str) -> str:
    """Without control letters and marks that turn the direction of what follows."""
    return _CONTROL.sub("", text)
