"""A talk: a few steps, each a function from what was said to what is answered.

A talk file reads top to bottom like the dialogue. A step gets a Turn and returns `turn.ask(…)`,
which names the step that hears the answer, or `turn.end(…)`.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from typing import Any, Generic, TypeVar

from bot.conversation.event import Kind
from bot.conversation.reply import Attachment, Choice, Layout, Reply
from bot.conversation.state import Place

W = TypeVar("W")


class Refused(Exception):
    """The sentence is for the person: what cannot be, and what to do instead."""

    def __init__(self, sentence: str) -> None:
        super().__init__(sentence)
        self.sentence = sentence


@dataclass(frozen=True, slots=True)
class Said:
    """What a step hears. `key` is set when something offered was picked."""

    kind: Kind
    text: str = ""
    key: str = ""
    photos: tuple[int, ...] = ()
    """And files: the ids of what came."""
    album: str = ""
    place: tuple[float, float] | None = None
    rest: str = ""
    """What stood behind the command's word when the talk was begun by one."""


@dataclass(frozen=True)
class Next(Generic[W]):
    """Where the talk goes: the step that hears the answer, or nowhere when it is over."""

    then: Step[W] | None
    question: Reply | None = None
    quiet: float = 0
    free: bool = False
    unclear: bool = False
    """The step could make nothing of what was said."""
    opens: tuple[str, str] | None = None
    """The command that was meant, and what it is about: its talk answers in place of this one."""


@dataclass
class Turn(Generic[W]):
    """One exchange: the world (database session, actor, time), what was said, what is kept."""

    world: W
    said: Said
    data: dict[str, Any]
    replies: list[Reply] = field(default_factory=list)
    question: Reply | None = None
    """The question that stands, if one does."""
    step: Step[W] | None = None
    free: bool = False
    place: Place = field(default_factory=Place)
    """Where the chat stood, as it is put aside."""
    parked: list[Place] = field(default_factory=list)
    """The talks put aside; a step that takes one of them up removes it."""

    def say(self, text: str, attachment: Attachment | None = None) -> None:
        """Say something that is not a question; it comes before the question that follows."""
        self.replies.append(Reply(text, attachment=attachment))

    def ask(
        self,
        text: str,
        then: Step[W],
        choices: Sequence[Choice] = (),
        *,
        layout: Layout = "list",
        hint: str = "",
        quiet: float = 0,
        free: bool = False,
        brief: str = "",
    ) -> Next[W]:
        """Ask, and let `then` hear the answer.

        `quiet`: ask only when nothing came for so many seconds (an album is on its way).
        `brief`: what stands for a long text when the question must be asked again.
        `free`: any sentence is an answer here, so only whole commands lead out of the talk.
        """
        question = Reply(text, tuple(choices), layout, hint, brief=brief)
        return Next(then, question, quiet, free)

    def again(self, sentence: str) -> Next[W]:
        """Not understood: say so, and ask the same question again."""
        self.say(sentence)
        question = self.question and self.question.once_more()
        return Next(self.step, question, free=self.free, unclear=True)

    def by_number(self) -> Next[W]:
        """None of what is offered was named: say how it can be, and ask again."""
        offered = len(self.question.choices) if self.question else 0
        upto = f"số từ 1 đến {offered}" if offered > 1 else "số 1"
        return self.again(f"Đồng chí trả lời bằng {upto}.")

    def stay(self, quiet: float = 0) -> Next[W]:
        """Keep the question that stands; with `quiet`, ask it again later."""
        return Next(self.step, self.question, quiet, self.free)

    def end(self, text: str = "", commands: Sequence[tuple[str, str]] = ()) -> Next[W]:
        """The talk is over. `commands`: what this person may type from now on."""
        if text:
            self.replies.append(Reply(text, commands=tuple(commands)))
        return Next(None)

    def open(self, command: str, rest: str = "") -> Next[W]:
        """It was another command that was meant: let its talk answer."""
        return Next(None, opens=(command, rest))


Step = Callable[[Turn[W]], Awaitable[Next[W]]]


class Talk(Generic[W]):
    """A named talk; its steps are registered by name, because the name is what is stored."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.steps: dict[str, Step[W]] = {}
        self.first: Step[W] | None = None

    def begin(self, step: Step[W]) -> Step[W]:
        """The step that opens the talk."""
        self.first = step
        return self.step(step)

    def step(self, step: Step[W]) -> Step[W]:
        """A step that hears an answer."""
        name = _name(step)
        if name in self.steps:
            raise ValueError(f"talk {self.name}: two steps named {name}")
        self.steps[name] = step
        return step

    def name_of(self, step: Step[W]) -> str:
        name = _name(step)
        if self.steps.get(name) is not step:
            raise ValueError(f"talk {self.name}: {name} is not a step of it")
        return name


def _name(step: Callable[..., Any]) -> str:
    name: str = step.__name__
    return name
