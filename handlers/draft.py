"""A report on its way: what is known so far, kept in the talk's data as JSON."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field, fields
from decimal import Decimal

from handlers.values import value_of
from handlers.words import SITUATIONS, reported, unit_of
from handlers.world import Turn
from services import reports, tasks
from services.reports import share_of_plan
from services.tasks import Task
from vietnamese.commands import read_command
from vietnamese.letters import fold
from vietnamese.marked import secrecy_mark
from vietnamese.reports import ReportMeaning, TaskHint, read_report

ENOUGH = ("xong", "xong roi", "du", "du roi", "het", "het roi", "ok", "bo qua", "khong con")
LONGEST = 4000
"""Letters of a note or an obstacle that are kept."""
ALBUM_QUIET = 1.5
"""Seconds without a new photo after which an album is taken to be whole."""
MARKED = (
    'Tài liệu có dấu "{mark}" không được gửi qua đây. '
    "Đồng chí gửi theo đường văn thư mật; ở đây chỉ báo cáo tiến độ bằng lời."
)


@dataclass
class Draft:
    """What a report says so far; `quick`: everything came in one message."""

    task: int = 0
    value: str | None = None
    qualifier: str | None = None
    situation: str = ""
    obstacle: str = ""
    waits_for: str = ""
    text: str = ""
    photos: list[int] = field(default_factory=list)
    photos_done: bool = False
    place: str | None = None
    quick: bool = False
    correcting: int = 0
    pending: str = ""
    """A report typed before it was clear which task it is about; read again when it is."""

    def take(self, value: Decimal, qualifier: str | None = None) -> None:
        self.value, self.qualifier = str(value), qualifier

    def add_text(self, text: str) -> None:
        joined = f"{self.text}\n{text.strip()}" if self.text else text.strip()
        self.text = joined[:LONGEST]

    def forget(self, part: str) -> bool:
        """Empty one part, so that it is asked again. False: there is no such part."""
        if part == "task":
            self.task, self.value = 0, None
        elif part == "value":
            self.value = None
        elif part == "situation":
            self.situation = self.obstacle = self.waits_for = ""
        elif part == "photos":
            self.photos, self.photos_done, self.quick = [], False, False
        else:
            return False
        return True

    def to_service(self) -> reports.Draft:
        stuck = self.situation == "stuck"
        return reports.Draft(
            self.task,
            Decimal(self.value) if self.value is not None else None,
            self.situation,  # type: ignore[arg-type] # one of the three keys offered
            self.qualifier,
            self.text,
            self.obstacle if stuck else "",
            self.waits_for if self.waits_for in ("unit", "above") else "",
            tuple(self.photos),
            self.place,
        )


def load(turn: Turn) -> Draft:
    names = {known.name for known in fields(Draft)}
    return Draft(**{name: value for name, value in turn.data.items() if name in names})


def save(turn: Turn, draft: Draft) -> None:
    turn.data.update(asdict(draft))


def take_photos(turn: Turn) -> str:
    """Keep the photos and the place of this turn; a sentence when they cannot be taken."""
    if mark := secrecy_mark(turn.said.text) or secrecy_mark(turn.said.rest):
        return MARKED.format(mark=mark)
    draft = load(turn)
    if turn.said.place:
        draft.place = "{:.6f},{:.6f}".format(*turn.said.place)
    room = reports.MAX_PHOTOS - len(draft.photos)
    new = [photo for photo in turn.said.photos if photo not in draft.photos]
    draft.photos += new[:room]
    save(turn, draft)
    if len(new) > room:
        return f'Một báo cáo có tối đa {reports.MAX_PHOTOS} ảnh, đã đủ. Gõ "xong" để đi tiếp.'
    return ""


def quiet(turn: Turn) -> float:
    """Of an album the question waits until the last photo is there."""
    return ALBUM_QUIET if turn.said.album and turn.said.photos else 0


def without_command(text: str) -> str:
    """A caption without its "bc" or "báo cáo"."""
    command = read_command(text)
    return command.rest if command and command.name == "baocao" else text


def is_enough(text: str) -> bool:
    """ "xong", "đủ rồi", "hết", "bỏ qua": no more photos; those that came are kept."""
    return fold(text).strip(" .!") in ENOUGH


async def read_into(turn: Turn, text: str) -> ReportMeaning | None:
    """Understand a whole report in one message; None: nothing was understood.

    What is understood is kept; what is not stays to be asked.
    """
    world = turn.world
    mine = await tasks.enterable_tasks(world.session, world.actor)
    hints = [
        TaskHint(task.code, task.title, unit_of(task), task.target, task.value) for task in mine
    ]
    meaning = read_report(text, hints)
    if meaning is None:
        return None
    draft = load(turn)
    same_code = [task for task in mine if meaning.task and task.code == meaning.task]
    known = [task for task in mine if task.id == draft.task]
    chosen = known or (same_code if len(same_code) == 1 else [])
    if not chosen and len(mine) == 1:
        chosen = mine
    if not chosen:
        draft.pending = text[:LONGEST]
    if chosen:
        draft.task = chosen[0].id
        value = value_of(chosen[0], meaning.quantity) if meaning.quantity else None
        if value is not None and meaning.quantity:
            draft.take(value, meaning.quantity.qualifier)
            draft.quick = True
        if meaning.situation:
            draft.situation = meaning.situation
        if meaning.obstacle:
            draft.situation, draft.obstacle = "stuck", meaning.obstacle[:LONGEST]
        if meaning.text:
            draft.add_text(meaning.text)
    # Where something was stuck, it is for them to say that it no longer is.
    if draft.quick and not draft.situation and chosen and chosen[0].situation != "stuck":
        due = chosen[0].due
        draft.situation = "late" if due and due < world.today else "on_track"
    save(turn, draft)
    return meaning


async def choose(turn: Turn, task: Task) -> ReportMeaning | None:
    """The report is about this task; what was typed before is read again in its light."""
    draft = load(turn)
    draft.task, pending, draft.pending = task.id, draft.pending, ""
    save(turn, draft)
    return await read_into(turn, f"{task.code} {pending}") if pending else None


async def summary_line(turn: Turn, draft: Draft, task: Task) -> str:
    """ "NV-03 · 2/2 tổ (100%) · đúng tiến độ · 2 ảnh"."""
    value = Decimal(draft.value) if draft.value is not None else None
    parts = [
        task.code,
        reported(task, value, draft.qualifier, share_of_plan(task, value)),
        SITUATIONS[draft.situation],
    ]
    states = await reports.photos_wanted(turn.world.session, draft.photos)
    good = len(draft.photos) - states.get("failed", 0)
    parts.append(f"{good} ảnh" if good else "không có ảnh")
    if states.get("failed"):
        parts.append(f"{states['failed']} ảnh không dùng được")
    if draft.place:
        parts.append("có vị trí")
    return " · ".join(parts)
