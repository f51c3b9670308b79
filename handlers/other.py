"""What nothing else understands: perhaps a report in other words; else say what can be done."""

from __future__ import annotations

from handlers import help, report
from handlers.draft import Draft, read_into, save
from handlers.world import Next, Talk, Turn
from vietnamese.letters import fold

talk = Talk("other")

GREETINGS = (
    "chao", "xin chao", "chao dong chi", "chao bot", "alo", "a lo", "hello", "hi", "chao em",
    "chao ban", "bat dau",
)  # fmt: skip


@talk.begin
async def begin(turn: Turn) -> Next:
    text = turn.said.text
    if turn.world.actor.is_any("cadre", "clerk"):
        save(turn, Draft())
        meaning = await read_into(turn, text)
        if meaning and meaning.task and (meaning.quantity or meaning.situation or meaning.ask):
            return await report.go_on(turn, meaning)
    if fold(text).strip(" .!,") in GREETINGS:
        return await help.begin(turn)
    word = (
        '"báo cáo" để báo cáo việc' if not turn.world.actor.leads else '"tổng kết" để xem toàn bộ'
    )
    return turn.end(f'Chưa rõ ý đồng chí. Đồng chí gõ {word}, hoặc "?" để xem có thể làm gì.')
