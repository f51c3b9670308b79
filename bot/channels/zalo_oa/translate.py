"""The webhook's events, as what was said.

An event's id is the message's (`msg_id`), so that whatever comes again is known. Names that nobody
has told us of are never fatal: what a person sent (`user_send_…`) gets a kind answer, all else is
a notice of Zalo's own.
"""

from __future__ import annotations

import hashlib
import re
from datetime import UTC, datetime, timedelta
from typing import Any

from bot.channels.zalo_oa import sentences
from bot.channels.zalo_oa.line import Json
from bot.channels.zalo_oa.writing import PRESS
from bot.conversation import Address, Event, MediaRef
from bot.conversation.event import FILE_KEY, Kind
from vietnamese.places import find_place, has_short_link

NAME = "zalo_oa"
BEGIN = "/batdau"
"""What following the account says."""
_IMAGE_NAME = re.compile(r"\.(jpe?g|png|webp|hei[cf])$", re.IGNORECASE)
_OLD = timedelta(days=2)


def event_of(body: Json, now: datetime) -> Event | None:
    """What happened, or None when nobody said anything to us. Raises nothing."""
    name, who = str(body.get("event_name") or ""), sender_of(body)
    if not who or name.startswith("user_send_group"):
        return None
    address, at = Address(NAME, who), at_of(body, now)
    if name == "follow":
        return Event(address, _id(body, name), "text", at, text=BEGIN)
    if name == "unfollow":
        return Event(address, _id(body, name), "blocked", at)
    if name.startswith("user_send_") or name == "user_submit_info":
        return _said(body, name, address, at)
    return None


def sender_of(body: Json) -> str:
    """Who did it; "" when the body does not say."""
    for role in ("sender", "follower", "user"):
        person = body.get(role)
        if isinstance(person, dict) and person.get("id"):
            return str(person["id"])[:128]
    return ""


def account_of(body: Json) -> str:
    """The account it was done to; "" when the body does not say."""
    recipient = body.get("recipient")
    if isinstance(recipient, dict) and recipient.get("id"):
        return str(recipient["id"])
    return str(body.get("oa_id") or "")


def at_of(body: Json, now: datetime) -> datetime:
    """When, from the milliseconds of the body; `now` for what makes no sense."""
    try:
        at = datetime.fromtimestamp(float(str(body.get("timestamp"))) / 1000, UTC)
    except (TypeError, ValueError, OverflowError, OSError):
        return now
    return at if now - _OLD < at <= now else now


def _said(body: Json, name: str, address: Address, at: datetime) -> Event:
    message = _dict(body.get("message"))
    text = str(message.get("text") or "")
    event_id = _id(body, name)
    pieces = [_dict(one) for one in _list(message.get("attachments"))]
    kind: Kind
    if name == "user_send_text":
        return _text(address, event_id, at, text)
    if name == "user_send_link" and (words := _map_in(text, pieces)):
        return _text(address, event_id, at, words)
    if name == "user_send_image":
        if photos := tuple(ref for piece in pieces if (ref := _media(piece))):
            return Event(address, event_id, "photo", at, text=text, media=photos)
        return Event(address, event_id, "unsupported", at, text=sentences.NO_PICTURE)
    if name == "user_send_location" and (place := _place(pieces)):
        return Event(address, event_id, "location", at, text=text, place=place)
    if name == "user_send_file":
        files = tuple(ref for piece in pieces if (ref := _media(piece)))
        if files:
            pictures = all(_IMAGE_NAME.search(ref.name) for ref in files)
            kind = "photo" if pictures else "file"
            return Event(address, event_id, kind, at, text=text, media=files)
    kind = "unsupported"
    key = FILE_KEY if name == "user_send_file" else ""
    sentence = sentences.SENTENCES.get(name, sentences.OTHER)
    return Event(address, event_id, kind, at, text=sentence, key=key)


def _map_in(text: str, pieces: list[Json]) -> str:
    """The words with the address of a map that came beside them; "" when there is none."""
    links = [
        url for piece in pieces if isinstance(url := _dict(piece.get("payload")).get("url"), str)
    ]
    words = " ".join([text, *(link for link in links if link not in text)]).strip()
    return words if find_place(words) or has_short_link(words) else ""


def _text(address: Address, event_id: str, at: datetime, text: str) -> Event:
    """Words, or a press: that comes as a text equal to what the button carried."""
    if found := PRESS.fullmatch(text.strip()):
        return Event(address, event_id, "choice", at, key=found[2], menu=int(found[1]))
    return Event(address, event_id, "text", at, text=text)


def _id(body: Json, name: str) -> str:
    message_id = _dict(body.get("message")).get("msg_id")
    if message_id:
        return f"m:{message_id}"[:128]
    # Without one: what is the same in every delivery of the same event.
    said = f"{name}:{sender_of(body)}:{body.get('timestamp')}:{body.get('message')}"
    return f"{name[:32]}:{hashlib.sha256(said.encode('utf-8', 'ignore')).hexdigest()[:40]}"


def _media(piece: Json) -> MediaRef | None:
    payload = _dict(piece.get("payload"))
    url = payload.get("url")
    if not isinstance(url, str) or not url:
        return None
    size = str(payload.get("size") or "")
    return MediaRef(url, str(payload.get("name") or ""), int(size) if size.isdecimal() else 0)


def _place(pieces: list[Json]) -> tuple[float, float] | None:
    for piece in pieces:
        where = _dict(_dict(piece.get("payload")).get("coordinates"))
        try:
            place = float(where["latitude"]), float(where["longitude"])
        except (KeyError, TypeError, ValueError):
            continue
        if abs(place[0]) <= 90 and abs(place[1]) <= 180:
            return place
    return None


def _dict(value: Any) -> Json:
    return value if isinstance(value, dict) else {}


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []
