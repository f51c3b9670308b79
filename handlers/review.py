"""Xem lại: a report as it will be sent, what of it can be changed, and the sending."""

from __future__ import annotations

import re
from dataclasses import replace
from decimal import Decimal

from bot.conversation import Choice, Reply
from handlers import evidence
from handlers.draft import Draft
from handlers.words import SITUATIONS, WAITS_FOR, moment, reported, typed
from handlers.world import Next, Turn
from services import reports, tasks
from services.access import reportable_task
from services.errors import Refused as ServiceRefused
from services.reports import share_of_plan
from services.tasks import Report, Task
from vietnamese.letters import clean, fold, fold_in_place, one_tone

HANDED_OVER = (
    "Việc này không còn do đồng chí phụ trách nên báo cáo chưa được ghi. "
    'Đồng chí gõ "nhiệm vụ" để xem việc của mình.'
)
CHOICES = (Choice("send", "Gửi"), Choice("edit", "Sửa"), Choice("cancel", "Huỷ"))
_FIRM = "đồng ý|dong y|nhất trí|nhat tri|đúng(?: rồi)?|dung roi|chính xác|chinh xac|chuẩn|chuan|xác nhận|xac nhan|gửi|gui"
"""With their marks, or with none: "dừng" and "đã gửi" send nothing, "dung" by itself neither."""
_POLITE = "dạ|da|vâng|vang|ừ|u|ok|oke|okie|okay|được|duoc|nhé|nhe|ạ|a|đi|di|luôn|luon"
_AGREED = re.compile(rf"(?:(?:{_POLITE}|rồi|roi)[ ,.]+)*(?:{_FIRM})(?:[ ,.]+(?:{_POLITE}))*")
_HEARD = re.compile(r"(?:(?:da|vang|u|ok|oke|okie|okay|duoc|nhe|a|roi|di|luon|dung)[ ,.]*)+")
NOT_SENT = 'Báo cáo này chưa gửi. Đồng chí gõ "gửi" (hoặc 1) để gửi.'
_PARTS = {
    "value": "ket qua|so lieu|con so|so",
    "situation": "tinh hinh|tien do",
    "photos": "anh|hinh|hinh anh|tep|anh tep",
    "text": "ghi chu",
    "task": "viec|nhiem vu",
}
_PART = "|".join(f"(?P<{part}>{named})" for part, named in _PARTS.items())
_NAMED = re.compile(
    rf"(?:(?:lai|phan|cai) )*(?:(?:{_PART})(?:$|:? (?=\d)|:? (?:lai )?(?:thanh|la|sang):? |: )"
    r"|(?:thanh|la|sang) (?=\d)|(?=\d[\d.,]* ?[^\d\s.,/]))"
)
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
        waits_for = WAITS_FOR.get(draft.waits_for, WAITS_FOR[""])
        lines.append(f"Vướng mắc ({waits_for}): {draft.obstacle}")
    if draft.text:
        lines.append(f"Ghi chú: {draft.text}")
    return "\n".join(lines)


def parts(draft: Draft) -> tuple[Choice, ...]:
    """What can be changed; a report that was sent stays with its task."""
    return PARTS[1:] if draft.correcting else PARTS


def agreed(text: str) -> bool:
    """ "đồng ý", "gửi đi", "ok, đúng rồi": what people say where 1 is meant."""
    words = " ".join(one_tone(clean(text)).split())
    return _AGREED.fullmatch(words.strip(" .!")) is not None


def heard(text: str) -> bool:
    """ "ok", "dạ vâng": it may as well be the answer to a reminder that came in between."""
    return _HEARD.fullmatch(fold(text).strip(" .!")) is not None


def part_named(text: str) -> tuple[str, str]:
    """The part in "sửa kết quả", "sửa lại tình hình thành chậm", and what it is to be; a figure
    alone ("sửa lại 3 tổ") is the result. "" where none is named."""
    words = text.strip(" .!,")
    named = _NAMED.match(fold_in_place(words))
    if named is None:
        return "", ""
    return named.lastgroup or "value", words[named.end() :].strip()


async def send(turn: Turn, draft: Draft) -> Next:
    world = turn.world
    filled = draft.to_service(await evidence.usable(turn, draft.photos))
    if draft.correcting:
        before, sent_before = await reports.draft_of(world.session, world.actor, draft.correcting)
        if refusal := await no_more(turn, sent_before):
            return turn.end(refusal)
        same = before == replace(filled, media_ids=tuple(draft.photos))
        if same and sent_before.outcome != "returned":
            return turn.end("Chưa có gì thay đổi nên chưa gửi lại.")
        sent = await reports.correct_report(
            world.session, world.actor, draft.correcting, filled, world.now
        )
        word = f"Đã sửa {sent.report.name} (lần {sent.report.version})"
    else:
        if refusal := await _over(turn, draft):
            return turn.end(refusal)
        sent = await reports.submit_report(world.session, world.actor, filled, world.now)
        word = f"Đã ghi {sent.report.name}"
    await _tell(turn, sent, corrected=bool(draft.correcting))
    checker = f" Đồng chí {sent.checker.name} sẽ kiểm tra." if sent.checker else ""
    return turn.end(f"✅ {word} lúc {moment(world.now)}.{checker}")


async def _over(turn: Turn, draft: Draft) -> str:
    """Why nothing more is reported on the task: it ended, or was handed over, meanwhile; "" else."""
    try:
        task = await reportable_task(turn.world.session, turn.world.actor, draft.task)
    except ServiceRefused:
        return HANDED_OVER
    return f"{task.code} đã kết thúc, không cần báo cáo nữa." if task.state != "open" else ""


async def _tell(turn: Turn, sent: reports.Sent, *, corrected: bool) -> None:
    """Who reports for another, or corrects what another sent, does not do so behind their back."""
    report, task = sent.report, sent.task
    result = reported(task, report.value, report.qualifier, report.percent)
    did = f"sửa {report.name}" if corrected else f"báo cáo thay đồng chí, {report.name}"
    text = f"Đồng chí {turn.world.actor.name} vừa {did} ({task.code}): {result}."
    for person in sorted(sent.concerned):
        await turn.world.tell(person, Reply(text))


async def no_more(turn: Turn, sent: Report) -> str:
    """Why a report cannot be corrected any more; "" while it can."""
    task = (await tasks.task_card(turn.world.session, turn.world.actor, sent.task_id)).task
    if task.state != "open":
        return f"{task.code} đã kết thúc nên {sent.name} không sửa nữa."
    if sent.outcome == "accepted":
        return (
            f"{sent.name} đã được duyệt nên không sửa nữa. "
            f'Đồng chí gõ "bc {typed(task.code)}" để gửi báo cáo mới.'
        )
    return ""
