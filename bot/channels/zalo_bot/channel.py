"""The Zalo Bot channel: its features, the way in, the way out, photos, setting up."""

from __future__ import annotations

import asyncio
import re
import time
from collections.abc import Awaitable, Callable, Collection
from typing import Literal, NoReturn

import structlog
from aiohttp import web

from bot.channels.base import Accept, Features, Sending
from bot.channels.parts.photos import Photos
from bot.channels.zalo_bot.client import Client, Json
from bot.channels.zalo_bot.identity import Identity, RemembersBot
from bot.channels.zalo_bot.intake import Intake
from bot.channels.zalo_bot.metering import Meter, Tally
from bot.channels.zalo_bot.polling import Poller
from bot.channels.zalo_bot.seen import Seen
from bot.channels.zalo_bot.sending import TEXT_LIMIT, DocumentLink, PhotoLink, Sender
from bot.channels.zalo_bot.setup import BotInfo, Setup
from bot.channels.zalo_bot.translate import Translator
from bot.channels.zalo_bot.webhook import Webhook
from bot.clock import Clock

log = structlog.get_logger()

API_URL = "https://bot-api.zaloplatforms.com"
NOTE_SECONDS = 10.0
"""How often it is looked whether there is a new fact to remember."""
TYPING_SECONDS = 5.0
"""A chat is shown that we write once in so long."""


async def _always() -> bool:
    return True


class ZaloBotChannel:
    """See bot.channels.base.Channel. One of these per bot: "zalo_bot", "zalo_bot_2", …

    `photo_link`, `document_link`: what goes out of house as an address (Zalo takes no uploads).
    `meter`: the bot's account of the month; None: nothing is counted.
    `may_poll`: whether this replica is the one that polls (bot.channels.lease).
    `remembers`: which bot this channel's people write to; None: whichever the token opens.
    `seen`: what it has really met; `note_seen` remembers the facts, for the doctor.
    Raises ValueError for a name, token or webhook that cannot be right; no secret is in the
    message.
    """

    def __init__(
        self,
        token: str,
        *,
        clock: Clock,
        photo_link: PhotoLink,
        document_link: DocumentLink,
        name: str = "zalo_bot",
        api_url: str = API_URL,
        mode: Literal["polling", "webhook"] = "polling",
        webhook_url: str = "",
        webhook_secret: str = "",
        meter: Meter | None = None,
        typing: bool = True,
        per_second: float = 5,
        per_chat_second: float = 1,
        may_poll: Callable[[], Awaitable[bool]] = _always,
        poll_seconds: int = 30,
        pause: float = 1,
        note_seen: Callable[[Collection[str]], Awaitable[None]] | None = None,
        remembers: RemembersBot | None = None,
    ) -> None:
        if not re.fullmatch(r"zalo_bot(_[1-9][0-9]?)?", name):
            raise ValueError("a Zalo bot is called zalo_bot, zalo_bot_2, zalo_bot_3 …")
        self.name = name
        self.features = Features(
            text_limit=TEXT_LIMIT,
            photos="url",
            per_second=per_second,
            per_chat_second=per_chat_second,
        )
        self.seen = Seen()
        self._client = Client(token, api_url)
        self._setup = Setup(self._client, self.seen)
        self._tally = Tally(meter)
        self._translator = Translator(name, clock, self.seen)
        self._identity = Identity(name, token, remembers, self.get_me, pause=pause)
        self._photos = Photos(api_url)
        self._note_seen = note_seen
        self._typing = typing
        self._typed: dict[str, float] = {}
        self._group: asyncio.TaskGroup | None = None
        self._sender = Sender(
            self._client, clock, self._tally, self.seen, photo_link, document_link
        )
        self._poller = Poller(
            self._client, self._setup, may_poll=may_poll, seconds=poll_seconds, pause=pause
        )
        self._webhook = (
            Webhook(name, self._setup, self.seen, webhook_url, webhook_secret, pause=pause)
            if mode == "webhook"
            else None
        )

    # The way in

    async def run(self, accept: Accept) -> None:
        """Take events in until cancelled: by polling, or by keeping the webhook set."""
        intake = self._intake(accept)
        async with asyncio.TaskGroup() as group:
            self._group = group
            group.create_task(self._learn_who_it_is())
            group.create_task(self._remember_facts())
            try:
                await self._identity.until_ours()
                if self._webhook:
                    await self._webhook.keep(intake)
                else:
                    await self._poller.run(intake)
            finally:
                self._group = None

    async def poll_once(self, accept: Accept) -> bool:
        """Take in one update that waits to be asked for (set-up). False: nothing came in time.

        It is committed when this returns, like any other. Raises ZaloTrouble.
        """
        return await self._poller.once(self._intake(accept))

    def _intake(self, accept: Accept) -> Intake:
        return Intake(self._translator, accept, self._tally, self.seen, self._show_typing)

    async def _remember_facts(self) -> NoReturn:
        """A fact is written down, with the day, when it is first met since the start."""
        noted: frozenset[str] = frozenset()
        while True:
            await asyncio.sleep(NOTE_SECONDS)
            facts = self.seen.facts()
            if self._note_seen is None or facts <= noted:
                continue
            try:
                await self._note_seen(facts - noted)
            except Exception as error:  # noqa: BLE001 - it will be looked at again
                log.warning("facts_not_noted", channel=self.name, error=type(error).__name__)
            else:
                noted = facts

    def routes(self) -> list[web.RouteDef]:
        """What to mount in the web server; nothing when polling."""
        return self._webhook.routes() if self._webhook else []

    async def fetch(self, ref: str) -> bytes:
        """The photo at this address, at most 20 MB. Raises FetchFailed."""
        return await self._photos.fetch(ref)

    async def _learn_who_it_is(self) -> None:
        """Whether it is our bot; and what a mention of it reads like, for groups."""
        await self._identity.learn()
        self._translator.names = self._identity.names

    # The way out

    async def send(self, sending: Sending) -> str:
        """Send one message; returns Zalo's id of it. Raises SendFailed."""
        await self._identity.check_sending()
        return await self._sender.send(sending)

    def _show_typing(self, chat_id: str) -> None:
        """Beside the receiving, so that nobody waits for it; it is no matter if it fails."""
        now = time.monotonic()
        if not self._typing or self._group is None:
            return
        self._typed = {c: at for c, at in self._typed.items() if now - at < TYPING_SECONDS}
        if chat_id not in self._typed:
            self._typed[chat_id] = now
            self._group.create_task(self._type(chat_id))

    async def _type(self, chat_id: str) -> None:
        try:
            await self._client.call("sendChatAction", {"chat_id": chat_id, "action": "typing"}, 5)
        except Exception as error:  # noqa: BLE001 - nothing of this may end the receiving
            log.debug("typing_not_shown", error=type(error).__name__)

    async def close(self) -> None:
        """Let go of connections."""
        await self._client.close()
        await self._photos.close()

    # Setting up; all raise ZaloTrouble, without the token

    async def get_me(self) -> BotInfo:
        """Who the bot is."""
        return await self._setup.get_me()

    async def set_webhook(self, url: str, secret: str) -> bool:
        """Have messages brought to `url`; False: stored, but Zalo could not verify it."""
        return await self._setup.set_webhook(url, secret)

    async def delete_webhook(self) -> bool:
        """False: there was none."""
        return await self._setup.delete_webhook()

    async def webhook_info(self) -> Json:
        """What Zalo keeps about the webhook; `url` is "" when there is none."""
        return await self._setup.webhook_info()
