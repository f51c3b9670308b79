"""Where a chat stands: the talk, the step, what is kept, the question that waits."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from pydantic import TypeAdapter

from bot.conversation.reply import Reply


@dataclass
class Place:
    """A place in a talk, to come back to."""

    talk: str = ""
    step: str = ""
    data: dict[str, Any] = field(default_factory=dict)
    question: Reply | None = None
    free: bool = False
    heard: list[str] = field(default_factory=list)
    """What was typed in this talk so far, to give back if an upgrade loses the step."""


@dataclass
class State(Place):
    """The state of a chat, kept as JSON in the chat's row."""

    menu: int = 0
    """Counts the questions: a press names the menu it belongs to."""
    parked: list[Place] = field(default_factory=list)
    """Talks left for something in between, the last one last; taken up again when that is over."""

    @property
    def place(self) -> Place:
        """Where the chat stands, to come back to."""
        return Place(self.talk, self.step, self.data, self.question, self.free, self.heard)


_adapter = TypeAdapter(State)


def dump_state(state: State) -> dict[str, Any]:
    dumped: dict[str, Any] = _adapter.dump_python(state, mode="json", exclude_defaults=True)
    return dumped


def load_state(data: dict[str, Any]) -> State:
    return _adapter.validate_python(data)
