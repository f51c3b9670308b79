"""How a message looks on Telegram: HTML with everything escaped, and buttons in rows."""

from __future__ import annotations

import html
import re
from collections.abc import Sequence

import structlog
from aiogram.types import InlineKeyboardButton, InlineKeyboardMarkup

from bot.conversation import Choice
from bot.conversation.reply import plain, split_text, units, with_bold

log = structlog.get_logger()

DATA_BYTES = 64
LABEL = 40
"""Letters of a label; a phone shows about that many on a button of full width."""
ROW = 36
"""Letters that stand side by side; the buttons of a row share it equally."""
MANY = 4
_CONTROLS = {code: None for code in range(32) if code not in (9, 10)}


def as_html(text: str) -> str:
    """The text for parse_mode HTML. Whatever people typed into it stays what they typed."""
    return _sendable(with_bold(html.escape(text, quote=False), "<b>", "</b>"))


def as_plain(text: str) -> str:
    return _sendable(plain(text))


def _sendable(text: str) -> str:
    """Without control letters (a bold mark that lost its other half) and half letters."""
    return text.translate(_CONTROLS).encode("utf-8", "ignore").decode()


def keyboard(choices: Sequence[Choice], menu: int) -> InlineKeyboardMarkup | None:
    """Buttons that carry the menu's number and the choice's key; None when there are none.

    A key too long for a button has none; it can still be picked by its number or its words.
    """
    rows: list[list[InlineKeyboardButton]] = []
    widest = 0
    for choice in choices:
        data = f"{menu}:{choice.key}"
        if len(data.encode()) > DATA_BYTES:
            log.warning("choice_without_button", key=choice.key[:DATA_BYTES], menu=menu)
            continue
        label = _label(choice)
        widest = max(widest, len(label))
        button = InlineKeyboardButton(text=label, callback_data=data)
        if rows and len(rows[-1]) < MANY and (len(rows[-1]) + 1) * (widest + 2) <= ROW:
            rows[-1].append(button)
        else:
            rows.append([button])
            widest = len(label)
    return InlineKeyboardMarkup(inline_keyboard=rows) if rows else None


def _label(choice: Choice) -> str:
    label = re.sub(r"\s+", " ", as_plain(choice.label)).strip() or choice.key
    if units(label) <= LABEL:
        return label
    return f"{split_text(label, LABEL - 2)[0].rstrip(' ,;.–—-')} …"
