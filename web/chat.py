"""The chat: its page, its stream of news, and what is sent."""

from __future__ import annotations

import json
import uuid
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import replace
from datetime import datetime
from typing import Any

from aiohttp import hdrs, web

from bot.conversation import Event
from services import history, signin
from services.history import Line, Mark, Part
from web import guard, pages, uploads
from web.keys import PARTS
from web.lines import shown
from web.parts import Listening
from web.seats import Seat, still_there
from web.uploads import Sent

WAIT_FOR_ANSWER = 1.5
"""Seconds a page without scripts waits for the answer before it is shown again."""


async def page(request: web.Request, seat: Seat) -> web.Response:
    """The chat of a signed-in person; their sign-in is renewed here, once a day."""
    parts = request.app[PARTS]
    token = request.cookies.get(guard.session_cookie(request), "")
    async with parts.database.begin() as session:
        fresh = await signin.rotate(session, token, parts.clock.now())
    guard.keep_visitor(request)
    shown_page = pages.page("chat.html", pane=await pane(request, seat), seat=seat)
    if fresh:
        guard.set_cookie(request, shown_page, guard.session_cookie(request), fresh)
    return shown_page


async def pane(request: web.Request, seat: Seat) -> dict[str, Any]:
    """What the template of one chat needs."""
    before = _mark(request.query.get("truoc", ""))
    async with request.app[PARTS].database.begin() as session:
        part = await history.newest(session, seat.address.channel, seat.code, before)
    return {
        "seat": seat,
        "lines": [shown(line, seat) for line in part.lines],
        "older": _text(part.first) if part.older else "",
        "last": _text(part.last),
        "menu": part.menu,
        "in_past": before is not None,
        **_keys(request),
    }


async def older(request: web.Request, seat: Seat) -> web.Response:
    """The lines before a mark, for a page that is open."""
    before = _mark(request.query.get("truoc", ""))
    if before is None:
        raise guard.Stop(400)
    async with request.app[PARTS].database.begin() as session:
        part = await history.newest(session, seat.address.channel, seat.code, before)
    answer = _news(request, seat, part, part.lines)
    answer["truoc"] = _text(part.first) if part.older else ""
    return web.json_response(answer)


async def one(request: web.Request, seat: Seat) -> web.Response:
    """One line of this chat again: its photos may have come in meanwhile."""
    inbox_id = int(request.match_info["id"])
    async with request.app[PARTS].database.begin() as session:
        line = await history.one_event(session, seat.address.channel, seat.code, inbox_id)
    if line is None:
        raise guard.Stop(404)
    return web.json_response({"tin": [_html(request, seat, line, 0)]})


async def stream(request: web.Request, seat: Seat) -> web.StreamResponse:
    """News of the chat as server-sent events; goes on behind the last one that was seen."""
    parts = request.app[PARTS]
    mark = _mark(request.headers.get("Last-Event-ID") or request.query.get("sau", ""))
    if mark is None:
        raise guard.Stop(400)
    with parts.channel.subscribe(seat.code) as listening:
        if listening.closed:
            # Too many pages, or the server is about to stop: the page asks again later.
            return web.Response(status=503)
        response = web.StreamResponse(
            headers={hdrs.CONTENT_TYPE: "text/event-stream", "X-Accel-Buffering": "no"}
        )
        await response.prepare(request)
        with suppress(ConnectionResetError):  # the page was closed: nobody is left to tell
            await _tell(request, seat, response, listening, mark)
        return response


async def _tell(
    request: web.Request,
    seat: Seat,
    response: web.StreamResponse,
    listening: Listening,
    mark: Mark,
) -> None:
    """Write what is new whenever there is some, until the page or the sign-in is gone."""
    parts = request.app[PARTS]
    await response.write(b"retry: 3000\n\n")
    seen: set[str] = set()
    menu = -1
    while not listening.closed:
        async with parts.database.begin() as session:
            if not await still_there(session, request, seat):
                break
            part = await history.since(session, seat.address.channel, seat.code, mark)
        fresh = [line for line in part.lines if line.key not in seen]
        seen.update(line.key for line in part.lines)
        if fresh or part.menu != menu:
            menu, mark = part.menu, part.last
            data = json.dumps(_news(request, seat, part, fresh), ensure_ascii=False)
            await response.write(f"id: {_text(mark)}\ndata: {data}\n\n".encode())
        if fresh and len(part.lines) >= history.NEAR:
            continue
        if not await listening.wait(parts.look_again_seconds):
            await response.write(b": \n\n")


async def send(request: web.Request, seat: Seat) -> web.StreamResponse:
    """Take in what was sent: committed to the inbox before the page is told (promise 1)."""
    parts = request.app[PARTS]
    sent = await uploads.read(request, parts.store)
    label = ""
    if sent.key:
        async with parts.database.begin() as session:
            label = await history.label_of(
                session, seat.address.channel, seat.code, sent.menu, sent.key
            )
    events = _events(sent, seat, label, parts.clock.now())
    if guard.wants_json(request):
        await parts.accept(events)
        parts.channel.wake(seat.code)
        return web.json_response({"tin": [f"i{event.id}" for event in events]})
    with parts.channel.subscribe(seat.code) as listening:
        await parts.accept(events)
        await listening.wait(WAIT_FOR_ANSWER)
    parts.channel.wake(seat.code)
    raise web.HTTPSeeOther(f"{seat.base}/chat#cuoi")


def _events(sent: Sent, seat: Seat, label: str, now: datetime) -> list[Event]:
    """One event, or one for each photo. Ids are the page's own, within the person's."""
    first = Event(seat.address, f"{seat.code}/{sent.id}", "text", now, text=sent.text)
    if sent.uploads:
        album = sent.album or (sent.id if len(sent.uploads) > 1 else "")
        return [
            replace(
                first,
                id=first.id if len(sent.uploads) == 1 else f"{first.id}-{at}",
                kind="photo" if upload.is_photo else "file",
                text=sent.text if at == 0 else "",
                media=(upload.media,),
                album=f"{seat.code}/{album}" if album else "",
            )
            for at, upload in enumerate(sent.uploads)
        ]
    if sent.place:
        return [replace(first, kind="location", place=sent.place)]
    if sent.key:
        return [replace(first, kind="choice", key=sent.key, menu=sent.menu, text=label)]
    return [first]


# Marks and fragments


def _text(mark: Mark) -> str:
    return f"{mark.inbox}-{mark.outbox}"


def _mark(text: str) -> Mark | None:
    inbox, dash, outbox = text.partition("-")
    if not (dash and inbox.isascii() and inbox.isdigit() and outbox.isascii() and outbox.isdigit()):
        return None
    if max(len(inbox), len(outbox)) > 19:
        return None
    return Mark(min(int(inbox), history.END), min(int(outbox), history.END))


def _news(request: web.Request, seat: Seat, part: Part, lines: Iterable[Line]) -> dict[str, Any]:
    return {"menu": part.menu, "tin": [_html(request, seat, line, part.menu) for line in lines]}


def _html(request: web.Request, seat: Seat, line: Line, menu: int) -> dict[str, str]:
    html = pages.fragment(
        "line.html", line=shown(line, seat), seat=seat, menu=menu, **_keys(request)
    )
    return {"khoa": line.key, "html": html}


def _keys(request: web.Request) -> dict[str, Any]:
    return {"csrf": guard.csrf_of(request), "new_id": lambda: uuid.uuid4().hex}
