"""Tổng kết: the whole picture to this minute or an earlier day, and drill-down by number (mission §5)."""

from __future__ import annotations

import re
from datetime import date, datetime

from bot.conversation import Attachment, Choice, bold
from handlers import summary_lists as lists
from handlers import summary_periods as periods
from handlers.summary_units import Everything, Nowhere, unit_meant
from handlers.words import WAITS_FOR, document, moment, short, stamp
from handlers.world import Next, Talk, Turn
from services import summary as figures
from services import summary_groups as groups
from services.summary import Figures, Summary
from services.summary_groups import Unit
from vietnamese.formatting import day, number
from vietnamese.letters import fold_in_place
from vietnamese.meaning import Ask
from vietnamese.zone import end_of_day, local_day

talk = Talk("summary")

MENU = (
    Choice("overdue", "Quá hạn"),
    Choice("stuck", "Vướng mắc"),
    Choice("units", "Theo đơn vị"),
    Choice("people", "Theo người"),
    Choice("photos", "Ảnh mới"),
    Choice("table", "Xuất bảng"),
    Choice("silent", "Chưa báo cáo"),
)
BUCKET_WORDS = (
    ("over", "vượt {}"),
    ("met", "đạt {}"),
    ("above70", "trên 70%: {}"),
    ("from50", "50–70%: {}"),
    ("below50", "dưới 50%: {}"),
    ("none", "chưa có số liệu {}"),
)

NOW = 'Đồng chí gõ "tổng kết" để xem đến lúc này.'
_COMMAND = re.compile(r"(?:cho )?(?:(?:xem )?(?:(?P<whole>tong ket)|anh moi)|xem anh)(?!\w)")
_KIND_OF_TABLE = re.compile(
    r"^(?:(?:ra|bảng|bang|biểu|bieu|file|excel|xlsx|tổng hợp|tong hop|tổng kết|tong ket|số liệu|so lieu"
    r"|báo cáo|bao cao|danh sách|danh sach|kết quả|ket qua|nhiệm vụ|nhiem vu|theo mẫu|theo mau|mẫu|mau)"
    r"(?!\w) *)+",
    re.IGNORECASE,
)


@talk.begin
async def begin(turn: Turn) -> Next:
    return await asked(turn, "tổng kết", turn.said.rest)


async def asked(turn: Turn, command: str, words: str) -> Next:
    """What stands behind "tổng kết", "xuất bảng", "ảnh mới" or a list: a unit, a period, both, neither."""
    told = periods.asked_for(words, turn.world.now)
    turn.data.update(command=command, unit_words=told.unit)
    if isinstance(told.period, Ask):
        readings = told.period.readings
        return turn.ask(
            told.period.question,
            period_chosen,
            [Choice(f"d{one.meaning.last.isoformat()}", one.label) for one in readings],
        )
    if told.trouble:
        turn.say(told.trouble)
    return await until(turn, told.period.last if told.period else None)


def asked_again(text: str) -> tuple[str, str] | None:
    """A command of this talk and what follows it, where no other reading of the text was found."""
    named = _COMMAND.match(fold_in_place(text))
    if named is None:
        return lists.of_unit(text)
    rest = text[named.end() :].strip(" :,.?!")
    if named["whole"]:
        return "tổng kết", rest
    told = not rest or "ả" in text[: named.end()].lower()  # "anh mới gửi rồi" is no photo
    return ("ảnh mới", rest) if told or periods.begins_well(rest) else None


@talk.step
async def period_chosen(turn: Turn) -> Next:
    if not turn.said.key.startswith("d"):
        return turn.again("Đồng chí chọn bằng số.")
    return await until(turn, date.fromisoformat(turn.said.key[1:]))


async def until(turn: Turn, last: date | None) -> Next:
    """The picture as it stood when `last` was over; today and later: to this minute."""
    turn.data["until"] = last.isoformat() if last and last < turn.world.today else None
    if words := turn.data.pop("unit_words"):
        return await one_unit(turn, words)
    return await show(turn, None)


