"""A report on its way: what is known so far, kept in the talk's data as JSON."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields, replace
from decimal import Decimal
from typing import Any

from handlers import choosing, odd_values, values
from handlers.words import SITUATIONS, short
from handlers.world import Turn
from services import reports, tasks
from services.access import reportable_task
from services.errors import Refused
from services.tasks import Task
from vietnamese.commands import read_command
from vietnamese.meaning import Ask
from vietnamese.names import split_code
from vietnamese.quantities import Quantity
from vietnamese.reports import ReportMeaning, read_report

NOT_OF_THIS = 'Phần "{another}" chưa ghi, đồng chí gửi riêng giúp sau báo cáo này.'
ONE_AT_A_TIME = "Mỗi tin tôi ghi được một việc, đây là {code}. " + NOT_OF_THIS
LONGEST = 4000
"""Letters of a note or an obstacle that are kept."""


@dataclass
class Draft:
    """What a report says so far; `quick`: everything came in one message."""

    task: int = 0
    introduced: bool = False
    """Whether what follows from the task being known has been done and said."""
    was: int = 0
    """The task before another one may be chosen; its result stays only if it is the same."""
    value: str | None = None
    qualifier: str | None = None
    situation: str = ""
    obstacle: str = ""
    waits_for: str = ""
    text: str = ""
    photos: list[int] = field(default_factory=list)
    """And files, in the order they came, those among them that cannot be had."""
    too_many: int = 0
    """Photos that came when there were enough."""
    files_too_many: int = 0
    warned: bool = False
    """Whether it has been said that papers with a secrecy mark must not be sent."""
    photos_done: bool = False
    place: str | None = None
    quick: bool = False
    assume: bool = False
    """Whether a situation that was not told may be taken for "đúng tiến độ" (decision 0004)."""
    correcting: int = 0
    refused: bool = False
    """Whether a result was typed that cannot be: an earlier one is no answer then."""
    pending: str = ""
    """A report understood before it was clear which task it is about; read again when it is."""

    def take(self, value: Decimal, qualifier: str | None = None) -> None:
        self.value, self.qualifier = str(value), qualifier

    def about(self, task: int) -> None:
        """The report is about this task; the result of another one is none of its."""
        if self.was not in (0, task):
            self.value = self.qualifier = None
        self.task, self.was = task, 0

    def take_words(self, meaning: ReportMeaning) -> None:
        """What was understood besides the result."""
        if meaning.situation:
            self.situation = meaning.situation
        if meaning.obstacle:
            self.situation, self.obstacle = "stuck", meaning.obstacle[:LONGEST]
        if meaning.text:
            self.add_text(meaning.text)

    def add_text(self, text: str) -> None:
        joined = f"{self.text}\n{text.strip()}" if self.text else text.strip()
        self.text = joined[:LONGEST]

    def forget(self, part: str) -> bool:
        """Empty one part, so that it alone is asked again. False: there is no such part."""
        if part == "photos":
            self.photos_done = self.quick = False
            return True
        if part == "task" and not self.correcting:
            self.was, self.task, self.introduced = self.task, 0, False
        elif part == "value":
            self.value = None
        elif part == "situation":
            self.situation = self.obstacle = self.waits_for = ""
        else:
            return False
        self.photos_done, self.quick, self.assume = True, False, False
        return True

    def go_on_from(self, old: Draft) -> None:
        """Take over what an earlier draft said, where this one says nothing."""
        if self.value is None and not self.refused:
            self.value, self.qualifier, self.quick = old.value, old.qualifier, old.quick
        if not self.situation:
            self.situation, self.assume = old.situation, old.assume or self.assume
            self.obstacle, self.waits_for = old.obstacle, old.waits_for
        if old.text and old.text != self.text:
            self.text = f"{old.text}\n{self.text}".strip()[:LONGEST]
        self.photos = [*old.photos, *(one for one in self.photos if one not in old.photos)]
        self.warned |= old.warned
        self.place = self.place or old.place
        self.photos_done = self.photos_done or old.photos_done

    def to_service(self, photos: list[int]) -> reports.Draft:
        stuck = self.situation == "stuck"
        return reports.Draft(
            self.task,
            Decimal(self.value) if self.value is not None else None,
            self.situation,  # type: ignore[arg-type] # one of the three keys offered
            self.qualifier,
            self.text,
            self.obstacle if stuck else "",
            self.waits_for if self.waits_for in ("unit", "above") else "",
            tuple(photos),
            self.place,
        )


def of_data(data: Mapping[str, Any]) -> Draft:
    names = {known.name for known in fields(Draft)}
    return Draft(**{name: value for name, value in data.items() if name in names})


def load(turn: Turn) -> Draft:
    return of_data(turn.data)


def save(turn: Turn, draft: Draft) -> None:
    turn.data.update(asdict(draft))


def unfinished(data: Mapping[str, Any]) -> bool:
    """Whether something would be lost with this draft: more than a task that was chosen."""
    draft = of_data(data)
    told = draft.value is not None or draft.situation or draft.text
    return bool(draft.photos or draft.place or (draft.task and told))


def take_up(turn: Turn, draft: Draft) -> bool:
    """Photos that wait for a report, and an unsent draft of this very report, become part of it.

    True: there was such a draft.
    """
    again = False
    for place in [*turn.parked]:
        if place.talk not in ("report", "photos"):
            continue
        old = of_data(place.data)
        waiting = not old.task and not draft.correcting
        same = bool(old.task) and (old.task, old.correcting) == (draft.task, draft.correcting)
        if waiting or same:
            turn.parked.remove(place)
            draft.go_on_from(old)
            again |= same
    return again


def without_command(text: str) -> str:
    """A caption without its "bc" or "báo cáo"."""
    command = read_command(text)
    return command.rest if command and command.name == "baocao" else text


def doubts_value(ask: Ask[Any] | None) -> bool:
    return ask is not None and all(isinstance(one.meaning, Quantity) for one in ask.readings)


def doubts_situation(ask: Ask[Any] | None) -> bool:
    return ask is not None and all(one.meaning in SITUATIONS for one in ask.readings)


async def read_into(turn: Turn, text: str) -> ReportMeaning | None:
    """Understand a whole report in one message; None: nothing was understood.

    What is understood of a known task is kept; what is not stays to be asked.
    """
    world = turn.world
    mine = await tasks.enterable_tasks(world.session, world.actor)
    text, another = choosing.first_of_several(text, mine)
    draft = load(turn)
    # Once the task is known, its code is no riddle: others may bear the same one.
    about = [task for task in mine if task.id == draft.task] or mine
    meaning = read_report(text, [values.hint_of(task) for task in about])
    if meaning is None:
        return None
    task = _task_of(meaning, draft, mine)
    if task is None:
        return meaning
    if another:
        turn.say(ONE_AT_A_TIME.format(code=task.code, another=short(another, 40)))
    draft.about(task.id)
    if meaning.quantity and (two := values.doubt(task, meaning.quantity, task.value)):
        meaning = replace(meaning, quantity=None, ask=two)
    value = values.value_of(task, meaning.quantity, task.value) if meaning.quantity else None
    figures = choosing.after_code(without_command(text).strip())
    wrong = odd_values.below_zero(task, figures)
    if not wrong and value is not None:
        wrong = odd_values.impossible(task, value)
    draft.refused = bool(wrong)
    if wrong:
        turn.say(wrong)
    elif value is not None and meaning.quantity:
        draft.take(value, meaning.quantity.qualifier)
        draft.quick = True
        draft.assume = not (doubts_situation(meaning.ask) or odd_values.has_fallen(task, value))
    elif meaning.quantity and not meaning.ask and task.measure != "yesno":
        turn.say(values.not_ours(task, meaning.quantity))
    draft.take_words(meaning)
    save(turn, draft)
    return meaning


async def read_whole(turn: Turn, task: Task) -> bool:
    """Whether what is no figure tells a whole report; what is no answer is no note either."""
    draft, replies = load(turn), len(turn.replies)
    whole = await read_into(turn, f"{task.code} {turn.said.text}")
    if whole and load(turn).value is not None:
        return True
    save(turn, draft)
    del turn.replies[replies:]
    return False


async def of_unit(turn: Turn, text: str, mine: list[Task]) -> tuple[bool, ReportMeaning | None]:
    """Whether a task was named with its unit ("nv03 phù lưu 2 tổ"), and what else was said."""
    found = await choosing.of_named_unit(turn, text, mine)
    if found is None:
        return False, None
    task, rest = found
    told = choosing.after_code(rest).strip() if choosing.code_in(rest) else ""
    if not told:
        return True, await choose(turn, task)
    draft = load(turn)
    draft.about(task.id)
    save(turn, draft)
    return True, await read_into(turn, f"{task.code} {told}")


async def stuck_first(turn: Turn) -> list[Task]:
    """The tasks that may be meant where an answer begins with "vướng mắc"."""
    command = read_command(turn.said.text)
    if command is None or command.name != "vuongmac":
        return []
    return await take_stuck(turn, command.rest)


def enough_said(turn: Turn, *, at_photos: bool) -> str:
    """ "xong" under a photo is no note; where photos are asked for it ends that step."""
    draft = load(turn)
    draft.photos_done |= at_photos
    save(turn, draft)
    return ""


async def take_stuck(turn: Turn, told: str) -> list[Task]:
    """ "nv03 chưa có đất", after "vướng mắc": keep what is stuck; the tasks it may be about."""
    named = await choosing.named_tasks(turn, told)
    told = choosing.after_code(told).strip(" :,.-–") if named else told
    draft = load(turn)
    draft.situation, draft.obstacle = "stuck", told[:LONGEST]
    save(turn, draft)
    return named


async def keep_beside(turn: Turn, text: str) -> None:
    """What an answer says besides its figure: how it goes, what is stuck, a note."""
    draft = load(turn)
    world = turn.world
    mine = await tasks.enterable_tasks(world.session, world.actor)
    task = next(one for one in mine if one.id == draft.task)
    meaning = read_report(f"{task.code} {text}", [values.hint_of(task)])
    if meaning is None or meaning.quantity is None:
        return
    draft.take_words(meaning)
    save(turn, draft)


def put_aside(turn: Turn) -> Draft:
    """The report that was begun is kept for later, and another one begins."""
    turn.parked.append(turn.place)
    turn.say('Báo cáo đang làm dở vẫn được giữ. Gõ "tiếp" để làm tiếp.')
    turn.data.clear()
    save(turn, draft := Draft())
    return draft


def _task_of(meaning: ReportMeaning, draft: Draft, mine: list[Task]) -> Task | None:
    """The one task a message is about; a doubt about the task is no answer."""
    if known := next((task for task in mine if task.id == draft.task), None):
        return known
    ask = meaning.ask
    if ask and not doubts_value(ask) and not doubts_situation(ask):
        return None
    fitting = [task for task in mine if meaning.task in (None, task.code)]
    return fitting[0] if len(fitting) == 1 else None


async def task_of(turn: Turn, draft: Draft) -> Task | None:
    """The task of a draft; None where it was handed over in the middle of the report."""
    try:
        return await reportable_task(turn.world.session, turn.world.actor, draft.task)
    except Refused:
        return None


async def choose(turn: Turn, task: Task) -> ReportMeaning | None:
    """The report is about this task; what was typed before is read again in its light."""
    draft = load(turn)
    pending, draft.pending = draft.pending, ""
    draft.about(task.id)
    save(turn, draft)
    told = without_command(pending).strip()
    if split_code(choosing.code_in(told)) == split_code(task.code):
        told = choosing.after_code(told)  # said once; twice, it would become a note
    return await read_into(turn, f"{task.code} {told}") if pending else None


async def introduce(turn: Turn, draft: Draft, task: Task) -> None:
    """The task is known now: an unsent report on it is taken up, and another's is named as such."""
    draft.introduced = True
    if take_up(turn, draft):
        turn.say(f"Đồng chí làm tiếp báo cáo {task.code} còn dở.")
    if task.owner_post_id not in {post.id for post in turn.world.actor.posts}:
        card = await tasks.task_card(turn.world.session, turn.world.actor, task.id)
        whose = f"đồng chí {card.owner}, {card.post}" if card.owner else card.post
        turn.say(f"Báo cáo thay {whose}, {card.unit}.")
    save(turn, draft)


async def last_result(turn: Turn, draft: Draft, task: Task) -> values.Last:
    """The figure before this report: of a report that is corrected, the one before it."""
    if not draft.correcting:
        return values.Last(task.value, task.last_report_at)
    before = await tasks.report_before(turn.world.session, task, draft.correcting)
    return values.Last(before.value, before.sent_at) if before else values.Last(task.loaded_value)
