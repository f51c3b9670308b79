"""HTTP to the Bot Platform, so that one can tell what is certain about a call that failed.

The token stands in the path of every call, so no error of this module carries an address, and
whatever Zalo or a proxy says is searched for the token before anybody sees it. A refusal may come
with HTTP 200: `ok` decides, never the status.
"""

from __future__ import annotations

import json
import re
from typing import Any
from urllib.parse import urlsplit

from aiohttp import ClientError, ClientSession, TCPConnector

from bot.channels.parts.calls import ANSWER_SECONDS, Call, patience, tracing

Json = dict[str, Any]

KEEPALIVE_SECONDS = 15.0
"""A connection idle for longer may be closed at the far end just when we write to it."""
_TOKEN = re.compile(r"[A-Za-z0-9:._~-]{8,256}")


class ZaloTrouble(Exception):
    """A call that did not succeed. Its text is one line and never holds the token."""


class NotSent(ZaloTrouble):
    """The call never left this machine: no name, no connection."""


class NoAnswer(ZaloTrouble):
    """The call left, and nothing came back: it may or may not have been done."""


class Strange(ZaloTrouble):
    """An answer that is not the Bot Platform's (a proxy's page, a cut body)."""

    def __init__(self, status: int) -> None:
        super().__init__(f"HTTP {status} without an answer of the Bot Platform")
        self.status = status


class ApiRefused(ZaloTrouble):
    """The Bot Platform said no: `{"ok": false, "error_code": …, "description": …}`."""

    def __init__(self, code: int, description: str) -> None:
        super().__init__(f"{code} {description}".strip())
        self.code = code
        self.description = description


class Client:
    """Calls of one bot. Raises ValueError for a token or an address that cannot be right."""

    def __init__(self, token: str, api_url: str) -> None:
        if not _TOKEN.fullmatch(token):
            raise ValueError("the Zalo bot token must be 8 to 256 letters, digits and : - _ .")
        parts = urlsplit(api_url)
        if parts.scheme not in ("http", "https") or not parts.hostname:
            raise ValueError("the address of the Bot Platform must start with https://")
        self.api_url = api_url.rstrip("/")
        self.answer_seconds = ANSWER_SECONDS
        self._token = token
        self._session: ClientSession | None = None

    async def call(self, method: str, body: Json | None = None, seconds: float = 0) -> Any:
        """The `result` of one call. Raises NotSent, NoAnswer, Strange or ApiRefused."""
        call, failure = Call(), ""
        status, content = 0, ""
        seconds = seconds or self.answer_seconds
        try:
            async with self._http().post(
                f"{self.api_url}/bot{self._token}/{method}",
                json=body or {},
                timeout=patience(seconds),
                allow_redirects=False,  # a redirect would carry the token to another host
                trace_request_ctx=call,
            ) as answer:
                status = answer.status
                content = await answer.text(errors="replace")
        except (ClientError, TimeoutError, OSError, ValueError) as error:
            failure = type(error).__name__
        if failure:
            # Raised here, without its cause: aiohttp's errors hold the address with the token.
            raise NoAnswer(failure) if call.left else NotSent(failure)
        return self._result(status, content)

    def _result(self, status: int, content: str) -> Any:
        try:
            answer = json.loads(content)
        except ValueError:
            answer = None
        ok = answer.get("ok") if isinstance(answer, dict) else None
        if ok is True and status < 300:
            return answer.get("result")
        if ok is False:
            code = _number(answer.get("error_code")) or status
            raise ApiRefused(code, self.redacted(str(answer.get("description") or ""))[:300])
        raise Strange(status)

    def redacted(self, text: str) -> str:
        """One line of the text without the token, or the secret half of it."""
        line = " ".join(text.split()).replace(self._token, "<token>")
        secret = self._token.partition(":")[2]
        return line.replace(secret, "<token>") if len(secret) >= 8 else line

    def _http(self) -> ClientSession:
        if self._session is None or self._session.closed:
            connector = TCPConnector(keepalive_timeout=KEEPALIVE_SECONDS)
            self._session = ClientSession(connector=connector, trace_configs=[tracing()])
        return self._session

    async def close(self) -> None:
        if self._session is not None:
            await self._session.close()
            self._session = None


def _number(value: Any) -> int:
    """A code, whether it came as a number or as text; 0 when it is neither."""
    try:
        return int(value)
    except (TypeError, ValueError, OverflowError):
        return 0
