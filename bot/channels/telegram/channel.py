"""The Telegram channel: its features, the way in, the way out, files and command menus."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime, timedelta
from typing import Any, Literal

import structlog
from aiogram import Bot
from aiogram.exceptions import (
    AiogramError,
    TelegramBadRequest,
    TelegramEntityTooLarge,
    TelegramRetryAfter,
)
from aiogram.methods import GetFile, GetMe, SetMyCommands, TelegramMethod
from aiogram.types import BotCommand, BotCommandScopeAllPrivateChats, BotCommandScopeChat
from aiohttp import web

from bot.channels.base import Accept, Features, FetchFailed, ReadAttachment, Sending
from bot.channels.telegram.failures import Failures
from bot.channels.telegram.intake import Intake
from bot.channels.telegram.polling import Poller
from bot.channels.telegram.sending import Sender
from bot.channels.telegram.session import NotDownloaded, Session, reason_of
from bot.channels.telegram.translate import NAME, Me
from bot.channels.telegram.webhook import Webhook
from bot.clock import Clock

log = structlog.get_logger()

DOWNLOAD_BYTES = 20 * 1024 * 1024
NOTE_EVERY = timedelta(minutes=1)
TOO_LARGE = "Ảnh lớn quá 20 MB nên không tải về được. Đồng chí gửi lại ảnh nhỏ hơn giúp."
NOT_THERE = "Ảnh này không còn trên Telegram. Đồng chí gửi lại giúp."
NOT_YET = "Ảnh này chưa tải về được. Đồng chí gửi lại giúp."

Commands = Sequence[tuple[str, str]]
"""(command without "/", what it does), in the order shown."""


async def _always() -> bool:
    return True


async def _at_once() -> None:
    """Nobody waits for us to let go."""


async def _nothing(now: datetime) -> None:
    """Nobody keeps account of when events were fetched."""


class TelegramChannel:
    """See bot.channels.base.Channel.

    `may_poll`: whether this replica is the one that polls (bot.channels.lease); `on_close` lets
    another one poll at once.
    `on_fetch`: told, once a minute at most, that events have been fetched and committed; whoever
    keeps the time compares it with the last one (`may_have_lost`) and tells people of a gap.
    Raises ValueError for a token or a webhook that cannot be right; neither is in the message.
    """

    name = NAME

    def __init__(
        self,
        token: str,
        *,
        clock: Clock,
        read: ReadAttachment,
        api_url: str | None = None,
        per_second: float = 30,
        per_chat_second: float = 1,
        mode: Literal["polling", "webhook"] = "polling",
        webhook_url: str = "",
        webhook_secret: str = "",
        menu: Commands = (),
        may_poll: Callable[[], Awaitable[bool]] = _always,
        on_close: Callable[[], Awaitable[None]] = _at_once,
        on_fetch: Callable[[datetime], Awaitable[None]] = _nothing,
        poll_seconds: int = 30,
        pause: float = 1,
    ) -> None:
        number, _, secret = token.partition(":")
        if not number.isdecimal() or not secret or any(letter.isspace() for letter in token):
            raise ValueError("the Telegram token must be digits, a colon and letters")
        self.features = Features(
            text_limit=4096,
            choices=True,
            photos="upload",
            documents="upload",
            per_second=per_second,
            per_chat_second=per_chat_second,
        )
        self._clock = clock
        self._menu = menu
        self._on_fetch = on_fetch
        self._on_close = on_close
        self._noted_at: datetime | None = None
        self._session = Session(token, api_url)
        self._bot = Bot(token, session=self._session)
        self._me: Me | None = None
        self._group: asyncio.TaskGroup | None = None
        self._menus: dict[str, tuple[tuple[str, str], ...]] = {}
        self._sender = Sender(self._bot, read, self._aside, clock, Failures())
        self._poller = Poller(
            self._bot,
            may_poll=may_poll,
            fetched=self._fetched,
            seconds=poll_seconds,
            pause=pause,
        )
        self._webhook = (
            Webhook(self._bot, webhook_url, webhook_secret, pause=pause)
            if mode == "webhook"
            else None
        )

    # The way in

    async def run(self, accept: Accept) -> None:
        """Take events in until cancelled: by polling, or by keeping the webhook set."""

        async def prepare() -> Intake:
            me = await self.me()
            if self._menu:
                await self._aside(
                    SetMyCommands(
                        commands=_commands(self._menu), scope=BotCommandScopeAllPrivateChats()
                    )
                )
            return Intake(me, accept, self._aside, self._clock)

        async with asyncio.TaskGroup() as group:
            self._group = group
            try:
                if self._webhook:
                    await self._webhook.keep(prepare, self._fetched)
                else:
                    await self._poller.run(prepare)
            finally:
                self._group = None

    def routes(self) -> list[web.RouteDef]:
        """What to mount in the web server; nothing when polling."""
        return self._webhook.routes() if self._webhook else []

    async def me(self) -> Me:
        """Who the bot is. Raises AiogramError, without the token."""
        if self._me is None:
            user = await self._bot(GetMe())
            self._me = Me(user.id, user.username or "")
        return self._me

    async def _fetched(self) -> None:
        now = self._clock.now()
        if self._noted_at and abs(now - self._noted_at) < NOTE_EVERY:
            return
        try:
            await self._on_fetch(now)
        except Exception:
            log.exception("fetch_not_noted")  # what was fetched is committed all the same
        else:
            self._noted_at = now

    # The way out

    async def send(self, sending: Sending) -> str:
        """Send one message; returns its number in the chat. Raises SendFailed."""
        sent = await self._sender.send(sending)
        if sending.message.commands:
            await self.set_menu(sending.address.chat_id, sending.message.commands)
        return sent

    async def fetch(self, ref: str) -> bytes:
        """The file with this file_id, at most 20 MB. Raises FetchFailed."""
        try:
            file = await self._bot(GetFile(file_id=ref))
        except TelegramBadRequest as error:
            reason = str(error).lower()
            if "too big" in reason:
                raise FetchFailed(TOO_LARGE, final=True) from None
            passing = "temporarily" in reason
            raise FetchFailed(NOT_YET if passing else NOT_THERE, final=not passing) from None
        except TelegramEntityTooLarge:
            raise FetchFailed(TOO_LARGE, final=True) from None
        except AiogramError as error:
            log.warning("not_fetched", reason=reason_of(error))
            raise FetchFailed(NOT_YET, final=False) from None
        if (file.file_size or 0) > DOWNLOAD_BYTES:
            raise FetchFailed(TOO_LARGE, final=True)
        try:
            return await self._session.download(file.file_path or "", DOWNLOAD_BYTES)
        except NotDownloaded as error:
            log.warning("not_fetched", status=error.status)
            if error.too_large:
                raise FetchFailed(TOO_LARGE, final=True) from None
            raise FetchFailed(NOT_YET, final=False) from None

    async def set_menu(self, chat_id: str, commands: Commands) -> bool:
        """Show this chat the commands its person may use (none: those everybody has).

        Costs a call only when they have changed. False: not done, try another time.
        """
        wanted = tuple(commands)
        if self._menus.get(chat_id) == wanted:
            return True
        scope = BotCommandScopeChat(chat_id=chat_id)
        try:
            await self._bot(SetMyCommands(commands=_commands(wanted), scope=scope))
        except AiogramError as error:
            log.warning("menu_not_set", chat=chat_id, reason=reason_of(error))
            return False
        self._menus[chat_id] = wanted
        return True

    async def close(self) -> None:
        await self._on_close()
        await self._session.close()

    # Calls whose failure is harmless

    async def _aside(self, method: TelegramMethod[Any]) -> None:
        """Beside the receiving, if that runs, so that nobody waits for it; else now."""
        if self._group is not None:
            self._group.create_task(self._try(method, patient=True))
        else:
            await self._try(method, patient=False)

    async def _try(self, method: TelegramMethod[Any], *, patient: bool) -> None:
        for _ in range(3):
            try:
                await self._bot(method)
            except TelegramRetryAfter as error:
                if not patient:
                    return
                await asyncio.sleep(error.retry_after)
            except Exception as error:  # noqa: BLE001 - nothing of this may end the receiving
                what = type(method).__name__
                log.debug("not_done", what=what, reason=self._session.redacted(str(error)))
                return
            else:
                return


def _commands(menu: Commands) -> list[BotCommand]:
    """At most 100 commands of at most 32 letters, each with 1 to 256 letters about it."""
    return [
        BotCommand(command=name.removeprefix("/")[:32], description=about[:256] or name)
        for name, about in menu[:100]
    ]
