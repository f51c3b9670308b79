"""How a message looks on the Official Account: plain text, up to five buttons, a photo, a file."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from bot.channels.zalo_oa.line import Json
from bot.conversation import Choice
from bot.conversation.reply import plain, split_text, units
from vietnamese.formatting import day
from vietnamese.zone import local_day

TEXT = 2000
BUTTONS = 5
TITLE = 100
PRESS = re.compile(r"#m([0-9]{1,9}):(.{1,200})", re.DOTALL)
_CONTROLS = {code: None for code in range(32) if code not in (9, 10)}


def words(text: str) -> str:
    """The text without marks, control letters and half letters."""
    return plain(text).translate(_CONTROLS).encode("utf-8", "ignore").decode()


def text_message(text: str, choices: Sequence[Choice] = (), menu: int = 0) -> Json:
    """A text; the first five choices as buttons. The numbers stand in the text itself."""
    message: Json = {"text": text}
    if choices:
        buttons = [_button(choice, menu) for choice in choices[:BUTTONS]]
        message["attachment"] = {"type": "template", "payload": {"buttons": buttons}}
    return message


def photo_message(attachment_id: str, text: str = "") -> Json:
    """A photo, with words below it."""
    element = {"media_type": "image", "attachment_id": attachment_id}
    payload = {"template_type": "media", "elements": [element]}
    message: Json = {"text": text} if text else {}
    return message | {"attachment": {"type": "template", "payload": payload}}


def file_message(token: str) -> Json:
    return {"attachment": {"type": "file", "payload": {"token": token}}}


def _button(choice: Choice, menu: int) -> Json:
    title = re.sub(r"\s+", " ", words(choice.label)).strip() or choice.key
    if units(title) > TITLE:
        title = f"{split_text(title, TITLE - 2)[0].rstrip(' ,;.–—-')} …"
    return {"title": title, "type": "oa.query.hide", "payload": f"#m{menu}:{choice.key}"}


@dataclass(frozen=True)
class Template:
    """An approved template, for reminders to people whose window is closed.

    `data`: its parameters and what goes into each: "{text}" (the beginning of the message, one
    line, at most `limit` units), "{date}" (22/11/2026), or fixed words.
    """

    id: str
    data: Mapping[str, str] = field(
        default_factory=lambda: {"noi_dung": "{text}", "ngay": "{date}"}
    )
    limit: int = 200

    def filled(self, text: str, now: datetime) -> dict[str, str]:
        line = " ".join(words(text).split())
        if units(line) > self.limit:
            line = f"{split_text(line, self.limit - 2)[0].rstrip(' ,;.–—-')} …"
        today = day(local_day(now))
        return {
            name: pattern.replace("{date}", today).replace("{text}", line)
            for name, pattern in self.data.items()
        }
