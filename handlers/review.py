"""Xem lại: a report as it will be sent, what of it can be changed, and the sending."""

from __future__ import annotations

from decimal import Decimal

from bot.conversation import Choice
from handlers import evidence
from handlers.draft import Draft
from handlers.words import SITUATIONS, moment, reported
from handlers.world import Next, Turn
from services import reports, tasks
from services.reports import share_of_plan
from services.tasks import Report, Task

CHOICES = (Choice("send", "Gửi"), Choice("edit", "Sửa"), Choice("cancel", "Huỷ"))
PARTS = (
    Choice("task", "Việc"),
    Choice("value", "Kết quả"),
    Choice("situation", "Tình hình"),
    Choice("photos", "Ảnh, tệp"),
    Choice("text", "Ghi chú"),
)


async def shown(turn: Turn, draft: Draft, task: Task) -> str:
    """ "Xem lại: NV-03 · 2/2 tổ (100%) · đúng tiến độ · 2 ảnh." and the words below it."""
    value = Decimal(draft.value) if draft.value is not None else None
    parts = [
        task.code,
        reported(task, value, draft.qualifier, share_of_plan(task, value)),
        SITUATIONS[draft.situation],
        await evidence.in_review(turn, draft),
    ]
    if draft.place:
        parts.append("có vị trí")
    lines = [f"Xem lại: {' · '.join(parts)}."]
    if draft.obstacle:
        lines.append(f"Vướng mắc: {draft.obstacle}")
    if draft.text:
        lines.append(f"Ghi chú: {draft.text}")
    return "\n".join(lines)


def parts(draft: Draft) -> tuple[Choice, ...]:
    """What can be changed; a report that was sent stays with its task."""
    return PARTS[1:] if draft.correcting else PARTS


async def send(turn: Turn, draft: Draft) -> Next:
    world = turn.world
    filled = draft.to_service(await evidence.usable(turn, draft.photos))
    if draft.correcting:
        _, sent_before = await reports.draft_of(world.session, world.actor, draft.correcting)
        if refusal := await no_more(turn, sent_before):
            return turn.end(refusal)
        sent = await reports.correct_report(
            world.session, world.actor, draft.correcting, filled, world.now
        )
        word = f"Đã sửa {sent.report.name} (lần {sent.report.version})"
    else:
        sent = await reports.submit_report(world.session, world.actor, filled, world.now)
        word = f"Đã ghi {sent.report.name}"
    checker = f" Đồng chí {sent.checker.name} sẽ kiểm tra." if sent.checker else ""
    return turn.end(f"✅ {word} lúc {moment(world.now)}.{checker}")


async def no_more(turn: Turn, sent: Report) -> str:
    """Why a report cannot be corrected any more; "" while it can."""
    task = (await tasks.task_card(turn.world.session, turn.world.actor, sent.task_id)).task
    if task.state != "open":
        return f"{task.code} đã kết thúc nên {sent.name} không sửa nữa."
    if sent.outcome == "accepted":
        return (
            f"{sent.name} đã được duyệt nên không sửa nữa. "
            f'Đồng chí gõ "bc {task.code.lower().replace("-", "")}" để gửi báo cáo mới.'
        )
    return ""