async def one_unit(turn: Turn, text: str) -> Next:
    """`tổng kết xã Phù Lưu`: one unit of the area, with all below it."""
    world, command = turn.world, turn.data["command"]
    meant = await unit_meant(world.session, world.actor, text)
    if not isinstance(meant, Nowhere):
        return await show_meant(turn, meant)
    said = meant.sentence(command)
    if command != "tổng kết":
        return turn.end(f'{said} Gõ "{command}" để xem toàn bộ.')
    turn.say(f"{said} Dưới đây là toàn bộ.")
    return await show(turn, None)


async def show_meant(turn: Turn, meant: Unit | list[Unit] | Everything) -> Next:
    """The unit, the whole, or which of several units it is."""
    if not isinstance(meant, list):
        return await show(turn, None if isinstance(meant, Everything) else meant.id)
    labels = await groups.unit_labels(turn.world.session, meant)
    return turn.ask(
        "Có mấy đơn vị gần giống nhau, đồng chí chọn một.",
        unit_chosen,
        [Choice(f"u{unit.id}", labels[unit.id]) for unit in meant],
    )


@talk.step
async def unit_chosen(turn: Turn) -> Next:
    if turn.said.key.startswith("u"):
        return await show(turn, int(turn.said.key[1:]))
    return turn.again("Đồng chí chọn bằng số.")


async def show(turn: Turn, unit_id: int | None) -> Next:
    if turn.data["command"] == "xuất bảng":
        await send_table(turn, unit_id, turn.data["until"])
        return turn.end()
    if turn.data["command"] == "ảnh mới":
        await _photos(turn, unit_id)
        return turn.end()
    if key := lists.COMMANDS.get(turn.data["command"]):
        turn.data.update(command="tổng kết", unit=unit_id)
        return await drill(turn, key)
    summary = await _summary(turn, unit_id)
    figures.check_sums(summary)
    turn.data["unit"] = unit_id
    if not summary.lines:
        return turn.end(f"{summary.unit}: đến {cut_off(summary)} chưa có việc nào được giao. {NOW}")
    return turn.ask("\n".join(whole_picture(summary)), chosen, MENU, layout="dots", brief="Xem gì?")


async def _summary(turn: Turn, unit_id: int | None) -> Summary:
    world = turn.world
    return await figures.summarise(
        world.session, world.actor, world.now, unit_id=unit_id, until=_end(turn)
    )


def _end(turn: Turn) -> datetime | None:
    """The end of the day that the picture goes up to; None: to this minute."""
    last: str | None = turn.data.get("until")
    return end_of_day(date.fromisoformat(last)) if last else None


def cut_off(summary: Summary) -> str:
    """ "16:30 22/11/2026", or "hết 31/10/2026"."""
    return f"hết {day(local_day(summary.at))}" if summary.past else stamp(summary.at)


def whole_picture(summary: Summary) -> list[str]:
    """The lines of the summary; every sum that is printed adds up."""
    counted = summary.figures
    outcomes = counted.outcomes
    programmes = summary.programmes
    plan = (
        document(programmes[0])
        if len(programmes) == 1
        else f"{len(programmes)} chương trình, kế hoạch"
    )
    buckets = " · ".join(words.format(counted.buckets[name]) for name, words in BUCKET_WORDS)  # type: ignore[index] # the names are buckets
    lines = [
        bold(f"TỔNG KẾT · {summary.unit} · đến {cut_off(summary)}"),
        f"{plan} · {number(counted.tasks)} việc · {number(summary.people)} người",
        f"Hoàn thành {number(counted.done)} (đúng hạn {number(outcomes['done_on_time'])}, "
        f"quá hạn {number(outcomes['done_late'])}) · đang làm {number(outcomes['doing'])} · "
        f"quá hạn {number(outcomes['overdue'])}",
        rate(counted),
        f"So kế hoạch: {buckets} (cộng {number(counted.tasks)})",
        _silence(summary),
        _stuck(summary),
    ]
    urgent = summary.urgent
    if urgent:
        lines.append("Cần xem ngay:")
        lines += [f"• {lists.urgent(line)}" for line in urgent[:5]]
    return [line for line in lines if line]


def rate(counted: Figures) -> str:
    """The rate's base is the tasks that fell due or are done (§3 Against the date)."""
    if not counted.fallen_due:
        return ""
    return (
        f"Trên {number(counted.fallen_due)} việc đã đến hạn hoặc đã xong: "
        f"hoàn thành {number(counted.done_share)}%, còn quá hạn {number(100 - counted.done_share)}%"
    )


