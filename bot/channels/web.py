"""The web chat: the network nobody can switch off.

Sending is nothing but waking the pages that are open: the outbox row itself is the history they
read, so a message is there whether or not anybody is looking.
"""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager

from bot.channels.base import Accept, Features, FetchFailed, Sending

MAX_LISTENERS = 12
"""Open pages of one chat; more than that is a mistake or a nuisance."""


class Listener:
    """Somebody waiting for news of one chat."""

    def __init__(self) -> None:
        self._news = asyncio.Event()
        self.closed = False

    def wake(self) -> None:
        self._news.set()

    def close(self) -> None:
        self.closed = True
        self._news.set()

    async def wait(self, seconds: float) -> bool:
        """True when there is news; False when nothing came for so long."""
        try:
            async with asyncio.timeout(seconds):
                await self._news.wait()
        except TimeoutError:
            return False
        self._news.clear()
        return True


class WebChannel:
    """The web as a network: choices are shown, photos and documents are links, there is no pace."""

    name = "web"
    features = Features(
        text_limit=8000,
        choices=True,
        photos="url",
        documents="url",
        per_second=0,
        per_chat_second=0,
    )

    def __init__(self) -> None:
        self._listeners: defaultdict[str, set[Listener]] = defaultdict(set)
        self._closed = False

    async def run(self, accept: Accept) -> None:
        """Returns at once: the pages bring the events."""

    async def send(self, sending: Sending) -> str:
        """Wake the open pages; they read the row themselves."""
        self.wake(sending.address.chat_id)
        return f"web-{sending.outbox_id}"

    async def fetch(self, ref: str) -> bytes:
        """Never has anything: what is uploaded is in the store before its event is accepted."""
        raise FetchFailed("Ảnh này không còn nữa. Đồng chí gửi lại ảnh.", final=True)

    async def close(self) -> None:
        """Let all pages go, so that the server can stop."""
        self._closed = True
        for listeners in self._listeners.values():
            for listener in listeners:
                listener.close()

    def wake(self, chat_id: str) -> None:
        """There is something new in this chat."""
        for listener in self._listeners.get(chat_id, ()):
            listener.wake()

    @contextmanager
    def subscribe(self, chat_id: str) -> Iterator[Listener]:
        """Listen to one chat. The listener is closed from the start where there are too many."""
        listeners = self._listeners[chat_id]
        listener = Listener()
        if self._closed or len(listeners) >= MAX_LISTENERS:
            listener.close()
        listeners.add(listener)
        try:
            yield listener
        finally:
            listeners.discard(listener)
            if not listeners:
                self._listeners.pop(chat_id, None)
