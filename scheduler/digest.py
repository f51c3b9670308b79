"""The words of a digest, made from what is true at the moment of sending (promise 5).

The outbox calls `compose` when a digest's turn comes. What was closed, moved, reported on or handed
over since the plan was made is left out, and the ledger says so; if nothing is left, or its day or
hour is over, nothing is sent at all.

What is made is a `Reply`: pure data of bot.conversation, which knows nothing of ours, so the
scheduler may know it. It does not know the outbox, which only knows a function of this shape.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

from bot.conversation import Reply, bold
from bot.conversation.reply import units
from scheduler.calendar import Calendar
from scheduler.picture import picture_lines, says_anything
from scheduler.planner import EVENING, Rules
from services import Session
from services.reminders.facts import day_overrides
from services.reminders.ledger import drop_nudges
from services.reminders.picture import Picture, picture_of
from services.reminders.view import ESCALATED, DigestView, Item, read_digest
from vietnamese.formatting import day as short
from vietnamese.formatting import full_day, number
from vietnamese.letters import fold
from vietnamese.zone import VIETNAM, local

TITLE = 80
"""Letters of a title that are shown."""
ESCALATIONS = 5
"""How many escalated tasks are named; the others are counted."""
RHYTHM = {"weekly": "tuần", "monthly": "tháng", "quarterly": "quý"}
DEFAULT_RULES = Rules()


async def compose(
    session: Session, digest_id: int, now: datetime, rules: Rules = DEFAULT_RULES
) -> Reply | None:
    """The text of a digest as it is true at `now`; None: it is not to be sent any more."""
    moment = local(now)
    calendar = Calendar(await day_overrides(session))
    view = await read_digest(session, digest_id, now)
    if view is None or view.day != moment.date():
        return None
    if not calendar.is_working(view.day) or not rules.sending_hours(moment.time()):
        return None
    await drop_nudges(session, view.gone)
    picture = await picture_of(session, view.actor, now, _since(view, calendar, rules))
    if picture is not None and not says_anything(picture, view.day, rules):
        picture = None
    if picture is None and not view.items:
        return None
    return Reply(write(view, picture, calendar, rules))


def _since(view: DigestView, calendar: Calendar, rules: Rules) -> datetime:
    """Reports are counted since the last digest that was sent: none falls between two of them."""
    before = datetime.combine(calendar.previous_working(view.day), rules.evening, VIETNAM)
    return view.last_told or before


def write(view: DigestView, picture: Picture | None, calendar: Calendar, rules: Rules) -> str:
    """The whole text, within the limit: what does not fit is counted, never cut."""
    own = _by_task([item for item in view.items if item.kind != ESCALATED])
    above = [item for item in view.items if item.kind == ESCALATED]
    tail: list[str] = []
    if above:
        tail += ["", *_escalated(above, view.day)]
    if picture is not None:
        area = picture.area or "các việc đồng chí theo dõi"
        if own or above or view.kind != EVENING:
            tail += ["", f"Tình hình {bold(area)}:"]
        tail += picture_lines(picture, view.day, calendar, rules)
        if view.actor.leads:
            tail += ["Gõ /tongket để xem đầy đủ."]
    return _fitted(_greeting(view, own, picture), own, tail, view.day, rules.text_limit)


def _greeting(view: DigestView, own: Sequence[Sequence[Item]], picture: Picture | None) -> str:
    hello = f"Chào đồng chí {view.actor.name}."
    if own:
        return f"{hello} Hôm nay, {full_day(view.day)}, có {len(own)} việc cần chú ý:"
    when = "Cuối ngày" if view.kind == EVENING else "Hôm nay,"
    if picture is not None and not view.items:
        area = picture.area or "các việc đồng chí theo dõi"
        return f"{hello} {when} {full_day(view.day)}, tình hình {bold(area)}:"
    return f"{hello} {when} {full_day(view.day)}, có việc cần đồng chí xem:"


def _by_task(items: Sequence[Item]) -> list[list[Item]]:
    """The reminders of a task stand in one line; the most pressing task comes first."""
    groups: dict[int, list[Item]] = {}
    for item in items:
        groups.setdefault(item.task_id, []).append(item)
    return sorted(groups.values(), key=lambda group: (group[0].due or date.max, group[0].task_id))


def _fitted(
    greeting: str, own: Sequence[Sequence[Item]], tail: Sequence[str], today: date, limit: int
) -> str:
    lines = [_line(group, today) for group in own]
    shown = len(lines)
    while True:
        text = "\n".join([greeting, *lines[:shown], *_closing(own, shown), *tail])
        if units(text) <= limit or shown <= 1:
            return text
        shown -= 1


def _closing(own: Sequence[Sequence[Item]], shown: int) -> list[str]:
    if not own:
        return []
    rest = len(own) - shown
    more = [f"… và {rest} việc nữa, gõ /nhiemvu để xem."] if rest else []
    code = fold(own[0][0].code).replace("-", "").replace(" ", "")
    return [*more, f'Gõ "bc {code}" để báo cáo.']


def _line(items: Sequence[Item], today: date) -> str:
    """• NV-07 Thu gom rác thải: còn 5 ngày (hạn Thứ Hai 30/11/2026), đang 39%."""
    item = items[0]
    said = [_against_date(item, today)] if any(i.kind != "report" for i in items) else []
    if any(i.kind == "report" for i in items) and (item.due is None or item.due >= today):
        said.append(_asked(item))
    said += [_returned(item), standing(item)]
    ordinal = max(i.ordinal for i in items)
    if ordinal > 1:
        said.append(f"nhắc lần {ordinal}")
    return f"• {bold(item.code)} {_title(item)}: {', '.join(part for part in said if part)}."


def _against_date(item: Item, today: date) -> str:
    if item.due is None:
        return ""
    days = (item.due - today).days
    if days > 0:
        return f"còn {days} ngày (hạn {full_day(item.due)})"
    if days == 0:
        return "hôm nay đến hạn"
    return f"quá hạn {-days} ngày (hạn {short(item.due)})"


def _asked(item: Item) -> str:
    rhythm = RHYTHM.get(item.cadence, "")
    if item.ordinal == 1:
        return f"đến kỳ báo cáo {rhythm}".rstrip()
    asked = f"chưa có báo cáo {rhythm}".rstrip()
    if item.last_report is None:
        return asked
    return f"{asked} (lần trước {short(item.last_report)})"


def _returned(item: Item) -> str:
    return f"báo cáo trả lại ngày {short(item.returned)}, chờ bổ sung" if item.returned else ""


def standing(item: Item) -> str:
    """Where the figure stands: "đang 39%", "đang 1/2 tổ"; nothing for a yes or no.

    What must fall has its target named: "đang 131/112 hộ" would say that it is reached.
    """
    if item.measure == "yesno":
        return ""
    if item.value is None:
        return "chưa có số liệu"
    target = f", cần còn {number(item.target)}" if item.direction == "down" else ""
    if item.measure == "percent":
        return f"đang {number(item.value)}%{target and target + '%'}"
    if target:
        return f"đang {number(item.value)} {item.measure_unit}{target}"
    return f"đang {number(item.value)}/{number(item.target)} {item.measure_unit}".rstrip()


def _title(item: Item) -> str:
    if len(item.title) <= TITLE:
        return item.title
    return item.title[:TITLE].rsplit(" ", 1)[0].rstrip(" ,;:-") + " …"


def _escalated(items: Sequence[Item], today: date) -> list[str]:
    lines = ["Đã nhắc nhiều lần, đề nghị đồng chí trao đổi với người chủ trì:"]
    for item in items[:ESCALATIONS]:
        said = [f"đồng chí {item.owner}", _against_date(item, today), f"đã nhắc {item.ordinal} lần"]
        last = f"báo cáo gần nhất {short(item.last_report)}" if item.last_report else ""
        said.append(_returned(item) or last or "chưa có báo cáo nào")
        lines.append(
            f"• {bold(item.code)} {_title(item)}: {', '.join(part for part in said if part)}."
        )
    if len(items) > ESCALATIONS:
        lines.append(f"… và {len(items) - ESCALATIONS} việc nữa.")
    return lines
