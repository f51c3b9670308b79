"""What a failed send means: certain not to have arrived, or unknown.

Certain: what the Bot API refuses in its own words; what never left this machine; 500, 502 and 503
to a short text, because the gateway answers so while the servers behind it are away, and bots see
it by the minute (a duplicate is possible in theory; a person left without an answer would be the
rule); an HTML page of a proxy on the way (3xx, 4xx).
Unknown: no answer after the call had left; 504, which says that the server was still at it; any
5xx but 503 to an upload, which are known to arrive all the same; a 200 that is no answer at all.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from aiogram.exceptions import (
    AiogramError,
    TelegramBadRequest,
    TelegramEntityTooLarge,
    TelegramForbiddenError,
    TelegramMigrateToChat,
    TelegramNetworkError,
    TelegramNotFound,
    TelegramRetryAfter,
    TelegramUnauthorizedError,
)

from bot.channels.base import SendFailed
from bot.channels.telegram.session import NotSent, Trouble, reason_of

TOKEN_SECONDS = 300.0
"""A refused token is mended by a person: look again every five minutes."""
FIRST_SECONDS, MOST_SECONDS = 1.0, 300.0
_NOBODY_THERE = ("chat not found", "peer_id_invalid", "user not found")


class Failures:
    """Turns aiogram's errors into ours, and remembers since when the network has been failing."""

    def __init__(self) -> None:
        self._since: datetime | None = None

    def over(self) -> None:
        """A call came through."""
        self._since = None

    def of(self, error: AiogramError, now: datetime, *, upload: bool) -> SendFailed:
        reason = reason_of(error)
        if not isinstance(error, TelegramNetworkError):
            self.over()  # a refusal, too, has come through
        if isinstance(error, TelegramRetryAfter):
            return SendFailed(reason, retry_after=float(error.retry_after))
        if isinstance(error, TelegramMigrateToChat):
            return SendFailed(reason, retry_after=0, moved_to=str(error.migrate_to_chat_id))
        if isinstance(error, TelegramForbiddenError):
            return SendFailed(reason, gone=True)
        if isinstance(error, TelegramBadRequest):
            # Nobody there: they never wrote to this bot, so for us they are as good as blocked.
            nobody = any(words in reason.lower() for words in _NOBODY_THERE)
            return SendFailed(reason, gone=nobody)
        if isinstance(error, TelegramUnauthorizedError | TelegramNotFound):
            return SendFailed(reason, retry_after=TOKEN_SECONDS, whole_network=True)
        if isinstance(error, TelegramEntityTooLarge):
            return SendFailed(reason)
        if isinstance(error, NotSent):
            return self._passing(reason, now)
        if isinstance(error, Trouble) and _not_done(error.status, upload=upload):
            return self._passing(reason, now)
        return SendFailed(reason, unknown=True)

    def _passing(self, reason: str, now: datetime) -> SendFailed:
        """Wait as long again as it has lasted; beyond a moment it is everybody's trouble."""
        if self._since is None or self._since > now:
            self._since = now
        lasted = now - self._since
        seconds = min(max(lasted.total_seconds(), FIRST_SECONDS), MOST_SECONDS)
        whole = lasted >= timedelta(seconds=FIRST_SECONDS)
        return SendFailed(reason, retry_after=seconds, whole_network=whole)


def _not_done(status: int, *, upload: bool) -> bool:
    if status == 503 or 300 <= status < 500:
        return True
    return status in (500, 502) and not upload
