"""Báo cáo: which task, the result, how it goes, photos, look again, send (mission §5).

The quick way, `bc nv03 2 tổ, xong tổ chanh`, leads straight to "Xem lại"; what is missing is asked
one at a time. Photos, places and captions are taken at any step.
"""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal

from handlers import answers, choosing, evidence, odd_values, review, values
from handlers import draft as kept
from handlers.draft import Draft
from handlers.values import Question, Value
from handlers.words import deadline, short
from handlers.world import Next, Talk, Turn
from services.access import reportable_task
from services.tasks import Task, closed_tasks
from vietnamese.reports import ReportMeaning

talk = Talk("report")

OPEN_ONES = 'Đồng chí gõ "nhiệm vụ" để xem việc đang mở.'
NO_TASKS = 'Hiện đồng chí không có việc nào phải báo cáo. Gõ "?" để xem có thể làm gì.'


# Which task


@talk.begin
async def begin(turn: Turn) -> Next:
    draft = Draft()
    kept.take_up(turn, draft)
    kept.save(turn, draft)
    await evidence.take(turn)
    caption = kept.without_command(turn.said.text) if turn.said.photos else ""
    return await start(turn, turn.said.rest or caption)


async def start(turn: Turn, text: str) -> Next:
    """A report that begins with these words; what cannot be understood of them is dropped."""
    if not text:
        return await go_on(turn)
    mine, listed = await choosing.listed(turn)
    known, meaning = await kept.of_unit(turn, text, mine)
    if known:
        return await go_on(turn, meaning)
    if code := choosing.foreign_code(text, mine):
        over = choosing.meant(code, await closed_tasks(turn.world.session, turn.world.actor))
        if over and not turn.said.photos:
            return turn.end(f"{over[0].code} {deadline(over[0])}. {OPEN_ONES}")
        turn.say(f"{code} không phải việc đang mở của đồng chí.")
        return await go_on(turn)
    meaning = await kept.read_into(turn, text)
    if kept.load(turn).task:
        return await go_on(turn, meaning)
    draft = kept.load(turn)
    understood = meaning and (meaning.quantity or meaning.ask) and not text.strip().isdigit()
    found = choosing.meant(text, mine, listed)
    if understood:
        draft.pending = text[: kept.LONGEST]
    elif not found and turn.said.photos:
        draft.add_text(text)
    elif not found:
        turn.say(f'Chưa rõ "{short(text)}" là việc nào.')
    kept.save(turn, draft)
    return await one_of(turn, found, text) if found else await go_on(turn)


async def one_of(turn: Turn, found: list[Task], said: str) -> Next:
    """Tasks that may be meant: the one, or a question which of them."""
    if len(found) > 1:
        return await ask_task(turn, choosing.heading(found, said), found)
    turn.say(f"{found[0].code} {found[0].title}.")
    return await go_on(turn, await kept.choose(turn, found[0]))


async def ask_task(turn: Turn, question: str, listed: list[Task], more: int = 0) -> Next:
    hint = "Trả lời bằng số, hoặc gõ vài chữ trong tên việc."
    if more:
        hint += f" Còn {more} việc khác của đơn vị: gõ mã việc hoặc vài chữ trong tên việc."
    return turn.ask(
        question,
        task_chosen,
        await choosing.choices(turn, listed),
        hint=hint,
        quiet=evidence.quiet(turn),
    )


@talk.step
async def task_chosen(turn: Turn) -> Next:
    if came := await _came(turn):
        return came
    world = turn.world
    if turn.said.key.startswith("t"):
        picked = await reportable_task(world.session, world.actor, int(turn.said.key[1:]))
        return await go_on(turn, await kept.choose(turn, picked))
    if named := await kept.stuck_first(turn):
        return await one_of(turn, named, "")
    mine, listed = await choosing.listed(turn)
    known, meaning = await kept.of_unit(turn, turn.said.text, mine)
    if known:
        return await go_on(turn, meaning)
    # A bare number is a slip in choosing, not a report.
    words = any(letter.isalpha() for letter in turn.said.text)
    meaning = await kept.read_into(turn, turn.said.text) if words else None
    if meaning and kept.load(turn).task:
        return await go_on(turn, meaning)
    if found := choosing.meant(turn.said.text, mine, listed):
        return await one_of(turn, found, turn.said.text)
    offered = len(turn.question.choices) if turn.question else len(listed)
    numbers = f"số từ 1 đến {offered}" if offered > 1 else "số 1"
    return turn.again(
        f"Chưa thấy việc nào như vậy. Đồng chí trả lời bằng {numbers}, "
        "hoặc gõ mã việc, ví dụ: NV-03."
    )


