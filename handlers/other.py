"""What nothing else understands: a task's code, a report in other words, a greeting; else say what
can be done."""

from __future__ import annotations

import re

from handlers import choosing, connect, help, report, summary, tasks
from handlers.draft import Draft, read_into, save
from handlers.world import Next, Talk, Turn
from services import linking
from services.tasks import my_open_tasks, visible_open_tasks
from vietnamese.letters import fold, fold_in_place

talk = Talk("other")

GREETINGS = frozenset({"chao", "alo", "hello", "hi", "bot"})
THANKS = ("cam on", "camon", "thanks", "ok", "vang", "da", "da vang", "duoc roi", "da ro", "ro")
_OF_A_TASK = re.compile(r"(?:cho )?(?:xem )?(?:nhiem vu|viec|nv) +(?=\S)")


@talk.begin
async def begin(turn: Turn) -> Next:
    text = turn.said.text
    words = fold(text).strip(" .!,")
    if words.startswith(THANKS) and len(words.split()) <= 6:
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
    word = '"tổng kết" để xem toàn bộ' if turn.world.actor.leads else '"báo cáo" để báo cáo việc'
    return turn.end(f'Chưa rõ ý đồng chí. Đồng chí gõ {word}, hoặc "?" để xem có thể làm gì.')


async def by_code(turn: Turn, text: str) -> Next:
    """A code and nothing else: the task, or which of those that bear it."""
    world = turn.world
    own = choosing.meant(text, await my_open_tasks(world.session, world.actor))
    found = own or choosing.meant(text, await visible_open_tasks(world.session, world.actor))
    if not found:
        code = choosing.code_in(text)
        return turn.end(f"Không thấy {code} trong các việc đang mở mà đồng chí được xem.")
    return await tasks.one_of(turn, found)
