"""What the site needs from the rest of the program, handed in by bot.app."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import AbstractAsyncContextManager, AbstractContextManager
from dataclasses import dataclass
from datetime import datetime
from typing import Literal, Protocol

from sqlalchemy.ext.asyncio import AsyncSession

from bot.channels.base import Accept, ReadAttachment
from bot.clock import Clock
from bot.conversation import MediaRef

Size = Literal["full", "thumb"]
LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})


class Transactions(Protocol):
    """Opens transactions (models.database.Database)."""

    def begin(self) -> AbstractAsyncContextManager[AsyncSession]: ...


class Store(Protocol):
    """Keeps photos and files (bot.media)."""

    async def take_upload(self, data: bytes, name: str) -> MediaRef:
        """Keep what was uploaded; what is no photo is found out later, in the talk."""
        raise NotImplementedError

    async def read_copy(self, sha: str, size: Size) -> bytes:
        """A copy of a photo without place and other secrets. Raises LookupError."""
        raise NotImplementedError


class Listening(Protocol):
    """One open page, waiting for news."""

    closed: bool

    async def wait(self, seconds: float) -> bool:
        """True when there is news."""
        raise NotImplementedError


class Wakes(Protocol):
    """The web channel: tells open pages that something is new (bot.channels.web)."""

    def wake(self, chat_id: str) -> None: ...

    def subscribe(self, chat_id: str) -> AbstractContextManager[Listening]: ...


@dataclass(frozen=True)
class Chair:
    """A chair of the demo: a post and who sits in it."""

    code: str
    name: str
    title: str
    unit: str
    person_code: str


class DemoControls(Protocol):
    """The demo: who there is, and the clock that can be moved forward."""

    async def chairs(self) -> Sequence[Chair]:
        """All chairs, those of one unit together."""
        raise NotImplementedError

    def now(self) -> datetime: ...

    async def move_to(self, instant: datetime) -> None:
        """Move the clock and run what would have run in between."""

    async def next_working_morning(self) -> datetime:
        """When reminders go out next."""
        raise NotImplementedError


GoodLink = Callable[[str, str, str, str, datetime], bool]
"""(sha, size, het, ky, now): whether a signed short link is genuine and not too old."""


def no_links(_sha: str, _size: str, _until: str, _signature: str, _now: datetime) -> bool:
    """No signed links are given out, so none is good."""
    return False


Unfit = Callable[[bytes], str]
"""Why these bytes are no photo or file of ours, as a sentence for their sender; "" when nothing
tells so yet."""
Marked = Callable[[str, str], str]
"""(words, a file's name): why they are refused for a secrecy mark; "" when they carry none."""


def nothing_unfit(_data: bytes) -> str:
    """Everything is taken; the media worker finds out, and says so in the chat."""
    return ""


def no_mark(_words: str, _name: str) -> str:
    """Everything is taken; the chat refuses it."""
    return ""


TakesPhotos = Callable[[str], bool]
"""Whether a chat in the middle of this talk ("": of none) has a use for photos."""


def always(_talk: str) -> bool:
    return True


@dataclass(frozen=True)
class Parts:
    """What the site needs."""

    database: Transactions
    clock: Clock
    accept: Accept
    channel: Wakes
    store: Store
    read: ReadAttachment
    """The bytes of what a message of ours carries. Raises LookupError."""
    secret: bytes
    secure_cookies: bool
    demo: DemoControls | None = None
    hosts: frozenset[str] = LOOPBACK
    """The names we answer to, without port: anything else is somebody else's page (rebinding)."""
    trusted_proxies: int = 0
    """How many proxies of ours stand in front and add to X-Forwarded-For (pitfall 10)."""
    metrics_token: str = ""
    good_link: GoodLink = no_links
    unfit: Unfit = nothing_unfit
    marked: Marked = no_mark
    takes_photos: TakesPhotos = always
    look_again_seconds: float = 15
    """How often an open page looks for news nobody told it of: 2 with several replicas."""