# The result


def ask_value(turn: Turn, asked: Question) -> Next:
    quiet = evidence.quiet(turn)
    return turn.ask(asked.text, value_told, asked.choices, layout=asked.layout, quiet=quiet)


@talk.step
async def value_told(turn: Turn) -> Next:
    if came := await _came(turn):
        return came
    draft = kept.load(turn)
    if (task := await kept.task_of(turn, draft)) is None:
        return turn.end(review.HANDED_OVER)
    last = await kept.last_result(turn, draft, task)
    told = values.answered(task, last, turn.world.today, turn.said.text, turn.said.key)
    if isinstance(told, Question):
        return ask_value(turn, told)
    if isinstance(told, Value):
        draft.take(told.value, told.qualifier)
        kept.save(turn, draft)
        if not turn.said.key:
            await kept.keep_beside(turn, turn.said.text)
        return await go_on(turn)
    return await go_on(turn) if await kept.read_whole(turn, task) else turn.again(told)


# How it goes


@talk.step
async def situation_told(turn: Turn) -> Next:
    if came := await _came(turn):
        return came
    draft = kept.load(turn)
    noted = draft.text
    contradicted = None if turn.said.key else await answers.why(turn, draft)
    known = answers.situation(draft, turn.said.text, turn.said.key)
    kept.save(turn, draft)
    if contradicted:
        return ask_value(turn, contradicted)
    return await go_on(turn) if known or draft.text != noted else turn.by_number()


@talk.step
async def obstacle_told(turn: Turn) -> Next:
    if turn.said.kind == "text" and not any(letter.isalpha() for letter in turn.said.text):
        return turn.again("Đồng chí ghi giúp bằng chữ.")
    return await _told(turn, answers.obstacle)


@talk.step
async def unblocker_told(turn: Turn) -> Next:
    return await _told(turn, answers.unblocker)


async def _told(turn: Turn, take: Callable[[Draft, str, str], bool]) -> Next:
    """An answer in words goes into the draft, and the talk goes on."""
    if came := await _came(turn):
        return came
    draft = kept.load(turn)
    if not take(draft, turn.said.text, turn.said.key):
        return turn.by_number()
    kept.save(turn, draft)
    return await go_on(turn)


# Photos


async def ask_photos(turn: Turn, draft: Draft, text: str = "") -> Next:
    question = await evidence.question(turn, draft)
    choices = evidence.WITH_PHOTOS if draft.photos else evidence.WITHOUT
    quiet = evidence.quiet(turn)
    return turn.ask(
        text or question, photos_sent, choices, layout="words", quiet=quiet, brief=question
    )


@talk.step
async def photos_sent(turn: Turn) -> Next:
    if came := await _came(turn):
        return came
    draft = kept.load(turn)
    if turn.said.key in ("enough", "skip") or evidence.is_enough(turn.said.text):
        draft.photos_done = True
        kept.save(turn, draft)
        return await go_on(turn)
    if draft.photos and evidence.is_none_of_them(turn.said.text):
        draft.photos, draft.too_many, draft.files_too_many = [], 0, 0
        kept.save(turn, draft)
        return await ask_photos(turn, draft)
    text = turn.said.text
    wordless = not any(letter.isalpha() for letter in text)
    if wordless or choosing.is_code(text) or review.heard(text):  # "dạ", "dừng": no notes
        return turn.again("Chưa rõ ý đồng chí.")
    draft.add_text(turn.said.text)
    kept.save(turn, draft)
    rest = "khi đủ ảnh" if draft.photos else "nếu không gửi ảnh"
    return await ask_photos(
        turn, draft, f'Đã ghi chú: "{short(turn.said.text)}". Gõ "xong" {rest}.'
    )


# Look again, and send


@talk.step
async def reviewed(turn: Turn) -> Next:
    if came := await _came(turn):
        return came
    draft = kept.load(turn)
    if turn.said.key == "cancel":
        return turn.end("Đã huỷ, chưa ghi gì.")
    if turn.said.key == "edit":
        return turn.ask("Sửa phần nào?", part_chosen, review.parts(draft), layout="row")
    if turn.said.key == "send" or (not turn.said.key and review.agreed(turn.said.text)):
        return await review.send(turn, draft)
    return turn.again(review.NOT_SENT) if review.heard(turn.said.text) else turn.by_number()


