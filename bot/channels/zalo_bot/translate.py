"""Zalo's bodies, as what was said.

Documentation and live traffic disagree on the envelope and on the photo's field, and new event
names come without notice: whatever can be read is read, and nothing here raises. An event's id is
the chat's and the message's: the same however often and in whichever envelope it comes.
"""

from __future__ import annotations

import hashlib
import json
import re
from datetime import UTC, datetime, timedelta
from typing import Any

import structlog

from bot.channels.parts.albums import Albums
from bot.channels.zalo_bot import sentences
from bot.channels.zalo_bot.client import Json
from bot.channels.zalo_bot.seen import Seen
from bot.clock import Clock
from bot.conversation import Address, Event, MediaRef
from bot.conversation.event import FILE_KEY, Kind

log = structlog.get_logger()

ID_LIMIT = 128
"""Letters of an id that the inbox keeps."""
_SAID = "message."
_NOBODY_SPOKE = ("message.reaction", "message.seen", "message.deleted", "message.undo")
_MILLISECONDS_FROM = 100_000_000_000
"""A date above this is in milliseconds: in seconds it would be the year 5138."""
_FAR = timedelta(days=366)


class Translator:
    """Reads the bodies of one bot. `names`: what a mention of it reads like, once known."""

    def __init__(self, channel: str, clock: Clock, seen: Seen) -> None:
        self.names: tuple[str, ...] = ()
        self._channel = channel
        self._clock = clock
        self._seen = seen
        self._albums = Albums()

    def heard(self, body: Json, *, envelope: bool = True) -> Event | None:
        """What was said, or None when nobody spoke, or cannot be answered.

        `envelope`: whether the body's form is worth noting (an answer to getUpdates has none).
        """
        update, form = unwrapped(body)
        if envelope:
            self._seen.envelopes[form] += 1
        name = str(update.get("event_name") or "")[:64]
        self._seen.event(name or "(none)")
        message = update.get("message")
        chat, group = _chat(message) if isinstance(message, dict) else ("", False)
        if not isinstance(message, dict) or not chat or len(chat) > ID_LIMIT:
            # So it is for some protected accounts: no content, and nobody to answer.
            self._seen.without_message += 1
            log.info("zalo_event_without_a_chat", channel=self._channel, event_name=name)
            return None
        if _dict(message.get("from")).get("is_bot") is True:
            return None  # two bots would talk for ever
        if name and (not name.startswith(_SAID) or name.startswith(_NOBODY_SPOKE)):
            log.info("zalo_event_ignored", channel=self._channel, event_name=name)
            return None
        return self._said(name, message, chat, group)

    def _said(self, name: str, message: Json, chat: str, group: bool) -> Event:
        self._seen.groups += group
        event_id, at = _event_id(chat, message), self._at(message.get("date"))
        words = self._words(message, group)
        kind: Kind = "text"
        media: tuple[MediaRef, ...] = ()
        album = key = ""
        photo = self._photo(message) if "sticker" not in name and "voice" not in name else ""
        if photo:
            self._seen.captions += bool(words)
            kind, media = "photo", (MediaRef(photo),)
            album = self._albums.of_photo(chat, event_id, at)
        else:
            self._albums.something_else(chat)
            if sentence := _unsupported(name, words):
                kind, words = "unsupported", sentence
                key = FILE_KEY if sentence == sentences.WITHHELD else ""
        return Event(
            Address(self._channel, chat),
            event_id,
            kind,
            at,
            text=words,
            key=key,
            media=media,
            album=album,
            group=group,
            speaker=_id(_dict(message.get("from")).get("id"))[:ID_LIMIT] if group else "",
        )

    def _photo(self, message: Json) -> str:
        """The address of the photo, in whichever field it stands."""
        for field in ("photo_url", "photo"):
            value = message.get(field)
            if isinstance(value, dict):
                value = value.get("url")
            if isinstance(value, str) and value.strip():
                self._seen.photo_fields[field] += 1
                return value.strip()
        return ""

    def _words(self, message: Json, group: bool) -> str:
        words = next(
            (
                value
                for field in ("text", "caption")
                if isinstance(value := message.get(field), str) and value
            ),
            "",
        )
        return without_mentions(words, message.get("mentions"), self.names) if group else words

    def _at(self, date: Any) -> datetime:
        """When it was said; now, when the date is missing or cannot be right."""
        now = self._clock.now()
        try:
            number = float(date)
            seconds = number / 1000 if number > _MILLISECONDS_FROM else number
            at = datetime.fromtimestamp(seconds, UTC)
        except (TypeError, ValueError, OverflowError, OSError):
            return now
        return at if abs(at - now) < _FAR else now


