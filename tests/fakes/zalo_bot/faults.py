"""Trouble on request, aimed at a method, for a number of calls.

Two kinds matter to a sender: those after which nothing was done, and those after which it was,
unknown to the bot (a lost answer).
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

USUAL = {
    400: "Bad Request",
    401: "Unauthorized",
    403: "Internal Server Error",
    404: "Not Found",
    408: "Request Timeout",
    429: "Too Many Requests",
}
PAGE = "<html><head><title>Trouble</title></head><body><h1>nginx</h1></body></html>"


class Kind(Enum):
    REFUSE = "ok: false; nothing is done"
    PAGE = "a proxy's page; nothing is done"
    LOSE_REQUEST = "the connection drops; nothing is done"
    LOSE_ANSWER = "everything is done; then the connection drops"
    HANG_AFTER = "everything is done and no answer comes"


@dataclass(slots=True)
class Fault:
    """What befalls `times` calls of `method` ("*": any), when `after` of them have been spared."""

    kind: Kind
    method: str
    times: int = 1
    code: int = 0
    status: int = 200
    words: str = ""
    after: int = 0


class Faults:
    """The faults in force, first come first served."""

    def __init__(self) -> None:
        self._all: list[Fault] = []

    def add(self, fault: Fault) -> None:
        self._all.append(fault)

    def befalling(self, method: str) -> Fault | None:
        for fault in self._all:
            if fault.times > 0 and fault.method in ("*", method):
                if fault.after > 0:
                    fault.after -= 1
                    continue
                fault.times -= 1
                return fault
        return None
