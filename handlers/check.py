"""Kiểm tra: reports that wait, their photos and files, accept or return with a word; the author is told."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Literal

from bot.conversation import Attachment, Choice, Reply
from handlers.summary_units import Everything, Nowhere, unit_meant
from handlers.words import (
    SITUATIONS,
    WAITS_FOR,
    coordinates,
    moment,
    pieces_in_words,
    reported,
    short,
    typed,
)
from handlers.world import Next, Talk, Turn
from services import checks
from services.checks import Checked, Overtaken, ToCheck
from services.evidence import Piece
from services.summary_groups import units_below
from vietnamese.names import split_code

talk = Talk("check")

_OF = re.compile(
    r"^(?:(?:của|cua|các|cac|báo cáo|bao cao|việc|viec|nhiệm vụ|nhiem vu|kết quả|ket qua"
    r"|danh sách|danh sach|chờ duyệt|cho duyet|sản phẩm|san pham|minh chứng|minh chung|ở|o|tại|tai)"
    r"(?!\w) *)+",
    re.IGNORECASE,
)
"""What may stand between the command and a task's code or a unit."""
_GIVE_BACK = re.compile(
    r"\s*(?:trả|tra) (?:lại|lai|về|ve)(?:\s*[:,\-–]\s*(?:(?:vì|vi|do) )?|\s+(?:vì|vi|do)\s+)(\S.*)(?<![?])",
    re.IGNORECASE | re.DOTALL,
)
"""What is missing may stand behind the word: "trả lại: thiếu ảnh tổ chanh"; a question is no reason."""
STUCK = (
    "Việc này đang có vướng mắc. Kết thúc việc thì vướng mắc cũng khép lại. "
    "Đồng chí vẫn kết thúc việc?"
)
IN_WORDS = "Ở bước này chưa nhận được ảnh, tệp, cần một câu bằng chữ."
ONLY_WORDS = "Ảnh, tệp chưa gửi kèm được ở bước này, lời của đồng chí vẫn được chuyển."


@talk.begin
async def begin(turn: Turn) -> Next:
    words = turn.said.rest
    number = _number(words)
    return await listed(turn, number, "" if number else _OF.sub("", words).strip())


async def listed(turn: Turn, named: int = 0, words: str = "") -> Next:
    """What waits, or the one that was named at once; `words`: a task's code or a unit."""
    world = turn.world
    waiting: Sequence[ToCheck] = await checks.waiting(world.session, world.actor)
    if not waiting:
        return turn.end("Không có báo cáo nào chờ đồng chí kiểm tra.")
    if named in {item.report.number for item in waiting}:
        return await show(turn, named)
    if named:
        turn.say(f"BC-{named:04d} không có trong danh sách chờ đồng chí kiểm tra.")
    if words:
        waiting = await _those_of(turn, words, waiting)
    return turn.ask(
        f"{len(waiting)} báo cáo chờ kiểm tra, cũ nhất trước:",
        picked,
        [Choice(f"r{item.report.number}", _line(item)) for item in waiting],
        hint="Trả lời bằng số để xem và kiểm tra.",
    )


async def _those_of(turn: Turn, words: str, waiting: Sequence[ToCheck]) -> Sequence[ToCheck]:
    """The reports on one task or of one unit; where none waits there, that is said, and all."""
    world = turn.world
    code = split_code(words)
    if code:
        those = [item for item in waiting if split_code(item.task.code) == code]
    else:
        meant = await unit_meant(world.session, world.actor, words)
        if isinstance(meant, Everything):
            return waiting
        units = [] if isinstance(meant, Nowhere) else meant if isinstance(meant, list) else [meant]
        below = await units_below(world.session, world.actor, world.today)
        paths = tuple(unit.path for unit in units)
        ids = {unit.id for unit in below if paths and unit.path.startswith(paths)}
        those = [item for item in waiting if item.task.unit_id in ids]
    if not those:
        turn.say(f'Không có báo cáo nào của "{short(words, 40)}" đang chờ. Dưới đây là tất cả.')
    return those or waiting


def _number(text: str) -> int:
    """The number in "bc3" or "BC-0003"; 0: none is named."""
    named = re.fullmatch(r"(?:bc)?[- ]*(\d{1,9})", text.strip().lower())
    return int(named[1]) if named else 0


def _line(item: ToCheck) -> str:
    report = item.report
    came = pieces_in_words(item.photos, item.files)
    shown = f"{_result(item)}, {came}" if came else _result(item)
    return f"{report.name} · {item.task.code} {short(item.task.title, 40)} ({item.unit}) — {shown}"


def _result(item: ToCheck) -> str:
    return reported(item.task, item.report.value, item.report.qualifier, item.share)


@talk.step
async def picked(turn: Turn) -> Next:
    if turn.said.key.startswith("r"):
        return await show(turn, int(turn.said.key[1:]))
    if turn.said.text.strip().lower().startswith("bc") and _number(turn.said.text):
        return await show(turn, _number(turn.said.text))
    return turn.again("Đồng chí trả lời bằng số trong danh sách.")


