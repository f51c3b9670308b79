"""What the channel must have remembered for it; the wiring brings a database that does."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Literal, Protocol

FREE = timedelta(hours=48)
OPEN = timedelta(days=7)
"""How long after a person's last word the account may write to them, and write for nothing."""

Turn = Literal["yours", "busy", "newer", "wait"]
Window = Literal["free", "paid", "closed"]


class Pair(Protocol):
    """The two tokens; `generation` counts the pairs."""

    @property
    def generation(self) -> int: ...
    @property
    def expires_at(self) -> datetime: ...
    @property
    def access(self) -> str: ...
    @property
    def refresh(self) -> str: ...


@dataclass(frozen=True)
class Tokens:
    """A pair that has just come."""

    generation: int
    expires_at: datetime
    access: str = field(repr=False)
    refresh: str = field(repr=False)


class Contact(Protocol):
    """A person's chat."""

    @property
    def heard_at(self) -> datetime | None: ...
    @property
    def closed_at(self) -> datetime | None: ...
    @property
    def template_at(self) -> datetime | None: ...


class PairMemory(Protocol):
    """Keeps the pair for all replicas. Every call is committed when it returns."""

    async def read(self) -> Pair | None:
        """The newest pair."""

    async def seed(self, refresh: str, now: datetime) -> bool:
        """Take a refresh token from the settings, unless it was taken before."""
        raise NotImplementedError

    async def claim(self, generation: int, owner: str, now: datetime, until: datetime) -> Turn:
        """Ask to spend the refresh token of this generation, alone until `until`."""
        raise NotImplementedError

    async def save(
        self, generation: int, access: str, refresh: str, expires_at: datetime, now: datetime
    ) -> bool:
        """Keep the pair that came for this generation's; False: there is a newer one."""
        raise NotImplementedError

    async def release(self, generation: int, owner: str, *, spent: bool) -> None:
        """Give the right back; `spent`: the token may have been spent."""

    async def refused(self, generation: int, owner: str, words: str, until: datetime) -> None:
        """The refresh token was refused; nobody asks again before `until`."""


class Memory(PairMemory, Protocol):
    """All of it."""

    async def heard(self, chat_id: str, at: datetime) -> None:
        """The person has written."""

    async def contact(self, chat_id: str) -> Contact | None:
        """What is known of a chat."""

    async def closed(self, chat_id: str, at: datetime) -> None:
        """The network says that the person's window is closed."""

    async def templated(self, chat_id: str, at: datetime) -> None:
        """A template was sent."""

    async def note(self, fact: str, value: str, at: datetime) -> None:
        """Something was seen of an unconfirmed side of the network."""


def window(contact: Contact | None, now: datetime) -> Window | None:
    """Whether the account may write to a person now; None: nobody knows, so it may be tried."""
    if contact is None:
        return None
    heard, closed = contact.heard_at, contact.closed_at
    if closed is not None and (heard is None or heard <= closed):
        return "closed"
    if heard is None:
        return None
    since = now - heard
    return "free" if since < FREE else "paid" if since < OPEN else "closed"
