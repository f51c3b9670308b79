"""What comes of an event: what to send, and where the talk stands then."""

from __future__ import annotations

from dataclasses import dataclass, field

from bot.conversation.event import Address
from bot.conversation.reply import Letter, Reply
from bot.conversation.state import State


@dataclass
class Outcome:
    """What to send and what to keep. The question, if any, is sent last, with `state.menu`."""

    state: State
    replies: list[Reply] = field(default_factory=list)
    question: Reply | None = None
    quiet: float = 0
    """Ask `state.question` only after so many seconds without a new event."""
    unclear: bool = False
    """The step could make nothing of what was said."""

    def letters(self, address: Address) -> list[Letter]:
        """All there is to send to the chat."""
        asked = [Letter(address, [self.question], self.state.menu)] if self.question else []
        return [Letter(address, self.replies), *asked]
