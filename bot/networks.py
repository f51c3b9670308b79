"""The networks that are configured, each with what it needs from the rest of the program.

Telegram's library takes half the time of a start: it is read only where Telegram is used.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Collection
from dataclasses import dataclass
from datetime import datetime, timedelta

import handlers
from bot.channels import zalo_oa
from bot.channels.base import Channel, ReadAttachment, Sending
from bot.channels.lease import PollLease
from bot.channels.web import WebChannel
from bot.channels.zalo_bot import ZaloBotChannel
from bot.channels.zalo_oa import Hosts, Template, ZaloOaChannel
from bot.clock import Clock
from bot.conversation import Address, Attachment, Reply
from bot.media import Links
from bot.outbox import OutboxWorker
from bot.settings import Settings
from models.database import Database, Session
from services import networks, people
from services.zalo import seen as zalo_seen
from services.zalo.bots import ZaloPlace, ZaloPlaces
from services.zalo.oa import ZaloOaStore
from services.zalo.quota import Quota, Standing
from vietnamese.zone import local_day

Tell = Callable[[Session, int, Reply], Awaitable[bool]]
LINK_HOURS = 24
"""How long a link to a photo or a document in a message is good."""


@dataclass(frozen=True)
class Surroundings:
    """What the networks may ask of the program: links, leases, the quota, a word to somebody."""

    settings: Settings
    clock: Clock
    database: Database
    outbox: OutboxWorker
    read: ReadAttachment
    tell: Tell

    @property
    def _links(self) -> Links:
        return Links(self.settings.secret, self.settings.public_url)

    def _soon(self) -> datetime:
        return self.clock.now() + timedelta(hours=LINK_HOURS)

    async def photo_link(self, attachment: Attachment) -> str:
        """An address a network can fetch a photo from. Raises LookupError for anything else."""
        kind, _, sha = attachment.source.partition(":")
        if kind != "photo":
            raise LookupError(attachment.source)
        return self._links.url(sha, "full", self._soon())

    async def document_link(self, attachment: Attachment) -> str:
        """Where a person can fetch a document that their network does not carry."""
        return self._links.document_url(attachment, self._soon())

    async def document_of(self, sending: Sending) -> str:
        attachment = sending.message.attachment
        if attachment is None:
            raise LookupError("no document")
        return await self.document_link(attachment)

    def lease(self, channel: str) -> PollLease:
        async def take(owner: str, now: datetime, until: datetime) -> bool:
            async with self.database.begin() as session:
                return await networks.take_lease(session, channel, owner, now, until)

        return PollLease(take, self.clock)

    async def note_telegram_fetch(self, now: datetime) -> None:
        """After a gap longer than Telegram keeps messages, people are told (pitfall 7)."""
        from bot.channels.telegram import lost_sentence, may_have_lost

        async with self.database.begin() as session:
            before = await networks.note_fetch(session, "telegram", now)
            if before is not None and may_have_lost(before, now):
                for chat in await networks.chats_on(session, "telegram"):
                    sentence = Reply(lost_sentence(before))
                    await self.outbox.put(session, Address("telegram", chat), [sentence])
        self.outbox.notify()

    async def note_listening(self, now: datetime) -> None:
        """After a gap longer than Zalo tries again, its webhook is off until somebody sets it."""
        async with self.database.begin() as session:
            before = await networks.note_fetch(session, "zalo_oa", now)
            if before is not None and now - before > zalo_oa.KEEPS:
                for person in await people.administrators(session, now):
                    await self.tell(session, person, Reply(zalo_oa.silent_sentence(before)))
        self.outbox.notify()

    def note_seen(self, channel: str) -> Callable[[Collection[str]], Awaitable[None]]:
        async def note(facts: Collection[str]) -> None:
            async with self.database.begin() as session:
                await zalo_seen.note(session, channel, facts, local_day(self.clock.now()))

        return note

    async def quota_warning(self, session: Session, standing: Standing) -> bool:
        """The administrators hear at 80 and 95 % of a bot's month; False: none can be reached."""
        told = [
            await self.tell(session, person, Reply(standing.warning))
            for person in await people.administrators(session, self.clock.now())
        ]
        return any(told)


