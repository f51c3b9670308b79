"""Telegram. The only package that knows aiogram, and of aiogram only the client.

`channel` wires the parts: `session` speaks HTTP, `translate` turns updates into events, `intake`
commits them, `polling` and `webhook` are the two ways they come, `sending` is the way out.
"""

from bot.channels.telegram import aiogram_lightly  # noqa: F401 - before aiogram is imported
from bot.channels.telegram.channel import TelegramChannel
from bot.channels.telegram.gap import lost_sentence, may_have_lost
from bot.channels.telegram.translate import Me

__all__ = ["Me", "TelegramChannel", "lost_sentence", "may_have_lost"]
