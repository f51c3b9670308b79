"""A photo out of the blue: late for the report just sent, or the beginning of a new one."""

from __future__ import annotations

from datetime import timedelta

from bot.conversation import Choice
from handlers import draft as kept
from handlers import report
from handlers.draft import Draft
from handlers.world import Next, Talk, Turn
from services import reports

talk = Talk("photos")

LATE = timedelta(minutes=10)


@talk.begin
async def begin(turn: Turn) -> Next:
    world = turn.world
    bare = turn.said.photos and not turn.said.text
    last = await reports.last_report_of(world.session, world.actor, world.now - LATE)
    if not bare or last is None or last.outcome is not None:
        return await report.begin(turn)
    kept.save(turn, Draft(photos=list(turn.said.photos)))
    turn.data["late_for"] = last.number
    return turn.ask(
        f"Đồng chí vừa gửi {last.name}. Ảnh này dùng vào đâu?",
        chosen,
        [Choice("attach", f"Gắn vào {last.name}"), Choice("new", "Báo cáo việc khác")],
        quiet=kept.ALBUM_QUIET if turn.said.album else 0,
    )


@talk.step
async def chosen(turn: Turn) -> Next:
    draft = kept.load(turn)
    if turn.said.photos:
        draft.photos = [*draft.photos, *turn.said.photos][: reports.MAX_PHOTOS]
        kept.save(turn, draft)
        return turn.stay(kept.ALBUM_QUIET)
    if turn.said.key == "attach":
        world, number = turn.world, int(turn.data["late_for"])
        total = await reports.add_photos(
            world.session, world.actor, number, draft.photos, world.now
        )
        return turn.end(f"✅ Đã gắn ảnh vào BC-{number:04d}, nay có {total} ảnh.")
    if turn.said.key == "new":
        return await report.go_on(turn)
    return turn.again("Đồng chí chọn 1 hoặc 2.")
