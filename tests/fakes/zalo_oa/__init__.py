"""A fake Zalo Official Account: tokens, messages, uploads and webhooks over real HTTP.

Start reading at `server.py`. What the real one does is said at the head of each module.
"""

from .faults import Fault, Kind
from .people import Button, Heard, Person, Silence
from .server import FakeZaloOA
from .state import CANARY, Call
from .webhook import SIGNATURE_FORMS, SIGNATURE_HEADER, Attempt

__all__ = [
    "CANARY",
    "SIGNATURE_FORMS",
    "SIGNATURE_HEADER",
    "Attempt",
    "Button",
    "Call",
    "FakeZaloOA",
    "Fault",
    "Heard",
    "Kind",
    "Person",
    "Silence",
]
