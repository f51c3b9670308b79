"""The Zalo Official Account channel: its features, the way in, the way out, its tokens."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import NoReturn

import structlog
from aiohttp import web

from bot.channels.base import Accept, Features, ReadAttachment, Sending
from bot.channels.parts.calls import ANSWER_SECONDS
from bot.channels.parts.photos import Photos
from bot.channels.zalo_oa.api import Api, Hosts, OfficialAccount
from bot.channels.zalo_oa.line import CallFailed, Line
from bot.channels.zalo_oa.memory import Memory
from bot.channels.zalo_oa.seen import Seen
from bot.channels.zalo_oa.sending import Sender
from bot.channels.zalo_oa.signature import Signatures
from bot.channels.zalo_oa.tokens import NoToken, TokenKeeper
from bot.channels.zalo_oa.translate import NAME
from bot.channels.zalo_oa.uploads import DocumentLink, Uploads
from bot.channels.zalo_oa.webhook import Webhook
from bot.channels.zalo_oa.writing import TEXT, Template
from bot.clock import Clock

log = structlog.get_logger()

LOOK_SECONDS = 300.0
"""How often the tokens are looked at."""


class ZaloOaChannel:
    """See bot.channels.base.Channel.

    `app_id`, `app_secret`: of the application at developers.zalo.me; `oa_secret`: the account's
    secret key, which signs the webhook (there too); `oa_id`: the account, "" where unknown.
    `refresh_token`: to begin with; once taken it is kept, rotated, in `memory`.
    `document_link`: where a person gets a file that Zalo does not take (XLSX, over 5 MB).
    `on_listening`: told now and then that events can come in (see bot.channels.zalo_oa.gap).
    Raises ValueError for settings that cannot be right; none of them is in the message.
    """

    name = NAME

    def __init__(
        self,
        *,
        app_id: str,
        app_secret: str,
        oa_secret: str,
        clock: Clock,
        read: ReadAttachment,
        memory: Memory,
        oa_id: str = "",
        refresh_token: str = "",
        hosts: Hosts | None = None,
        webhook_path: str = "/zalo/oa",
        template: Template | None = None,
        document_link: DocumentLink | None = None,
        on_listening: Callable[[datetime], Awaitable[None]] | None = None,
        per_second: float = 20,
        per_chat_second: float = 2,
        answer_seconds: float = ANSWER_SECONDS,
    ) -> None:
        if not app_secret or any(letter.isspace() for letter in app_secret + refresh_token):
            raise ValueError("the application's secret and the refresh token are single words")
        self.features = Features(
            text_limit=TEXT,
            choices=True,
            photos="upload",
            documents="upload",
            per_second=per_second,
            per_chat_second=per_chat_second,
        )
        hosts = hosts or Hosts()
        self._photos = Photos(hosts.openapi)
        self._line = Line(answer_seconds)
        self._seen = Seen(memory.note, clock)
        self._tokens = TokenKeeper(
            self._line,
            memory,
            clock,
            url=hosts.oauth,
            app_id=app_id,
            secret_key=app_secret,
            seed=refresh_token,
        )
        self._api = Api(self._line, self._tokens, hosts)
        signatures = Signatures(app_id, oa_id, oa_secret)
        self._webhook = Webhook(webhook_path, signatures, oa_id, memory.heard, self._seen, clock)
        self._clock = clock
        self._on_listening = on_listening
        self._sender = Sender(
            self._api,
            Uploads(self._api, read, clock),
            memory,
            clock,
            self._seen,
            template=template,
            link=document_link,
        )

    async def run(self, accept: Accept) -> None:
        """Let the webhook's events in, and keep the tokens fresh, until cancelled."""
        self._webhook.accept = accept
        try:
            await self._keep_fresh()
        finally:
            self._webhook.accept = None

    async def _keep_fresh(self) -> NoReturn:
        while True:
            await self._note_listening()
            try:
                await self._tokens.keep_fresh()
                if "oa_type" not in self._seen.facts:
                    await self.account()
            except (NoToken, CallFailed) as error:
                log.warning("zalo_oa_not_ready", reason=str(error))
            except Exception:
                log.exception("zalo_oa_tokens_not_kept")
            await asyncio.sleep(LOOK_SECONDS)

    async def _note_listening(self) -> None:
        if self._on_listening is None:
            return
        try:
            await self._on_listening(self._clock.now())
        except Exception as error:  # noqa: BLE001 - it is noted again in some minutes
            log.warning("listening_not_noted", error=type(error).__name__)

    def routes(self) -> list[web.RouteDef]:
        """What to mount in the web server."""
        return self._webhook.routes()

    async def account(self) -> OfficialAccount:
        """What kind of account this is (the doctor). Raises CallFailed, NoToken."""
        account = await self._api.account()
        await self._seen.note("oa_type", str(account.oa_type))
        return account

    @property
    def seen(self) -> dict[str, str]:
        """What this process has seen of the network's unconfirmed sides."""
        return dict(self._seen.facts)

    async def send(self, sending: Sending) -> str:
        """Send one message; returns Zalo's id of it. Raises SendFailed."""
        return await self._sender.send(sending)

    async def fetch(self, ref: str) -> bytes:
        """The photo at this address, at most 20 MB. Raises FetchFailed."""
        return await self._photos.fetch(ref)

    async def close(self) -> None:
        await self._line.close()
        await self._photos.close()