def unwrapped(body: Json) -> tuple[Json, str]:
    """The update itself, and which envelope it came in."""
    result = body.get("result")
    if isinstance(result, dict) and "event_name" not in body:
        return result, "wrapped"
    return body, "flat"


def without_mentions(text: str, marked: Any, names: tuple[str, ...]) -> str:
    """The words without the bot's name: where Zalo marks it, else wherever "@<its name>" stands.

    A name that nobody told us stays in the words.
    """
    spans = []
    for one in marked if isinstance(marked, list) else ():
        start, length = _dict(one).get("offset", _dict(one).get("pos")), _dict(one).get("length")
        length = _dict(one).get("len") if length is None else length
        if isinstance(start, int) and isinstance(length, int) and 0 <= start < start + length:
            spans.append((start, start + length))
    units = text.encode("utf-16-le")
    for start, end in sorted(spans, reverse=True):
        units = units[: 2 * start] + units[2 * end :]
    text = units.decode("utf-16-le", "ignore")
    for name in sorted(names, key=len, reverse=True):
        text = re.sub(rf"(?<!\w)@{re.escape(name)}(?!\w)[:,]?", "", text, flags=re.IGNORECASE)
    return re.sub(r" {2,}", " ", text).strip()


def _unsupported(name: str, words: str) -> str:
    """The sentence about a message without a photo; "" when its words are the message."""
    if name.startswith("message.sticker"):
        return sentences.STICKER
    if name.startswith("message.voice"):
        return sentences.VOICE
    if name.startswith("message.unsupported"):
        return sentences.WITHHELD
    if words or name.startswith("message.text"):
        return ""
    return sentences.NO_PHOTO if name.startswith("message.image") else sentences.OTHER


def _chat(message: Json) -> tuple[str, bool]:
    """The chat, and whether others are in it: in doubt it is a group."""
    chat, speaker = _dict(message.get("chat")), _id(_dict(message.get("from")).get("id"))
    chat_id = _id(chat.get("id"))
    kind = str(chat.get("chat_type") or "").upper()
    group = kind != "PRIVATE" if kind else chat_id not in ("", speaker)
    return chat_id or ("" if group else speaker), group


def _event_id(chat: str, message: Json) -> str:
    """Made of chat and message; without a message id, of all that the message says."""
    number = _id(message.get("message_id"))
    if not number:
        said = json.dumps(message, sort_keys=True, ensure_ascii=True, default=str)
        number = f"h{hashlib.sha256(said.encode()).hexdigest()[:40]}"
    event_id = f"m:{chat}:{number}"
    if len(event_id) > ID_LIMIT:
        event_id = f"m:{hashlib.sha256(event_id.encode('utf-8', 'ignore')).hexdigest()}"
    return event_id


def _id(value: Any) -> str:
    """An id as text: opaque, though some have come as numbers. "" when it is neither."""
    if isinstance(value, bool) or not isinstance(value, str | int):
        return ""
    return str(value).replace("\x00", "").encode("utf-8", "ignore").decode().strip()


def _dict(value: Any) -> Json:
    return value if isinstance(value, dict) else {}
