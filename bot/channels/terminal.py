"""The terminal: a chat on standard input and output, on the same path as any network."""

from __future__ import annotations

from collections import defaultdict
from typing import Any

from bot.channels.base import Accept, Features, FetchFailed, Sending
from bot.conversation import Message
from bot.conversation.reply import plain


class TerminalChannel:
    """Keeps what is said to each chair until somebody sits there to read it."""

    name = "terminal"
    features = Features(
        text_limit=20_000, photos="upload", documents="upload", per_second=0, per_chat_second=0
    )

    def __init__(self) -> None:
        self._waiting: defaultdict[str, list[Message]] = defaultdict(list)
        self._sent = 0

    async def run(self, accept: Accept) -> None:
        """Lines come from the command `talk`, not from here."""

    async def send(self, sending: Sending) -> str:
        self._waiting[sending.address.chat_id].append(sending.message)
        self._sent += 1
        return f"terminal-{self._sent}"

    async def fetch(self, ref: str) -> bytes:
        raise FetchFailed("Ảnh này không còn nữa. Đồng chí gửi lại giúp.", final=True)

    async def close(self) -> None:
        pass

    def take(self, chat_id: str) -> list[str]:
        """What was said to a chair and not yet read, as shown on the screen."""
        return [shown(message) for message in self._waiting.pop(chat_id, [])]

    def chats_with_news(self) -> list[str]:
        return sorted(self._waiting)


def shown(message: Message) -> str:
    """A message as lines of text; an attachment is named in brackets."""
    parts: list[Any] = []
    if message.attachment:
        what = "ảnh" if message.attachment.kind == "photo" else f"tệp {message.attachment.name}"
        parts.append(f"[{what}]")
    if message.text:
        parts.append(plain(message.text))
    return "\n".join(parts)
