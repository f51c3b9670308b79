"""Signing in and out: a one-time code, typed or in a link."""

from __future__ import annotations

from aiohttp import hdrs, web

from services import signin
from web import guard, pages
from web.keys import PARTS
from web.seats import signed_in

MAX_CODE = 64


async def front(request: web.Request) -> web.StreamResponse:
    """The address people type: the chat, the sign-in, or the demo."""
    if request.app[PARTS].demo:
        raise web.HTTPSeeOther("/demo")
    raise web.HTTPSeeOther("/chat" if await signed_in(request) else "/dang-nhap")


async def form(request: web.Request) -> web.StreamResponse:
    """Asks for the code."""
    if await signed_in(request):
        raise web.HTTPSeeOther("/chat")
    return _ask(request)


async def link(request: web.Request) -> web.StreamResponse:
    """A link with a code in it. Opening it uses nothing up: chats fetch links for a preview."""
    code = request.match_info["code"][:MAX_CODE]
    return pages.page("confirm.html", code=code, csrf=guard.csrf_of(request))


async def enter(request: web.Request) -> web.StreamResponse:
    """Sign in with a code."""
    parts = request.app[PARTS]
    posted = await request.post()
    guard.check_csrf(request, str(posted.get("csrf", "")))
    code = str(posted.get("code", ""))[:MAX_CODE]
    now = parts.clock.now()
    async with parts.database.begin() as session:
        found = await signin.redeem(
            session, code, guard.remote(request), now=now, secret=parts.secret
        )
        token = "" if isinstance(found, str) else await signin.sign_in(session, found, now)
    if isinstance(found, str):
        return _ask(request, found, 400)
    guard.renew_visitor(request)
    entered = web.HTTPSeeOther("/chat")
    guard.set_cookie(request, entered, guard.session_cookie(request), token)
    raise entered


async def leave(request: web.Request) -> web.StreamResponse:
    """Sign out: this browser forgets, and so do we."""
    parts = request.app[PARTS]
    posted = await request.post()
    guard.check_csrf(request, str(posted.get("csrf", "")))
    token = request.cookies.get(guard.session_cookie(request), "")
    async with parts.database.begin() as session:
        await signin.sign_out(session, token, parts.clock.now())
    guard.renew_visitor(request)
    left = web.HTTPSeeOther("/dang-nhap")
    guard.drop_cookie(request, left, guard.session_cookie(request))
    if parts.secure_cookies:
        left.headers["Clear-Site-Data"] = '"cache", "storage"'
    raise left


async def ask_to_leave(request: web.Request) -> web.StreamResponse:
    """One question before signing out: coming back needs a new code."""
    return pages.page("leave.html", csrf=guard.csrf_of(request))


def _ask(request: web.Request, fault: str = "", status: int = 200) -> web.Response:
    response = pages.page("signin.html", status=status, fault=fault, csrf=guard.csrf_of(request))
    response.headers[hdrs.CACHE_CONTROL] = "no-store"
    return response
