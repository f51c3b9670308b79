"""All the fake remembers, without the HTTP around it."""

from __future__ import annotations

import itertools
import random
import re
import time
from collections.abc import Callable
from dataclasses import dataclass, field

from .bell import Bell, Clock
from .chats import BotMessage, Chat
from .faults import Faults
from .files import Files
from .pace import Pace
from .updates import Updates
from .webhook import Webhook
from .wire import Json, Upload, bad_request

CANARY_TOKEN = "7654321098:AAE-canary-token-that-no-log-may-show_0"


@dataclass(slots=True)
class Call:
    """One request of the bot. `status` is None when no answer left the server."""

    at: float
    method: str
    params: Json
    chat_id: int | None
    uploads: dict[str, Upload] = field(default_factory=dict)
    status: int | None = None
    description: str = ""
    monotonic: float = field(default_factory=time.monotonic)
    """When it came, by the machine's clock: what to measure pauses with."""


@dataclass(slots=True)
class Query:
    """A pressed button that waits for answerCallbackQuery."""

    id: str
    user_id: int
    at: float
    answers: list[Json] = field(default_factory=list)


class State:
    """The world of one bot. `calls` is every request, `sent` every message that got through."""

    def __init__(
        self,
        token: str = CANARY_TOKEN,
        *,
        username: str = "giaoviec_bot",
        clock: Callable[[], float] = time.time,
        seed: int = 2026,
        retry_scale: float = 0.02,
    ) -> None:
        if not re.fullmatch(r"\d+:[\w-]{20,}", token):
            raise ValueError("a token is digits, a colon and at least twenty letters")
        self.token = token
        self.dice = random.Random(seed)
        self.clock = Clock(clock)
        self.bell = Bell()
        self.files = Files()
        self.faults = Faults()
        self.pace = Pace(self.clock)
        self.updates = Updates(self.clock, self.dice, self.bell)
        self.webhook = Webhook(self.updates, self.clock, self.bell, retry_scale)
        self.chats: dict[int, Chat] = {}
        self.queries: dict[str, Query] = {}
        self.commands: dict[tuple[str, str], list[Json]] = {}
        self.calls: list[Call] = []
        self.sent: list[BotMessage] = []
        self.message_ids = itertools.count(101)
        self.user_ids = itertools.count(6_100_000_001, 7919)
        self.group_ids = itertools.count(4_200_000_001, 104_729)
        self.me: Json = {
            "id": int(token.partition(":")[0]),
            "is_bot": True,
            "first_name": "Trợ lý Giao việc",
            "username": username,
        }

    def date(self) -> int:
        return int(self.clock.now())

    def big_number(self) -> str:
        return str(self.dice.randrange(10**17, 10**18))

    def message(self, chat: Chat, sender: Json, content: Json) -> Json:
        """A Message with the next id, remembered in its chat."""
        message: Json = {
            "message_id": next(self.message_ids),
            "from": sender,
            "chat": chat.raw,
            "date": self.date(),
            **content,
        }
        chat.messages[message["message_id"]] = message
        return message

    def chat(self, chat_id: int | None) -> Chat:
        chat = self.chats.get(chat_id) if chat_id is not None else None
        if chat is None:
            raise bad_request("chat_id is empty" if chat_id is None else "chat not found")
        return chat