async def show(turn: Turn, number: int) -> Next:
    """One report with its photos and files, and what can be decided."""
    world = turn.world
    try:
        shown = await checks.one_to_check(world.session, world.actor, number)
    except Overtaken as gone:
        turn.say(gone.sentence)
        return await listed(turn)
    item, report = shown.item, shown.item.report
    for piece in await checks.evidence_of(world.session, report.id):
        turn.say(_called(piece), _handed_out(piece))
    lines = [
        f"{report.name} · {item.task.code} {item.task.title} ({item.unit})",
        f"{item.author}, {moment(report.sent_at)}",
        f"{_result(item)} · {SITUATIONS[report.situation]}",
    ]
    lines += [f"Vướng mắc: {one.text} ({WAITS_FOR[one.waits_for]})" for one in shown.obstacles]
    if report.text:
        lines.append(f"Ghi chú: {report.text}")
    if report.place:
        lines.append(f"Vị trí đã gửi: {coordinates(report.place)} (chép vào bản đồ để xem)")
    for piece, earlier in await checks.seen_before(world.session, report):
        word = "tệp" if piece.is_file else "ảnh"
        lines.append(f"{_called(piece)} giống {word} đã gửi trong {earlier}, đồng chí xem giúp.")
    if report.version > 1:
        lines.append(f"Đã sửa, lần {report.version}.")
    if shown.newer:
        lines.append(f"Việc này có báo cáo mới hơn là {shown.newer}, kết thúc việc ở báo cáo đó.")
    stuck = report.situation == "stuck" or bool(shown.obstacles)
    turn.data.update(number=number, version=report.version, stuck=stuck)
    choices = [Choice("accept", "Duyệt"), Choice("return", "Trả lại"), Choice("list", "Để sau")]
    if shown.may_close:  # last: 2 is "Trả lại" in every report, and an end cannot be taken back
        choices.append(Choice("close", "Duyệt và kết thúc việc"))
    return turn.ask("\n".join(lines), decided, choices)


def _called(piece: Piece) -> str:
    return f"{'Tệp' if piece.is_file else 'Ảnh'} {piece.number}"


def _handed_out(piece: Piece) -> Attachment:
    kind: Literal["photo", "document"] = "document" if piece.is_file else "photo"
    return Attachment(piece.source, kind, piece.name if piece.is_file else "")


@talk.step
async def decided(turn: Turn) -> Next:
    key = turn.said.key
    if key == "close" and turn.data["stuck"]:
        choices = Choice("end", "Vẫn kết thúc việc"), Choice("accept", "Chỉ duyệt báo cáo")
        return turn.ask(STUCK, decided, [*choices, Choice("list", "Để sau")])
    if key in ("accept", "close", "end"):
        return await accepted(turn, close=key != "accept")
    if key == "return":
        return turn.ask("Đồng chí ghi một câu: cần bổ sung gì?", reason_told, free=True)
    if key == "list":
        return await listed(turn)
    if (told := _GIVE_BACK.fullmatch(turn.said.text.strip())) and turn.said.kind == "text":
        return await given_back(turn, told[1])
    count = len(turn.question.choices) if turn.question else 0
    return turn.again(f"Đồng chí trả lời bằng số từ 1 đến {count}.")


async def accepted(turn: Turn, *, close: bool) -> Next:
    world, number, seen = turn.world, turn.data["number"], turn.data["version"]
    try:
        done = await checks.accept(
            world.session, world.actor, number, world.now, seen=seen, close=close
        )
    except Overtaken as gone:
        return await overtaken(turn, gone)
    await _tell(turn, done)
    word = f"✅ Đã duyệt {done.report.name}."
    others = [one.name for sent in done.by_author.values() for one in sent if one != done.report]
    if done.closed:
        word += " Việc đã kết thúc."
    if others:
        word += f" Báo cáo còn chờ của việc này cũng được duyệt: {', '.join(sorted(others))}."
    turn.say(word)
    return await listed(turn)


@talk.step
async def reason_told(turn: Turn) -> Next:
    if turn.said.kind != "text":
        if not turn.said.text.strip():
            return turn.again(IN_WORDS)
        turn.say(ONLY_WORDS)
    return await given_back(turn, turn.said.text)


async def given_back(turn: Turn, comment: str) -> Next:
    world, number, seen = turn.world, turn.data["number"], turn.data["version"]
    try:
        done = await checks.give_back(
            world.session, world.actor, number, world.now, seen=seen, comment=comment
        )
    except Overtaken as gone:
        return await overtaken(turn, gone)
    await _tell(turn, done)
    turn.say(f"Đã trả lại {done.report.name}, người gửi đã được báo.")
    return await listed(turn)


async def overtaken(turn: Turn, gone: Overtaken) -> Next:
    """What was shown is no longer so: say it, and show what is."""
    turn.say(gone.sentence)
    return await (show(turn, turn.data["number"]) if gone.again else listed(turn))


async def _tell(turn: Turn, done: Checked) -> None:
    """The authors hear at once how it ended, whatever network they use, each of them once."""
    task, by, reached = done.task, turn.world.actor.name, True
    for author, sent in done.by_author.items():
        names = ", ".join(report.name for report in sent)
        if done.report.outcome == "accepted":
            text = f"✅ {names} ({task.code}) đã được đồng chí {by} duyệt."
            text += " Việc này đã kết thúc, cảm ơn đồng chí." if done.closed else ""
        else:
            text = (
                f"{names} ({task.code}) được đồng chí {by} gửi lại để bổ sung: {done.report.comment}\n"
                f'Đồng chí gõ "sửa" để bổ sung, hoặc "bc {typed(task.code)}" để báo cáo mới.'
            )
        reached &= await turn.world.tell(author, Reply(text))
    if not reached:
        turn.say("Người gửi chưa kết nối nên chưa nhận được tin báo.")