@dataclass(frozen=True)
class RememberedBot:
    """See bot.channels.zalo_bot.identity."""

    database: Database
    channel: str

    async def is_known_token(self, mark: str) -> bool:
        async with self.database.begin() as session:
            return await networks.is_known_token(session, self.channel, mark)

    async def has_met_one(self) -> bool:
        async with self.database.begin() as session:
            return bool(await networks.bot_of(session, self.channel))

    async def is_same_bot(self, bot_id: str, mark: str) -> bool:
        async with self.database.begin() as session:
            return await networks.is_same_bot(session, self.channel, bot_id, mark)


def zalo_places(settings: Settings) -> ZaloPlaces:
    """The bots and the account of Zalo, as people find them."""
    account = None
    if settings.zalo_oa_app_id:
        account = ZaloPlace("zalo_oa", settings.zalo_oa_name, settings.zalo_oa_link)
    bots = tuple(ZaloPlace(*sign) for sign in settings.zalo_bot_signs)
    return ZaloPlaces(bots, account, settings.zalo_bot_people)


def networks_of(settings: Settings, around: Surroundings) -> list[Channel]:
    """The networks that are configured; the web chat always is."""
    found: list[Channel] = [WebChannel()]
    if settings.telegram_token.get_secret_value():
        found.append(_telegram(settings, around))
    found += [
        _zalo_bot(settings, around, name, token) for name, token in settings.zalo_bots.items()
    ]
    if settings.zalo_oa_app_id:
        found.append(_zalo_oa(settings, around))
    return found


def _telegram(settings: Settings, around: Surroundings) -> Channel:
    from bot.channels.telegram import TelegramChannel

    lease = around.lease("telegram")
    return TelegramChannel(
        settings.telegram_token.get_secret_value(),
        clock=around.clock,
        read=around.read,
        api_url=settings.telegram_api_url or None,
        per_second=settings.telegram_per_second,
        per_chat_second=settings.telegram_per_chat_second,
        mode=settings.telegram_mode,
        webhook_url=f"{settings.public_url}/telegram",
        webhook_secret=settings.telegram_webhook_secret.get_secret_value(),
        menu=handlers.commands_for(None),
        may_poll=lease.may_poll,
        on_close=lease.release,
        on_fetch=around.note_telegram_fetch,
    )


def _zalo_bot(settings: Settings, around: Surroundings, name: str, token: str) -> Channel:
    return ZaloBotChannel(
        token,
        name=name,
        clock=around.clock,
        photo_link=around.photo_link,
        document_link=around.document_of,
        api_url=settings.zalo_bot_api_url,
        mode=settings.zalo_bot_mode,
        webhook_url=f"{settings.public_url}/{name}",
        webhook_secret=settings.zalo_bot_webhook_secret.get_secret_value(),
        meter=Quota(
            around.database,
            around.clock.now,
            name,
            limit=settings.zalo_bot_monthly_limit,
            counts_received=settings.zalo_bot_counts_received,
            on_warning=around.quota_warning,
        ),
        per_second=settings.zalo_bot_per_second,
        per_chat_second=settings.zalo_bot_per_chat_second,
        may_poll=around.lease(name).may_poll,
        note_seen=around.note_seen(name),
        remembers=RememberedBot(around.database, name),
    )


def _zalo_oa(settings: Settings, around: Surroundings) -> Channel:
    template = None
    if settings.zalo_oa_template_id:
        template = Template(
            settings.zalo_oa_template_id,
            settings.zalo_oa_template_data,
            settings.zalo_oa_template_limit,
        )
    return ZaloOaChannel(
        app_id=settings.zalo_oa_app_id,
        app_secret=settings.zalo_oa_app_secret.get_secret_value(),
        oa_secret=settings.zalo_oa_secret_key.get_secret_value(),
        oa_id=settings.zalo_oa_id,
        refresh_token=settings.zalo_oa_refresh_token.get_secret_value(),
        clock=around.clock,
        read=around.read,
        memory=ZaloOaStore(around.database, settings.zalo_oa_app_id),
        hosts=Hosts(settings.zalo_oa_oauth_url, settings.zalo_oa_api_url),
        template=template,
        document_link=around.document_link,
        on_listening=around.note_listening,
        per_second=settings.zalo_oa_per_second,
        per_chat_second=settings.zalo_oa_per_chat_second,
    )
