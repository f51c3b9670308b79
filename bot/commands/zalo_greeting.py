"""Trying out a Zalo: somebody greets, and hears a test message."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime, timedelta

from sqlalchemy import select

from bot.app import App
from bot.channels.base import Channel, SendFailed, Sending
from bot.channels.zalo_bot import ZaloBotChannel, ZaloTrouble
from bot.clock import Clock
from bot.commands.asking import Asker
from bot.conversation import Address, Event, Message
from bot.conversation.event import load_event
from models.database import Database
from models.queue import Inbox
from services.networks import take_lease
from vietnamese.letters import fold

GREETING = "xin chào"
TEST = "Tin thử của chương trình giao việc: hai bên đã gửi và nhận được tin của nhau."
WAIT_SECONDS = 60.0
"""How long a greeting is waited for."""
LOOK_SECONDS = 1.0
OWNER = "zalo setup"
LEASE = timedelta(minutes=2)

Greeted = Callable[[], Awaitable[str | None]]
"""Waits for somebody's greeting; their chat, or None when nobody has greeted in time."""


async def try_out(asker: Asker, channel: Channel, name: str, greeted: Greeted) -> None:
    """A person greets, and hears a test message. What does not work is told, with what to do."""
    while asker.yes(f'Thử gửi một tin qua "{name}"?'):
        asker.line(
            f'Trên điện thoại: mở Zalo, tìm "{name}", nhắn: {GREETING}. Nhắn rồi thì gõ Enter ở đây.'
        )
        chat = await greeted()
        if chat is None:
            asker.say(
                f'! Chưa thấy tin "{GREETING}" nào. Đồng chí xem chương trình (python -m bot run) '
                "có đang chạy với tệp .env mới không, rồi thử lại."
            )
            continue
        try:
            await channel.send(Sending(Address(channel.name, chat), Message(TEST), None, 0))
        except SendFailed as failed:
            asker.say(f"! Tin thử chưa gửi được: {failed.reason}.")
            continue
        asker.say("✓ Đã nhận lời chào và gửi tin thử. Điện thoại vừa nhắn sẽ thấy tin đó.")
        return


def greets(event: Event) -> bool:
    """Whether this is somebody's greeting in their own chat."""
    said = fold(event.text).strip()
    return event.kind == "text" and not event.group and said.startswith(fold(GREETING))


async def greeted_in_inbox(database: Database, channel: str, since: datetime) -> str | None:
    """The chat of a greeting that the running program has taken in since then."""
    until = time.monotonic() + WAIT_SECONDS
    newest = (
        select(Inbox.event)
        .where(Inbox.channel == channel, Inbox.received_at >= since)
        .order_by(Inbox.id.desc())
        .limit(100)
    )
    while True:
        async with database.begin() as session:
            rows = (await session.scalars(newest)).all()
        for row in rows:
            event = load_event(row)
            if greets(event):
                return event.address.chat_id
        if time.monotonic() >= until:
            return None
        await asyncio.sleep(LOOK_SECONDS)


async def greeted_when_asked(app: App, channel: ZaloBotChannel, since: datetime) -> str | None:
    """Ask Zalo until somebody greets. All that comes goes through the inbox, so nothing is lost."""
    heard: list[Event] = []

    async def accept(events: Sequence[Event]) -> None:
        await app.inbox.accept(events)
        heard.extend(events)

    until = time.monotonic() + WAIT_SECONDS
    try:
        while time.monotonic() < until:
            if not await _lease(app, channel.name, LEASE):
                # The program is running and asks by itself: look at what it has taken in.
                return await greeted_in_inbox(app.database, channel.name, since)
            try:
                await channel.poll_once(accept)
            except ZaloTrouble:
                await asyncio.sleep(LOOK_SECONDS)
            for event in heard:
                if greets(event):
                    return event.address.chat_id
        return None
    finally:
        await _lease(app, channel.name, timedelta(0))


async def _lease(app: App, channel: str, lasts: timedelta) -> bool:
    now = Clock().now()
    async with app.database.begin() as session:
        return await take_lease(session, channel, OWNER, now, now + lasts)
