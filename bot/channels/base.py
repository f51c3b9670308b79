"""What a network is to us: its features as data, and three things it can do."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import Literal, Protocol

from bot.conversation import Address, Attachment, Event, Message

Accept = Callable[[Sequence[Event]], Awaitable[None]]
"""Commits the events to the inbox. Only when it has returned may the network be told."""


@dataclass(frozen=True)
class Features:
    """What a network can do. What it cannot is degraded with a log line, never silently."""

    text_limit: int
    """UTF-16 units in one message."""
    choices: bool = False
    """Shows choices beside the numbered text (buttons)."""
    photos: Literal["upload", "url", "none"] = "none"
    documents: Literal["upload", "url", "none"] = "none"
    per_second: float = 30
    """Messages a second over all chats."""
    per_chat_second: float = 1


@dataclass(frozen=True)
class Sending:
    """One message on its way: where, what, and the message whose choices it retires."""

    address: Address
    message: Message
    retires: str | None = None
    outbox_id: int = 0


class SendFailed(Exception):
    """The network said no, or nothing.

    `retry_after`: seconds to wait before trying again (None: never again).
    `gone`: the person has blocked us; the account is marked.
    `unknown`: it may or may not have arrived; it is never repeated silently.
    `moved_to`: the chat has another id from now on.
    """

    def __init__(
        self,
        reason: str,
        *,
        retry_after: float | None = None,
        gone: bool = False,
        unknown: bool = False,
        whole_network: bool = False,
        moved_to: str | None = None,
    ) -> None:
        super().__init__(reason)
        self.reason = reason
        self.retry_after = retry_after
        self.gone = gone
        self.unknown = unknown
        self.whole_network = whole_network
        self.moved_to = moved_to


class FetchFailed(Exception):
    """A photo could not be fetched. `final`: trying again is no use.

    `sentence`: why, in Vietnamese, for the one who sent it.
    """

    def __init__(self, sentence: str, *, final: bool) -> None:
        super().__init__(sentence)
        self.sentence = sentence
        self.final = final


class ReadAttachment(Protocol):
    """Hands out the bytes of an attachment, and a short-lived public link to them."""

    async def __call__(self, attachment: Attachment) -> bytes: ...


class Channel(Protocol):
    """A network. Its library is imported in its own file only."""

    name: str
    features: Features

    async def run(self, accept: Accept) -> None:
        """Take events in until cancelled; returns at once where others bring them."""

    async def send(self, sending: Sending) -> str:
        """Send one message; returns the network's id of it. Raises SendFailed."""
        raise NotImplementedError

    async def fetch(self, ref: str) -> bytes:
        """The bytes behind a media reference. Raises FetchFailed."""
        raise NotImplementedError

    async def close(self) -> None:
        """Let go of connections."""
