"""Báo cáo: which task, the result, how it goes, photos, look again, send (mission §5).

The quick way, `bc nv03 2 tổ, xong tổ chanh`, leads straight to "Xem lại"; what is missing is asked
one at a time. Photos and places are taken at any step.
"""

from __future__ import annotations

from bot.conversation import Choice
from handlers import draft as kept
from handlers import values
from handlers.draft import Draft
from handlers.values import Value
from handlers.words import (
    SITUATION_CHOICES,
    WAITING_CHOICES,
    deadline,
    moment,
    short,
    task_line,
)
from handlers.world import Next, Talk, Turn
from services import reports, tasks
from services.access import reportable_task
from services.tasks import Task
from vietnamese.marked import secrecy_mark
from vietnamese.meaning import Ask
from vietnamese.names import Candidate, Found, Several, find
from vietnamese.quantities import Quantity
from vietnamese.reports import ReportMeaning
from vietnamese.situations import read_situation

talk = Talk("report")

NO_TASKS = 'Hiện đồng chí không có việc nào phải báo cáo. Gõ "?" để xem có thể làm gì.'
REVIEW = (Choice("send", "Gửi"), Choice("edit", "Sửa"), Choice("cancel", "Huỷ"))
YES_NO = (Choice("1", "Đã xong"), Choice("0", "Chưa xong"))


# Which task


@talk.begin
async def begin(turn: Turn) -> Next:
    kept.save(turn, Draft())
    if refusal := kept.take_photos(turn):
        return turn.end(refusal)
    text = turn.said.rest or (turn.said.text if turn.said.photos else "")
    meaning = await kept.read_into(turn, kept.without_command(text)) if text else None
    if text and not kept.load(turn).task:
        turn.say(f'Chưa rõ "{short(text)}" là việc nào.')
    return await go_on(turn, meaning)


async def ask_task(turn: Turn, mine: list[Task]) -> Next:
    return turn.ask(
        "Báo cáo việc nào?",
        task_chosen,
        [Choice(f"t{task.id}", task_line(task)) for task in mine],
        hint="Trả lời bằng số, hoặc gõ vài chữ trong tên việc.",
        quiet=kept.quiet(turn),
    )


@talk.step
async def task_chosen(turn: Turn) -> Next:
    if came := await _photo_came(turn):
        return came
    world = turn.world
    if turn.said.key.startswith("t"):
        picked = await reportable_task(world.session, world.actor, int(turn.said.key[1:]))
        return await go_on(turn, await kept.choose(turn, picked))
    mine = await tasks.enterable_tasks(world.session, world.actor)
    listed = [Candidate(str(task.id), task.title, task.code) for task in mine]
    found = find(turn.said.text, listed)
    if isinstance(found, Found):
        named = next(task for task in mine if str(task.id) == found.id)
        turn.say(f"{named.code} {named.title}.")
        return await go_on(turn, await kept.choose(turn, named))
    if isinstance(found, Several):
        close = [task for task in mine if str(task.id) in found.ids]
        turn.say("Có mấy việc gần giống nhau, đồng chí chọn một việc.")
        return await ask_task(turn, close)
    # A bare number is a slip in choosing, not a report.
    words = any(letter.isalpha() for letter in turn.said.text)
    meaning = await kept.read_into(turn, turn.said.text) if words else None
    if meaning and kept.load(turn).task:
        return await go_on(turn, meaning)
    return turn.again(
        f"Chưa thấy việc nào như vậy. Đồng chí trả lời bằng số từ 1 đến {len(mine)}, "
        "hoặc gõ mã việc, ví dụ: NV-03."
    )


# The result


async def ask_value(turn: Turn, task: Task) -> Next:
    question = values.question(task, turn.world.today)
    if task.measure == "yesno":
        return turn.ask(question, value_told, YES_NO, layout="row", quiet=kept.quiet(turn))
    return turn.ask(question, value_told, quiet=kept.quiet(turn))


@talk.step
async def value_told(turn: Turn) -> Next:
    if came := await _photo_came(turn):
        return came
    draft = kept.load(turn)
    task = await _task(turn, draft)
    meaning = values.read(task, turn.said.text, turn.said.key)
    if isinstance(meaning, Ask):
        return _which_reading(turn, task, meaning)
    if isinstance(meaning, Value):
        draft.take(meaning.value, meaning.qualifier)
        kept.save(turn, draft)
        return await go_on(turn)
    whole = await kept.read_into(turn, f"{task.code} {turn.said.text}")
    if whole and kept.load(turn).value is not None:
        return await go_on(turn)
    kept.save(turn, draft)  # what was no answer is no note either
    return turn.again(meaning)


