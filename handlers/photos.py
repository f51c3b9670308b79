"""A photo or file out of the blue: late for the report just sent, or the beginning of a new one."""

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
    what = (await evidence.noun(turn, kept.load(turn).photos)).capitalize()
    return turn.ask(
        f"Đồng chí vừa gửi {last.name}. {what} này dùng vào đâu?",
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
    added = await evidence.with_room(turn, draft, before.media_ids)
    noun = await evidence.noun(turn, draft.photos)
    lines = []
    if added:
        await reports.add_photos(world.session, world.actor, number, added, world.now)
        total = await evidence.in_words(turn, [*before.media_ids, *added])
        what = await evidence.noun(turn, added)
        lines.append(f"✅ Đã gắn {what} vào {sent.name}, nay có {total}.")
    else:
        lines.append(f"Chưa gắn được {noun} nào vào {sent.name}.")
    if broken := await evidence.in_words(turn, draft.photos, gone=True):
        lines.append(f"{broken} chưa dùng được, đồng chí gửi lại giúp.")
    for count, most, word in evidence.too_many(draft):
        lines.append(f"{count} {word} không gắn được vì một báo cáo có tối đa {most} {word}.")
    if draft.text:
        lines.append(
            f'Lời kèm {noun} chưa ghi vào báo cáo; đồng chí gõ "sửa {sent.name}" để ghi thêm.'
        )
    return " ".join(lines)
