"""Sửa: correct a report that was sent. Every version is kept."""

from __future__ import annotations

import re
from collections.abc import Sequence

from bot.conversation import Choice
from handlers import answers, choosing, report, review, values
from handlers import draft as kept
from handlers.draft import Draft
from handlers.words import short, stamp, typed
from handlers.world import Next, Talk, Turn
from services import reports
from services.tasks import Report
from vietnamese.letters import fold_in_place
from vietnamese.names import split_code

talk = Talk("correction")

_ALL = 1000
"""Reports that are looked through for those of one task."""
_REPORT = re.compile(r"(?:(?:lai|bao cao|so) )*(?:bc[- .]?0*(\d{1,9})(?!\w)|0*(\d{1,9})$)")
_BEFORE_CODE = re.compile(r"(?:(?:lai|bao cao|ket qua|so lieu|cai|nham|cua|bc|viec|nhiem vu)\s+)+")
_APART = re.compile(r"^(nv) ?-? ?(?=\d)", re.IGNORECASE)
OTHERS = 'Đồng chí gõ "sửa" để chọn trong các báo cáo đã gửi.'
KEEPS_ITS_TASK = "Báo cáo đã gửi không chuyển sang việc khác được. Đồng chí sửa phần khác."


@talk.begin
async def begin(turn: Turn) -> Next:
    """ "sửa", "sửa bc12", "sửa nv07 40%"; and of a report that is half done "sửa kết quả thành 3"."""
    rest = turn.said.rest.strip(" .,!")
    part, told = review.part_named(rest)
    before = turn.parked[-1] if turn.parked else None
    if part and before and before.talk == report.talk.name and kept.of_data(before.data).task:
        turn.data.update(turn.parked.pop().data)
        return await change(turn, part, told)
    plain = fold_in_place(rest)
    if named := _REPORT.match(plain):
        return await open_again(turn, int(named[1] or named[2]), rest[named.end() :])
    if skipped := _BEFORE_CODE.match(plain):
        rest = rest[skipped.end() :]
    rest = _APART.sub(r"\1", rest)
    if code := choosing.code_in(rest):
        return await of_task(turn, code, choosing.after_code(rest))
    return await which(turn, await _correctable(turn))


async def _correctable(turn: Turn, most: int = 8) -> list[Report]:
    sent = await reports.my_reports(turn.world.session, turn.world.actor, most)
    return [one for one in sent if one.outcome != "accepted"]


async def which(turn: Turn, mine: Sequence[Report]) -> Next:
    if not mine:
        return turn.end('Không có báo cáo nào sửa được. Đồng chí gõ "báo cáo" để gửi báo cáo mới.')
    titles = await reports.titles_of(turn.world.session, mine)
    return turn.ask(
        "Sửa báo cáo nào?",
        picked,
        [
            Choice(
                f"r{sent.number}",
                f"{sent.name} · {short(titles[sent.task_id], 45)} · {stamp(sent.sent_at)}"
                + (" · cần bổ sung" if sent.outcome == "returned" else ""),
            )
            for sent in mine
        ],
    )


async def of_task(turn: Turn, code: str, words: str) -> Next:
    """The last report on the task of this code; which of them, where several tasks bear it."""
    mine = await _correctable(turn, _ALL)
    titles = await reports.titles_of(turn.world.session, mine)
    latest: dict[int, Report] = {}
    for sent in mine:
        if split_code(titles[sent.task_id].split()[0]) == split_code(code):
            latest.setdefault(sent.task_id, sent)
    if not latest and not choosing.meant(code, (await choosing.listed(turn))[0]):
        return turn.end(f"{code} không phải việc đang mở của đồng chí. {OTHERS}")
    if not latest:
        return turn.end(
            f"{code} chưa có báo cáo nào sửa được. "
            f'Đồng chí gõ "bc {typed(code)}" để gửi báo cáo mới.'
        )
    if len(latest) > 1:
        return await which(turn, [*latest.values()])
    return await open_again(turn, next(iter(latest.values())).number, words)


@talk.step
async def picked(turn: Turn) -> Next:
    if number := re.fullmatch(r"bc[- ]?0*(\d{1,9})|0*(\d{4,9})", turn.said.text.strip().lower()):
        return await open_again(turn, int(number[1] or number[2]))
    if turn.said.key.startswith("r"):
        return await open_again(turn, int(turn.said.key[1:]))
    return turn.by_number()


async def open_again(turn: Turn, number: int, words: str = "") -> Next:
    """The sent report as a draft; the talk goes on as when it was made.

    `words`: what stood behind the report's name, which may tell what is to be changed.
    """
    world = turn.world
    old, sent = await reports.draft_of(world.session, world.actor, number)
    if refusal := await review.no_more(turn, sent):
        return turn.end(refusal)
    draft = Draft(task=old.task_id, correcting=number)
    if again := kept.take_up(turn, draft):
        turn.say(f"Đồng chí làm tiếp lần sửa {sent.name} còn dở.")
    else:
        draft = _as_sent(old, number)
    part, told = review.part_named(words)
    if part:
        turn.say(f"Sửa {sent.name}.")
    elif not again:
        turn.say(f"Đây là {sent.name} như đã gửi. Chọn phần cần sửa rồi gửi lại.")
    turn.data.clear()
    kept.save(turn, draft)
    return await change(turn, part, told) if part else await report.go_on(turn)


async def change(turn: Turn, part: str, told: str) -> Next:
    """One part of the draft: as it is told, or asked anew."""
    draft = kept.load(turn)
    if part == "task" and draft.correcting:
        turn.say(KEEPS_ITS_TASK)
        return await report.go_on(turn)
    if part == "value" and told:
        return await _result(turn, told)
    if told and (
        (part == "text" and answers.note(draft, told, ""))
        or (part == "situation" and answers.situation(draft, told, ""))
    ):
        if part == "situation":
            draft.obstacle = draft.waits_for = ""
        kept.save(turn, draft)
        return await report.go_on(turn)
    asked = await report.change(turn, part)
    if part != "photos":  # those that are still to come are still asked for
        turn.data["photos_done"] = draft.photos_done or draft.quick
    return asked


async def _result(turn: Turn, told: str) -> Next:
    draft = kept.load(turn)
    if (task := await kept.task_of(turn, draft)) is None:
        return turn.end(review.HANDED_OVER)
    last = await kept.last_result(turn, draft, task)
    meant = values.answered(task, last, turn.world.today, told, "")
    if isinstance(meant, values.Question):
        return report.ask_value(turn, meant)
    if isinstance(meant, values.Value):
        draft.take(meant.value, meant.qualifier)
        kept.save(turn, draft)
        await kept.keep_beside(turn, told)
    else:
        turn.say(meant)
    return await report.go_on(turn)


def _as_sent(old: reports.Draft, number: int) -> Draft:
    return Draft(
        task=old.task_id,
        value=str(old.value) if old.value is not None else None,
        qualifier=old.qualifier,
        situation=old.situation,
        obstacle=old.obstacle,
        waits_for=old.waits_for or ("unknown" if old.situation == "stuck" else ""),
        text=old.text,
        photos=list(old.media_ids),
        photos_done=True,
        place=old.place,
        correcting=number,
    )
