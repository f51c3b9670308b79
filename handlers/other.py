"""What nothing else understands: a task's code, a report in other words, a greeting; else say what
can be done."""

from __future__ import annotations

import re

from handlers import choosing, connect, help, report, summary, tasks
from handlers.draft import LONGEST, Draft, read_into, save
from handlers.world import Next, Talk, Turn
from services import linking
from services.tasks import closed_tasks, my_open_tasks, visible_open_tasks
from vietnamese.commands import read_command
from vietnamese.letters import fold, fold_in_place

talk = Talk("other")

GREETINGS = frozenset({"chao", "alo", "hello", "hi", "bot"})
_THANKS = re.compile(r"(?:cam on|camon|thanks|ok|vang|da|duoc roi|ro)(?!\w)")
_OF_A_TASK = re.compile(r"(?:cho )?(?:xem )?(?:nhiem vu|viec|nv) +(?=\S)")


@talk.begin
async def begin(turn: Turn) -> Next:
    text = turn.said.text
    words = fold(text).strip(" .!,")
    told = text.lower().startswith("đã") and not words.startswith("da ro")  # "đã xong", no "dạ"
    if _THANKS.match(words) and not told and len(words.split()) <= 6:
        return turn.end("Vâng, cảm ơn đồng chí.")
    if GREETINGS & set(words.split()) and len(words.split()) <= 6:
        return await help.begin(turn)
    if turn.world.actor.leads and (again := summary.asked_again(text)):
        return await summary.asked(turn, *again)
    if linking.is_code(text):
        return await connect.code_again(turn)
    if choosing.is_code(text):
        return await by_code(turn, text)
    if turn.world.actor.is_any("cadre", "clerk"):
        if (command := read_command(text)) and command.name == "vuongmac":
            return await stuck(turn, command.rest)
        save(turn, Draft())
        meaning = await read_into(turn, text)
        if meaning and meaning.task and (meaning.quantity or meaning.situation or meaning.ask):
            return await report.go_on(turn, meaning)
        turn.replies.clear()
    if turn.world.actor.is_any("clerk", "admin") and (whom := connect.whom(text)):
        return await connect.named(turn, whom)
    if named := _OF_A_TASK.match(fold_in_place(text)):
        mine = await my_open_tasks(turn.world.session, turn.world.actor)
        return await tasks.named(turn, text[named.end() :], mine)
    if choosing.code_in(text):
        found = choosing.meant(text, await visible_open_tasks(turn.world.session, turn.world.actor))
        inside = await choosing.in_unit(turn, text, found)
        if len(inside) < len(found):
            return await tasks.one_of(turn, inside, text)
    word = '"tổng kết" để xem toàn bộ' if turn.world.actor.leads else '"báo cáo" để báo cáo việc'
    return turn.end(f'Chưa rõ ý đồng chí. Đồng chí gõ {word}, hoặc "?" để xem có thể làm gì.')


async def stuck(turn: Turn, told: str) -> Next:
    """ "vướng mắc nv03 chưa có đất", or the word alone: a report that begins with what is stuck."""
    named = await choosing.named_tasks(turn, told)
    words = choosing.after_code(told).strip(" :,.-–") if named else told
    draft = Draft(situation="stuck", obstacle=words[:LONGEST])
    save(turn, draft)
    if len(named) == 1:
        draft.about(named[0].id)
        save(turn, draft)
    elif named:
        return await report.one_of(turn, named, told)
    return await report.go_on(turn)


async def by_code(turn: Turn, text: str) -> Next:
    """A code and nothing else: the task, or which of those that bear it."""
    world = turn.world
    own = choosing.meant(text, await my_open_tasks(world.session, world.actor))
    found = own or choosing.meant(text, await visible_open_tasks(world.session, world.actor))
    found = found or choosing.meant(text, await closed_tasks(world.session, world.actor))
    if not found:
        code = choosing.code_in(text)
        return turn.end(f"Không thấy {code} trong các việc mà đồng chí được xem.")
    return await tasks.one_of(turn, found, text)
