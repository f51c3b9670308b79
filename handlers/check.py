"""Kiểm tra: reports that wait, their photos, accept or return with a word; the author is told."""

from __future__ import annotations

import re

from bot.conversation import Attachment, Choice, Reply
from handlers.words import SITUATIONS, moment, reported, short
from handlers.world import Next, Talk, Turn
from services import checks
from services.checks import Checked, ToCheck

talk = Talk("check")


@talk.begin
async def begin(turn: Turn) -> Next:
    world = turn.world
    waiting = await checks.waiting(world.session, world.actor)
    if not waiting:
        return turn.end("Không có báo cáo nào chờ đồng chí kiểm tra.")
    named = _number(turn.said.rest)
    if named in {item.report.number for item in waiting}:
        return await show(turn, named)
    if named:
        turn.say(f"BC-{named:04d} không có trong danh sách chờ đồng chí kiểm tra.")
    return turn.ask(
        f"{len(waiting)} báo cáo chờ kiểm tra, cũ nhất trước:",
        picked,
        [Choice(f"r{item.report.number}", _line(item)) for item in waiting],
        hint="Trả lời bằng số để xem và kiểm tra.",
    )


def _number(text: str) -> int:
    """The number in "bc3" or "BC-0003"; 0: none is named."""
    named = re.fullmatch(r"(?:bc)?[- ]*(\d{1,9})", text.strip().lower())
    return int(named[1]) if named else 0


def _line(item: ToCheck) -> str:
    report = item.report
    result = reported(item.task, report.value, report.qualifier, report.percent)
    photos = f", {item.photos} ảnh" if item.photos else ""
    return f"{report.name} · {item.task.code} {short(item.task.title, 40)} ({item.unit}) — {result}{photos}"


@talk.step
async def picked(turn: Turn) -> Next:
    if turn.said.key.startswith("r"):
        return await show(turn, int(turn.said.key[1:]))
    if turn.said.text.strip().lower().startswith("bc") and _number(turn.said.text):
        return await show(turn, _number(turn.said.text))
    return turn.again("Đồng chí trả lời bằng số trong danh sách.")


async def show(turn: Turn, number: int) -> Next:
    """One report with its photos, and what can be decided."""
    world = turn.world
    item = await checks.one_to_check(world.session, world.actor, number)
    for place, sha in enumerate(await checks.photos_of(world.session, item.report.id), start=1):
        turn.say(f"Ảnh {place}", Attachment(f"photo:{sha}"))
    report = item.report
    lines = [
        f"{report.name} · {item.task.code} {item.task.title} ({item.unit})",
        f"{item.author}, {moment(report.sent_at)}",
        f"{reported(item.task, report.value, report.qualifier, report.percent)} · {SITUATIONS[report.situation]}",
    ]
    if report.text:
        lines.append(f"Ghi chú: {report.text}")
    for position, earlier in await checks.seen_before(world.session, report):
        lines.append(f"Ảnh {position} giống ảnh đã gửi trong {earlier}, đồng chí xem giúp.")
    if report.version > 1:
        lines.append(f"Đã sửa, lần {report.version}.")
    turn.data["number"] = number
    full = item.task.percent is not None and item.task.percent >= 100
    choices = [Choice("accept", "Duyệt")]
    if full:
        choices.insert(0, Choice("close", "Duyệt và kết thúc việc"))
    choices.append(Choice("return", "Trả lại"))
    choices.append(Choice("list", "Để sau"))
    return turn.ask("\n".join(lines), decided, choices)


@talk.step
async def decided(turn: Turn) -> Next:
    world = turn.world
    number = int(turn.data["number"])
    if turn.said.key in ("accept", "close"):
        done = await checks.accept(
            world.session, world.actor, number, world.now, close=turn.said.key == "close"
        )
        await _tell(turn, done)
        turn.say(f"✅ Đã duyệt {done.report.name}." + (" Việc đã kết thúc." if done.closed else ""))
        return await begin(turn)
    if turn.said.key == "return":
        return turn.ask("Đồng chí ghi một câu: cần bổ sung gì?", reason_told, free=True)
    if turn.said.key == "list":
        return await begin(turn)
    return turn.again("Đồng chí trả lời bằng số.")


@talk.step
async def reason_told(turn: Turn) -> Next:
    world = turn.world
    if not turn.said.text.strip():
        return turn.again("Đồng chí gõ lý do bằng chữ.")
    done = await checks.give_back(
        world.session, world.actor, int(turn.data["number"]), world.now, comment=turn.said.text
    )
    await _tell(turn, done)
    turn.say(f"Đã trả lại {done.report.name}, người gửi đã được báo.")
    return await begin(turn)


async def _tell(turn: Turn, done: Checked) -> None:
    """The author hears at once how it ended, whatever network they use."""
    report, task, by = done.report, done.task, turn.world.actor.name
    if report.outcome == "accepted":
        text = f"✅ {report.name} ({task.code}) đã được đồng chí {by} duyệt."
        text += " Việc này đã kết thúc, cảm ơn đồng chí." if done.closed else ""
    else:
        text = (
            f"{report.name} ({task.code}) được đồng chí {by} gửi lại để bổ sung: {report.comment}\n"
            f'Đồng chí gõ "sửa" để bổ sung, hoặc "bc {task.code.lower()}" để báo cáo mới.'
        )
    reached = await turn.world.tell(done.author_id, Reply(text))
    if not reached:
        turn.say("Người gửi chưa kết nối nên chưa nhận được tin báo.")
