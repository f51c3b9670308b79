"""A photo or a file in, kept once, handed out.

An event is accepted with references only. This worker fetches what they stand for, has it
checked and copied in a process of its own, keeps it by content, and says so in the database. A
crash anywhere in between is harmless: the row is still wanted, and what was kept is kept by its
content.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

import structlog
from sqlalchemy import select, update

from bot.channels.base import Channel, FetchFailed
from bot.clock import Clock
from bot.conversation import Event
from bot.media_links import Links
from bot.media_process import PictureProcess, Prepared
from bot.media_store import TROUBLE, MediaStore, NotKept, Size
from bot.papers import Paper
from bot.pictures import Picture, Unfit
from models.database import Database, Session
from models.media import Media
from vietnamese.filenames import clean_name

__all__ = ["Links", "MediaStore", "MediaWorker", "NotKept", "PictureProcess", "Size", "want"]

log = structlog.get_logger()

AT_ONCE = 4
MAX_ATTEMPTS = 6
WAITS = (5, 30, 120, 600, 600)
"""Seconds before the next attempt, after the first, the second, …"""
FETCH_SECONDS = 60
STORE_SECONDS = 30
LEASE = timedelta(minutes=3)
"""How long a row is held. Should it run out too early, the same is done twice, to one effect."""

UNREACHABLE = "Ảnh chưa tải về được. Đồng chí gửi lại ảnh này."


async def want(
    session: Session, event: Event, person_id: int | None, now: datetime
) -> tuple[int, ...]:
    """Note down the event's photos and files, in their order, to be fetched; returns the media ids.

    Called in the transaction of the step that hears the event.
    """
    rows = [
        Media(
            channel=event.address.channel,
            chat_id=event.address.chat_id,
            person_id=person_id,
            ref=media.ref,
            kind="file" if event.kind == "file" else "photo",
            name=clean_name(media.name),
            next_at=now,
            created_at=now,
        )
        for media in event.media
    ]
    if not rows:
        return ()
    session.add_all(rows)
    await session.flush()
    return tuple(row.id for row in rows)


@dataclass(frozen=True)
class Wanted:
    """A row we hold for a while."""

    id: int
    channel: str
    ref: str
    kind: str


class MediaWorker:
    """Fetches what is wanted, a few at a time, never inside a transaction."""

    def __init__(
        self,
        database: Database,
        clock: Clock,
        store: MediaStore,
        channels: Mapping[str, Channel],
        *,
        on_failed: Callable[[Session, Media], Awaitable[None]],
    ) -> None:
        """`on_failed` tells the sender which photo could not be had, in the same transaction."""
        self._database = database
        self._clock = clock
        self._store = store
        self._channels = channels
        self._on_failed = on_failed
        self._news = asyncio.Event()

    def notify(self) -> None:
        """There may be something to fetch."""
        self._news.set()

    async def run(self, stopping: asyncio.Event) -> None:
        """Fetch until told to stop; what is in flight is finished first."""
        in_flight = 0

        async def one(wanted: Wanted) -> None:
            nonlocal in_flight
            try:
                await self._take_in(wanted)
            except Exception:  # the database is away: the row is tried again when its lease ends
                log.exception("media_unsettled", media=wanted.id)
            finally:
                in_flight -= 1
                self._news.set()

        async with asyncio.TaskGroup() as group:
            while not stopping.is_set() or in_flight:
                self._news.clear()
                claimed: list[Wanted] = []
                if not stopping.is_set() and in_flight < AT_ONCE:
                    try:
                        claimed = await self._claim(AT_ONCE - in_flight)
                    except Exception:
                        log.exception("media_unavailable")
                for wanted in claimed:
                    in_flight += 1
                    group.create_task(one(wanted))
                if not claimed:
                    await self._wait(1)

    async def recover(self) -> None:
        """Photos that a process that died was fetching are wanted again at once."""
        async with self._database.begin() as session:
            await session.execute(
                update(Media)
                .where(Media.state == "wanted", Media.attempts == 0)
                .values(next_at=self._clock.now())
            )

    async def work_once(self) -> bool:
        """Take in what is due now, a few at most, and wait for it. False: nothing was due."""
        claimed = await self._claim(AT_ONCE)
        async with asyncio.TaskGroup() as group:
            for wanted in claimed:
                group.create_task(self._take_in(wanted))
        return bool(claimed)

    async def _wait(self, seconds: float) -> None:
        try:
            async with asyncio.timeout(seconds):
                await self._news.wait()
        except TimeoutError:
            pass

    async def _claim(self, room: int) -> list[Wanted]:
        """Hold some rows: while their turn is put off, no other replica sees them."""
        now = self._clock.now()
        async with self._database.begin() as session:
            rows = await session.scalars(
                select(Media)
                .where(Media.state == "wanted", Media.next_at <= now)
                .order_by(Media.next_at, Media.id)
                .limit(room)
                .with_for_update(skip_locked=True)
            )
            found = rows.all()
            for row in found:
                row.next_at = now + LEASE
            return [Wanted(row.id, row.channel, row.ref, row.kind) for row in found]

    async def _take_in(self, wanted: Wanted) -> None:
        try:
            data = await self._fetch(wanted)
            found = await self._store.pictures.prepare(data)
            sha = await self._keep(data, found)
        except Unfit as unfit:
            await self._failed(wanted, unfit.sentence, final=True)
        except FetchFailed as failure:
            await self._failed(wanted, _of(wanted, failure.sentence), final=failure.final)
        except TROUBLE as error:
            log.error("media_store_unavailable", media=wanted.id, error=str(error)[:300])
            await self._put_off(wanted)
        else:
            await self._have(wanted, sha, len(data), found)

    async def _keep(self, data: bytes, found: Prepared | Paper) -> str:
        if isinstance(found, Paper):
            return await self._store.keep_file(data)
        sha = await self._store.keep(data)
        await self._store.keep_copies(sha, found)
        return sha

    async def _fetch(self, wanted: Wanted) -> bytes:
        if self._store.is_upload(wanted.ref):
            return await self._store.fetch_upload(wanted.ref)
        channel = self._channels.get(wanted.channel)
        if channel is None:
            log.warning("no_such_channel", channel=wanted.channel, media=wanted.id)
            raise FetchFailed(UNREACHABLE, final=False)
        try:
            async with asyncio.timeout(FETCH_SECONDS):
                return await channel.fetch(wanted.ref)
        except FetchFailed:
            raise
        except Exception as error:  # noqa: BLE001 - a network's library may raise anything
            # Only the kind of error: its text may hold the link, and the link the token.
            log.warning("fetch_failed", media=wanted.id, error=type(error).__name__)
            raise FetchFailed(UNREACHABLE, final=False) from None

    # How it ended. Whoever comes second (a lease had run out) finds the row settled.

    async def _have(self, wanted: Wanted, sha: str, size: int, found: Prepared | Paper) -> None:
        async with self._database.begin() as session:
            row = await self._still_wanted(session, wanted)
            if row:
                row.state = "have"
                row.sha256, row.size = sha, size
                if isinstance(found, Paper):
                    row.kind, row.mime = "file", found.mime
                    row.name = clean_name(row.name, found.ending)
                else:
                    _describe(row, found.picture)
        await self._drop(wanted)

    async def _failed(self, wanted: Wanted, sentence: str, *, final: bool) -> None:
        async with self._database.begin() as session:
            row = await self._still_wanted(session, wanted)
            if row is None:
                return
            row.attempts += 1
            if not final and row.attempts < MAX_ATTEMPTS:
                wait = WAITS[row.attempts - 1]
                row.next_at = self._clock.now() + timedelta(seconds=wait)
                return
            row.state, row.reason = "failed", sentence
            log.info("media_failed", media=row.id, attempts=row.attempts, reason=sentence)
            await self._on_failed(session, row)
        await self._drop(wanted)

    async def _put_off(self, wanted: Wanted) -> None:
        """Our own trouble: it counts as no attempt, and passes by itself (pitfall 34)."""
        async with self._database.begin() as session:
            row = await self._still_wanted(session, wanted)
            if row:
                row.next_at = self._clock.now() + timedelta(seconds=STORE_SECONDS)

    async def _still_wanted(self, session: Session, wanted: Wanted) -> Media | None:
        row = await session.get(Media, wanted.id, with_for_update=True)
        return row if row and row.state == "wanted" else None

    async def _drop(self, wanted: Wanted) -> None:
        if self._store.is_upload(wanted.ref):
            try:
                await self._store.drop_upload(wanted.ref)
            except (*TROUBLE, FetchFailed) as error:
                log.warning("upload_left_behind", media=wanted.id, error=type(error).__name__)


def _describe(row: Media, picture: Picture) -> None:
    row.kind, row.mime = "photo", picture.mime
    row.width, row.height = picture.width, picture.height
    row.phash, row.place, row.taken_at = picture.phash, picture.place, picture.taken_at


def _of(wanted: Wanted, sentence: str) -> str:
    """The sentence about what could not be fetched. Networks speak of photos, most of what they
    carry; of a file it is said as a file."""
    if wanted.kind == "photo":
        return sentence
    return sentence.replace("Ảnh", "Tệp").replace("ảnh", "tệp")
