"""The lists behind the picture: overdue, stuck, silent, by unit, by person; and what people call them."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from datetime import date

from bot.conversation import bold
from handlers.words import WAITS_FOR, short
from handlers.world import Turn
from services import summary as figures
from services import summary_groups as groups
from services.summary import Figures, Line, Summary
from vietnamese.formatting import day, number
from vietnamese.letters import fold
from vietnamese.zone import local_day

_BEFORE = re.compile(r"^(?:cho |toi |minh |xem |hoi |liet ke |danh sach |cac |nhung |may )+")
_BEHIND = re.compile(r"(?: (?:nhe|a|di|nao|the|gi|roi|vay|nhi))+$")
_TASKS = r"(?:(?:cong )?viec |nhiem vu |chi tieu )?(?:nao )?(?:dang |da |bi |con )*"
_NAMES = (
    ("overdue", rf"{_TASKS}(?:qua|tre) han"),
    ("stuck", rf"{_TASKS}(?:vuong(?: mac)?|kho khan,? vuong mac|diem nghen)"),
    ("silent", r"im lang|(?:ai |nguoi |don vi |xa |viec |nhiem vu )?(?:nao )?(?:con |dang )?"
               r"(?:chua|cham|khong) (?:co |gui |nop )?(?:bao cao|bc)"),
    ("units", r"(?:theo|tung) (?:don vi|xa|phuong|thon|so)"),
    ("people", r"(?:theo|tung) (?:nguoi|can bo|dong chi)|ai (?:dang |bi )?(?:cham|tre|qua han)(?: han| viec)?"),
)  # fmt: skip
BY_NAME = "Gõ tên một đơn vị để xem riêng đơn vị ấy."


def named(text: str) -> str:
    """The key of the list that a person asks for in their own words; "" where it is none."""
    words = _BEHIND.sub("", _BEFORE.sub("", fold(text).strip(" .?!")))
    return next((key for key, names in _NAMES if re.fullmatch(names, words)), "")


_UNIT = re.compile(
    r"(?:(?:o|cua|tai) )?(?:(?:toan|ca) (?:tinh|xa|phuong)"
    r"|(?:xa|phuong|dac khu|thi tran|thon|ban|cum|so|huyen)(?: (?!(?:da|chua|khong|do|vi|co|can|dang|thieu|cham"
    r"|moi|cho|cap|nao|gi)(?!\w))\w+){1,5})"
)
COMMANDS = {
    "việc quá hạn": "overdue", "vướng mắc": "stuck", "chưa báo cáo": "silent",
    "theo đơn vị": "units", "theo người": "people",
}  # fmt: skip
"""What each list is called where a unit may follow it: "việc quá hạn xã Phù Lưu"."""


def of_unit(text: str) -> tuple[str, str] | None:
    """A list and the unit behind or before it: "vướng mắc xã Phù Lưu", "xã Phù Lưu quá hạn"."""
    words = text.strip(" .?!").split()
    for at in range(1, 0 if named(text) else len(words)):
        halves = " ".join(words[:at]), " ".join(words[at:])
        for listed, unit in (halves, halves[::-1]):
            if _UNIT.fullmatch(fold(unit)) and (key := named(listed)):
                command = next(name for name, meant in COMMANDS.items() if meant == key)
                return command, re.sub(r"^(?:ở|o|của|cua|tại|tai) ", "", unit)
    return None


def urgent(line: Line) -> str:
    why = f"quá hạn {line.late_days} ngày" if line.late_days else "đang vướng mắc"
    return f"{line.code} {why} — {short(line.title, 45)} ({line.unit})"


async def shown(turn: Turn, summary: Summary, key: str) -> tuple[str, str]:
    """A list, and what may be typed next."""
    session = turn.world.session
    whose = f" · {summary.unit}" if turn.data.get("unit") else ""
    if key == "overdue":
        return _listed(
            f"Quá hạn{whose}", await _with_owners(turn, summary, summary.overdue, _late)
        ), ""
    if key == "silent":
        return _listed(
            f"Chưa báo cáo{whose}", await _with_owners(turn, summary, summary.silent, _silent)
        ), ""
    if key == "stuck":
        found = await figures.stuck(session, turn.world.actor, summary.at, turn.data.get("unit"))
        lines = [
            f"{task.code} ({unit}), {WAITS_FOR[obstacle.waits_for]} từ "
            f"{day(local_day(obstacle.raised_at))}: {short(obstacle.text, 100)}"
            for obstacle, task, unit in found
        ]
        return _listed(f"Vướng mắc chờ tháo gỡ{whose}", lines), ""
    if key == "units":
        parts = await groups.by_unit(session, summary)
        return _listed(f"Theo đơn vị{whose}", _table(parts)), BY_NAME if len(parts) > 1 else ""
    people, nobody = await groups.by_person(session, summary)
    rest = _table({"Chưa có người giữ chức vụ": nobody}) if nobody.tasks else []
    return _listed(f"Theo người{whose}", _table(people), rest), ""


def _late(line: Line, today: date) -> str:
    return f"quá hạn {line.late_days} ngày"


def _silent(line: Line, today: date) -> str:
    days = (today - line.silent_since).days if line.silent_since else 0
    return f"quá kỳ báo cáo {days} ngày"


async def _with_owners(
    turn: Turn, summary: Summary, lines: Sequence[Line], why: Callable[[Line, date], str]
) -> list[str]:
    """Each task with why it is listed and who answers for it."""
    today = local_day(summary.at)
    names = await groups.owners(turn.world.session, lines, today)
    said = []
    for line in lines:
        owner = names.get(line.post_id, "chưa có người giữ chức vụ")
        what = f"{line.code} {why(line, today)} — {short(line.title, 45)}"
        said.append(f"{what} ({owner}, {line.unit})")
    return said


def _listed(title: str, lines: Sequence[str], rest: Sequence[str] = ()) -> str:
    """A list under its title; every line is kept, long ones are split by the network's limit.

    `rest`: lines that are no entries of the list and are not counted as such.
    """
    if not lines and not rest:
        return f"{title}: không có."
    listed = [f"• {line}" for line in [*lines, *rest]]
    return "\n".join([bold(f"{title} ({number(len(lines))})"), *listed])


def _table(parts: dict[str, Figures]) -> list[str]:
    late_first = sorted(parts.items(), key=lambda part: -part[1].outcomes["overdue"])
    return [
        f"{name}: {number(group.tasks)} việc, hoàn thành {number(group.done)}, "
        f"đang làm {number(group.outcomes['doing'])}, quá hạn {number(group.outcomes['overdue'])}"
        for name, group in late_first
    ]