@talk.step
async def part_chosen(turn: Turn) -> Next:
    if came := await _came(turn):
        return came
    return await change(turn, turn.said.key)


async def change(turn: Turn, part: str) -> Next:
    """Ask one part of the draft anew."""
    draft = kept.load(turn)
    if part == "text":
        return turn.ask("Đồng chí gõ lại ghi chú.", text_told, free=True)
    if not draft.forget(part):
        return turn.by_number()
    kept.save(turn, draft)
    if part == "photos":
        return await ask_photos(turn, draft, await evidence.again(turn, draft))
    return await go_on(turn)


@talk.step
async def text_told(turn: Turn) -> Next:
    return await _told(turn, answers.note)


# What comes next, and what can come at any step


async def go_on(turn: Turn, meaning: ReportMeaning | None = None) -> Next:
    """Ask for the first part that is missing; when nothing is, look again.

    `meaning`: what was just understood, with a doubt that must be asked about.
    """
    draft = kept.load(turn)
    quiet = evidence.quiet(turn)
    if not draft.task:
        mine, listed = await choosing.listed(turn)
        if not mine:
            return turn.end(NO_TASKS)
        if len(mine) > 1:
            return await ask_task(turn, "Báo cáo việc nào?", listed, len(mine) - len(listed))
        turn.say(f"{mine[0].code} {mine[0].title}, {deadline(mine[0])}.")
        meaning = await kept.choose(turn, mine[0])
        draft = kept.load(turn)
    if (task := await kept.task_of(turn, draft)) is None:
        return turn.end(review.HANDED_OVER)
    if not draft.introduced:
        await kept.introduce(turn, draft, task)
    last = await kept.last_result(turn, draft, task)
    if draft.value is None:
        doubt = meaning.ask if meaning and kept.doubts_value(meaning.ask) else None
        return ask_value(turn, values.question(task, last, turn.world.today, doubt))
    overdue = task.due is not None and task.due < turn.world.today
    # Where something was stuck, it is for the cadre to say that it no longer is.
    if not draft.situation and draft.assume and not overdue and task.situation != "stuck":
        draft.situation = "on_track"
        kept.save(turn, draft)
    if not draft.situation:
        choices = answers.SITUATION_CHOICES
        return turn.ask(answers.SITUATION, situation_told, choices, layout="row", quiet=quiet)
    if draft.situation == "stuck" and not draft.obstacle:
        return turn.ask(answers.OBSTACLE, obstacle_told, free=True, quiet=quiet)
    if draft.situation == "stuck" and not draft.waits_for:
        choices = answers.WAITING_CHOICES
        return turn.ask(answers.UNBLOCKER, unblocker_told, choices, layout="row", quiet=quiet)
    if not draft.photos_done and not draft.quick:
        return await ask_photos(turn, draft)
    odd = odd_values.unlikely(task, Decimal(draft.value), last.value) if draft.quick else ""
    return turn.ask(
        await review.shown(turn, draft, task),
        reviewed,
        review.CHOICES,
        layout="row",
        hint=f"{odd}, đồng chí xem lại giúp." if odd else "",
        quiet=quiet,
    )


async def _came(turn: Turn) -> Next | None:
    """A photo or a place at any step: keep it. Its caption may hold the report; another task waits."""
    if not (turn.said.photos or turn.said.place):
        apart = await answers.set_apart(turn)
        return turn.again(apart) if apart else None
    text = kept.without_command(turn.said.text)
    named = await choosing.named_tasks(turn, text)
    draft = kept.load(turn)
    if named and draft.task and draft.task not in {task.id for task in named}:
        draft = kept.put_aside(turn)
    await evidence.take(turn)
    if not turn.said.photos:
        turn.say("Đã nhận vị trí.")
    elif not turn.said.album and turn.step is not photos_sent:
        turn.say(await evidence.counted(turn, kept.load(turn)))
    if not draft.task:
        return await start(turn, text)
    if turn.said.photos and evidence.is_enough(text):
        text = kept.enough_said(turn, at_photos=turn.step is photos_sent)
    tells = draft.value is None or text != turn.said.text
    another = choosing.code_in(text) and not named
    meaning = await kept.read_into(turn, text) if text and tells and not another else None
    draft = kept.load(turn)
    if text and meaning is None:
        if turn.step is obstacle_told and not draft.obstacle:
            answers.obstacle(draft, text, "")
        else:
            draft.add_text(text)
        kept.save(turn, draft)
    return await go_on(turn, meaning)
