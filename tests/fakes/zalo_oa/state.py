"""All the fake remembers: the account, its tokens, its uploads, who follows it, what was sent.

A refresh token is good for three months and for one use; spending it makes a new pair. The old
access token goes on working until it runs out, unless `revokes` is set: nobody has confirmed which.
"""

from __future__ import annotations

import itertools
import json
import secrets
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from tests.fakes.telegram.bell import Bell, Clock

from .faults import Faults

Json = dict[str, Any]

CANARY = "canary-that-no-log-may-show"
ACCESS_SECONDS = 25 * 3600
REFRESH_SECONDS = 90 * 86400
UPLOAD_SECONDS = 7 * 86400
MEDIA_SECONDS = 30 * 60
WINDOW_SECONDS = 7 * 86400


class ApiError(Exception):
    """A refusal: `error` in a body with HTTP 200."""

    def __init__(self, code: int, message: str) -> None:
        super().__init__(message)
        self.code = code
        self.message = message

    def body(self) -> bytes:
        return dumps({"error": self.code, "message": self.message})


def dumps(value: Any) -> bytes:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()


@dataclass(slots=True)
class Call:
    """One request of the program; `error` is None when no answer left the server."""

    path: str
    body: Json
    error: int | None = None


@dataclass(slots=True)
class Stored:
    """An upload, or a photo that somebody sent."""

    data: bytes
    name: str
    until: float


@dataclass
class Tokens:
    """The pair in force, and what has been before."""

    clock: Clock
    refresh: str = ""
    refresh_until: float = 0
    access: dict[str, float] = field(default_factory=dict)
    """Every access token and until when it is good."""
    newest: str = ""
    spent: set[str] = field(default_factory=set)
    reused: int = 0
    """How often a spent refresh token came again."""
    revokes: bool = False

    def issue(self) -> Json:
        """A new pair."""
        self.newest = f"{CANARY}-access-{secrets.token_hex(8)}"
        if self.revokes:
            self.access.clear()
        self.access[self.newest] = self.clock.now() + ACCESS_SECONDS
        self.refresh = f"{CANARY}-refresh-{secrets.token_hex(8)}"
        self.refresh_until = self.clock.now() + REFRESH_SECONDS
        return {
            "access_token": self.newest,
            "refresh_token": self.refresh,
            "expires_in": str(ACCESS_SECONDS),
        }

    def spend(self, refresh: str) -> Json:
        if refresh in self.spent:
            self.reused += 1
        if refresh != self.refresh or self.clock.now() >= self.refresh_until:
            raise ApiError(-14014, "Invalid refresh token.")
        self.spent.add(refresh)
        return self.issue()

    def check(self, access: str | None) -> None:
        until = self.access.get(access or "")
        if until is None:
            raise ApiError(-216, "Access token is invalid")
        if self.clock.now() >= until:
            raise ApiError(-220, "Access token has expired")


class State:
    """The world of one account."""

    def __init__(
        self, *, clock: Callable[[], float] = time.time, retry_scale: float = 0.001
    ) -> None:
        self.app_id = "1234567890123456789"
        self.app_secret = f"{CANARY}-app-secret"
        self.oa_id = "4318657068771012646"
        self.oa_secret = f"{CANARY}-oa-secret"
        self.oa_type = 4
        self.clock = Clock(clock)
        self.bell = Bell()
        self.faults = Faults()
        self.tokens = Tokens(self.clock)
        self.tokens.issue()
        self.retry_scale = retry_scale
        self.images: dict[str, Stored] = {}
        self.files: dict[str, Stored] = {}
        self.media: dict[str, Stored] = {}
        self.uploads = 0
        self.templates: dict[str, tuple[str, ...]] = {}
        """Approved templates and their parameters."""
        self.phones: dict[str, str] = {}
        """User ids by phone number."""
        self.takes_buttons = True
        self.buttons_error = -201
        """What buttons are refused with, where they are."""
        self.takes_captions = True
        self.calls: list[Call] = []
        self.numbers = itertools.count(1)

    def message_id(self) -> str:
        return f"{next(self.numbers):06d}{secrets.token_hex(6)}"

    def millis(self) -> str:
        return str(int(self.clock.now() * 1000))
