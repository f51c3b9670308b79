"""A network that holds photos, and somebody who is told about them."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy import select

from bot.channels.base import Accept, Features, Sending
from bot.conversation import Address, Event, MediaRef
from bot.media import want
from models.database import Database, Session
from models.media import Media

NOW = datetime(2026, 11, 23, 1, 0, tzinfo=UTC)


class Network:
    """A network that holds photos. What it is given to raise, it raises, once each."""

    name = "mang"
    features = Features(text_limit=2000)

    def __init__(self, **photos: bytes) -> None:
        self.photos = photos
        self.troubles: list[Exception] = []
        self.asked: list[str] = []
        self.open = asyncio.Event()
        self.open.set()

    async def run(self, accept: Accept) -> None:
        return

    async def send(self, sending: Sending) -> str:
        raise NotImplementedError

    async def fetch(self, ref: str) -> bytes:
        self.asked.append(ref)
        await self.open.wait()
        if self.troubles:
            raise self.troubles.pop(0)
        return self.photos[ref]

    async def close(self) -> None:
        return


class Stopped(Exception):
    """Stands for the program being killed, or a step that fails."""


class Told:
    """Remembers which photos their sender was told about."""

    def __init__(self) -> None:
        self.media: list[tuple[int, str]] = []

    async def __call__(self, session: Session, media: Media) -> None:
        self.media.append((media.id, media.reason))


async def sent(database: Database, *refs: str, channel: str = "mang") -> list[int]:
    """Somebody sends photos; returns the media ids."""
    media = tuple(MediaRef(ref, "a\0.jpg") for ref in refs)
    event = Event(Address(channel, "7"), "e1", "photo", NOW, media=media)
    async with database.begin() as session:
        return list(await want(session, event, None, NOW))


async def rows(database: Database) -> list[Media]:
    async with database.begin() as session:
        return list((await session.scalars(select(Media).order_by(Media.id))).all())


async def only(database: Database) -> Media:
    (row,) = await rows(database)
    return row


def files(tmp_path: Path, folder: str) -> list[str]:
    return sorted(
        path.relative_to(tmp_path / "media").as_posix()
        for path in (tmp_path / "media" / folder).rglob("*")
        if path.is_file()
    )
