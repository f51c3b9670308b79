"""Many people at once on the fake Telegram: each says the next thing when the answer is there."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from aiohttp import ClientSession, ClientTimeout

PATIENCE = 60
PAUSE = 0.01
"""Between two looks, so that one look finds several answers: the driver shares the processors."""


@dataclass(frozen=True)
class Line:
    """What is said, and what the answer to it holds."""

    says: str
    hears: str
    unless: tuple[str, str] = ("", "")
    """Where the answer holds the first of these instead, the second is said to go on."""


class Stuck(Exception):
    """An expected answer did not come."""


@dataclass
class Talked:
    """How it went: messages answered, in how many seconds, each after how many."""

    messages: int
    seconds: float
    waits: list[float] = field(default_factory=list)
    strays: int = 0
    """Messages that answer nothing that was said."""

    @property
    def rate(self) -> float:
        """Messages a second."""
        return self.messages / self.seconds


class Crowd:
    """The chats of one fake Telegram, each somewhere in the same dialogue."""

    def __init__(self, http: ClientSession, url: str, chats: Sequence[int]) -> None:
        self._http = http
        self._url = url
        self._chats = chats
        self._since = 0

    async def talk(self, dialogue: Sequence[Line], rounds: int = 1) -> Talked:
        """Everybody holds the dialogue so many times. Raises Stuck."""
        length = len(dialogue) * rounds
        at = dict.fromkeys(self._chats, 0)
        result = Talked(length * len(at), 0)
        begun = time.perf_counter()
        said = dict.fromkeys(at, begun)
        await self._say([(chat, dialogue[0].says) for chat in at])
        while any(place < length for place in at.values()):
            saying: list[tuple[int, str]] = []
            for message in await self._heard():
                chat = message["chat"]
                place = at.get(chat, length)
                doubt, anyway = dialogue[place % len(dialogue)].unless
                if place < length and doubt and doubt in message["text"]:
                    saying.append((chat, anyway))
                    continue
                if place == length or dialogue[place % len(dialogue)].hears not in message["text"]:
                    result.strays += 1
                    self._last = message["text"]
                    continue
                now = time.perf_counter()
                result.waits.append(now - said[chat])
                at[chat] = place + 1
                if place + 1 < length:
                    saying.append((chat, dialogue[(place + 1) % len(dialogue)].says))
                    said[chat] = now
            await self._say(saying)
        result.seconds = time.perf_counter() - begun
        return result

    async def _say(self, what: Sequence[tuple[int, str]]) -> None:
        if what:
            orders = [{"chat": chat, "text": text} for chat, text in what]
            async with self._http.post(f"{self._url}/control/says", json={"all": orders}) as answer:
                answer.raise_for_status()

    async def _heard(self) -> list[dict[str, Any]]:
        await asyncio.sleep(PAUSE)
        query = {"since": str(self._since), "wait": str(PATIENCE)}
        async with self._http.get(f"{self._url}/control/sent", params=query) as answer:
            answer.raise_for_status()
            found = await answer.json()
        if not found["sent"]:
            raise Stuck(f"no answer for {PATIENCE} s; the last unexpected: {self._last!r}")
        self._since = found["next"]
        sent: list[dict[str, Any]] = found["sent"]
        return sent

    _last = ""


def client() -> ClientSession:
    """To be closed by the caller."""
    return ClientSession(timeout=ClientTimeout(total=PATIENCE + 30))
