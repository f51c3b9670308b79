"""All the fake remembers, without the HTTP around it."""

from __future__ import annotations

import itertools
import random
import re
import time
from collections import deque
from dataclasses import dataclass, field
from typing import Any

from tests.fakes.telegram.bell import Bell, Clock

from .faults import Faults

Json = dict[str, Any]

CANARY_TOKEN = "2760153829407:canary-token-that-no-log-may-show"
SECRET_HEADER = "X-Bot-Api-Secret-Token"


class Silence(AssertionError):
    """The bot did not say or do what a test waited for."""


@dataclass(slots=True)
class Call:
    """One request of the bot. `status` is None when no answer left the server."""

    method: str
    body: Json
    status: int | None = None
    code: int = 0
    """Zalo's error_code; 0: it was done."""


@dataclass(frozen=True, slots=True)
class BotMessage:
    """One message of the bot, as a phone shows it."""

    id: str
    chat_id: str
    text: str
    photo: bytes | None = None


@dataclass(slots=True)
class Held:
    """A picture or sound that somebody sent, and until when it can be fetched."""

    data: bytes
    until: float
    mime: str


@dataclass(slots=True)
class Delivery:
    """One attempt to bring an update to the webhook; `status` None: nobody was there."""

    message_id: str
    status: int | None


@dataclass(slots=True)
class Chat:
    """A private chat or a group with everything the bot said in it."""

    id: str
    kind: str
    said: list[BotMessage] = field(default_factory=list)
    actions: list[str] = field(default_factory=list)
    refusal: tuple[int, str] | None = None
    """What every send to it is answered with."""


class State:
    """The world of one bot.

    `envelope` "flat" or "wrapped", `photo_field` "photo_url" or "photo": how updates look.
    `idle_status`: the HTTP status of the 408 that says that nothing came (200 or 408).
    `refusal_status`: the HTTP status of refusals, 200 or None for the same as the code.
    `limit`: messages a month, both ways; then 429. `retries`: how often a webhook is tried again.
    """

    url = ""

    def __init__(self, token: str = CANARY_TOKEN, *, name: str = "Bot Giao việc") -> None:
        self.token = token
        self.me: Json = {
            "id": "1459232241454765289",
            "account_name": name,
            "account_type": "BASIC",
            "can_join_groups": True,
        }
        self.envelope = "flat"
        self.photo_field = "photo_url"
        self.idle_status = 200
        self.refusal_status: int | None = None
        self.limit: int | None = None
        self.retries = 3
        self.retry_seconds = 0.02
        self.media_seconds = 3600.0
        self.bell = Bell()
        self.clock = Clock(time.time)
        self.faults = Faults()
        self.calls: list[Call] = []
        self.sent: list[BotMessage] = []
        self.received = 0
        self.chats: dict[str, Chat] = {}
        self.media: dict[str, Held] = {}
        self.waiting: deque[Json] = deque()
        """Updates that wait for a poller; handing one out forgets it."""
        self.polling = 0
        self.hook_url = ""
        self.hook_secret = ""
        self.deliveries: list[Delivery] = []
        self._random = random.Random(2026)
        self._numbers = itertools.count(1)

    def new_id(self) -> str:
        """Opaque, and not a number."""
        return f"{self._random.getrandbits(80):020x}"

    def hold(self, data: bytes, end: str = "jpg", mime: str = "image/jpeg") -> str:
        """Keep a picture; its address, which is dead after `media_seconds`."""
        key = f"{self.new_id()}.{end}"
        self.media[key] = Held(data, self.clock.now() + self.media_seconds, mime)
        return f"{self.url}/media/{key}?sig={self.new_id()}"

    def expire_media(self) -> None:
        """Every address handed out so far is dead."""
        for held in self.media.values():
            held.until = 0

    def in_envelope(self, update: Json) -> Json:
        return {"ok": True, "result": update} if self.envelope == "wrapped" else update

    @property
    def exchanged(self) -> int:
        """Messages both ways so far."""
        return self.received + len(self.sent)

    def calls_of(self, method: str) -> list[Call]:
        return [call for call in self.calls if call.method == method]

    def mentions_bot(self, text: str) -> bool:
        return re.search(rf"@{re.escape(self.me['account_name'])}", text) is not None
