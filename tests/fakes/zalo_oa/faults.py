"""Trouble on request, aimed at a path ("message/cs", "access_token", …) for a number of calls."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

HTML_502 = b"<html><head><title>502 Bad Gateway</title></head><body>502 Bad Gateway</body></html>"


class Kind(Enum):
    REFUSE = "answers with a code (HTTP 200) or a page; nothing is done"
    LOSE_REQUEST = "the connection drops; nothing is done"
    LOSE_ANSWER = "everything is done; then the connection drops"
    SLOW = "everything is done; the answer comes late"


@dataclass(slots=True, eq=False)
class Fault:
    """What befalls calls whose path ends in `path` ("": any); `times` None: until `stop`."""

    kind: Kind
    path: str
    times: int | None = 1
    after: int = 0
    status: int = 200
    body: bytes = b""
    content_type: str = "application/json"
    seconds: float = 0
    hits: int = 0

    def stop(self) -> None:
        self.times = self.hits

    def takes(self, path: str) -> bool:
        """Whether this call is hit; counts it if so."""
        if not path.endswith(self.path) or (self.times is not None and self.hits >= self.times):
            return False
        if self.after > 0:
            self.after -= 1
            return False
        self.hits += 1
        return True


class Faults:
    """The faults in force, first come first served; at most one befalls a call."""

    def __init__(self) -> None:
        self._all: list[Fault] = []

    def add(self, fault: Fault) -> Fault:
        self._all.append(fault)
        return fault

    def befalling(self, path: str) -> Fault | None:
        return next((fault for fault in self._all if fault.takes(path)), None)

    def clear(self) -> None:
        self._all.clear()
