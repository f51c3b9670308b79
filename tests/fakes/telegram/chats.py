"""Chats and what the bot has put into them, as a person sees it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from .bell import Bell
from .files import StoredFile
from .wire import Json


class Silence(AssertionError):
    """The bot did not say, change or answer what a test waited for."""


@dataclass(frozen=True, slots=True)
class Button:
    text: str
    data: str | None = None
    url: str | None = None
    raw: Json = field(default_factory=dict, compare=False, repr=False)


@dataclass(slots=True, eq=False)
class BotMessage:
    """One message of the bot, as it stands now: an edit changes it, `versions` keeps what it was."""

    chat: Chat
    raw: Json
    method: str
    at: float
    file: StoredFile | None = None
    markup: Json | None = None
    deleted: bool = False
    versions: list[Json] = field(default_factory=list)

    @property
    def id(self) -> int:
        return int(self.raw["message_id"])

    @property
    def chat_id(self) -> int:
        return int(self.raw["chat"]["id"])

    @property
    def text(self) -> str:
        """The text, or the caption of a photo or document."""
        return str(self.raw.get("text") or self.raw.get("caption") or "")

    @property
    def entities(self) -> list[Json]:
        return list(self.raw.get("entities") or self.raw.get("caption_entities") or [])

    @property
    def photo(self) -> bytes | None:
        """The picture of a photo message."""
        return self.file.data if self.file is not None and "photo" in self.raw else None

    @property
    def document(self) -> StoredFile | None:
        """The file of a document message: .name, .mime, .data."""
        return self.file if "document" in self.raw else None

    @property
    def album(self) -> str | None:
        """What the messages of one album share."""
        found = self.raw.get("media_group_id")
        return None if found is None else str(found)

    @property
    def reply_to(self) -> int | None:
        found = self.raw.get("reply_to_message")
        return None if found is None else int(found["message_id"])

    @property
    def rows(self) -> list[list[Button]]:
        """The inline keyboard, row by row."""
        keyboard: Any = (self.raw.get("reply_markup") or {}).get("inline_keyboard", [])
        return [
            [Button(b["text"], b.get("callback_data"), b.get("url"), b) for b in row]
            for row in keyboard
        ]

    @property
    def buttons(self) -> list[Button]:
        return [button for row in self.rows for button in row]

    @property
    def labels(self) -> list[str]:
        return [button.text for button in self.buttons]

    @property
    def keyboard(self) -> list[list[str]]:
        """The reply keyboard it came with (what replaces the phone's keyboard), row by row."""
        rows: Any = (self.markup or {}).get("keyboard", [])
        return [[key if isinstance(key, str) else key["text"] for key in row] for row in rows]

    def __repr__(self) -> str:
        return f"<{self.method} {self.id} to {self.chat_id}: {self.text!r} {self.labels}>"


@dataclass(slots=True, eq=False)
class Chat:
    """A private chat, a group or a supergroup, with everything said in it.

    `refuses` is the 403 that sends get; `migrated_to` the supergroup it has become.
    """

    raw: Json
    bell: Bell = field(default_factory=Bell)
    said: list[BotMessage] = field(default_factory=list)
    edited: list[BotMessage] = field(default_factory=list)
    actions: list[str] = field(default_factory=list)
    reactions: dict[int, list[str]] = field(default_factory=dict)
    messages: dict[int, Json] = field(default_factory=dict)
    by_bot: dict[int, BotMessage] = field(default_factory=dict)
    refuses: str | None = None
    migrated_to: int | None = None

    @property
    def id(self) -> int:
        return int(self.raw["id"])

    @property
    def is_group(self) -> bool:
        return str(self.raw["type"]) != "private"

    def keep(self, message: BotMessage) -> None:
        """A new message of the bot stands in the chat."""
        self.messages[message.id] = message.raw
        self.by_bot[message.id] = message
        self.said.append(message)
        self.bell.ring()
