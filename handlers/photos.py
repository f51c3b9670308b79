"""A photo out of the blue: late for the report just sent, or the beginning of a new one."""

from __future__ import annotations

from datetime import timedelta

from bot.conversation import Choice, Reply
from handlers import choosing, evidence, report
from handlers import draft as kept
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
        going = await report.begin(turn)
        if going.then and not turn.said.text and not turn.said.album:
            received = await evidence.counted(turn, kept.load(turn)) or "Đã nhận vị trí."
            turn.replies.insert(0, Reply(received))
        return going
    kept.save(turn, Draft())
    await evidence.take(turn)
    turn.data["late_for"] = last.number
    return turn.ask(
        f"Đồng chí vừa gửi {last.name}. Ảnh này dùng vào đâu?",
        chosen,
        [Choice("attach", f"Gắn vào {last.name}"), Choice("new", "Báo cáo việc khác")],
        quiet=evidence.quiet(turn),
    )


@talk.step
async def chosen(turn: Turn) -> Next:
    if turn.said.photos or turn.said.place:
        await evidence.take(turn)
        caption = kept.without_command(turn.said.text)
        if await choosing.named_tasks(turn, caption):
            return await report.start(turn, caption)
        draft = kept.load(turn)
        if caption:
            draft.add_text(caption)
            kept.save(turn, draft)
        return turn.stay(evidence.ALBUM_QUIET)
    if turn.said.key == "attach":
        return turn.end(await _attach(turn, kept.load(turn), int(turn.data["late_for"])))
    if turn.said.key == "new":
        return await report.go_on(turn)
    return turn.by_number()


async def _attach(turn: Turn, draft: Draft, number: int) -> str:
    """What was attached, and what was not: broken photos, those beyond ten, words beside them."""
    world = turn.world
    before, sent = await reports.draft_of(world.session, world.actor, number)
    room = reports.MAX_PHOTOS - len(before.media_ids)
    good = await evidence.usable(turn, draft.photos)
    added, lost = good[: max(room, 0)], len(draft.photos) - len(good)
    too_many = draft.too_many + len(good) - len(added)
    lines = []
    if added:
        await reports.add_photos(world.session, world.actor, number, added, world.now)
        total = len(await evidence.usable(turn, [*before.media_ids, *added]))
        lines.append(f"✅ Đã gắn ảnh vào {sent.name}, nay có {total} ảnh.")
    else:
        lines.append(f"Chưa gắn được ảnh nào vào {sent.name}.")
    if lost:
        lines.append(f"{lost} ảnh chưa dùng được, đồng chí gửi lại giúp.")
    if too_many:
        most = reports.MAX_PHOTOS
        lines.append(f"{too_many} ảnh không gắn được vì một báo cáo có tối đa {most} ảnh.")
    if draft.text:
        lines.append(
            f'Lời kèm ảnh chưa ghi vào báo cáo; đồng chí gõ "sửa {sent.name}" để ghi thêm.'
        )
    return " ".join(lines)
