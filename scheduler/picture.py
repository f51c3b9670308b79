"""The leader's picture of the day in a few lines: what came, what waits, who is silent (mission §4).

The four kinds of silence are four lines, never one: quá hạn; chậm so mốc; chưa báo cáo n ngày; báo
cáo chưa được kiểm tra (mission §3, E30).
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date, timedelta
from decimal import Decimal

from scheduler.calendar import Calendar
from scheduler.planner import Rules
from services.reminders.picture import FollowedTask, Picture
from services.reminders.reach import IN_WORDS
from vietnamese.formatting import day as short
from vietnamese.zone import local

_KIND = re.compile(r"(?:Xã|Phường|Đặc khu|Thị trấn) (?=\w)")
NAMED = 3
PEOPLE = 6
WAITS_FOR = {"unit": "chờ lãnh đạo đơn vị", "above": "chờ cấp trên", "": "chưa rõ chờ ai"}


def says_anything(picture: Picture, today: date, rules: Rules) -> bool:
    """Whether there is news. People who cannot be reached are none by themselves, day after day."""
    return bool(
        picture.received
        or picture.waiting
        or picture.stuck
        or soon(picture.tasks, today, rules)
        or overdue(picture.tasks, today)
        or behind(picture.tasks, today, rules)
        or silent(picture.tasks)
    )


def picture_lines(picture: Picture, today: date, calendar: Calendar, rules: Rules) -> list[str]:
    """The lines of the picture, the greeting apart."""
    begun = local(picture.since)
    since = f"từ {'sáng' if begun.hour < 12 else 'chiều'} {short(begun.date())}"
    unread = f", {picture.unread} chưa kiểm tra" if picture.unread else ""
    lines = [f"• Báo cáo nhận {since}: {picture.received}{unread}"]
    coming = soon(picture.tasks, today, rules)
    if coming:
        lines.append(
            f"• Đến hạn trong {rules.soon} ngày tới: {_counted(coming, [_called(task, picture) for task in coming])}"
        )
    if picture.stuck:
        lines.append(f"• {_stuck(picture, today, calendar, rules)}")
    lines += _silences(picture, today, rules)
    if picture.vacant:
        lines.append(f"Chưa có người giữ chức vụ: {_posts(picture)}.")
    if picture.unreachable:
        lines.append(f"Chưa liên lạc được: {_people(picture)}.")
    return lines


def soon(tasks: Sequence[FollowedTask], today: date, rules: Rules) -> list[FollowedTask]:
    """Due within the coming days, today included, and not waiting for a check at 100 %."""
    last = today + timedelta(days=rules.soon)
    return [
        task for task in tasks
        if task.due and today <= task.due <= last and not _finished(task)
    ]  # fmt: skip


def overdue(tasks: Sequence[FollowedTask], today: date) -> list[FollowedTask]:
    """Open after their date, the longest first."""
    late = [task for task in tasks if task.due and task.due < today]
    return sorted(late, key=lambda task: task.due or today)


def behind(tasks: Sequence[FollowedTask], today: date, rules: Rules) -> list[FollowedTask]:
    """Chậm so mốc: the figure lags behind the share of the time that is gone.

    By more than `rules.behind` points of %, for tasks within their time that have a figure; a yes
    or no has no way that could be half gone.
    """
    return [task for task in tasks if _lag(task, today) > rules.behind]


def silent(tasks: Sequence[FollowedTask]) -> list[FollowedTask]:
    """Chưa báo cáo: a report day passed without a report."""
    return [task for task in tasks if task.silent_since]


def _lag(task: FollowedTask, today: date) -> Decimal:
    """Points of % that the figure is behind an even pace; 0 where that means nothing."""
    if task.due is None or task.percent is None or task.measure == "yesno":
        return Decimal(0)
    if not task.start < today <= task.due:
        return Decimal(0)
    gone = Decimal((today - task.start).days) / Decimal((task.due - task.start).days) * 100
    return gone - task.percent


def _finished(task: FollowedTask) -> bool:
    return task.waits_for_check and task.percent is not None and task.percent >= 100


def _silences(picture: Picture, today: date, rules: Rules) -> list[str]:
    late, slow = overdue(picture.tasks, today), behind(picture.tasks, today, rules)
    quiet = silent(picture.tasks)
    if not (late or slow or quiet or picture.waiting):
        return ["Không có việc nào im lặng."]
    days = [(today - (task.due or today)).days for task in late]
    named = [f"{_called(task, picture)} {n} ngày" for task, n in zip(late, days, strict=True)]
    longest = max(((today - (task.silent_since or today)).days for task in quiet), default=0)
    waiting = (today - picture.waiting_since).days if picture.waiting_since else 0
    return [
        "Im lặng:",
        f"• Quá hạn: {_counted(late, named)}",
        f"• Chậm so mốc: {_counted(slow, [_called(task, picture) for task in slow])}",
        f"• Chưa báo cáo: {len(quiet)}" + (f", quá kỳ lâu nhất {longest} ngày" if quiet else ""),
        f"• Báo cáo chờ kiểm tra: {picture.waiting}"
        + (f", lâu nhất {waiting} ngày" if waiting else ""),
    ]


def _called(task: FollowedTask, picture: Picture) -> str:
    """ "NV-05 Mỹ Lâm": codes repeat from unit to unit, so where there are several it is told."""
    if len({one.unit for one in picture.tasks}) < 2:
        return task.code
    return f"{task.code} {_KIND.sub('', task.unit)}"


def _counted(tasks: Sequence[FollowedTask], named: Sequence[str]) -> str:
    if not tasks:
        return "0"
    more = " …" if len(named) > NAMED else ""
    return f"{len(tasks)} ({', '.join(named[:NAMED])}{more})"


def _stuck(picture: Picture, today: date, calendar: Calendar, rules: Rules) -> str:
    counts = {
        waits: sum(1 for one in picture.stuck if one.waits_for == waits) for waits in WAITS_FOR
    }
    split = ", ".join(f"{WAITS_FOR[waits]} {n}" for waits, n in counts.items() if n)
    long = sum(
        1 for one in picture.stuck
        if calendar.working_days_between(one.since, today) > rules.unblock
    )  # fmt: skip
    over = f"; {long} đã quá {rules.unblock} ngày làm việc" if long else ""
    return f"Vướng mắc chờ tháo gỡ: {len(picture.stuck)} ({split}){over}"


def _people(picture: Picture) -> str:
    names = [f"{one.name} ({IN_WORDS[one.reason]})" for one in picture.unreachable[:PEOPLE]]
    rest = len(picture.unreachable) - PEOPLE
    return ", ".join(names) + (f" và {rest} đồng chí nữa" if rest > 0 else "")


def _posts(picture: Picture) -> str:
    posts = [
        f"{one.post} {one.unit} ({_counted_codes(one.tasks)})" for one in picture.vacant[:PEOPLE]
    ]
    rest = len(picture.vacant) - PEOPLE
    return "; ".join(posts) + (f" và {rest} chức vụ nữa" if rest > 0 else "")


def _counted_codes(codes: Sequence[str]) -> str:
    more = " …" if len(codes) > NAMED else ""
    return f"{len(codes)} việc: {', '.join(codes[:NAMED])}{more}"
