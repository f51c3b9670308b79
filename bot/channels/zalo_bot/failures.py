"""What a failed send means: certain not to have arrived, or unknown. Zalo has no idempotency key.

| what came back                         | what follows                                          |
|----------------------------------------|-------------------------------------------------------|
| no connection                          | again, longer each time; the whole network waits      |
| no answer; 408; 500, 504, other 5xx    | `unknown`: it may have arrived, and is never repeated |
| 200 that is no answer                  | `unknown`                                             |
| 502, 503, a proxy's page (3xx, 4xx)    | again, longer each time                               |
| refused 403 (Zalo's "internal error")  | again, longer each time, this message only: Zalo says |
|                                        | it was not done, and it may be this message's fault   |
| refused 401 (token)                    | the whole network waits five minutes: a person's job  |
| refused 404                            | again in five minutes, this message only: Zalo does   |
|                                        | not say whether bot, method or chat was not found     |
| refused 429 (quota, no retry_after)    | never again, reason "quota": another network takes it |
| refused 400 and others                 | never again                                           |
| "chat/user not found", "blocked"       | never again, and the account is marked (`gone`)       |

All but the first, third and fourth of these come as `ok: false`, whatever the HTTP status.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from bot.channels.base import SendFailed
from bot.channels.zalo_bot.client import ApiRefused, NotSent, Strange, ZaloTrouble

QUOTA = "quota"
"""How the reason of a send refused for the monthly limit begins."""
WAIT_SECONDS = 300.0
"""A refused token is mended by a person: look again every five minutes."""
FIRST_SECONDS, MOST_SECONDS = 1.0, 300.0
_NOBODY_THERE = ("chat not found", "user not found", "blocked by the user", "blocked the bot")


class Failures:
    """Turns the client's troubles into SendFailed; remembers since when the network fails."""

    def __init__(self) -> None:
        self._since: datetime | None = None

    def over(self) -> None:
        """A call came through."""
        self._since = None

    def of(self, trouble: ZaloTrouble, now: datetime) -> SendFailed:
        reason = str(trouble)[:300]
        if isinstance(trouble, NotSent):
            return self._passing(reason, now)
        if isinstance(trouble, Strange) and _not_done(trouble.status):
            return self._passing(reason, now)
        if not isinstance(trouble, ApiRefused):
            return SendFailed(reason, unknown=True)
        if trouble.code == 403:
            return SendFailed(reason, retry_after=self._passing(reason, now).retry_after)
        self.over()  # a refusal has come through, too
        if trouble.code == 408 or trouble.code >= 500:
            return SendFailed(reason, unknown=True)
        if any(words in trouble.description.lower() for words in _NOBODY_THERE):
            return SendFailed(reason, gone=True)
        if trouble.code == 429:
            return SendFailed(f"{QUOTA}: {reason}")
        if trouble.code == 401:
            return SendFailed(reason, retry_after=WAIT_SECONDS, whole_network=True)
        if trouble.code == 404:
            return SendFailed(reason, retry_after=WAIT_SECONDS)
        return SendFailed(reason)

    def _passing(self, reason: str, now: datetime) -> SendFailed:
        """Wait as long again as it has lasted; beyond a moment it is everybody's trouble."""
        if self._since is None or self._since > now:
            self._since = now
        lasted = now - self._since
        seconds = min(max(lasted.total_seconds(), FIRST_SECONDS), MOST_SECONDS)
        whole = lasted >= timedelta(seconds=FIRST_SECONDS)
        return SendFailed(reason, retry_after=seconds, whole_network=whole)


def _not_done(status: int) -> bool:
    return status in (502, 503) or (300 <= status < 500 and status != 408)