def _silence(summary: Summary) -> str:
    parts = []
    if summary.silent:
        parts.append(
            f"{number(len(summary.silent))} việc quá kỳ báo cáo, lâu nhất {summary.longest_silence} ngày"
        )
    if summary.unchecked:
        parts.append(f"{number(summary.unchecked)} báo cáo chưa kiểm tra")
    return f"Im lặng: {' · '.join(parts)}" if parts else "Không việc nào quá kỳ báo cáo."


def _stuck(summary: Summary) -> str:
    total = sum(summary.obstacles.values())
    if not total:
        return "Không có vướng mắc đang chờ."
    counts = summary.obstacles
    whom = ", ".join(f"{said} {counts[who]}" for who, said in WAITS_FOR.items() if counts[who])
    return f"Vướng mắc chờ tháo gỡ: {number(total)} — {whom}"


@talk.step
async def chosen(turn: Turn) -> Next:
    if turn.said.key:
        return await drill(turn, turn.said.key)
    text = turn.said.text
    if again := asked_again(text):
        return await asked(turn, *again)
    if key := lists.named(text):
        return await drill(turn, key)
    meant = await unit_meant(turn.world.session, turn.world.actor, text)
    return turn.by_number() if isinstance(meant, Nowhere) else await show_meant(turn, meant)


async def only(turn: Turn, key: str) -> Next:
    """One list, asked for without the picture: "việc quá hạn"."""
    turn.data.update(command="tổng kết", until=None, unit=None)
    return await drill(turn, key)


async def drill(turn: Turn, key: str) -> Next:
    """One part of the picture, then the menu again."""
    unit_id: int | None = turn.data.get("unit")
    hint = ""
    if key == "photos":
        await _photos(turn, unit_id)
    elif key == "table":
        await send_table(turn, unit_id, turn.data.get("until"))
    else:
        shown, hint = await lists.shown(turn, await _summary(turn, unit_id), key)
        turn.say(shown)
    return turn.ask("Xem thêm:", chosen, MENU, layout="dots", hint=hint)


async def _photos(turn: Turn, unit_id: int | None) -> None:
    world = turn.world
    found = await figures.new_photos(world.session, world.actor, _end(turn) or world.now, unit_id)
    if not found:
        turn.say("Ảnh mới: chưa có ảnh nào.")
    for photo in found:
        caption = f"{photo.report} · {photo.code} {short(photo.title, 50)} · {photo.unit} · {moment(photo.sent_at)}"
        turn.say(caption, Attachment(f"photo:{photo.sha256}"))


async def send_table(turn: Turn, unit_id: int | None, until: str | None = None) -> None:
    """The official table; it is made when it is sent, from what is true then.

    `until`: the last day (ISO) of an earlier cut-off.
    """
    source = f"table:{turn.world.actor.person_id}:{unit_id or ''}:{until or ''}".rstrip(":")
    name = f"tong-ket-{until or turn.world.today.isoformat()}.xlsx"
    upto = f"hết {day(date.fromisoformat(until))}" if until else stamp(turn.world.now)
    whose = ""
    if unit_id:
        area = await groups.units_below(turn.world.session, turn.world.actor, turn.world.today)
        unit = next((one.name for one in area if one.id == unit_id), "")
        whose, name = f" của {unit}" if unit else "", f"{_in_a_name(unit)}-{name}"
    turn.say(f"Bảng theo mẫu{whose}, số liệu đến {upto}.", Attachment(source, "document", name))


def _in_a_name(unit: str) -> str:
    """A unit in the name of a file: "xa-phu-luu"."""
    return "-".join(re.findall(r"[a-z0-9]+", fold_in_place(unit)))


export = Talk("export")


@export.begin
async def begin_export(turn: Turn) -> Next:
    if not turn.world.actor.leads:
        return turn.end(
            'Bảng tổng hợp dành cho lãnh đạo. Đồng chí gõ "nhiệm vụ" để xem việc của mình.'
        )
    return await asked(turn, "xuất bảng", _KIND_OF_TABLE.sub("", turn.said.rest))
