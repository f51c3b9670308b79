"""What nothing else understands: a task's code, a report in other words, a greeting; else say what
can be done."""

from __future__ import annotations

from handlers import connect, help, report, summary, tasks
from handlers.draft import Draft, read_into, save
from handlers.world import Next, Talk, Turn
from services import linking
from services.tasks import visible_open_tasks
from vietnamese.letters import fold
from vietnamese.names import Candidate, Found, find

talk = Talk("other")

GREETINGS = frozenset({"chao", "alo", "hello", "hi", "bot"})
THANKS = ("cam on", "camon", "thanks", "ok", "vang", "da", "da vang", "duoc roi", "da ro", "ro")


@talk.begin
async def begin(turn: Turn) -> Next:
    text = turn.said.text
    words = fold(text).strip(" .!,")
    if words.startswith(THANKS) and len(words.split()) <= 6:
        return turn.end("Vâng, cảm ơn đồng chí.")
    if GREETINGS & set(words.split()) and len(words.split()) <= 6:
        return await help.begin(turn)
    if turn.world.actor.leads and words in ("anh moi", "xem anh", "xem anh moi"):
        return await summary.only_photos(turn)
    if linking.is_code(text):
        return await connect.code_again(turn)
    if named := await _named_by_code(turn, text):
        return await tasks.show(turn, named)
    if turn.world.actor.is_any("cadre", "clerk"):
        save(turn, Draft())
        meaning = await read_into(turn, text)
        if meaning and meaning.task and (meaning.quantity or meaning.situation or meaning.ask):
            return await report.go_on(turn, meaning)
    word = '"tổng kết" để xem toàn bộ' if turn.world.actor.leads else '"báo cáo" để báo cáo việc'
    return turn.end(f'Chưa rõ ý đồng chí. Đồng chí gõ {word}, hoặc "?" để xem có thể làm gì.')


async def _named_by_code(turn: Turn, text: str) -> int:
    """The id of the one task this code names, and nothing else is said; 0: it names none."""
    if len(text) > 12 or not any(letter.isdigit() for letter in text) or text.strip().isdigit():
        return 0
    open_tasks = await visible_open_tasks(turn.world.session, turn.world.actor)
    found = find(text, [Candidate(str(task.id), task.title, task.code) for task in open_tasks])
    return int(found.id) if isinstance(found, Found) and found.sure else 0
