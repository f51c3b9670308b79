"""The site: which address is answered by what."""

from __future__ import annotations

import asyncio

from aiohttp import web

from web import chat, demo, entrance, files, guard, health, pages, upload
from web.keys import IN_HAND, PARTS
from web.parts import Parts
from web.seats import SeatHandler, chair, person

MAX_BODY = 256 * 1024
"""Bytes of a message without photos; photos and files are read piece by piece, within limits of their own."""
UPLOADS_AT_ONCE = 2
SHA = "{sha:[0-9a-f]{64}}"
SIZE = "{size:full|thumb}"
UPLOAD = "/gui-anh/{token:[A-Za-z0-9]{1,64}}"


def build_site(parts: Parts) -> web.Application:
    """The web application. In the demo nobody signs in, so the sign-in pages are not there."""
    app = web.Application(
        middlewares=[guard.visitors, guard.errors, guard.doors], client_max_size=MAX_BODY
    )
    app[PARTS] = parts
    app[IN_HAND] = asyncio.Semaphore(UPLOADS_AT_ONCE)
    app.on_response_prepare.append(guard.dress)
    app.router.add_get("/", entrance.front)
    app.router.add_get("/static/{name}", pages.static)
    app.router.add_get("/healthz", health.alive)
    app.router.add_get("/metrics", health.metrics)
    if parts.demo:
        _demo(app)
    else:
        _real(app)
    return app


def _real(app: web.Application) -> None:
    add = app.router
    add.add_get("/dang-nhap", entrance.form)
    add.add_post("/dang-nhap", entrance.enter)
    add.add_get("/vao/{code}", entrance.link)
    add.add_get("/thoat", entrance.ask_to_leave)
    add.add_post("/thoat", entrance.leave)
    add.add_get("/chat", person(chat.page))
    add.add_get(f"/anh/{SHA}/{SIZE}", files.photo_for_anyone)
    add.add_get(r"/tai/{what:[A-Za-z0-9_-]{1,400}}/{name}", files.document_for_anyone)
    add.add_get(UPLOAD, upload.page)
    add.add_post(UPLOAD, upload.take)
    add.add_post(f"{UPLOAD}/vi-tri", upload.locate)
    add.add_post(f"{UPLOAD}/xong", upload.finish)
    add.add_get(rf"{UPLOAD}/anh/{{id:\d{{1,18}}}}", upload.thumb)
    for method, path, handler in _SEAT:
        add.add_route(method, path, person(handler))


def _demo(app: web.Application) -> None:
    add = app.router
    add.add_get("/demo", demo.welcome)
    add.add_get("/demo/gio", demo.clock)
    add.add_post("/demo/gio", demo.move_clock)
    add.add_get("/demo/ghe/{chair}", demo.page)
    add.add_get("/demo/ghe/{chair}/chat", chair(demo.one_chat))
    add.add_get(f"/demo/ghe/{{chair}}/anh/{SHA}/{SIZE}", chair(files.photo))
    for method, path, handler in _SEAT:
        add.add_route(method, f"/demo/ghe/{{chair}}{path}", chair(handler))


_SEAT: tuple[tuple[str, str, SeatHandler], ...] = (
    ("GET", "/chat/dong", chat.stream),
    ("GET", "/chat/cu", chat.older),
    ("GET", r"/chat/tin/{id:\d{1,18}}", chat.one),
    ("POST", "/chat/gui", chat.send),
    ("GET", f"/tep/{SHA}", files.file),
    ("GET", r"/tep/{key:\d{1,18}}", files.attachment),
)
"""What a chat answers, for a signed-in person and for a chair of the demo alike."""
