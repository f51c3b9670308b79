"""HTTP to the Bot API, so that one can tell what is certain about a call that failed.

aiogram's own session folds "no connection" and "no answer" into one error, keeps the address (and
with it the token) in the causes of its errors, and takes a proxy's HTML page for a decoding
problem. Here the first two differ, no error knows the token, and an HTML page has its status.
"""

from __future__ import annotations

from typing import Any, TypeVar, cast

from aiogram import Bot
from aiogram.client.session.aiohttp import AiohttpSession
from aiogram.client.telegram import PRODUCTION, TelegramAPIServer
from aiogram.exceptions import (
    AiogramError,
    ClientDecodeError,
    TelegramNetworkError,
    TelegramRetryAfter,
)
from aiogram.methods import Response, TelegramMethod
from aiohttp import ClientError, ClientSession, TCPConnector

from bot.channels.parts.calls import Call, patience, tracing

T = TypeVar("T")

ANSWER_SECONDS = 60.0
"""How long an answer may take; an upload of 50 MB on a slow line needs its time."""


class NotSent(TelegramNetworkError):
    """The call never left this machine: no name, no connection."""


class NoAnswer(TelegramNetworkError):
    """The call left, and nothing came back: it may or may not have been done."""


class Trouble(TelegramNetworkError):
    """An answer that is not the Bot API's, or a 5xx; `status` says which."""

    def __init__(self, method: TelegramMethod[Any], status: int) -> None:
        super().__init__(method, f"HTTP {status}")
        self.status = status


class Unread(TelegramNetworkError):
    """It was done; only our model does not fit the `result`, which is here as it came."""

    def __init__(self, method: TelegramMethod[Any], result: Any) -> None:
        super().__init__(method, "the result has a shape we do not know")
        self.result = result


class NotDownloaded(Exception):
    """A file did not come; `status` is None when the line broke. Never carries the address."""

    def __init__(self, status: int | None, *, too_large: bool = False) -> None:
        super().__init__("too large" if too_large else f"HTTP {status}")
        self.status = status
        self.too_large = too_large


def reason_of(error: AiogramError) -> str:
    """One line that says what was wrong."""
    lines = str(getattr(error, "message", "") or type(error).__name__).splitlines()
    return lines[0][:300]


_ANSWERS: dict[Any, type[Response[Any]]] = {}
"""pydantic forgets `Response[Message]` when nobody holds it, and making it anew takes 8 ms."""


class Session(AiohttpSession):
    """A pool of connections to one Bot API server, for one token."""

    def __init__(self, token: str, api_url: str | None) -> None:
        api = TelegramAPIServer.from_base(api_url) if api_url else PRODUCTION
        super().__init__(api=api, timeout=ANSWER_SECONDS)
        self._token = token

    def redacted(self, text: str) -> str:
        return text.replace(self._token, "<token>").replace(
            self._token.partition(":")[2], "<token>"
        )

    async def create_session(self) -> ClientSession:
        if self._session is None or self._session.closed:
            connector = TCPConnector(**self._connector_init)
            self._session = ClientSession(connector=connector, trace_configs=[tracing()])
        return self._session

    async def make_request(
        self, bot: Bot, method: TelegramMethod[T], timeout: int | None = None
    ) -> T:
        """One call. Raises NotSent, NoAnswer, Trouble, Unread, or what the Bot API says."""
        http = await self.create_session()
        call = Call()
        failure: TelegramNetworkError | None = None
        try:
            async with http.post(
                self.api.api_url(token=self._token, method=method.__api_method__),
                data=self.build_form_data(bot, method),
                timeout=patience(timeout or self.timeout),
                allow_redirects=False,  # a redirect would carry the token to another host
                trace_request_ctx=call,
            ) as answer:
                content = await answer.text(errors="replace")
                status = answer.status
        except (ClientError, TimeoutError, OSError) as error:
            kind = NoAnswer if call.left else NotSent
            failure = kind(method, self.redacted(f"{type(error).__name__}: {error}"))
        if failure is not None:
            # Raised here, without its cause: aiohttp's errors hold the address, and that the token.
            raise failure
        # A page that says which address was not found holds the token as well.
        content = self.redacted(content)
        return cast(T, self.check_response(bot, method, status, content).result)

    def check_response(
        self, bot: Bot, method: TelegramMethod[T], status_code: int, content: str
    ) -> Response[T]:
        returned = method.__returning__
        if returned not in _ANSWERS:
            _ANSWERS[returned] = Response[returned]  # type: ignore[valid-type] # known at run time only
        try:
            return super().check_response(bot, method, status_code, content)
        except ClientDecodeError as error:
            data = error.data
            if isinstance(data, dict) and data.get("ok") is True and status_code < 300:
                raise Unread(method, data.get("result")) from None
            raise Trouble(method, status_code) from None
        except TelegramRetryAfter:
            raise
        except Exception:
            if status_code >= 500:
                raise Trouble(method, status_code) from None
            raise

    async def download(self, path: str, limit: int) -> bytes:
        """The file at a path that getFile gave, of at most `limit` bytes. Raises NotDownloaded."""
        http = await self.create_session()
        data = bytearray()
        broken = False
        try:
            async with http.get(
                self.api.file_url(self._token, path),
                timeout=patience(ANSWER_SECONDS),
                allow_redirects=False,
            ) as answer:
                if answer.status != 200:
                    raise NotDownloaded(answer.status)
                async for chunk in answer.content.iter_chunked(65536):
                    data += chunk
                    if len(data) > limit:
                        raise NotDownloaded(None, too_large=True)
        except (ClientError, TimeoutError, OSError):
            broken = True
        if broken:
            raise NotDownloaded(None)
        return bytes(data)

    async def close(self) -> None:
        if self._session is not None:
            await self._session.close()
            self._session = None
