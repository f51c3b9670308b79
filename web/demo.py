"""The demo: pick a chair, talk, watch another chair, move the clock. Nobody signs in."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from itertools import groupby

from aiohttp import web

from vietnamese.zone import VIETNAM, local
from web import chat, guard, pages
from web.keys import PARTS
from web.parts import Chair, DemoControls
from web.seats import Seat, find_chair, seat_of

BACKWARDS = "Đồng hồ chỉ đi tới. Đồng chí chọn giờ sau giờ đang hiện."
TOO_FAR = "Đồng chí chọn giờ trong vòng một năm tới."
NOT_A_TIME = "Chưa đọc được ngày giờ. Đồng chí chọn lại, ví dụ 24/11/2026 08:00."
FIRST = ("pct-phu-luu", "bi-thu-phu-luu", "van-phong-tinh")
"""The chairs to try first: a vice-chair, a secretary, a clerk."""
STEPS = {"gio": timedelta(hours=1), "ngay": timedelta(days=1)}


async def welcome(request: web.Request) -> web.Response:
    """What this is, and the chairs."""
    chairs = await _demo(request).chairs()
    first = [chair for code in FIRST for chair in chairs if chair.code == code]
    return pages.page("demo_start.html", units=_by_unit(chairs), first=first)


async def page(request: web.Request) -> web.Response:
    """Two chairs side by side, and the clock."""
    demo = _demo(request)
    chairs = await demo.chairs()
    mine = await find_chair(request, request.match_info["chair"])
    wanted = request.query.get("xem", "")
    other = next((chair for chair in chairs if chair.code == wanted), None) or _companion(
        chairs, mine
    )
    return pages.page(
        "demo.html",
        units=_by_unit(chairs),
        mine=mine,
        other=other,
        left=await chat.pane(request, seat_of(mine)),
        right=await chat.pane(request, seat_of(other)) if other else None,
        now=local(demo.now()),
        csrf=guard.csrf_of(request),
    )


async def one_chat(request: web.Request, seat: Seat) -> web.Response:
    """A chair's chat alone (where a form without scripts comes back to)."""
    return pages.page("chat.html", pane=await chat.pane(request, seat), seat=seat)


async def move_clock(request: web.Request) -> web.StreamResponse:
    """Move the demo's clock forward; what falls due in between happens."""
    demo = _demo(request)
    posted = await request.post()
    guard.check_csrf(request, request.headers.get("X-CSRF") or str(posted.get("csrf", "")))
    now = demo.now()
    target = await _target(demo, str(posted.get("toi", "")), str(posted.get("luc", "")))
    if target <= now:
        raise guard.Stop(400, BACKWARDS)
    if target > now + timedelta(days=366):
        raise guard.Stop(400, TOO_FAR)
    await demo.move_to(target)
    if guard.wants_json(request):
        return web.json_response(clock_face(demo.now()))
    back = str(posted.get("ve", ""))
    chairs = {chair.code for chair in await demo.chairs()}
    raise web.HTTPSeeOther(f"/demo/ghe/{back}" if back in chairs else "/demo")


async def clock(request: web.Request) -> web.Response:
    """What the demo's clock shows: another window may have moved it."""
    return web.json_response(clock_face(_demo(request).now()))


def clock_face(now: datetime) -> dict[str, str]:
    """The time in words and for the date field."""
    here = local(now)
    words = pages.environment().from_string("{{ at.date() | full_day }}, {{ at | clock_time }}")
    return {"chu": words.render(at=here), "luc": here.strftime("%Y-%m-%dT%H:%M")}


async def _target(demo: DemoControls, to: str, at: str) -> datetime:
    if to == "sang":
        return await demo.next_working_morning()
    if to in STEPS:
        return demo.now() + STEPS[to]
    try:
        chosen = datetime.fromisoformat(at)
    except ValueError:
        raise guard.Stop(400, NOT_A_TIME) from None
    return chosen if chosen.tzinfo else chosen.replace(tzinfo=VIETNAM)


def _companion(chairs: Sequence[Chair], mine: Chair) -> Chair | None:
    """Whom to watch when nobody was chosen: a colleague, or else anybody."""
    others = [chair for chair in chairs if chair.code != mine.code]
    return next((chair for chair in others if chair.unit == mine.unit), None) or next(
        iter(others), None
    )


def _by_unit(chairs: Sequence[Chair]) -> list[tuple[str, list[Chair]]]:
    return [(unit, list(group)) for unit, group in groupby(chairs, key=lambda chair: chair.unit)]


def _demo(request: web.Request) -> DemoControls:
    demo = request.app[PARTS].demo
    if demo is None:
        raise guard.Stop(404)
    return demo