def _which_reading(turn: Turn, task: Task, doubt: Ask[Quantity]) -> Next:
    """A number with two sensible readings is asked about, never guessed."""
    readings = values.choices_of(task, doubt)
    if not readings:
        return turn.ask(values.question(task, turn.world.today), value_told)
    return turn.ask(doubt.question, value_told, readings)


# How it goes


def ask_situation(turn: Turn) -> Next:
    return turn.ask(
        "Tình hình?", situation_told, SITUATION_CHOICES, layout="row", quiet=kept.quiet(turn)
    )


@talk.step
async def situation_told(turn: Turn) -> Next:
    if came := await _photo_came(turn):
        return came
    draft = kept.load(turn)
    draft.situation = turn.said.key or read_situation(turn.said.text) or ""
    if not draft.situation:
        return turn.again("Đồng chí trả lời 1, 2 hoặc 3.")
    kept.save(turn, draft)
    return await go_on(turn)


def ask_obstacle(turn: Turn) -> Next:
    return turn.ask(
        "Đang vướng ở đâu? Đồng chí ghi một hai câu, để lãnh đạo biết mà tháo gỡ.",
        obstacle_told,
        free=True,
        quiet=kept.quiet(turn),
    )


@talk.step
async def obstacle_told(turn: Turn) -> Next:
    if came := await _photo_came(turn):
        return came
    if mark := secrecy_mark(turn.said.text):
        return turn.again(kept.MARKED.format(mark=mark))
    draft = kept.load(turn)
    draft.obstacle = turn.said.text.strip()[: kept.LONGEST]
    kept.save(turn, draft)
    return await go_on(turn)


def ask_who_unblocks(turn: Turn) -> Next:
    return turn.ask(
        "Ai tháo gỡ được?", unblocker_told, WAITING_CHOICES, layout="row", quiet=kept.quiet(turn)
    )


@talk.step
async def unblocker_told(turn: Turn) -> Next:
    if came := await _photo_came(turn):
        return came
    if not turn.said.key:
        return turn.again('Đồng chí trả lời 1, 2 hoặc 3. Chưa rõ thì gõ "3".')
    draft = kept.load(turn)
    draft.waits_for = turn.said.key
    kept.save(turn, draft)
    return await go_on(turn)


# Photos


def ask_photos(turn: Turn, draft: Draft) -> Next:
    choices = [Choice("enough", "Xong")]
    if not draft.photos:
        choices.append(Choice("skip", "Bỏ qua"))
    if draft.photos:
        text = f'Đã nhận {len(draft.photos)} ảnh. Gửi tiếp, hoặc gõ "xong" khi đủ.'
    else:
        text = 'Gửi ảnh minh chứng (tối đa 10). Gõ "xong" khi đủ, "bỏ qua" nếu không có.'
    return turn.ask(text, photos_sent, choices, layout="words", free=True, quiet=kept.quiet(turn))


@talk.step
async def photos_sent(turn: Turn) -> Next:
    draft = kept.load(turn)
    if turn.said.key in ("enough", "skip") or kept.is_enough(turn.said.text):
        draft.photos_done = True
        kept.save(turn, draft)
        return await go_on(turn)
    if turn.said.photos or turn.said.place:
        if refusal := kept.take_photos(turn):
            return turn.again(refusal)
        return ask_photos(turn, kept.load(turn))
    if mark := secrecy_mark(turn.said.text):
        return turn.again(kept.MARKED.format(mark=mark))
    draft.add_text(turn.said.text)
    kept.save(turn, draft)
    return turn.again("Đã ghi lời kèm theo.")


# Look again, and send


async def ask_review(turn: Turn, draft: Draft, task: Task) -> Next:
    lines = [f"Xem lại: {await kept.summary_line(turn, draft, task)}."]
    if draft.obstacle:
        lines.append(f"Vướng mắc: {draft.obstacle}")
    if draft.text:
        lines.append(f"Ghi chú: {draft.text}")
    return turn.ask("\n".join(lines), reviewed, REVIEW, layout="row", quiet=kept.quiet(turn))


