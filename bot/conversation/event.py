"""What somebody said, whatever network it came from."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Literal

from pydantic import TypeAdapter

Kind = Literal[
    "text",
    "choice",  # a press of something offered: `key`, and the `menu` it stood in
    "photo",
    "file",
    "location",
    "unsupported",  # a sticker, a voice, a contact …: `text` says what, in Vietnamese
    "edited",
    "blocked",  # the person has left us
    "wake",  # nothing was said: a question held back for an album is due
]


@dataclass(frozen=True, slots=True)
class Address:
    """A chat on a network. Ids are opaque strings: some networks have no numbers."""

    channel: str
    chat_id: str


@dataclass(frozen=True, slots=True)
class MediaRef:
    """A photo or file that the network holds for us; `ref` is what its channel fetches by."""

    ref: str
    name: str = ""
    size: int = 0


@dataclass(frozen=True, slots=True)
class Event:
    """One thing that happened in a chat; `id` is unique within the channel."""

    address: Address
    id: str
    kind: Kind
    at: datetime
    text: str = ""
    key: str = ""
    menu: int = 0
    media: tuple[MediaRef, ...] = ()
    album: str = ""
    place: tuple[float, float] | None = None
    group: bool = False
    """Said in a group: figures are never answered there."""
    speaker: str = ""
    """In a group: the speaker's own chat with us, where the answer goes."""
    said_in: str = ""
    """The group's chat, once the event has been led to the speaker's own."""


FILE_KEY = "file"
"""The `key` of an "unsupported" event about something that the network does not carry: whoever may
is told of the upload page, too."""

_adapter = TypeAdapter(Event)


def privately(event: Event) -> Event:
    """What was said to us in a group is answered in the speaker's own chat, in its turn there."""
    if not (event.group and event.speaker):
        return event
    own = Address(event.address.channel, event.speaker)
    return replace(event, address=own, speaker="", said_in=event.address.chat_id)


def storable(text: str) -> str:
    """The text without what a database cannot hold: NUL, and halves of surrogate pairs."""
    return text.replace("\x00", "").encode("utf-8", "ignore").decode()


def dump_event(event: Event) -> dict[str, Any]:
    media = tuple(replace(one, name=storable(one.name)) for one in event.media)
    event = replace(event, text=storable(event.text), key=storable(event.key), media=media)
    dumped: dict[str, Any] = _adapter.dump_python(event, mode="json", exclude_defaults=True)
    return dumped


def load_event(data: dict[str, Any]) -> Event:
    return _adapter.validate_python(data)
