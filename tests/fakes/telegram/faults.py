"""Trouble on request, aimed at a method and a chat, for a number of calls.

Two kinds matter to a sender: those after which nothing was done (a refusal, an HTML page from a
proxy, a lost request) and those after which it was, unknown to the bot (a lost answer).
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from .wire import ApiError, Json, too_many

HTML_502 = (
    b"<html>\r\n<head><title>502 Bad Gateway</title></head>\r\n<body>\r\n"
    b"<center><h1>502 Bad Gateway</h1></center>\r\n<hr><center>nginx/1.18.0</center>\r\n"
    b"</body>\r\n</html>\r\n"
)
_USUAL = {
    400: "Bad Request: message can't be sent",
    401: "Unauthorized",
    403: "Forbidden: bot was blocked by the user",
    404: "Not Found",
    409: "Conflict: terminated by other getUpdates request; "
    "make sure that only one bot instance is running",
    413: "Request Entity Too Large",
    500: "Internal Server Error",
    502: "Bad Gateway",
}


class Kind(Enum):
    REFUSE = "answers with an error; nothing is done"
    LOSE_REQUEST = "the connection drops; nothing is done"
    LOSE_ANSWER = "everything is done; then the connection drops"
    HANG = "nothing is done and no answer comes"
    HANG_AFTER = "everything is done and no answer comes"
    SLOW = "the answer comes late"


@dataclass(slots=True, eq=False)
class Fault:
    """What befalls calls of `method` ("*": any) to `chat` (None: any).

    The first `after` matching calls are spared, then `times` are hit (None: until `stop`).
    """

    kind: Kind
    method: str
    chat: int | None = None
    times: int | None = 1
    after: int = 0
    status: int = 500
    body: bytes = b""
    content_type: str = "application/json"
    seconds: float | None = None
    hits: int = 0

    def stop(self) -> None:
        self.times = self.hits

    def takes(self, method: str, chat: int | None) -> bool:
        """Whether this call is hit; counts it if so."""
        if self.method not in ("*", method) or (self.chat is not None and self.chat != chat):
            return False
        if self.times is not None and self.hits >= self.times:
            return False
        if self.after > 0:
            self.after -= 1
            return False
        self.hits += 1
        return True


def refusal(
    status: int,
    description: str | None,
    retry_after: int | None,
    migrate_to_chat_id: int | None,
) -> tuple[int, bytes]:
    """The status and body of an error like the real server's."""
    if status == 429:
        return status, too_many(retry_after or 1).body()
    parameters: Json = {}
    if migrate_to_chat_id is not None:
        status = 400
        description = "Bad Request: group chat was upgraded to a supergroup chat"
        parameters["migrate_to_chat_id"] = migrate_to_chat_id
    usual = _USUAL.get(status, "Internal Server Error")
    return status, ApiError(status, description or usual, parameters).body()


class Faults:
    """The faults in force, first come first served; at most one befalls a call."""

    def __init__(self) -> None:
        self._all: list[Fault] = []

    def add(self, fault: Fault) -> Fault:
        self._all.append(fault)
        return fault

    def befalling(self, method: str, chat: int | None) -> Fault | None:
        if not self._all:
            return None
        hit = next((fault for fault in self._all if fault.takes(method, chat)), None)
        self._all = [f for f in self._all if f.times is None or f.hits < f.times]
        return hit

    def clear(self) -> None:
        self._all.clear()