@talk.step
async def reviewed(turn: Turn) -> Next:
    if came := await _photo_came(turn):
        return came
    draft = kept.load(turn)
    if turn.said.key == "cancel":
        return turn.end("Đã huỷ, chưa ghi gì.")
    if turn.said.key == "edit":
        return turn.ask(
            "Sửa phần nào?",
            part_chosen,
            [
                Choice("task", "Việc"),
                Choice("value", "Kết quả"),
                Choice("situation", "Tình hình"),
                Choice("photos", "Ảnh"),
                Choice("text", "Ghi chú"),
            ],
            layout="row",
        )
    if turn.said.key == "send":
        return await send(turn, draft)
    return turn.again('Đồng chí trả lời 1 để gửi, 2 để sửa, hoặc gõ "huỷ".')


@talk.step
async def part_chosen(turn: Turn) -> Next:
    if came := await _photo_came(turn):
        return came
    draft = kept.load(turn)
    if turn.said.key == "text":
        return turn.ask("Đồng chí gõ lại ghi chú.", text_told, free=True)
    if not draft.forget(turn.said.key):
        return turn.again("Đồng chí trả lời bằng số từ 1 đến 5.")
    kept.save(turn, draft)
    return await go_on(turn)


@talk.step
async def text_told(turn: Turn) -> Next:
    if came := await _photo_came(turn):
        return came
    if mark := secrecy_mark(turn.said.text):
        return turn.again(kept.MARKED.format(mark=mark))
    draft = kept.load(turn)
    draft.text = turn.said.text.strip()[: kept.LONGEST]
    kept.save(turn, draft)
    return await go_on(turn)


async def send(turn: Turn, draft: Draft) -> Next:
    world = turn.world
    if draft.correcting:
        sent = await reports.correct_report(
            world.session, world.actor, draft.correcting, draft.to_service(), world.now
        )
        word = f"Đã sửa {sent.report.name} (lần {sent.report.version})"
    else:
        sent = await reports.submit_report(
            world.session, world.actor, draft.to_service(), world.now
        )
        word = f"Đã ghi {sent.report.name}"
    checker = f" Đồng chí {sent.checker.name} sẽ kiểm tra." if sent.checker else ""
    return turn.end(f"✅ {word} lúc {moment(world.now)}.{checker}")


# What comes next, and what can come at any step


async def go_on(turn: Turn, meaning: ReportMeaning | None = None) -> Next:
    """Ask for the first part that is missing; when nothing is, look again.

    `meaning`: what was just understood, with a doubt that must be asked about.
    """
    draft = kept.load(turn)
    world = turn.world
    if not draft.task:
        own = await tasks.my_open_tasks(world.session, world.actor)
        mine = own or await tasks.enterable_tasks(world.session, world.actor)
        if not mine:
            return turn.end(NO_TASKS)
        if len(mine) > 1:
            return await ask_task(turn, mine)
        turn.say(f"{mine[0].code} {mine[0].title}, {deadline(mine[0])}.")
        meaning = await kept.choose(turn, mine[0])
        draft = kept.load(turn)
    task = await _task(turn, draft)
    if draft.value is None:
        doubt = meaning.ask if meaning else None
        return _which_reading(turn, task, doubt) if doubt else await ask_value(turn, task)
    if not draft.situation:
        return ask_situation(turn)
    if draft.situation == "stuck" and not draft.obstacle:
        return ask_obstacle(turn)
    if draft.situation == "stuck" and not draft.waits_for and not draft.quick:
        return ask_who_unblocks(turn)
    if not draft.photos_done and not draft.quick:
        return ask_photos(turn, draft)
    return await ask_review(turn, draft, task)


async def _photo_came(turn: Turn) -> Next | None:
    """A photo or a place at a step that asks for something else: keep it, and the place.

    Its caption may hold the whole report.
    """
    if not (turn.said.photos or turn.said.place):
        return None
    if refusal := kept.take_photos(turn):
        return turn.again(refusal)
    text = kept.without_command(turn.said.text)
    meaning = await kept.read_into(turn, text) if text else None
    draft = kept.load(turn)
    if not turn.said.album:
        turn.say(f"Đã nhận {len(draft.photos)} ảnh." if turn.said.photos else "Đã nhận vị trí.")
    return await go_on(turn, meaning)


async def _task(turn: Turn, draft: Draft) -> Task:
    return await reportable_task(turn.world.session, turn.world.actor, draft.task)
