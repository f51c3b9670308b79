"""The terminal: a chat on standard input and output, on the same path as any network.

It may show messages as another network would; how that one writes them is that network's own rule,
used here as it stands.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Sequence

from bot.channels.base import Accept, Features, FetchFailed, Sending
from bot.channels.zalo_bot import sentences as zalo_bot_says
from bot.channels.zalo_oa import sentences as zalo_oa_says
from bot.channels.zalo_oa.uploads import FILE_NAMES
from bot.channels.zalo_oa.writing import text_message
from bot.conversation import Attachment, Choice, Message
from bot.conversation.reply import plain

LOOKS = {"terminal": 20_000, "telegram": 4096, "web": 8000, "zalo_bot": 2000, "zalo_oa": 2000}
"""How a network shows messages: the letters of one message."""

LinkTo = Callable[[Attachment], str]
"""Where a person gets a document that the network does not carry."""


class TerminalChannel:
    """Keeps what is said to each chair until somebody sits there to read it."""

    name = "terminal"

    def __init__(self, look: str = "terminal") -> None:
        """`look`: show messages as this network would (LOOKS)."""
        self._look = look
        self.link_to: LinkTo = lambda attachment: "https://…"
        """Set by whoever knows our address."""
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
        return [shown(message, self._look, self.link_to) for message in waiting]

    def chats_with_news(self) -> list[str]:
        return sorted(self._waiting)


def shown(message: Message, look: str, link_to: LinkTo) -> str:
    """A message as lines of text; an attachment is named in brackets, and so are buttons."""
    text, attachment = plain(message.text), message.attachment
    before, behind = _attached(attachment, look, link_to) if attachment else ("", "")
    is_photo = attachment is not None and attachment.kind == "photo"
    # On an Official Account a photo takes the place of the buttons.
    choices = () if look == "zalo_oa" and is_photo else message.choices
    return "\n".join(part for part in (before, text, behind, _buttons(choices, look)) if part)


def _attached(attachment: Attachment, look: str, link_to: LinkTo) -> tuple[str, str]:
    """What stands before the text, and what below it."""
    if attachment.kind == "photo":
        return "[ảnh]", ""
    if look == "zalo_bot":
        return "", zalo_bot_says.document_at(attachment.name, link_to(attachment))
    if look == "zalo_oa":
        if attachment.name.lower().endswith(FILE_NAMES):
            return "", f"[tệp {attachment.name}]"
        url = link_to(attachment)
        return "", zalo_oa_says.ON_THE_WEB.format(name=attachment.name, url=url)
    return f"[tệp {attachment.name}]", ""


def _buttons(choices: Sequence[Choice], look: str) -> str:
    """The buttons, in the rows in which a phone shows them."""
    rows: list[list[str]] = []
    if look == "telegram":
        from bot.channels.telegram.writing import keyboard  # see bot.networks

        drawn = keyboard(choices, 0)
        rows = [[button.text for button in row] for row in drawn.inline_keyboard] if drawn else []
    elif look == "zalo_oa" and choices:
        drawn_below = text_message("", choices)["attachment"]["payload"]["buttons"]
        rows = [[button["title"]] for button in drawn_below]
    elif look == "web":
        rows = [[choice.label for choice in choices]]
    return "\n".join(" ".join(f"[{label}]" for label in row) for row in rows)
