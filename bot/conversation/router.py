"""Which step hears what was said, and where the chat stands afterwards.

No network, no database: an event and a state in, replies and a state out.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Generic, Protocol, TypeVar

from bot.conversation import choices
from bot.conversation.event import Event
from bot.conversation.outcome import Outcome
from bot.conversation.reply import MORE, Choice, Reply
from bot.conversation.state import Place, State
from bot.conversation.talk import Next, Said, Step, Talk, Turn
from vietnamese.letters import clean, fold

W = TypeVar("W")

STALE = "Danh sách này đã cũ."
STALE_NO_QUESTION = 'Danh sách này đã cũ. Đồng chí gõ "?" để xem có thể làm gì.'
NOTHING_TO_CANCEL = 'Hiện không có việc gì đang dở. Đồng chí gõ "?" để xem có thể làm gì.'
CANCELLED = "Đã huỷ, chưa ghi gì."
BACK = "Mời đồng chí làm tiếp việc đang dở."
KEPT = 'Việc đang dở vẫn được giữ. Gõ "tiếp" để làm tiếp.'
LEFT = 'Vâng, dừng ở đây. Đồng chí gõ "?" để xem có thể làm gì.'
HOW = 'Đồng chí trả lời câu dưới đây, hoặc gõ "huỷ" để thôi.'
EDITED = "Tin đã sửa thì không đọc lại được. Đồng chí gửi thành tin mới."
EMPTY = "Tin vừa rồi không có chữ nào. Đồng chí gõ lại bằng chữ."
PHOTO_LATER = (
    "Bước này chưa dùng đến ảnh, tệp, vị trí. Làm xong việc đang dở, đồng chí gửi lại để báo cáo."
)
UPGRADED = "Phần mềm vừa được cập nhật nên phải hỏi lại từ đầu."
MAX_HEARD = 12


class CommandMeaning(Protocol):
    """What the recogniser of commands returns (vietnamese.commands.Command)."""

    @property
    def name(self) -> str: ...
    @property
    def rest(self) -> str: ...
    @property
    def slash(self) -> bool: ...
    @property
    def whole(self) -> bool: ...


@dataclass(frozen=True)
class Router(Generic[W]):
    """Knows the talks by name, and which command opens which."""

    talks: Sequence[Talk[W]]
    commands: Mapping[str, Talk[W]]
    recognise: Callable[[str], CommandMeaning | None]
    photos_to: Talk[W]
    """Takes a photo or a location that comes out of the blue."""
    other: Talk[W]
    """Hears what nothing else understands."""
    drafts: frozenset[str] = frozenset()
    """Talks whose half-done state is worth keeping when another one is opened."""
    with_photos: frozenset[str] = frozenset()
    unfinished: Callable[[Place], bool] = lambda place: True
    """Whether so much was said in a draft that another draft may not take its place."""
    aside: Callable[[str], bool] = lambda text: False
    """What `other` answers in between, when the step that hears it can make nothing of it."""
    wishes: Callable[[str, bool], bool] = lambda text, half_done: False
    """What `other` answers then too, but not where any words are an answer; `half_done`: something
    said so far would be put aside."""

    async def hear(
        self,
        event: Event,
        state: State,
        world: W,
        *,
        photos: tuple[int, ...] = (),
        gate: Talk[W] | None = None,
    ) -> Outcome:
        """One event, one outcome. Raises what the steps raise; the state is then unchanged.

        `gate`: a talk that must be gone through before any other (a chat not connected yet).
        """
        event = replace(event, text=clean(event.text))
        said = Said(event.kind, event.text, "", photos, event.album, event.place)
        if event.kind == "wake":
            return self._ask_again(state)
        if gate is not None:
            return await self._gated(gate, event, state, world, said)
        if event.kind == "choice":
            return await self._pressed(event, state, world, said)
        if event.kind in ("unsupported", "edited"):
            return self._ask_again(state, event.text if event.kind == "unsupported" else EDITED)
        if event.kind == "text":
            if not event.text.strip():
                return self._ask_again(state, EMPTY)
            return await self._typed(event.text, state, world, said)
        return await self._shown(state, world, said)

    def refuse(self, state: State, sentence: str) -> Outcome:
        """A service said no: tell why, and keep the place."""
        return self._ask_again(state, sentence)

    async def _gated(
        self, gate: Talk[W], event: Event, state: State, world: W, said: Said
    ) -> Outcome:
        """Only this talk is heard: no command leads out of it."""
        if state.talk != gate.name:
            return await self._begin(gate, State(menu=state.menu), world, said)
        if event.kind == "choice":
            return await self._pressed(event, state, world, said)
        question = state.question
        if question and (choice := choices.any_of(question, said.text)):
            return await self._picked(choice, state, world, said)
        return await self._step(state, world, said)

    def opens(self, text: str, state: State) -> CommandMeaning | None:
        """The command in a text, where it is not for the step that waits for words."""
        command = self.recognise(text)
        if command and (command.slash or command.whole or not state.free or not state.talk):
            return command
        return None

    # What was said, by its kind

    async def _pressed(self, event: Event, state: State, world: W, said: Said) -> Outcome:
        if event.key.startswith("/"):
            return await self._typed(event.key, state, world, replace(said, text=event.key))
        question = state.question
        choice = choices.by_key(question, event.key) if question else None
        if event.menu != state.menu or choice is None:
            return self._ask_again(state, STALE if question else STALE_NO_QUESTION)
        return await self._picked(choice, state, world, said)

    async def _typed(self, text: str, state: State, world: W, said: Said) -> Outcome:
        question = state.question
        choice: Choice | None = None
        if question:
            choice = choices.by_number(question, text) or choices.by_label(question, text)
            if choice:
                return await self._picked(choice, state, world, said)
        if command := self.opens(text, state):
            opened = await self._commanded(command, state, world, said)
            if opened:
                return opened
        if fold(text).strip(" .!") in ("tiep", "tiep tuc", "lam tiep"):
            if state.parked and not self._worth_keeping(state):
                return self._resume(State(menu=state.menu, parked=state.parked))
            if question:
                return self._ask_again(state)
        if question and not state.free:
            choice = choices.by_part(question, text)
            if choice:
                return await self._picked(choice, state, world, said)
        if not state.talk:
            return await self._begin(self.other, state, world, said)
        if state.free and self.aside(text):
            return await self._answered_aside(state, world, said)
        outcome = await self._step(state, world, said)
        wishes = not state.free and self.wishes(text, state.talk in self.drafts)
        if outcome.unclear and (wishes or self.aside(text)):
            return await self._answered_aside(state, world, said)
        return outcome

    async def _answered_aside(self, state: State, world: W, said: Said) -> Outcome:
        """Answered in between; where that ends at once, the question that stood is asked again."""
        if state.talk in self.drafts:
            return await self._begin(self.other, state, world, said)
        outcome = await self._begin(self.other, State(menu=state.menu), world, said)
        if outcome.state.talk:
            outcome.state.parked = [*state.parked, state.place] if state.free else state.parked
            return outcome
        question = state.question and state.question.once_more()
        return self._asked(replace(state, question=question), Outcome(state, outcome.replies))

    async def _shown(self, state: State, world: W, said: Said) -> Outcome:
        """A photo, a file, a location."""
        if state.talk in self.with_photos or state.free:
            return await self._step(state, world, said)
        if state.talk in self.drafts:
            return self._ask_again(state, PHOTO_LATER)
        return await self._begin(self.photos_to, state, world, said)

    async def _picked(self, choice: Choice, state: State, world: W, said: Said) -> Outcome:
        if choice.key == MORE and state.question:
            return self._asked(
                replace_place(state, question=choices.turned(state.question)), Outcome(state)
            )
        if choice.key.startswith("/"):
            command = self.recognise(choice.key)
            opened = await self._commanded(command, state, world, said) if command else None
            if opened:
                return opened
        said = replace(said, kind="choice", key=choice.key, text=choice.label)
        return await self._step(state, world, said)

    async def _commanded(
        self, command: CommandMeaning, state: State, world: W, said: Said
    ) -> Outcome | None:
        if command.name == "huy":
            return self._cancel(state)
        if command.name == "trogiup" and state.talk in self.drafts:
            return self._ask_again(state, HOW)
        talk = self.commands.get(command.name)
        if talk is None:
            return None
        return await self._begin(talk, state, world, replace(said, rest=command.rest))

    # Going on

    async def _step(self, state: State, world: W, said: Said) -> Outcome:
        talk = next((talk for talk in self.talks if talk.name == state.talk), None)
        step = talk.steps.get(state.step) if talk else None
        if step is None:
            return await self._restart(talk, state, world)
        return await self._run(step, state, world, said)

    async def _begin(self, talk: Talk[W], state: State, world: W, said: Said) -> Outcome:
        if talk.first is None:
            raise ValueError(f"talk {talk.name} has no first step")
        parked = [*state.parked]
        if talk.name in self.drafts:
            parked = [place for place in parked if self.unfinished(place)]
        parking = self._worth_keeping(state) or (
            state.talk in self.drafts and talk.name not in self.drafts
        )
        if parking:
            parked.append(state.place)
        fresh = State(menu=state.menu, parked=parked)
        outcome = await self._run(talk.first, fresh, world, said)
        if parking and len(outcome.state.parked) == len(parked):
            outcome.replies.append(Reply(KEPT))
        return outcome

    def _worth_keeping(self, state: State) -> bool:
        return state.talk in self.drafts and self.unfinished(state.place)

    async def _restart(self, talk: Talk[W] | None, state: State, world: W) -> Outcome:
        """The step is gone (an upgrade): begin anew, and give back what had been typed."""
        kept = "; ".join(state.heard)
        note = f"{UPGRADED} Những gì đồng chí đã gõ: {kept}." if kept else UPGRADED
        fresh = State(menu=state.menu, parked=state.parked)
        if talk is None or talk.first is None:
            return Outcome(fresh, [Reply(f'{note} Đồng chí gõ "?" để xem có thể làm gì.')])
        outcome = await self._run(talk.first, fresh, world, Said("text"))
        outcome.replies.insert(0, Reply(note))
        return outcome

    async def _run(self, step: Step[W], state: State, world: W, said: Said) -> Outcome:
        current = self._find(state)
        turn = Turn(
            world, said, dict(state.data), [], state.question, current or step, state.free,
            state.place, [*state.parked],
        )  # fmt: skip
        going: Next[W] = await step(turn)
        if going.opens:
            return await self._opened(going.opens, replace(state, parked=turn.parked), world, said)
        outcome = Outcome(state, turn.replies, unclear=going.unclear)
        if going.then is None:
            return self._over(replace(state, parked=turn.parked), outcome)
        talk, name = self._owner(going.then)
        heard = [*state.heard, said.text] if said.text else state.heard
        place = State(
            talk.name, name, turn.data, going.question, going.free, heard[-MAX_HEARD:],
            menu=state.menu, parked=turn.parked,
        )  # fmt: skip
        return self._asked(place, outcome, going.quiet)

    async def _opened(
        self, command: tuple[str, str], state: State, world: W, said: Said
    ) -> Outcome:
        """The talk of a command that a step found to be meant."""
        name, rest = command
        if name == "huy":
            return self._cancel(State(menu=state.menu, parked=state.parked))
        fresh = State(menu=state.menu, parked=state.parked)
        return await self._begin(
            self.commands[name], fresh, world, replace(said, rest=rest, key="")
        )

    def _over(self, state: State, outcome: Outcome) -> Outcome:
        after = State(menu=state.menu, parked=state.parked)
        if not state.parked:
            outcome.state = after
            return outcome
        resumed = self._resume(after)
        resumed.replies = [*outcome.replies, *resumed.replies]
        return resumed

    def _resume(self, state: State) -> Outcome:
        *others, last = state.parked
        question = last.question and last.question.once_more()
        place = State(
            last.talk, last.step, last.data, question, last.free, last.heard,
            menu=state.menu, parked=others,
        )  # fmt: skip
        return self._asked(place, Outcome(place, [Reply(BACK)]))

    def _cancel(self, state: State) -> Outcome:
        if not state.talk:
            said = Reply(CANCELLED if state.parked else NOTHING_TO_CANCEL)
            return Outcome(State(menu=state.menu), [said])
        said = Reply(CANCELLED if state.talk in self.drafts else LEFT)
        return self._over(state, Outcome(state, [said]))

    # Asking

    def _asked(self, state: State, outcome: Outcome, quiet: float = 0) -> Outcome:
        state.menu += 1
        outcome.state = state
        outcome.quiet = quiet
        outcome.question = None if quiet else state.question
        return outcome

    def _ask_again(self, state: State, sentence: str = "") -> Outcome:
        outcome = Outcome(state, [Reply(sentence)] if sentence else [])
        if state.question is None:
            return outcome
        if sentence:
            state = replace(state, question=state.question.once_more())
        return self._asked(state, outcome)

    def _find(self, state: State) -> Step[W] | None:
        talk = next((talk for talk in self.talks if talk.name == state.talk), None)
        return talk.steps.get(state.step) if talk else None

    def _owner(self, step: Step[W]) -> tuple[Talk[W], str]:
        for talk in self.talks:
            if talk.steps.get(step.__name__) is step:
                return talk, step.__name__
        raise ValueError(f"{step.__name__} belongs to no talk")


def replace_place(state: State, *, question: Reply) -> State:
    """The same place with another page of its question."""
    return replace(state, question=question)
