"""All wiring: the only file that knows everybody.

`build_app(settings, **replacements)` puts the parts together; tests replace the clock or the
channels and use the rest as it is.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import partial

import structlog

import handlers
from bot.channels.base import Channel
from bot.clock import Clock
from bot.conversation import Attachment
from bot.ears import Ears
from bot.inbox import InboxWorker
from bot.media import MediaWorker
from bot.media_store import CannotOpen, MediaStore
from bot.networks import Surroundings, networks_of
from bot.outbox import OutboxWorker
from bot.settings import BadSettings, Settings
from bot.voice import Voice
from documents.official import official_table
from models.database import Database
from scheduler.digest import compose
from scheduler.planner import Rules
from scheduler.ticks import catch_up, tick
from services import networks, signin, upload_links
from services.errors import Refused as ServiceRefused
from vietnamese.zone import end_of_day

log = structlog.get_logger()

LEASE = timedelta(seconds=60)


class Reader:
    """Hands out the bytes of attachments: kept photos and files, and tables made on the spot."""

    def __init__(self, database: Database, clock: Clock, store: MediaStore) -> None:
        self._database = database
        self._clock = clock
        self._store = store

    async def __call__(self, attachment: Attachment) -> bytes:
        """Raises LookupError for what is not there (any more)."""
        kind, _, rest = attachment.source.partition(":")
        if kind != "table":
            return await self._store.read_attachment(attachment)
        person, unit, until = [*rest.split(":"), "", ""][:3]
        try:
            return await official_table(
                self._database,
                int(person),
                int(unit) if unit else None,
                self._clock.now(),
                until=end_of_day(date.fromisoformat(until)) if until else None,
            )
        except ServiceRefused as refused:  # the post was handed over since the link was made
            raise LookupError(refused.sentence) from None


def rules_of(settings: Settings) -> Rules:
    """The reminders' hours, from the settings."""
    return Rules(
        morning=time.fromisoformat(settings.digest_from),
        evening=time.fromisoformat(settings.leader_digest_at),
        until=time.fromisoformat(settings.digest_until),
    )


@dataclass
class App:
    """The program, put together."""

    settings: Settings
    clock: Clock
    database: Database
    channels: Mapping[str, Channel]
    store: MediaStore
    read: Reader
    inbox: InboxWorker
    outbox: OutboxWorker
    media: MediaWorker

    async def drain(self) -> None:
        """Do all that is due now, until nothing is: for tests, the terminal and the demo."""
        busy = True
        while busy:
            busy = False
            while await self.inbox.work_once() or await self.media.work_once():
                busy = True
            while await self.outbox.send_once():
                busy = True

    @property
    def rules(self) -> Rules:
        """The reminders' hours, from the settings."""
        return rules_of(self.settings)

    async def tick(self) -> None:
        """Plan what should have been planned up to now and is not."""
        await tick(self.database, self.clock.now(), self.rules, self.outbox.networks)
        self.outbox.notify()

    async def serve(self, stopping: asyncio.Event) -> None:
        """Handle, fetch and send until told to stop; what is in flight is finished."""
        if self.database.is_sqlite:
            # A single process: whatever the last one held when it died is free.
            await self.outbox.recover(timedelta(0))
            await self.media.recover()
            async with self.database.begin() as session:
                await networks.free_leases(session)
        else:
            await self.outbox.recover(LEASE)
        async with asyncio.TaskGroup() as group:
            for _ in range(1 if self.database.is_sqlite else 4):
                group.create_task(self.inbox.run(stopping))
            group.create_task(self.media.run(stopping))
            group.create_task(self.outbox.run(stopping))

    async def live_through(
        self, to: datetime, seen: Callable[[datetime], None] = lambda instant: None
    ) -> None:
        """Move the clock forward and let happen what would have happened (the demo).

        `seen` is called at each instant when all that was due then has been sent.
        """

        async def at(instant: datetime) -> None:
            self.clock.move_to(instant)

        async def after(instant: datetime) -> None:
            await self.drain()
            seen(instant)

        await catch_up(
            self.database,
            self.clock.now(),
            to,
            self.rules,
            self.outbox.networks,
            at=at,
            after=after,
        )

    async def sweep(self) -> None:
        """Housekeeping: sign-ins and links that are over; uploads and files grown old."""
        async with self.database.begin() as session:
            await signin.forget_expired(session, self.clock.now())
            await upload_links.forget_old(session, self.clock.now())
        await self.store.sweep_uploads()
        await self.store.sweep_documents()

    async def close(self) -> None:
        for channel in self.channels.values():
            await channel.close()
        await self.database.close()


def _store(settings: Settings) -> MediaStore:
    try:
        return MediaStore(settings.media_url)
    except CannotOpen as place:
        fault = f"MEDIA_URL: không mở được {place}; xem lại đường dẫn và quyền ghi"
        raise BadSettings([fault]) from None


def build_app(
    settings: Settings,
    *,
    clock: Clock | None = None,
    channels: Sequence[Channel] | None = None,
    store: MediaStore | None = None,
    database: Database | None = None,
) -> App:
    """Put the parts together. The replacements are what tests and the demo need otherwise."""
    clock = clock or Clock()
    database = database or Database(settings.database_url)
    store = store or _store(settings)
    read = Reader(database, clock, store)
    named: dict[str, Channel] = {}
    outbox = OutboxWorker(
        database,
        clock,
        named,
        partial(compose, rules=rules_of(settings)),
        lambda *told: voice.tell_administrators(*told),
    )
    voice = Voice(clock, outbox)
    ears = Ears(settings, clock, outbox, voice)
    if channels is None:
        channels = networks_of(
            settings, Surroundings(settings, clock, database, outbox, read, voice.tell)
        )
    named.update({channel.name: channel for channel in channels})
    media = MediaWorker(database, clock, store, named, on_failed=ears.photo_failed)

    def done() -> None:
        outbox.notify()
        if ears.photos_came:
            ears.photos_came = False
            media.notify()

    inbox = InboxWorker(
        database,
        clock,
        outbox,
        ears.handle,
        handlers.ROUTER.refuse,
        on_error=voice.event_failed,
        on_done=done,
    )
    return App(settings, clock, database, named, store, read, inbox, outbox, media)
