"""How tasks, figures and times are put into words; shared by the talks."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal

from bot.conversation import Choice
from services.tasks import Task
from vietnamese.formatting import clock_time, day, full_day, number, percent
from vietnamese.zone import local, local_day

SITUATIONS = {"on_track": "đúng tiến độ", "late": "chậm", "stuck": "vướng mắc"}
WAITS_FOR = {"unit": "chờ lãnh đạo đơn vị", "above": "chờ cấp trên", "": "chưa rõ chờ ai"}
SITUATION_CHOICES = (
    Choice("on_track", "Đúng tiến độ"),
    Choice("late", "Chậm"),
    Choice("stuck", "Vướng mắc"),
)
WAITING_CHOICES = (
    Choice("unit", "Lãnh đạo đơn vị"),
    Choice("above", "Cấp trên"),
    Choice("unknown", "Chưa rõ"),
)
NETWORKS = {
    "telegram": "Telegram",
    "web": "trang web",
    "terminal": "máy này",
    "zalo_bot": "Zalo",
    "zalo_oa": "Zalo OA",
}


def network(channel: str) -> str:
    """A network by its channel; the second Zalo bot is "Zalo 2"."""
    return NETWORKS.get(channel) or channel.replace("zalo_bot_", "Zalo ")


def unit_of(task: Task) -> str:
    """The word for one step of a task's measure."""
    counted = {"percent": "%", "checklist": "tiêu chí", "milestones": "mốc"}
    return counted.get(task.measure, task.measure_unit)


def amount(task: Task, value: Decimal | None, qualifier: str | None = None) -> str:
    """A value of a task: "1/2 tổ", "gần 39%", "đã xong"."""
    if value is None:
        return "chưa có số liệu"
    before = f"{qualifier} " if qualifier else ""
    if task.measure == "yesno":
        return "đã xong" if value >= task.target else "chưa xong"
    if unit_of(task) == "%":
        return f"{before}{number(value)}%"
    if task.direction == "down":
        return f"{before}{number(value)} {unit_of(task)}, cần còn {number(task.target)}"
    return f"{before}{number(value)}/{number(task.target)} {unit_of(task)}".rstrip()


def standing(task: Task) -> str:
    """Where a task stands: "1/2 tổ (50%)", "39% (97,5% kế hoạch)"."""
    shown = amount(task, task.value, task.qualifier)
    return _with_percent(task, shown, task.percent)


def reported(
    task: Task, value: Decimal | None, qualifier: str | None, share: Decimal | None
) -> str:
    """A reported value with its share of the plan."""
    return _with_percent(task, amount(task, value, qualifier), share)


def _with_percent(task: Task, shown: str, share: Decimal | None) -> str:
    if share is None or task.measure == "yesno":
        return shown
    if unit_of(task) == "%" or task.direction == "down":
        return f"{shown} ({percent(share)} kế hoạch)"
    return f"{shown} ({percent(share)})"


def deadline(task: Task) -> str:
    if task.closed_on and task.state != "open":
        return f"đã kết thúc ngày {day(task.closed_on)}"
    return f"hạn {day(task.due)}" if task.due else "không thời hạn"


def task_line(task: Task, unit: str = "") -> str:
    """A task in a list: "NV-03 Xây dựng 2 tổ … — 1/2 tổ (50%), hạn 31/12/2026"."""
    where = f" ({unit})" if unit else ""
    return f"{task.code} {task.title}{where} — {standing(task)}, {deadline(task)}"


def moment(instant: datetime) -> str:
    """ "16:32, Chủ Nhật 22/11/2026"."""
    return f"{clock_time(local(instant))}, {full_day(local_day(instant))}"


def stamp(instant: datetime) -> str:
    """ "16:30 22/11/2026"."""
    return f"{clock_time(local(instant))} {day(local_day(instant))}"


DOCUMENTS = {
    "KH": "Kế hoạch",
    "CTHĐ": "Chương trình hành động",
    "CTr": "Chương trình",
    "NQ": "Nghị quyết",
    "QĐ": "Quyết định",
    "TB": "Thông báo",
}


def document(number: str) -> str:
    """A document by its number: "12-KH/ĐU" is "Kế hoạch 12-KH/ĐU"."""
    symbol = number.partition("-")[2].partition("/")[0].split(" ")[0]
    return (
        f"{DOCUMENTS[symbol]} {number}" if symbol in DOCUMENTS and number[0].isdigit() else number
    )


def typed(code: str) -> str:
    """A code as it is easily typed: "nv03"."""
    return code.lower().replace("-", "")


def short(text: str, letters: int = 60) -> str:
    """The beginning of a text, cut between words."""
    flat = " ".join(text.split())
    if len(flat) <= letters:
        return flat
    return f"{flat[:letters].rsplit(' ', 1)[0]}…"


def coordinates(place: str) -> str:
    """ "22.05, 105.03", as maps take it."""
    return ", ".join(f"{float(part):.5f}".rstrip("0").rstrip(".") for part in place.split(","))


def pieces_in_words(photos: int, files: int) -> str:
    """ "2 ảnh", "1 tệp", "2 ảnh, 1 tệp"; "" for none."""
    return ", ".join([*[f"{photos} ảnh"] * bool(photos), *[f"{files} tệp"] * bool(files)])


def bare(task: Task, value: Decimal) -> str:
    if task.measure == "yesno":
        return amount(task, value)
    return f"{number(value)}{'%' if unit_of(task) == '%' else ''}"


def with_unit(task: Task, value: Decimal) -> str:
    """ "20 km", "39%"."""
    return (
        bare(task, value) if unit_of(task) == "%" else f"{number(value)} {unit_of(task)}".rstrip()
    )


def example(task: Task) -> str:
    return "98,3" if unit_of(task) == "%" else f"2 {unit_of(task)}".strip()
