"""The queue of updates: kept until acknowledged, for 24 hours at most (a callback for 150 s).

getUpdates with an offset forgets everything before it, and only that acknowledges: whoever asks
again with the same offset gets the same updates. A negative offset keeps only the newest ones. An
offset more than ten above the next id is taken for nonsense and ignored; that is how a bot which
kept an old offset still gets updates after a quiet week, when ids start again at random.
Only one may poll: a newer getUpdates ends the older one with 409.
"""

from __future__ import annotations

import asyncio
import random
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass

from .bell import Bell, Clock
from .wire import ApiError, Json

DAY = 24 * 3600
CALLBACK_SECONDS = 150
QUIET_WEEK = 7 * DAY
OPTIONAL_KINDS = frozenset({"chat_member", "message_reaction", "message_reaction_count"})


@dataclass(slots=True, eq=False)
class Entry:
    """One update on its way. `lane` is the chat's or the user's own queue for webhooks."""

    update: Json
    lane: str
    serial: int
    until: float
    gone: bool = False
    forced: bool = False
    """Delivered once more on purpose: an older offset does not forget it before it was seen."""

    @property
    def update_id(self) -> int:
        return int(self.update["update_id"])


class Updates:
    """Pending updates in order. `on_new` is told of each, for whoever pushes them to a webhook."""

    def __init__(self, clock: Clock, dice: random.Random, bell: Bell) -> None:
        self._clock = clock
        self._bell = bell
        self._dice = dice
        self._pending: deque[Entry] = deque()
        self._latest: dict[int, Entry] = {}
        self._serial = 0
        self._last_at = clock.now()
        self._poller: asyncio.Future[ApiError | None] | None = None
        self.next_id = dice.randrange(400_000_000, 900_000_000)
        self.allowed: list[str] = []
        self.on_new: Callable[[Entry], None] | None = None

    def push(self, kind: str, payload: Json, lane: str, *, wanted: bool = True) -> Json:
        """A new update. One the bot is not to see (`wanted`, allowed_updates) is numbered only."""
        now = self._clock.now()
        if now - self._last_at > QUIET_WEEK:
            self.jump()
        self._last_at = now
        update = {"update_id": self.next_id, kind: payload}
        self.next_id += 1
        allowed = kind in self.allowed if self.allowed else kind not in OPTIONAL_KINDS
        if wanted and allowed:
            lifetime = CALLBACK_SECONDS if kind == "callback_query" else DAY
            self._put(update, lane, now + lifetime)
        return update

    def push_again(self, update: Json) -> None:
        """The same update once more, under the same id, as after a lost acknowledgement."""
        kind = next(key for key in update if key != "update_id")
        payload = update[kind]
        lane = f"user{payload['from']['id']}" if kind == "callback_query" else "again"
        if "chat" in payload:
            lane = f"chat{payload['chat']['id']}"
        self._put(update, lane, self._clock.now() + DAY).forced = True

    def jump(self) -> None:
        """The next id is anything, and here always lower than what was: the harder case."""
        self.next_id = self._dice.randrange(1, max(2, self.next_id - 1_000_000))

    def _put(self, update: Json, lane: str, until: float) -> Entry:
        self._serial += 1
        entry = Entry(update, lane, self._serial, until)
        self._pending.append(entry)
        self._latest[entry.update_id] = entry
        if self.on_new is not None:
            self.on_new(entry)
        elif self._poller is not None and not self._poller.done():
            self._poller.set_result(None)
        return entry

    def pending(self) -> list[Entry]:
        """What is still to be had, oldest first."""
        now = self._clock.now()
        return [entry for entry in self._pending if not entry.gone and now < entry.until]

    def done(self, entry: Entry) -> None:
        entry.gone = True
        while self._pending and self._pending[0].gone:
            self._drop_first()

    def drop_all(self) -> None:
        while self._pending:
            self._pending[0].gone = True
            self._drop_first()

    def _drop_first(self) -> None:
        entry = self._pending.popleft()
        entry.gone = True
        if self._latest.get(entry.update_id) is entry:
            del self._latest[entry.update_id]

    def forget(self, offset: int) -> None:
        """Everything before `offset` is acknowledged."""
        if offset < 0:
            keep = {entry.serial for entry in self.pending()[offset:]}
            while self._pending and self._pending[0].serial not in keep:
                self._drop_first()
        elif offset > self.next_id + 10 and offset - 1 not in self._latest:
            return
        elif acknowledged := self._latest.get(offset - 1):
            while self._pending and self._pending[0].serial <= acknowledged.serial:
                self._drop_first()
        else:
            while self._pending and self._is_before(self._pending[0], offset):
                self._drop_first()

    @staticmethod
    def _is_before(entry: Entry, offset: int) -> bool:
        return entry.gone or (entry.update_id < offset and not entry.forced)

    def _take(self, limit: int) -> list[Json]:
        now = self._clock.now()
        taken: list[Json] = []
        for entry in self._pending:
            if len(taken) == limit:
                break
            if entry.gone:
                continue
            if now >= entry.until:
                entry.gone = True
                continue
            entry.forced = False
            taken.append(entry.update)
        return taken

    async def poll(self, offset: int, limit: int, timeout: float) -> list[Json]:
        """getUpdates: what is there, or the first thing that comes within `timeout` seconds."""
        self.interrupt(
            "terminated by other getUpdates request; "
            "make sure that only one bot instance is running"
        )
        self.forget(offset)
        taken = self._take(limit)
        if taken or timeout <= 0:
            return taken
        waiting: asyncio.Future[ApiError | None] = asyncio.get_running_loop().create_future()
        self._poller = waiting
        self._bell.ring()
        try:
            async with asyncio.timeout(timeout):
                refusal = await waiting
        except TimeoutError:
            return []
        finally:
            if self._poller is waiting:
                self._poller = None
        if refusal is not None:
            raise refusal
        return self._take(limit)

    @property
    def polled(self) -> bool:
        """Whether somebody holds a long poll just now."""
        return self._poller is not None

    def interrupt(self, why: str) -> None:
        """End an open long poll with 409."""
        if self._poller is not None and not self._poller.done():
            self._poller.set_result(ApiError(409, f"Conflict: {why}"))

    def release(self) -> None:
        """Let an open long poll return with nothing."""
        if self._poller is not None and not self._poller.done():
            self._poller.set_result(None)
