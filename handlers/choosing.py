"""Which task is meant: by its place in a list, its code, or some words of its name."""

from __future__ import annotations

import re
from collections.abc import Sequence

from bot.conversation import Choice
from handlers.words import short, task_line
from handlers.world import Turn
from services.tasks import Task, enterable_tasks, my_open_tasks, unit_names
from vietnamese.letters import fold, fold_in_place
from vietnamese.names import Candidate, Found, Several, find, split_code
from vietnamese.names.scores import bare_name

_CODE = re.compile(
    r"(?!(?:km|cm|dm|mm|ngay|thang|nam|quy|tuan)\d)([a-z]{2,6})[-_.]?0*(\d{1,4})(?![\w/])"
)

_KINDS = "(?:(?:ubnd|hdnd|dang uy) )?(?:xa|phuong|thon|ban|xom|to|so|phong|dac khu|tinh)"
_BEGINS = re.compile(r"(?:^|[;\n,]|(?<=\w)\s+(?=bc |bao cao ))\s*(?:va )?(?:bc |bao cao )?$")
"""What stands before a code where a report begins."""


def code_in(text: str) -> str:
    """The code at the beginning of a text, as codes are written: "NV-99"; "" where there is none."""
    found = _CODE.match(fold(text).strip())
    return f"{found[1].upper()}-{int(found[2]):02d}" if found else ""


def after_code(text: str) -> str:
    """A text without the code it begins with."""
    found = _CODE.match(fold_in_place(text))
    return text[found.end() :] if found else text


def first_of_several(text: str, tasks: Sequence[Task]) -> tuple[str, str]:
    """The report on one task and what stands behind it on another: "bc nv03 2 tổ; bc nv07 40%"."""
    plain = fold_in_place(text)
    known = {split_code(task.code) for task in tasks}
    named: tuple[str, int] | None = None
    for found in _CODE.finditer(plain) if len(plain) == len(text) else ():
        code = split_code(f"{found[1]}-{found[2]}")
        begins = _BEGINS.search(plain[: found.start()])
        if code not in known or begins is None:
            continue
        if named is None:
            named = code
        elif code != named and plain[found.end() :].strip(" .;,"):
            end = begins.start()
            return text[:end].rstrip(" ,;.\n"), text[end:].strip(" ,;.\n")
    return text, ""


def foreign_code(text: str, mine: Sequence[Task]) -> str:
    """The code at the beginning of a text, where it is a task's, but none of these tasks'."""
    code = split_code(code_in(text))
    known = {split_code(task.code) for task in mine}
    if code is None or code in known:
        return ""
    return code_in(text) if code[0] in {"nv", "tu", *(one[0] for one in known if one)} else ""


def is_code(text: str) -> bool:
    """Whether the text is a code and nothing else."""
    return _CODE.fullmatch(fold(text).strip(" .?!")) is not None


def meant(
    text: str, tasks: Sequence[Task], listed: Sequence[Task] = (), *, sure: bool = False
) -> list[Task]:
    """The tasks that the text may mean: none, one, or several to choose from.

    `listed`: what was shown with numbers; a bare number means one of these. `sure`: only by
    words that are in the name, not by what sounds like it ("tháng này" is no "khánh thành").
    """
    words = fold(text).strip(" .")
    if words.isdigit():
        at = int(words[:6])
        if 1 <= at <= len(listed):
            return [listed[at - 1]]
        return [t for t in listed or tasks if (split_code(t.code) or ("", 0))[1] == at]
    code = split_code(code_in(text) or text)
    same = [task for task in tasks if code and split_code(task.code) == code]
    if same or split_code(text) or foreign_code(text, tasks):
        return same
    found = find(text, [Candidate(str(task.id), task.title, task.code) for task in tasks])
    ids = {found.id} if isinstance(found, Found) else set()
    if isinstance(found, Several):
        ids = set(found.ids)
    near = [task for task in tasks if str(task.id) in ids]
    return [task for task in near if set(words.split()) <= _words(task)] if sure else near


def _words(task: Task) -> set[str]:
    return set(re.findall(r"\w+", fold(task.title)))


async def choices(turn: Turn, tasks: Sequence[Task]) -> list[Choice]:
    """The tasks as a numbered list; with their units where they are of several."""
    units = {}
    if len({task.unit_id for task in tasks}) > 1:
        units = await unit_names(turn.world.session, tasks)
    return [Choice(f"t{task.id}", task_line(task, units.get(task.unit_id, ""))) for task in tasks]


async def in_unit(turn: Turn, text: str, tasks: list[Task]) -> list[Task]:
    """Of several tasks those of the unit that is named behind the code: "nv03 phù lưu"."""
    words = re.sub(r"^(?:o|cua|tai|cho) ", "", fold(after_code(text)).strip(" .,:-"))
    if len(tasks) < 2 or not code_in(text) or not words:
        return tasks
    names = await unit_names(turn.world.session, tasks)
    named = re.compile(rf"(?<!\w){re.escape(words)}(?!\w)")
    return [task for task in tasks if named.search(fold(names[task.unit_id]))] or tasks


async def of_named_unit(turn: Turn, text: str, tasks: list[Task]) -> tuple[Task, str] | None:
    """The one task of the unit that is named beside its code or words, and the text without the
    unit: "nv03 xã Phù Lưu 2 tổ", "vietgap phù lưu". For who reports for several units."""
    units = await unit_names(turn.world.session, tasks)
    plain = fold_in_place(text)
    if len(units) < 2 or len(plain) != len(text):
        return None
    for unit_id, name in units.items():
        bare = re.escape(bare_name(fold(name))[0])
        found = re.search(rf"(?<!\w)(?:(?:o|cua|tai|cho) )?(?:{_KINDS} )?{bare}(?!\w)[,:]?", plain)
        if found is None:
            continue
        rest = f"{text[: found.start()].rstrip()} {text[found.end() :].lstrip()}".strip(" ,:")
        inside = [task for task in tasks if task.unit_id == unit_id]
        wordy = code_in(rest) or not any(sign.isdigit() for sign in rest)
        those = meant(rest, inside) if wordy and rest else []
        if len(those) == 1:
            return those[0], rest
    return None


def heading(tasks: Sequence[Task], said: str) -> str:
    """What to say above several tasks that may be meant by what was `said`."""
    if not any(letter.isdigit() for letter in said):
        return f'Có {len(tasks)} việc khớp với "{short(said, 40)}", đồng chí chọn một:'
    if len({task.code for task in tasks}) == 1:
        return f"Có {len(tasks)} việc mang mã {tasks[0].code}, đồng chí chọn một:"
    return "Có mấy việc gần giống nhau, đồng chí chọn một:"


async def listed(turn: Turn) -> tuple[list[Task], list[Task]]:
    """All that the person may report on, and of these what is listed: one's own, if any."""
    world = turn.world
    mine = await enterable_tasks(world.session, world.actor)
    return mine, await my_open_tasks(world.session, world.actor) or mine


async def named_tasks(turn: Turn, text: str) -> list[Task]:
    """The tasks whose code stands at the beginning of a text, of those one may report on."""
    code = code_in(text)
    return meant(code, (await listed(turn))[0]) if code else []
