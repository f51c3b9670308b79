"""A fake Zalo Bot Platform: its calls over real HTTP, with people who talk to the bot.

Start reading at `server.py`. Where nobody knows what the real one does, the fake does either on
request (`envelope`, `photo_field`, `idle_status`, `retries`).
"""

from .people import Group, Person, Seat
from .server import FakeZaloBot
from .state import CANARY_TOKEN, SECRET_HEADER, BotMessage, Silence

__all__ = [
    "CANARY_TOKEN",
    "SECRET_HEADER",
    "BotMessage",
    "FakeZaloBot",
    "Group",
    "Person",
    "Seat",
    "Silence",
]
