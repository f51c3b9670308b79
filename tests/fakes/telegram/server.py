"""The fake Bot API server itself: HTTP on 127.0.0.1, and the handle tests hold it by.

async with FakeTelegram() as tg:
    person = tg.person("Nguyễn Văn A")
    ...                                    # start the bot with tg.url and tg.token
    await person.says("bao cao")
    message = await person.hears()
"""

from __future__ import annotations

import asyncio
from contextlib import AsyncExitStack
from inspect import isawaitable
from types import TracebackType
from typing import Any, Self

from aiohttp import web
from aiohttp.abc import AbstractStreamWriter
from aiohttp.http_parser import RawRequestMessage
from aiohttp.streams import StreamReader
from aiohttp.web_protocol import RequestHandler

from .control import handle_control
from .faults import Fault, Kind
from .handle import Handle
from .methods import METHODS
from .state import Call
from .wire import ApiError, Params, read_body, success

BODY_LIMIT = 60 * 1024 * 1024


class FakeTelegram(Handle):
    """A Telegram of one bot. See `State` for what it remembers, `Handle` for what tests can do."""

    url = ""
    """What TELEGRAM_API_URL should be, once the server runs."""
    port = 0

    async def __aenter__(self) -> Self:
        await self.start()
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        await self.stop()

    async def start(self, port: int = 0) -> None:
        """Serve on 127.0.0.1, on any free port unless one is given."""
        self._closing = asyncio.Event()
        self._stack = AsyncExitStack()
        self.webhook.start(await self._stack.enter_async_context(asyncio.TaskGroup()))
        self.webhook.perform = self._perform_for_webhook
        server = web.Server(self._handle, request_factory=_request, access_log=None)
        runner = web.ServerRunner(server, shutdown_timeout=1)
        await runner.setup()
        self._stack.push_async_callback(runner.cleanup)
        site = web.TCPSite(runner, "127.0.0.1", port, backlog=1024)
        await site.start()
        self.port = runner.addresses[0][1]
        self.url = f"http://127.0.0.1:{self.port}"

    async def stop(self) -> None:
        """Let open polls and hanging calls go, then close."""
        self._closing.set()
        self.updates.release()
        await self.webhook.close()
        await self._stack.aclose()

    # -- HTTP ------------------------------------------------------------------------------------

    async def _handle(self, request: web.BaseRequest) -> web.StreamResponse:
        path = request.path
        if path.startswith("/bot"):
            token, _, method = path[4:].partition("/")
            return await self._handle_call(request, token, method)
        if path.startswith("/file/bot"):
            token, _, name = path[9:].partition("/")
            return await self._handle_file(request, token, name)
        if path.startswith("/control/"):
            return await handle_control(self, request, path[9:])
        return _answer(404, ApiError(404, "Not Found").body())

    async def _handle_call(
        self, request: web.BaseRequest, token: str, method: str
    ) -> web.StreamResponse:
        if token != self.token:
            known = token.partition(":")[0].isdigit() and ":" in token
            refused = ApiError(401, "Unauthorized") if known else ApiError(404, "Not Found")
            self.calls.append(
                Call(self.clock.now(), method, {}, None, {}, refused.code, refused.description)
            )
            self.bell.ring()
            return _answer(refused.code, refused.body())
        try:
            body = await request.read()
            params = read_body(request.headers.get("Content-Type", ""), body, request.query_string)
        except ApiError as error:
            return _answer(error.code, error.body())
        except web.HTTPRequestEntityTooLarge:
            return _answer(413, ApiError(413, "Request Entity Too Large").body())
        chat_id = params.integer("chat_id")
        call = Call(self.clock.now(), method, params.values, chat_id, params.uploads)
        self.calls.append(call)
        fault = self.faults.befalling(method, chat_id)
        if fault is not None:
            return await self._befall(request, fault, call, params)
        status, answer = await self._perform(call, params)
        self.bell.ring()
        return _answer(status, answer)

    async def _perform(self, call: Call, params: Params) -> tuple[int, bytes]:
        """Do what the call asks. The status and the body to answer with; the call notes both."""
        try:
            handler = METHODS.get(call.method.lower())
            if handler is None:
                raise ApiError(404, "Not Found")
            result: Any = handler(self, params)
            if isawaitable(result):
                result = await result
        except ApiError as error:
            call.status, call.description = error.code, error.description
            return error.code, error.body()
        call.status = 200
        return 200, success(result)

    async def _perform_for_webhook(self, method: str, params: Params) -> None:
        """A call made in the body of the answer to a webhook."""
        call = Call(self.clock.now(), method, params.values, params.integer("chat_id"))
        self.calls.append(call)
        await self._perform(call, params)

    async def _befall(
        self, request: web.BaseRequest, fault: Fault, call: Call, params: Params
    ) -> web.StreamResponse:
        """Let `fault` happen to this call."""
        if fault.kind is Kind.REFUSE:
            call.status, call.description = fault.status, f"fault: {fault.status}"
            self.bell.ring()
            return _answer(fault.status, fault.body, fault.content_type)
        answer = b""
        if fault.kind in (Kind.LOSE_ANSWER, Kind.HANG_AFTER, Kind.SLOW):
            status, answer = await self._perform(call, params)
        if fault.kind in (Kind.HANG, Kind.HANG_AFTER, Kind.SLOW):
            self.bell.ring()
            await self._wait(fault.seconds)
        if fault.kind is Kind.SLOW:
            return _answer(status, answer)
        call.status, call.description = None, f"fault: {fault.kind.value}"
        self.bell.ring()
        if request.transport is not None:
            request.transport.abort()
        return web.Response()

    async def _wait(self, seconds: float | None) -> None:
        """Until the time is up or the fake stops."""
        try:
            async with asyncio.timeout(seconds):
                await self._closing.wait()
        except TimeoutError:
            return

    async def _handle_file(
        self, request: web.BaseRequest, token: str, name: str
    ) -> web.StreamResponse:
        """/file/bot<TOKEN>/<file_path>; faults aim at it as the method "download"."""
        call = Call(self.clock.now(), "download", {"path": name}, None)
        self.calls.append(call)
        if token != self.token:
            call.status = 401
            return _answer(401, ApiError(401, "Unauthorized").body())
        fault = self.faults.befalling("download", None)
        if fault is not None and fault.kind is not Kind.SLOW:
            return await self._befall(request, fault, call, Params({}))
        if fault is not None:
            await self._wait(fault.seconds)
        stored = self.files.read(name, self.clock.now())
        call.status = 404 if stored is None else 200
        self.bell.ring()
        if stored is None:
            return _answer(404, ApiError(404, "Not Found").body())
        return _answer(200, stored.data, "application/octet-stream")


def _answer(status: int, body: bytes, content_type: str = "application/json") -> web.Response:
    return web.Response(status=status, body=body, content_type=content_type)


def _request(
    message: RawRequestMessage,
    payload: StreamReader,
    protocol: RequestHandler,
    writer: AbstractStreamWriter,
    task: asyncio.Task[None],
) -> web.BaseRequest:
    """Requests as aiohttp makes them, but for uploads of 50 MB."""
    loop = asyncio.get_running_loop()
    return web.BaseRequest(
        message, payload, protocol, writer, task, loop, client_max_size=BODY_LIMIT
    )
