"""What a talk is: events in, replies out, and the steps between. Pure: no I/O.

Knows nothing of ours but `vietnamese.letters`, which compares words without their accents.
"""

from bot.conversation.event import Address, Event, MediaRef
from bot.conversation.outcome import Outcome
from bot.conversation.reply import Attachment, Choice, Letter, Message, Reply, bold
from bot.conversation.router import Router
from bot.conversation.state import State
from bot.conversation.talk import Next, Refused, Said, Step, Talk, Turn

__all__ = [
    "Address",
    "Attachment",
    "Choice",
    "Event",
    "Letter",
    "MediaRef",
    "Message",
    "Next",
    "Outcome",
    "Refused",
    "Reply",
    "Router",
    "Said",
    "State",
    "Step",
    "Talk",
    "Turn",
    "bold",
]
