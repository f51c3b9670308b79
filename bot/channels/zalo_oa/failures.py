"""What a failed send means: later, never, or unknown.

Certain not to have arrived: what Zalo refuses with a code; what never left this machine; 429, 503
and a proxy's page (3xx, 4xx). Unknown: no answer after the call had left, any other 5xx, and a 200
that is no answer at all. An upload reaches nobody, so it may always be made again.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Literal

from bot.channels.base import SendFailed
from bot.channels.zalo_oa.api import BAD_TOKEN
from bot.channels.zalo_oa.line import CallFailed, NotSent, Refused, Trouble
from bot.channels.zalo_oa.tokens import NoToken
from vietnamese.zone import local

WINDOW = "window"
"""The reason of a send outside the person's window: another network may be tried."""
PARAMETER = -201
CLOSED = (-230, -232)
NIGHT = -234
NIGHT_FROM, NIGHT_UNTIL = 22, 6
"""Hours in Vietnam between which Zalo holds messages back."""

Meaning = Literal["pace", "token", "gone", "window", "never"]
MEANINGS: dict[int, Meaning] = {
    -32: "pace",
    -213: "gone",  # not following (any more): as good as blocked
    **dict.fromkeys(BAD_TOKEN, "token"),
    **dict.fromkeys(CLOSED, "window"),
}
"""By code. A code that is not here is "never": asking the same again gives the same answer. An
account to be verified or upgraded (-221, -224) takes days: the person's other network is the way."""

STANDING = (-221, -224, -235)
"""The account itself is to be verified or upgraded, or is of the wrong type."""

EVERYDAY = (-32, PARAMETER, -213, *BAD_TOKEN, *CLOSED)
"""Codes that tell the doctor nothing about the account."""

TOKEN_SECONDS = 300.0
"""Tokens are mended by a person: look again every five minutes."""
PACE_SECONDS, MOST_PACE_SECONDS = 30.0, 900.0
FIRST_SECONDS, MOST_SECONDS = 1.0, 300.0


def may_be_its_form(code: int) -> bool:
    """Whether the same message in a simpler form may be taken.

    Nobody has confirmed how buttons and captions are written, so any refusal may be about them that
    is not about the account, the tokens, the person, the window, the pace or the hour.
    """
    return code not in (*STANDING, NIGHT) and code not in MEANINGS


class Failures:
    """Turns failed calls into SendFailed, and remembers since when it has been so."""

    def __init__(self) -> None:
        self._since: dict[str, datetime] = {}

    def over(self) -> None:
        """A call came through."""
        self._since.clear()

    def of(self, error: CallFailed | NoToken, now: datetime, *, reaches: bool = True) -> SendFailed:
        """`reaches`: the call would have reached a person, had it been done."""
        reason = f"zalo {error}" if isinstance(error, Refused) else f"{error}"
        if isinstance(error, NoToken):
            seconds = PACE_SECONDS if error.passing else TOKEN_SECONDS
            return SendFailed(reason, retry_after=seconds, whole_network=True)
        if isinstance(error, Refused):
            return self._refused(error.code, reason, now)
        if isinstance(error, Trouble) and error.status == 429:
            return self._pace(reason, now)
        not_done = isinstance(error, Trouble) and (error.status == 503 or 300 <= error.status < 500)
        if isinstance(error, NotSent) or not_done or not reaches:
            seconds = self._lasting("line", now, FIRST_SECONDS, MOST_SECONDS)
            whole = seconds > FIRST_SECONDS
            return SendFailed(reason, retry_after=seconds, whole_network=whole)
        return SendFailed(reason, unknown=True)

    def _refused(self, code: int, reason: str, now: datetime) -> SendFailed:
        if code == NIGHT:
            return _until_morning(reason, now)
        match MEANINGS.get(code, "never"):
            case "pace":
                return self._pace(reason, now)
            case "token":
                return SendFailed(reason, retry_after=TOKEN_SECONDS, whole_network=True)
            case "gone":
                return SendFailed(reason, gone=True)
            case "window":
                return SendFailed(WINDOW)
            case "never":
                return SendFailed(reason)

    def _pace(self, reason: str, now: datetime) -> SendFailed:
        """The pace is the application's: everybody waits. Zalo does not say how long."""
        seconds = self._lasting("pace", now, PACE_SECONDS, MOST_PACE_SECONDS)
        return SendFailed(reason, retry_after=seconds, whole_network=True)

    def _lasting(self, what: str, now: datetime, least: float, most: float) -> float:
        """Wait as long again as it has lasted."""
        since = self._since.setdefault(what, now)
        if since > now:
            since = self._since[what] = now
        return min(max((now - since).total_seconds(), least), most)


def _until_morning(reason: str, now: datetime) -> SendFailed:
    """Zalo sends nothing at night: at six it may be tried again. By day it is a plain refusal."""
    here = local(now)
    if NIGHT_UNTIL <= here.hour < NIGHT_FROM:
        return SendFailed(reason)
    morning = here.replace(hour=NIGHT_UNTIL, minute=5, second=0, microsecond=0)
    if here.hour >= NIGHT_FROM:
        morning += timedelta(days=1)
    return SendFailed(reason, retry_after=(morning - here).total_seconds())
