"""The fake itself: HTTP on 127.0.0.1, and the handle tests hold it by.

async with FakeZaloOA() as oa:
    person = oa.person()
    ...                               # start the program with oa.url for all hosts
    person.says("bao cao")
    message = await person.hears()
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from contextlib import AsyncExitStack
from types import TracebackType
from typing import Self, TypeVar

from aiohttp import web
from aiohttp.abc import AbstractStreamWriter
from aiohttp.http_parser import RawRequestMessage
from aiohttp.streams import StreamReader
from aiohttp.web_protocol import RequestHandler

from .calls import perform
from .faults import HTML_502, Fault, Kind
from .people import Person, Silence
from .state import Call, Json, State, dumps
from .webhook import Deliveries

T = TypeVar("T")
BODY_LIMIT = 30 * 1024 * 1024


class FakeZaloOA(State):
    """A Zalo with one Official Account."""

    url = ""
    """What every host's setting should be, once the server runs."""

    async def __aenter__(self) -> Self:
        self._stack = AsyncExitStack()
        self.webhook = Deliveries(self)
        self.webhook.start(await self._stack.enter_async_context(asyncio.TaskGroup()))
        self.people: dict[str, Person] = {}
        server = web.Server(self._handle, request_factory=_request, access_log=None)
        runner = web.ServerRunner(server, shutdown_timeout=1)
        await runner.setup()
        self._stack.push_async_callback(runner.cleanup)
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        self.url = f"http://127.0.0.1:{runner.addresses[0][1]}"
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        await self.webhook.close()
        await self._stack.aclose()

    # -- people and time -------------------------------------------------------------------------

    def person(self, user_id: str = "", *, follows: bool = True) -> Person:
        """Somebody on Zalo; they follow the account, and have not written yet."""
        user_id = user_id or f"65{next(self.numbers):017d}"
        made = Person(self, self.webhook.push, lambda: self.url, user_id, follows=follows)
        self.people[user_id] = made
        return made

    def advance(self, *, days: float = 0, hours: float = 0, seconds: float = 0) -> None:
        """Move the fake's clock: tokens, windows, uploads and photos grow old."""
        self.clock.advance(days * 86400 + hours * 3600 + seconds)
        self.bell.ring()

    def redeliver(self, event: Json) -> None:
        """Bring an event once more."""
        self.webhook.push(event)

    def expire_media(self) -> None:
        for stored in self.media.values():
            stored.until = 0

    # -- waiting ---------------------------------------------------------------------------------

    async def until(self, look: Callable[[], T], timeout: float = 30) -> T:
        """What `look` finds, looked for after every call and delivery. Raises Silence."""
        try:
            return await self.bell.until(lambda: look() or None, timeout)
        except TimeoutError:
            calls = [(call.path, call.error) for call in self.calls[-5:]]
            raise Silence(f"not so within {timeout} s; last calls: {calls}") from None

    async def delivered(self, timeout: float = 30) -> None:
        """Wait until every event has been taken, or given up."""
        await self.until(lambda: not self.webhook.waiting, timeout)

    def calls_of(self, path: str) -> list[Call]:
        return [call for call in self.calls if call.path.endswith(path)]

    # -- faults ----------------------------------------------------------------------------------

    def fail_next(
        self,
        path: str,
        error: int,
        *,
        message: str = "refused",
        times: int | None = 1,
        after: int = 0,
    ) -> Fault:
        """Refuse with a code, as Zalo does: HTTP 200."""
        body = dumps({"error": error, "message": message})
        return self.faults.add(Fault(Kind.REFUSE, path, times, after, body=body))

    def page(self, path: str, status: int = 502, *, times: int | None = 1) -> Fault:
        """A proxy's HTML page (3xx: it points elsewhere); nothing is done."""
        fault = Fault(Kind.REFUSE, path, times, status=status, body=HTML_502)
        fault.content_type = "text/html"
        return self.faults.add(fault)

    def lose_answer(self, path: str, *, times: int | None = 1, after: int = 0) -> Fault:
        return self.faults.add(Fault(Kind.LOSE_ANSWER, path, times, after))

    def lose_request(self, path: str, *, times: int | None = 1, after: int = 0) -> Fault:
        return self.faults.add(Fault(Kind.LOSE_REQUEST, path, times, after))

    def slow(self, path: str, seconds: float, *, times: int | None = 1) -> Fault:
        return self.faults.add(Fault(Kind.SLOW, path, times, seconds=seconds))

    # -- HTTP ------------------------------------------------------------------------------------

    async def _handle(self, request: web.BaseRequest) -> web.StreamResponse:
        call = Call(request.path, {})
        self.calls.append(call)
        fault = self.faults.befalling(request.path)
        if fault and fault.kind is Kind.REFUSE:
            self.bell.ring()
            answer = _answer(fault.status, fault.body, fault.content_type)
            if 300 <= fault.status < 400:
                answer.headers["Location"] = f"{self.url}/elsewhere"
            return answer
        if fault and fault.kind is Kind.LOSE_REQUEST:
            await request.read()
            return self._drop(request)
        status, body, content_type = await perform(self, request, call)
        self.bell.ring()
        if fault and fault.kind is Kind.LOSE_ANSWER:
            call.error = None
            return self._drop(request)
        if fault:
            await asyncio.sleep(fault.seconds)
        return _answer(status, body, content_type)

    def _drop(self, request: web.BaseRequest) -> web.StreamResponse:
        assert request.transport is not None
        request.transport.abort()
        self.bell.ring()
        return web.Response()


def _answer(status: int, body: bytes, content_type: str) -> web.Response:
    return web.Response(status=status, body=body, content_type=content_type)


def _request(
    message: RawRequestMessage,
    payload: StreamReader,
    protocol: RequestHandler,
    writer: AbstractStreamWriter,
    task: asyncio.Task[None],
) -> web.BaseRequest:
    """Requests as aiohttp makes them, but for uploads larger than what it reads by itself."""
    loop = asyncio.get_running_loop()
    return web.BaseRequest(
        message, payload, protocol, writer, task, loop, client_max_size=BODY_LIMIT
    )
