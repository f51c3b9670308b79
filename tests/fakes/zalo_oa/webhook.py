"""Delivery of events: signed, answered within two seconds, or brought again.

The schedule is 30 seconds, 5, 15 and 30 minutes and an hour, then the webhook is switched off;
tests scale it. The signature is SHA-256 over an id, the body, the timestamp and the account's key,
in whichever of the disputed forms the test asks for.
"""

from __future__ import annotations

import asyncio
import hashlib
from dataclasses import dataclass

import aiohttp

from .state import Json, State, dumps

SIGNATURE_HEADER = "X-ZEvent-Signature"
SIGNATURE_FORMS = ("app+body+time", "oa+body+time", "app+time+body", "oa+time+body")
ANSWER_SECONDS = 2.0
RETRIES = (30, 300, 900, 1800, 3600)


@dataclass(frozen=True)
class Attempt:
    """One delivery; `status` is None when no answer came in time."""

    event: Json
    status: int | None
    number: int


class Deliveries:
    """Brings events to the program's webhook, each by itself: their order is not promised."""

    def __init__(self, state: State) -> None:
        self._state = state
        self._group: asyncio.TaskGroup | None = None
        self._session: aiohttp.ClientSession | None = None
        self.url = ""
        self.form = SIGNATURE_FORMS[0]
        self.disabled = False
        self.attempts: list[Attempt] = []
        self.waiting = 0
        self._tasks: set[asyncio.Task[None]] = set()

    def start(self, group: asyncio.TaskGroup) -> None:
        self._group = group
        self._session = aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(ANSWER_SECONDS))

    async def close(self) -> None:
        self.disabled = True
        for task in self._tasks:
            task.cancel()
        if self._session:
            await self._session.close()

    def sign(self, body: bytes, timestamp: str, form: str = "") -> str:
        """The header's value, in the form asked for or the usual one."""
        parts = {
            "app": self._state.app_id.encode(),
            "oa": self._state.oa_id.encode(),
            "body": body,
            "time": timestamp.encode(),
        }
        said = b"".join(parts[name] for name in (form or self.form).split("+"))
        return f"mac={hashlib.sha256(said + self._state.oa_secret.encode()).hexdigest()}"

    def push(self, event: Json) -> None:
        if self.url and not self.disabled:
            assert self._group is not None, "the fake is not running"
            self.waiting += 1
            task = self._group.create_task(self._deliver(event))
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)

    async def _deliver(self, event: Json) -> None:
        body = dumps(event)
        try:
            for number, pause in enumerate((0, *RETRIES)):
                await asyncio.sleep(pause * self._state.retry_scale)
                if self.disabled or await self._post(event, body, number):
                    return
            self.disabled = True
        finally:
            self.waiting -= 1
            self._state.bell.ring()

    async def _post(self, event: Json, body: bytes, number: int) -> bool:
        headers = {
            "Content-Type": "application/json",
            SIGNATURE_HEADER: self.sign(body, event["timestamp"]),
        }
        assert self._session is not None
        status: int | None = None
        try:
            async with self._session.post(self.url, data=body, headers=headers) as answer:
                status = answer.status
        except (aiohttp.ClientError, TimeoutError, OSError):
            status = None
        self.attempts.append(Attempt(event, status, number))
        self._state.bell.ring()
        return status == 200
