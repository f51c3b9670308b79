"""Whether the bot behind a token is the one that this channel's people write to.

Channels are named by the place of their token in the settings. Were two tokens exchanged, the
people of one bot would be strangers at the other, and reminders would go to whoever has their ids
there: so a channel that finds another bot than before takes nothing in, sends nothing, and says so.
"""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import Awaitable, Callable
from typing import Literal, Protocol

import structlog

from bot.channels.base import SendFailed
from bot.channels.parts.backoff import Backoff
from bot.channels.zalo_bot.client import ZaloTrouble
from bot.channels.zalo_bot.setup import BotInfo

log = structlog.get_logger()

WAIT_SECONDS = 300.0
LEARNING_SECONDS = 2.0
ANOTHER = "the token is another bot's"
UNKNOWN = "whose the token is, is not known yet"
HELP = "put ZALO_BOT_TOKENS back into its order; a new bot comes last: python -m bot doctor"


class RemembersBot(Protocol):
    """What is remembered about the bot of one channel. Every call is committed when it returns."""

    async def is_known_token(self, mark: str) -> bool:
        """Whether the channel's bot was last met with this token."""
        raise NotImplementedError

    async def has_met_one(self) -> bool:
        """Whether the channel has people of a bot: some bot was met under its name."""
        raise NotImplementedError

    async def is_same_bot(self, bot_id: str, mark: str) -> bool:
        """Whether this is the channel's bot; the first one met is, and is remembered."""
        raise NotImplementedError


class Identity:
    """Knows after a while whether the bot is the right one; a token met before is enough."""

    def __init__(
        self,
        channel: str,
        token: str,
        memory: RemembersBot | None,
        get_me: Callable[[], Awaitable[BotInfo]],
        *,
        pause: float,
    ) -> None:
        self._channel = channel
        self._mark = hashlib.sha256(token.encode()).hexdigest()
        self._memory = memory
        self._get_me = get_me
        self._pause = pause
        self._ours = asyncio.Event()
        self.standing: Literal["unknown", "ours", "another"] = "unknown"
        self.names: tuple[str, ...] = ()
        """What a mention of the bot reads like, once it has told us."""

    async def until_ours(self) -> None:
        """Returns when events may be taken in: at once, soon, or never."""
        await self._ours.wait()

    async def check_sending(self) -> None:
        """Raises SendFailed when the bot is another's, and while that is not known.

        Only a channel that has never met a bot may send before Zalo has told whose the token is:
        at another bot "chat not found" would make a blocked account of everybody.
        """
        if self.standing == "unknown" and self._memory and not await self._may_send(self._memory):
            raise SendFailed(UNKNOWN, retry_after=LEARNING_SECONDS, whole_network=True)
        if self.standing == "another":
            raise SendFailed(ANOTHER, retry_after=WAIT_SECONDS, whole_network=True)

    async def _may_send(self, memory: RemembersBot) -> bool:
        try:
            if await memory.is_known_token(self._mark):
                self._is_ours()
                return True
            return not await memory.has_met_one()
        except Exception as error:  # noqa: BLE001 - the memory may raise what it likes
            log.warning("zalo_bot_unknown", channel=self._channel, reason=type(error).__name__)
            return False

    async def learn(self) -> None:
        """Ask memory, then Zalo, until both have told."""
        if self._memory is None:
            self._is_ours()
        backoff = Backoff(self._pause)
        while True:
            try:
                if self._memory and await self._memory.is_known_token(self._mark):
                    self._is_ours()
                info = await self._get_me()
                self.names = info.names
                if self._memory and info.id:
                    self._judge(await self._memory.is_same_bot(info.id, self._mark), info)
                elif self.standing == "unknown":
                    self._is_ours()  # it does not say who it is
            except ZaloTrouble as trouble:
                log.warning("zalo_bot_unknown", channel=self._channel, reason=str(trouble))
            except Exception as error:  # noqa: BLE001 - the memory may raise what it likes
                log.warning("zalo_bot_unknown", channel=self._channel, reason=type(error).__name__)
            else:
                return
            await asyncio.sleep(backoff.longer())

    def _judge(self, same: bool, info: BotInfo) -> None:
        if same:
            self._is_ours()
            return
        self.standing = "another"
        log.error("zalo_bot_is_another", channel=self._channel, bot=info.account_name, help=HELP)

    def _is_ours(self) -> None:
        self.standing = "ours"
        self._ours.set()
