"""The fake Bot Platform itself: HTTP on 127.0.0.1, and the handle tests hold it by.

async with FakeZaloBot() as zalo:
    person = zalo.person("Nguyễn Văn A")
    ...                                    # start the bot with zalo.url and zalo.token
    await person.says("bao cao")
    message = await person.hears()
"""

from __future__ import annotations

import asyncio
import json
from contextlib import AsyncExitStack
from types import TracebackType
from typing import Any, Self

import aiohttp
from aiohttp import web

from .faults import PAGE, USUAL, Fault, Kind
from .methods import METHODS, Refusal
from .people import Group, Person
from .state import SECRET_HEADER, Call, Chat, Delivery, Json, Silence, State


class FakeZaloBot(State):
    """A Zalo of one bot. See `State` for what it remembers and how it can be told to behave."""

    async def __aenter__(self) -> Self:
        self.closing = asyncio.Event()
        self._stack = AsyncExitStack()
        self._http = await self._stack.enter_async_context(aiohttp.ClientSession())
        self._group = await self._stack.enter_async_context(asyncio.TaskGroup())
        runner = web.ServerRunner(web.Server(self._handle), shutdown_timeout=1)
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
        self.closing.set()
        self.bell.ring()
        await self._stack.aclose()

    # -- people and waiting ----------------------------------------------------------------------

    def person(self, name: str = "Nguyễn Văn A", user_id: str = "") -> Person:
        chat = self._chat(user_id or self.new_id(), "PRIVATE")
        return Person(self, chat.id, name, chat)

    def group(self) -> Group:
        return Group(self._chat(self.new_id(), "GROUP"))

    def _chat(self, chat_id: str, kind: str) -> Chat:
        return self.chats.setdefault(chat_id, Chat(chat_id, kind))

    async def called(self, method: str, times: int = 1, timeout: float = 30) -> list[Call]:
        """Wait until `method` has been called and served so often; all its calls so far."""

        def look() -> list[Call] | None:
            served = [c for c in self.calls_of(method) if c.status is not None or c.code]
            return served if len(served) >= times else None

        try:
            return await self.bell.until(look, timeout)
        except TimeoutError:
            raise Silence(f"{method} was not called {times} times") from None

    # -- faults ----------------------------------------------------------------------------------

    def refuse(
        self, method: str, code: int, *, status: int = 200, words: str = "", times: int = 1
    ) -> None:
        """`ok: false` with that code; HTTP 200 unless another status is given."""
        self.faults.add(Fault(Kind.REFUSE, method, times, code, status, words or USUAL[code]))

    def page(
        self, method: str, status: int, words: str = PAGE, *, times: int = 1, after: int = 0
    ) -> None:
        """A proxy's page in place of an answer. To "media" with a 3xx: a redirect to `words`."""
        self.faults.add(Fault(Kind.PAGE, method, times, 0, status, words, after))

    def lose_request(self, method: str, times: int = 1) -> None:
        self.faults.add(Fault(Kind.LOSE_REQUEST, method, times))

    def lose_answer(self, method: str, times: int = 1) -> None:
        self.faults.add(Fault(Kind.LOSE_ANSWER, method, times))

    def hang_after(self, method: str, times: int = 1) -> None:
        self.faults.add(Fault(Kind.HANG_AFTER, method, times))

    # -- updates ---------------------------------------------------------------------------------

    def push(self, update: Json) -> None:
        """To the webhook, if there is one; else to whoever polls."""
        if self.hook_url:
            self._group.create_task(self._deliver(update))
        else:
            self.waiting.append(update)
        self.bell.ring()

    def push_waiting(self) -> None:
        """What waited for a poller goes to the webhook that has been set."""
        while self.waiting:
            self.push(self.waiting.popleft())

    redeliver = push
    """Bring an update once more."""

    async def probe(self) -> bool:
        """The empty post that verifies a webhook."""
        return await self._post(b"", {}) == 200

    async def _deliver(self, update: Json) -> None:
        """Bring an update; again, a few times, when it is not taken."""
        body = json.dumps(self.in_envelope(update)).encode()
        headers = {SECRET_HEADER: self.hook_secret, "Content-Type": "application/json"}
        for attempt in range(self.retries + 1):
            status = await self._post(body, headers)
            self.deliveries.append(Delivery(update["message"]["message_id"], status))
            self.bell.ring()
            if status == 200 or self.closing.is_set():
                return
            await asyncio.sleep(self.retry_seconds * 2**attempt)

    async def _post(self, body: bytes, headers: dict[str, str]) -> int | None:
        try:
            async with self._http.post(
                self.hook_url, data=body, headers=headers, timeout=aiohttp.ClientTimeout(5)
            ) as answer:
                return answer.status
        except (aiohttp.ClientError, TimeoutError, OSError):
            return None

    # -- HTTP ------------------------------------------------------------------------------------

    async def _handle(self, request: web.BaseRequest) -> web.StreamResponse:
        path = request.path
        if path.startswith("/media/"):
            return self._media(path.removeprefix("/media/"))
        token, _, method = path.removeprefix("/bot").partition("/")
        try:
            body: Any = json.loads(await request.read() or b"{}")
        except ValueError:
            body = None
        call = Call(method, body if isinstance(body, dict) else {})
        self.calls.append(call)
        fault = self.faults.befalling(method)
        if fault is not None and fault.kind is Kind.PAGE:
            call.status = fault.status
            self.bell.ring()
            return web.Response(status=fault.status, text=fault.words, content_type="text/html")
        if fault is not None and fault.kind is Kind.REFUSE:
            return self._refused(call, Refusal(fault.code, fault.words), fault.status)
        if fault is None or fault.kind is not Kind.LOSE_REQUEST:
            answer = await self._perform(call, token, isinstance(body, dict))
        if fault is not None:
            if fault.kind is Kind.HANG_AFTER:
                call.status = None
                await self.closing.wait()
            if request.transport is not None:
                request.transport.abort()
            call.status = None
            return web.Response()
        return answer

    async def _perform(self, call: Call, token: str, readable: bool) -> web.Response:
        try:
            if token != self.token:
                raise Refusal(401, "Unauthorized")
            if call.method not in METHODS:
                raise Refusal(404, "Not Found")
            if not readable:
                raise Refusal(400, "Bad Request")
            result = await METHODS[call.method](self, call.body)
        except Refusal as refusal:
            if refusal.code == 408:
                return self._refused(call, refusal, self.idle_status)
            return self._refused(call, refusal, self.refusal_status or refusal.code)
        call.status = 200
        self.bell.ring()
        return web.json_response({"ok": True, "result": result})

    def _refused(self, call: Call, refusal: Refusal, status: int) -> web.Response:
        call.status, call.code = status, refusal.code
        self.bell.ring()
        body = {"ok": False, "error_code": refusal.code, "description": refusal.words}
        return web.json_response(body, status=status)

    def _media(self, key: str) -> web.Response:
        fault = self.faults.befalling("media")
        if fault is not None:
            if fault.kind is Kind.PAGE and 300 <= fault.status < 400:
                return web.Response(status=fault.status, headers={"Location": fault.words})
            return web.Response(status=fault.status)
        held = self.media.get(key)
        if held is None or held.until <= self.clock.now():
            return web.Response(status=404)
        return web.Response(body=held.data, content_type=held.mime)
