"""The handle by which tests make people, wait for things, and make things go wrong."""

from __future__ import annotations

from collections.abc import Callable
from functools import cached_property
from typing import TypeVar

from .chats import BotMessage, Chat, Silence
from .faults import HTML_502, Fault, Kind, refusal
from .people import Group, Person
from .seat import Seat
from .state import Call, State
from .wire import Json

T = TypeVar("T")
Where = Seat | Group | Chat | int | None


class Handle(State):
    """Everything a test does to the fake, but for running it."""

    # -- people ----------------------------------------------------------------------------------

    @cached_property
    def _people(self) -> dict[int, Person]:
        return {}

    def person(
        self,
        name: str = "Nguyễn Văn A",
        *,
        user_id: int | None = None,
        username: str | None = None,
        language: str = "vi",
        started: bool = True,
    ) -> Person:
        """Somebody on Telegram; not `started`: the bot gets 403 until they write to it."""
        person = Person(
            self, name, user_id=user_id, username=username, language=language, started=started
        )
        self._people[person.user_id] = person
        return person

    def anybody(self, user_id: int) -> Person:
        """The person with that id, made if need be: for drivers that know only ids."""
        if user_id not in self._people:
            self.person(f"Nguyễn Văn {user_id}", user_id=user_id)
        return self._people[user_id]

    def group(self, title: str = "Tổ công tác") -> Group:
        return Group(self, title)

    # -- waiting ---------------------------------------------------------------------------------

    async def until(self, look: Callable[[], T | None], timeout: float = 30) -> T:
        """What `look` finds, looked for after every call of the bot. Raises Silence."""
        try:
            return await self.bell.until(look, timeout)
        except TimeoutError:
            calls = [(call.method, call.status) for call in self.calls[-5:]]
            raise Silence(f"not so within {timeout} s; last calls: {calls}") from None

    async def called(self, method: str, times: int = 1, timeout: float = 30) -> list[Call]:
        """Wait until `method` has been called and served so often; all its calls so far."""

        def look() -> list[Call] | None:
            found = self.calls_of(method)
            return found if len(found) >= times else None

        return await self.until(look, timeout)

    async def polled(self, timeout: float = 30) -> None:
        """Wait until the bot holds a long poll: it has started, and has nothing left to fetch."""
        await self.until(lambda: self.updates.polled or None, timeout)

    def calls_of(self, method: str) -> list[Call]:
        return [call for call in self.calls if call.method == method]

    def sent_to(self, where: Where) -> list[BotMessage]:
        return [message for message in self.sent if message.chat_id == _id(where)]

    # -- time ------------------------------------------------------------------------------------

    def advance(self, seconds: float) -> None:
        """Move the fake's clock: updates age, presses and file paths expire, holds end."""
        self.clock.advance(seconds)
        self.bell.ring()

    def random_update_ids(self) -> None:
        """The next update's id starts anew, lower, as after a quiet week."""
        self.updates.jump()

    def redeliver(self, update: Json) -> None:
        """Send an update once more, under its old id."""
        self.updates.push_again(update)

    def expire_files(self) -> None:
        """Every download path given out so far answers 404; a new getFile helps."""
        self.files.expire()

    # -- pace ------------------------------------------------------------------------------------

    def enforce_pace(
        self, per_chat: float = 1, overall: float = 30, group_minute: float = 20
    ) -> None:
        """Refuse what comes too fast: sends a second to a chat, over all, a minute to a group."""
        pace = self.pace
        pace.per_chat, pace.overall, pace.group_minute = per_chat, overall, group_minute

    def hold(self, seconds: float, chat: Where = None) -> None:
        """429 to every send (to `chat`) for `seconds`, with what is left as retry_after."""
        self.pace.hold(seconds, _id(chat))

    # -- faults ----------------------------------------------------------------------------------

    def fail_next(
        self,
        method: str,
        *,
        status: int = 500,
        description: str | None = None,
        retry_after: int | None = None,
        migrate_to_chat_id: int | None = None,
        chat: Where = None,
        times: int | None = 1,
        after: int = 0,
    ) -> Fault:
        """Refuse the next `times` calls of `method` ("*": any), after sparing `after` of them."""
        status, body = refusal(status, description, retry_after, migrate_to_chat_id)
        return self._fault(Kind.REFUSE, method, chat, times, after, status=status, body=body)

    def html_502(
        self,
        method: str = "*",
        *,
        chat: Where = None,
        times: int | None = 1,
        after: int = 0,
    ) -> Fault:
        """A proxy's HTML page instead of JSON; nothing is done."""
        fault = self._fault(Kind.REFUSE, method, chat, times, after, status=502, body=HTML_502)
        fault.content_type = "text/html"
        return fault

    def lose_answer(
        self, method: str, *, chat: Where = None, times: int | None = 1, after: int = 0
    ) -> Fault:
        """Do it, then drop the connection."""
        return self._fault(Kind.LOSE_ANSWER, method, chat, times, after)

    def lose_request(
        self, method: str, *, chat: Where = None, times: int | None = 1, after: int = 0
    ) -> Fault:
        """Drop the connection and do nothing."""
        return self._fault(Kind.LOSE_REQUEST, method, chat, times, after)

    def time_out(
        self,
        method: str,
        *,
        done: bool = False,
        seconds: float | None = None,
        chat: Where = None,
        times: int | None = 1,
        after: int = 0,
    ) -> Fault:
        """Never answer (or drop after `seconds`); `done`: though what was asked has been done."""
        kind = Kind.HANG_AFTER if done else Kind.HANG
        fault = self._fault(kind, method, chat, times, after)
        fault.seconds = seconds
        return fault

    def slow(
        self, method: str, seconds: float, *, chat: Where = None, times: int | None = 1
    ) -> Fault:
        """Do it at once and answer after `seconds`."""
        fault = self._fault(Kind.SLOW, method, chat, times, 0)
        fault.seconds = seconds
        return fault

    def conflict(self, times: int | None = 1) -> Fault:
        """409 to the next getUpdates, as when another program polls with the same token."""
        return self.fail_next("getUpdates", status=409, times=times)

    def heal(self) -> None:
        """No more faults."""
        self.faults.clear()

    def _fault(
        self,
        kind: Kind,
        method: str,
        chat: Where,
        times: int | None,
        after: int,
        *,
        status: int = 500,
        body: bytes = b"",
    ) -> Fault:
        return self.faults.add(
            Fault(kind, method, _id(chat), times, after, status=status, body=body)
        )


def _id(where: Where) -> int | None:
    return where if isinstance(where, int) or where is None else where.id
