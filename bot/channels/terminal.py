"""The terminal: a chat on standard input and output, on the same path as any network."""

from __future__ import annotations

from collections import defaultdict

from bot.channels.base import Accept, Features, FetchFailed, Sending
from bot.conversation import Message
from bot.conversation.reply import plain

LOOKS = {"terminal": 20_000, "telegram": 4096, "web": 8000, "zalo_bot": 2000, "zalo_oa": 2000}
"""How a network shows messages: the letters of one message. Telegram, the OA and the web have buttons."""
WITH_BUTTONS = ("telegram", "web", "zalo_oa")


class TerminalChannel:
    """Keeps what is said to each chair until somebody sits there to read it."""

    name = "terminal"

    def __init__(self, look: str = "terminal") -> None:
        """`look`: show messages as this network would (LOOKS)."""
        self._buttons = look in WITH_BUTTONS
        self.features = Features(
            text_limit=LOOKS[look],
            photos="upload",
            documents="upload",
            per_second=0,
            per_chat_second=0,
        )
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
        waiting = self._waiting.pop(chat_id, [])
        return [shown(message, buttons=self._buttons) for message in waiting]

    def chats_with_news(self) -> list[str]:
        return sorted(self._waiting)


def shown(message: Message, *, buttons: bool = False) -> str:
    """A message as lines of text; an attachment is named in brackets, and so are buttons."""
    parts: list[str] = []
    if message.attachment:
        what = "ảnh" if message.attachment.kind == "photo" else f"tệp {message.attachment.name}"
        parts.append(f"[{what}]")
    if message.text:
        parts.append(plain(message.text))
    if buttons and message.choices:
        parts.append(" ".join(f"[{choice.label}]" for choice in message.choices))
    return "\n".join(parts)
