"""Sửa: correct a report that was sent. Every version is kept."""

from __future__ import annotations

import re

from bot.conversation import Choice
from handlers import draft as kept
from handlers import report, review
from handlers.draft import Draft
from handlers.words import short, stamp
from handlers.world import Next, Talk, Turn
from services import reports

talk = Talk("correction")


@talk.begin
async def begin(turn: Turn) -> Next:
    world = turn.world
    if number := re.search(r"\d{1,9}", turn.said.rest):
        return await open_again(turn, int(number[0]))
    part = review.part_named(turn.said.rest)
    before = turn.parked[-1] if turn.parked else None
    if part and before and (before.talk, before.step) == (report.talk.name, "reviewed"):
        turn.data.update(turn.parked.pop().data)  # "sửa kết quả", of what is looked at again
        return await report.change(turn, part)
    mine = [
        sent for sent in await reports.my_reports(world.session, world.actor) if _may(sent.outcome)
    ]
    if not mine:
        return turn.end('Không có báo cáo nào sửa được. Đồng chí gõ "báo cáo" để gửi báo cáo mới.')
    titles = await reports.titles_of(world.session, mine)
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


def _may(outcome: str | None) -> bool:
    return outcome != "accepted"


@talk.step
async def picked(turn: Turn) -> Next:
    if number := re.fullmatch(r"bc[- ]?0*(\d{1,9})|0*(\d{4,9})", turn.said.text.strip().lower()):
        return await open_again(turn, int(number[1] or number[2]))
    if turn.said.key.startswith("r"):
        return await open_again(turn, int(turn.said.key[1:]))
    return turn.by_number()


async def open_again(turn: Turn, number: int) -> Next:
    """The sent report as a draft; the talk goes on as when it was made."""
    world = turn.world
    old, sent = await reports.draft_of(world.session, world.actor, number)
    if refusal := await review.no_more(turn, sent):
        return turn.end(refusal)
    draft = Draft(task=old.task_id, correcting=number)
    if kept.take_up(turn, draft):
        turn.say(f"Đồng chí làm tiếp lần sửa {sent.name} còn dở.")
    else:
        draft = _as_sent(old, number)
        turn.say(f"Đây là {sent.name} như đã gửi. Chọn phần cần sửa rồi gửi lại.")
    turn.data.clear()
    kept.save(turn, draft)
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
