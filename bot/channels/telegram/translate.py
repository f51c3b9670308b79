"""Telegram's updates, as what was said.

An event's id is made of what the update is about (chat and message, the press, the change), never
of `update_id`: that number starts anew at random after a quiet week and may then walk over numbers
which the inbox already knows, and whatever met one of them would be dropped as said before. A
message has the same id however often, by whichever way and under whichever number it comes.

The bot's own id is part of it: messages are numbered by chat and bot, so that another bot on the
same database would otherwise say again what its predecessor has heard, and be taken for deaf.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from aiogram.types import (
    CallbackQuery,
    Chat,
    ChatMemberUpdated,
    Document,
    Message,
    PhotoSize,
    Update,
    User,
)

from bot.channels.telegram import sentences
from bot.conversation import Address, Event, MediaRef
from bot.conversation.event import Kind

NAME = "telegram"
KINDS = ["message", "edited_message", "callback_query", "my_chat_member"]
"""The updates we ask for."""

_IMAGE_NAME = re.compile(r"\.(jpe?g|png|webp|hei[cf]|bmp|tiff?)$", re.IGNORECASE)
_NOT_A_PICTURE = ("image/svg+xml", "image/gif", "image/vnd.djvu")
_COMMAND = re.compile(r"^(/\w+)(?:@(\w+))?(?!\S)")
_PRESS = re.compile(r"([0-9]{1,9}):(.*)", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Me:
    """The bot itself: its id, and its name as it stands in mentions and in t.me/<username>."""

    id: int
    username: str


def event_of(update: Update, me: Me, now: datetime) -> Event | None:
    """What happened, or None when nobody said anything to us. `now` dates what has no date."""
    if update.message:
        return _said(update.message, me, update.update_id)
    if update.edited_message:
        return _edited(update.edited_message, me)
    if update.callback_query:
        return _pressed(update.callback_query, me, now)
    if update.my_chat_member:
        return _left(update.my_chat_member, me)
    return None


def unreadable(update: dict[str, Any], me: Me, now: datetime) -> Event | None:
    """An update of a shape we do not know: its sender is told, if it has one."""
    message = update.get("message")
    chat = message.get("chat") if isinstance(message, dict) else None
    if not isinstance(message, dict) or not isinstance(chat, dict) or "id" not in chat:
        return None
    if chat.get("type") != "private":
        return None
    address = Address(NAME, str(chat["id"]))
    event_id = f"m:{me.id}:{address.chat_id}:{message.get('message_id')}"[:128]
    return Event(address, event_id, "unsupported", now, text=sentences.OTHER)


def _is_group(chat: Chat) -> bool:
    return chat.type in ("group", "supergroup")


def _in_group(chat: Chat, speaker: User | None) -> dict[str, Any]:
    """A person's id is also that of their own chat with us."""
    if not _is_group(chat):
        return {}
    return {"group": True, "speaker": str(speaker.id) if speaker else ""}


def _said(message: Message, me: Me, update_id: int) -> Event | None:
    words = _to_us(message, me)
    if words is None:
        return None
    kind: Kind = "text"
    media: tuple[MediaRef, ...] = ()
    place: tuple[float, float] | None = None
    if photo := _photo(message):
        kind, media = "photo", (photo,)
    elif file := _file(message):
        kind, media = "file", (file,)
    elif message.location:
        kind = "location"
        place = (message.location.latitude, message.location.longitude)
        words = f"{message.venue.title}, {message.venue.address}" if message.venue else ""
    elif message.text is None:
        sentence = sentences.unsupported(message)
        if sentence is None:
            return None
        kind, words = "unsupported", sentence
    chat = str(message.chat.id)
    # Messages shown to one member of a group only all have the number 0.
    number = str(message.message_id or f"0:{update_id}")
    return Event(
        Address(NAME, chat),
        f"m:{me.id}:{chat}:{number}",
        kind,
        message.date,
        text=words,
        media=media,
        album=message.media_group_id or "",
        place=place,
        **_in_group(message.chat, message.from_user),
    )


def _to_us(message: Message, me: Me) -> str | None:
    """The words without the bot's name; None when they are not meant for us.

    In a group only commands, mentions and answers to the bot are.
    """
    if message.chat.type == "channel":
        return None
    if message.from_user and message.from_user.is_bot and not message.sender_chat:
        return None  # two bots would talk for ever
    words = message.text or message.caption or ""
    name = re.escape(me.username)
    if found := _COMMAND.match(words):
        if not found[2] or found[2].lower() == me.username.lower():
            return found[1] + words[found.end() :]
        return None if _is_group(message.chat) else words
    if not _is_group(message.chat):
        return words
    without, mentions = re.subn(rf"(?<!\w)@{name}(?!\w)[:,]?", "", words, flags=re.IGNORECASE)
    answered = message.reply_to_message and message.reply_to_message.from_user
    if not mentions and not (answered and answered.id == me.id):
        return None
    return re.sub(r" {2,}", " ", without).strip()


def _photo(message: Message) -> MediaRef | None:
    """The largest size of a photo, or an image that was sent as a file."""
    sizes = message.photo or (message.live_photo.photo if message.live_photo else None)
    if sizes:
        largest = max(sizes, key=_pixels)
        return MediaRef(largest.file_id, size=largest.file_size or 0)
    document = message.document
    if document is None or message.animation or not _is_image(document):
        return None
    return MediaRef(document.file_id, document.file_name or "", document.file_size or 0)


def _file(message: Message) -> MediaRef | None:
    """Anything else that was sent as a file: what it is, its content tells."""
    document = message.document
    if document is None or message.animation:
        return None
    return MediaRef(document.file_id, document.file_name or "", document.file_size or 0)


def _pixels(size: PhotoSize) -> int:
    return size.width * size.height


def _is_image(document: Document) -> bool:
    kind = document.mime_type or ""
    if kind.startswith("image/"):
        return kind not in _NOT_A_PICTURE
    # Some phones send HEIC as "some bytes".
    return kind in ("", "application/octet-stream") and bool(
        _IMAGE_NAME.search(document.file_name or "")
    )


def _edited(message: Message, me: Me) -> Event | None:
    """A text or caption that was changed; a live location that moves is none."""
    if message.edit_date is None or not (message.text or message.caption):
        return None
    words = _to_us(message, me)
    if words is None:
        return None
    chat = str(message.chat.id)
    return Event(
        Address(NAME, chat),
        f"e:{me.id}:{chat}:{message.message_id}:{message.edit_date}",
        "edited",
        datetime.fromtimestamp(message.edit_date, UTC),
        text=words,
        **_in_group(message.chat, message.from_user),
    )


def _pressed(query: CallbackQuery, me: Me, now: datetime) -> Event | None:
    """A press; whatever its data are, the router decides by the menu's number and the key."""
    if query.message is None:
        return None
    found = _PRESS.fullmatch(query.data or "")
    return Event(
        Address(NAME, str(query.message.chat.id)),
        f"c:{me.id}:{query.id}",
        "choice",
        now,
        key=found[2] if found else (query.data or ""),
        menu=int(found[1]) if found else -1,
        **_in_group(query.message.chat, query.from_user),
    )


def _left(change: ChatMemberUpdated, me: Me) -> Event | None:
    """The bot was blocked, or put out of a group."""
    status = change.new_chat_member.status
    if status not in ("kicked", "left"):
        return None
    chat = str(change.chat.id)
    return Event(
        Address(NAME, chat),
        f"b:{me.id}:{chat}:{int(change.date.timestamp())}:{status}",
        "blocked",
        change.date,
        group=_is_group(change.chat),
    )
