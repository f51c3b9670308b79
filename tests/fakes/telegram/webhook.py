"""Delivery to a webhook: a lane per chat for messages, a lane per user for callbacks.

A lane waits for its first update to be taken before it sends the next; lanes do not wait for each
other, so a press may overtake the photo sent before it. Anything but 2xx, and a broken connection,
is retried after 1 s, doubled up to 60 s (times `scale`, to keep tests quick). The secret travels in
`X-Telegram-Bot-Api-Secret-Token`. The answer's body may itself be a call: {"method": "sendMessage",
…}; its result is not told to the bot.
"""

from __future__ import annotations

import asyncio
import json
from collections import deque
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

import aiohttp

from .bell import Bell, Clock
from .updates import Entry, Updates
from .wire import Json, Params, dumps

SECRET_HEADER = "X-Telegram-Bot-Api-Secret-Token"
FIRST_DELAY, LAST_DELAY = 1.0, 60.0


@dataclass(slots=True)
class Delivery:
    """One attempt: its update, the lane it went through, the status (None: nothing came back)."""

    update_id: int
    lane: str
    status: int | None
    at: float


class Webhook:
    """Where updates are pushed to, if anywhere; `attempts` remembers every try."""

    def __init__(self, updates: Updates, clock: Clock, bell: Bell, scale: float) -> None:
        self._updates = updates
        self._clock = clock
        self._bell = bell
        self._session: aiohttp.ClientSession | None = None
        self._group: asyncio.TaskGroup | None = None
        self._lanes: dict[str, deque[Entry]] = {}
        self._tasks: dict[str, asyncio.Task[None]] = {}
        self._slots = asyncio.Semaphore(40)
        self.scale = scale
        self.perform: Callable[[str, Params], Awaitable[object]] | None = None
        self.attempts: list[Delivery] = []
        self.url = self.secret = ""
        self.max_connections = 40
        self.last_error: tuple[int, str] | None = None

    def start(self, group: asyncio.TaskGroup) -> None:
        self._group = group

    async def close(self) -> None:
        self._updates.on_new = None
        self._stop()
        if self._session is not None:
            await self._session.close()
            self._session = None

    def set(self, url: str, secret: str, max_connections: int) -> None:
        """Push to `url` from now on, beginning with what is pending. An empty url: stop."""
        self._stop()
        self.url, self.secret, self.max_connections = url, secret, max_connections
        self._slots = asyncio.Semaphore(max_connections)
        self.last_error = None
        self._updates.on_new = self._push if url else None
        if url:
            for entry in self._updates.pending():
                self._push(entry)

    def _stop(self) -> None:
        for task in self._tasks.values():
            task.cancel()
        self._tasks.clear()
        self._lanes.clear()

    def _push(self, entry: Entry) -> None:
        self._lanes.setdefault(entry.lane, deque()).append(entry)
        if entry.lane not in self._tasks:
            assert self._group is not None, "the fake is not running"
            self._tasks[entry.lane] = self._group.create_task(self._drain(entry.lane))

    async def _drain(self, lane: str) -> None:
        queue, delay = self._lanes[lane], FIRST_DELAY
        while queue:
            entry = queue[0]
            if not entry.gone and self._clock.now() < entry.until and not await self._post(entry):
                await asyncio.sleep(delay * self.scale)
                delay = min(delay * 2, LAST_DELAY)
                continue
            self._updates.done(entry)
            queue.popleft()
            delay = FIRST_DELAY
        del self._lanes[lane], self._tasks[lane]

    async def _post(self, entry: Entry) -> bool:
        """One attempt. True when the update was taken."""
        headers = {"Content-Type": "application/json"}
        if self.secret:
            headers[SECRET_HEADER] = self.secret
        if self._session is None:
            self._session = aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(60))
        status: int | None = None
        answer = b""
        try:
            async with (
                self._slots,
                self._session.post(
                    self.url, data=dumps(entry.update), headers=headers, allow_redirects=False
                ) as response,
            ):
                status = response.status
                answer = await response.read()
                problem = f"Wrong response from the webhook: {status} {response.reason}"
        except (aiohttp.ClientError, TimeoutError, OSError) as error:
            status, problem = None, f"Connection failed: {type(error).__name__}"
        now = self._clock.now()
        self.attempts.append(Delivery(entry.update_id, entry.lane, status, now))
        taken = status is not None and 200 <= status < 300
        if taken:
            await self._perform_answer(answer)
        else:
            self.last_error = (int(now), problem)
        self._bell.ring()
        return taken

    async def _perform_answer(self, answer: bytes) -> None:
        if self.perform is None or not answer.startswith(b"{"):
            return
        try:
            call = json.loads(answer)
        except ValueError:
            return
        if isinstance(call, dict) and isinstance(method := call.pop("method", None), str):
            await self.perform(method, Params(call))

    def info(self) -> Json:
        """As getWebhookInfo tells it."""
        info: Json = {
            "url": self.url,
            "has_custom_certificate": False,
            "pending_update_count": len(self._updates.pending()),
        }
        if self.url:
            info["max_connections"] = self.max_connections
        if self.last_error is not None:
            info["last_error_date"], info["last_error_message"] = self.last_error
        if self._updates.allowed:
            info["allowed_updates"] = self._updates.allowed
        return info
