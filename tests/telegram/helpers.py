"""An inbox with memory, and a channel that runs against the fake Bot API server."""

from __future__ import annotations

import asyncio
import io
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from typing import Any, TypeVar

from PIL import Image

from bot.channels.base import Accept, Sending
from bot.channels.telegram import TelegramChannel
from bot.clock import Clock
from bot.conversation import Address, Attachment, Event, Message
from tests.fakes.telegram import FakeTelegram, Seat

T = TypeVar("T")


class Taken:
    """Accepts events as the inbox does: each id once. `failing`: the disk is full."""

    def __init__(self) -> None:
        self.events: list[Event] = []
        self.batches = 0
        self.refused = 0
        self.failing = False

    async def __call__(self, events: Sequence[Event]) -> None:
        if self.failing:
            self.refused += 1
            raise OSError(28, "No space left on device")
        self.batches += 1
        known = {event.id for event in self.events}
        self.events += [event for event in events if event.id not in known]

    @property
    def texts(self) -> list[str]:
        return [event.text for event in self.events]

    async def until(self, count: int) -> list[Event]:
        await until(lambda: len(self.events) >= count)
        return self.events


async def until(look: Callable[[], T], seconds: float = 30) -> T:
    """What `look` finds, once it finds something."""
    async with asyncio.timeout(seconds):
        while not (found := look()):  # noqa: ASYNC110 - what is looked at rings no bell
            await asyncio.sleep(0.005)
    return found


class Files:
    """Attachments by their source."""

    def __init__(self) -> None:
        self.held: dict[str, bytes] = {}
        self.failing = False

    async def __call__(self, attachment: Attachment) -> bytes:
        if self.failing:
            raise ConnectionError("the store is away")
        if attachment.source not in self.held:
            raise LookupError(attachment.source)
        return self.held[attachment.source]


def make(tg: FakeTelegram, read: Files | None = None, **settings: Any) -> TelegramChannel:
    """A channel that talks to the fake, with short pauses."""
    usual: dict[str, Any] = {"clock": Clock(), "pause": 0.02, "poll_seconds": 2, "api_url": tg.url}
    return TelegramChannel(tg.token, read=read or Files(), **(usual | settings))


@asynccontextmanager
async def running(channel: TelegramChannel, accept: Accept) -> AsyncIterator[None]:
    """The channel receives as long as the block lasts."""
    async with asyncio.TaskGroup() as group:
        task = group.create_task(channel.run(accept))
        try:
            yield
        finally:
            task.cancel()


def to(who: Seat, text: str = "", outbox_id: int = 0, **more: Any) -> Sending:
    """A sending to that person: text, choices, menu, attachment; retires."""
    retires = more.pop("retires", None)
    return Sending(Address("telegram", str(who.id)), Message(text, **more), retires, outbox_id)


def jpeg(size: tuple[int, int] = (640, 480), red: int = 200) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", size, (red, 90, 30)).save(out, "JPEG")
    return out.getvalue()
