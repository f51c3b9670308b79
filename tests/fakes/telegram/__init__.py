"""A fake Telegram: a Bot API server over real HTTP, with people who talk to the bot.

Start reading at `server.py`. What the real Bot API does is said at the head of each module.
"""

from .chats import BotMessage, Button, Chat, Silence
from .faults import Fault, Kind
from .people import Group, Person
from .seat import Seat, Tap, Toast
from .server import FakeTelegram
from .state import CANARY_TOKEN, Call
from .webhook import SECRET_HEADER, Delivery

__all__ = [
    "CANARY_TOKEN",
    "SECRET_HEADER",
    "BotMessage",
    "Button",
    "Call",
    "Chat",
    "Delivery",
    "FakeTelegram",
    "Fault",
    "Group",
    "Kind",
    "Person",
    "Seat",
    "Silence",
    "Tap",
    "Toast",
]
