"""What a talk's step has at hand: the transaction, who speaks, the time, and whom it may tell."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any
from urllib.parse import urlsplit

from bot import conversation
from bot.conversation import Address, Reply
from services import Session
from services.access import Actor
from services.zalo.bots import ZaloPlaces
from vietnamese.zone import local_day


@dataclass(frozen=True)
class World:
    """One event's surroundings. `who` is None in a chat that is not connected yet."""

    session: Session
    who: Actor | None
    address: Address
    now: datetime
    tell: Callable[[int, Reply], Awaitable[bool]]
    """Put a message for a person (by id) into the outbox; False: not reachable."""
    secret: bytes
    code_days: int
    public_url: str
    bot_name: str
    """The Telegram bot's name, for links; empty where there is none."""
    zalo: ZaloPlaces = field(default_factory=ZaloPlaces)
    """The bots and the account of Zalo, as people find them."""

    @property
    def actor(self) -> Actor:
        """Who speaks; only the talk that connects people runs without."""
        assert self.who is not None
        return self.who

    @property
    def has_public_page(self) -> bool:
        """Whether a phone could open our address."""
        return urlsplit(self.public_url).hostname not in ("127.0.0.1", "localhost", "::1")

    @property
    def today(self) -> date:
        return local_day(self.now)


Turn = conversation.Turn[World]
Next = conversation.Next[World]
Talk = conversation.Talk[World]
Data = dict[str, Any]
