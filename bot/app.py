"""All wiring: the only file that knows everybody.

`build_app(settings, **replacements)` puts the parts together; tests replace the clock or the
channels and use the rest as it is.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from functools import partial
from urllib.parse import urlsplit

import structlog

import handlers
from bot import media as photos
from bot.channels.base import Channel
from bot.clock import Clock
from bot.conversation import Address, Attachment, Event, Outcome, Refused, Reply, State
from bot.conversation.event import FILE_KEY
from bot.inbox import InboxWorker
from bot.media import MediaStore, MediaWorker
from bot.networks import Surroundings, networks_of, zalo_places
from bot.outbox import OutboxWorker
from bot.settings import Settings
from bot.voice import Voice
from documents.official import official_table
from models.database import Database, Session
from models.media import Media
from models.queue import Chat
from scheduler.digest import compose
from scheduler.planner import Rules
from scheduler.ticks import catch_up, tick
from services import access, linking, networks, reports, signin, upload_links, zalo_quota
from services.access import Actor
from services.errors import Refused as ServiceRefused
from vietnamese.formatting import clock_time
from vietnamese.zone import end_of_day, local, local_day
from web.parts import LOOPBACK

log = structlog.get_logger()

ANSWERED = "Tôi đã trả lời riêng đồng chí."
IN_GROUP = "Ở nhóm thì không trả lời số liệu được. Đồng chí nhắn riêng cho tôi."
GROUP_PAUSE = timedelta(minutes=1)
UPLOAD_PAGE = "Ảnh, vị trí thì đồng chí gửi ở trang này cũng được (riêng của đồng chí, dùng đến {until}): {url}"
CHAT_PAGE = "Trang trò chuyện: {url}/dang-nhap (nhập mã do văn phòng cấp)."
ONLY_REMINDERS = (
    "Số tin Zalo tháng này sắp hết, phần còn lại để dành cho nhắc việc. Tin vừa rồi chưa ghi. "
    "Đồng chí làm tiếp ở trang web, đường dẫn dùng một lần trong 24 giờ: {url}"
)
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


class Ears:
    """What the inbox worker calls: the surroundings of an event, then the talk's step."""

    def __init__(
        self, settings: Settings, clock: Clock, outbox: OutboxWorker, voice: Voice
    ) -> None:
        self._settings = settings
        self._clock = clock
        self._outbox = outbox
        self._voice = voice
        self._zalo = zalo_places(settings)
        self.photos_came = False
        """Whether an event had photos since this was last set back."""

    async def handle(self, session: Session, event: Event, state: State) -> Outcome:
        """One event in its transaction."""
        now, address = self._clock.now(), event.address
        if event.kind == "blocked":
            await linking.left(session, address.channel, address.chat_id, now)
            return Outcome(state)
        who = await access.actor_at(session, address.channel, address.chat_id, now)
        if who and _is_talk(event) and await self._only_reminders(session, address.channel, now):
            return Outcome(state, await self._elsewhere(session, who, now))
        if event.group:
            # Rights are the speaker's own, and so is the answer; the group hears where it went.
            answered = bool(event.said_in and who)
            await self._tell_group(session, event, ANSWERED if answered else IN_GROUP)
            if not answered:
                return Outcome(state)
        if who and (refused := handlers.marked(event, state)):
            return refused
        if who and event.kind == "unsupported" and event.key == FILE_KEY:
            event = await self._with_upload_page(session, who, event)
        wanted = await photos.want(session, event, who.person_id if who else None, now)
        self.photos_came |= bool(wanted)
        world = handlers.World(
            session=session,
            who=who,
            address=address,
            now=now,
            tell=lambda person, reply: self._voice.tell(session, person, reply),
            secret=self._settings.secret,
            code_days=self._settings.code_days,
            public_url=self._settings.public_url,
            bot_name=self._settings.telegram_bot_name,
            zalo=self._zalo,
        )
        try:
            return await handlers.hear(event, state, world, wanted)
        except ServiceRefused as refused:
            raise Refused(refused.sentence) from refused

    async def _tell_group(self, session: Session, event: Event, sentence: str) -> None:
        """Once in a while: an album of six is one answer, and whoever talks on in a group cannot
        use up what the network lets us say."""
        there = Address(event.address.channel, event.said_in or event.address.chat_id)
        since = self._clock.now() - GROUP_PAUSE
        if not await networks.answers_since(session, there.channel, there.chat_id, since):
            await self._outbox.put(session, there, [Reply(sentence)])

    async def _only_reminders(self, session: Session, channel: str, now: datetime) -> bool:
        """Whether the last of a Zalo bot's month is being kept for reminders."""
        if channel not in self._settings.zalo_bots:
            return False
        return await zalo_quota.only_reminders(
            session,
            channel,
            now,
            limit=self._settings.zalo_bot_monthly_limit,
            counts_received=self._settings.zalo_bot_counts_received,
        )

    async def _elsewhere(self, session: Session, who: Actor, now: datetime) -> list[Reply]:
        """The way to the web, once a day: every answer is a reminder less."""
        purpose = "elsewhere"
        if await linking.had_code_on(session, who.person_id, purpose, local_day(now)):
            return []
        secret = self._settings.secret
        code = await linking.make_code(
            session, who, who.person_id, now=now, secret=secret, days=1, purpose=purpose
        )
        return [Reply(ONLY_REMINDERS.format(url=f"{self._settings.public_url}/vao/{code}"))]

    async def _with_upload_page(self, session: Session, who: Actor, event: Event) -> Event:
        """Where else the photos can go; nothing where no phone could open our address."""
        address, now = self._settings.public_url, self._clock.now()
        if urlsplit(address).hostname in LOOPBACK:
            return event
        token = await upload_links.make(session, who, event.address.chat_id, now)
        until = clock_time(local(now + upload_links.LIFE))
        place = UPLOAD_PAGE.format(until=until, url=f"{address}/gui-anh/{token}")
        lines = [event.text, place]
        if event.address.channel.startswith("zalo_bot"):
            lines.append(CHAT_PAGE.format(url=address))  # of some people everything is kept from us
        return replace(event, text="\n".join(lines))

    async def photo_failed(self, session: Session, media: Media) -> None:
        """A photo that cannot be had is named to its sender by its number."""
        found = await reports.place_of_photo(session, media.id)
        if found:
            which = f"Ảnh {found[1]} của {found[0]}"
        else:
            chat = await session.get(Chat, (media.channel, media.chat_id))
            draft = chat.state.get("data", {}).get("photos", []) if chat else []
            which = f"Ảnh{_which(draft, media.id)} đồng chí vừa gửi"
        address = Address(media.channel, media.chat_id)
        await self._outbox.put(session, address, [Reply(f"{which} chưa dùng được. {media.reason}")])
        self._outbox.notify()


def _which(draft: Sequence[int], photo: int) -> str:
    """ " thứ nhất", " thứ 2"; "" for a photo that is in no draft."""
    number = draft.index(photo) + 1 if photo in draft else 0
    return {0: "", 1: " thứ nhất"}.get(number, f" thứ {number}")


def _is_talk(event: Event) -> bool:
    """Whether it came in by the network: not by the upload page, nor is it a held question."""
    if event.kind == "wake" or upload_links.is_from_page(event.id):
        return False
    return not any(MediaStore.is_upload(photo.ref) for photo in event.media)


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
    store = store or MediaStore(settings.media_url)
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
