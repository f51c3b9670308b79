"""Who sits at a page: a signed-in person, or a chair of the demo."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from aiohttp import web
from sqlalchemy.ext.asyncio import AsyncSession

from bot.conversation import Address
from services import access, signin
from web import guard
from web.keys import PARTS
from web.parts import Chair


@dataclass(frozen=True)
class Seat:
    """Whose chat this is. All its addresses begin with `base` ("" or "/demo/ghe/…")."""

    code: str
    name: str
    title: str
    base: str = ""
    signed_in: bool = True

    @property
    def address(self) -> Address:
        return Address(signin.CHANNEL, self.code)


SeatHandler = Callable[[web.Request, Seat], Awaitable[web.StreamResponse]]


def person(handler: SeatHandler) -> guard.Handler:
    """Only for somebody signed in; others are led to the sign-in page."""

    async def guarded(request: web.Request) -> web.StreamResponse:
        seat = await signed_in(request)
        if seat is None:
            if request.method == "GET" and not guard.wants_json(request):
                raise web.HTTPSeeOther("/dang-nhap")
            raise guard.Stop(401, "Đồng chí cần đăng nhập lại.")
        return await handler(request, seat)

    return guarded


def chair(handler: SeatHandler) -> guard.Handler:
    """For whoever sits in a chair of the demo: nobody signs in there."""

    async def guarded(request: web.Request) -> web.StreamResponse:
        return await handler(
            request, seat_of(await find_chair(request, request.match_info["chair"]))
        )

    return guarded


async def signed_in(request: web.Request) -> Seat | None:
    """The person signed in with this browser."""
    token = request.cookies.get(guard.session_cookie(request))
    if not token:
        return None
    parts = request.app[PARTS]
    now = parts.clock.now()
    async with parts.database.begin() as session:
        found = await signin.person_of(session, token, now)
        if found is None:
            return None
        post = (await access.actor_of(session, found, signin.CHANNEL, now)).main_post
    title = f"{post.title}, {post.unit_name}" if post else ""
    return Seat(found.code, found.name, title)


async def still_there(session: AsyncSession, request: web.Request, seat: Seat) -> bool:
    """Whether the browser is still signed in as that person (a stream stays open for hours)."""
    if not seat.signed_in:
        return True
    token = request.cookies.get(guard.session_cookie(request), "")
    found = await signin.person_of(session, token, request.app[PARTS].clock.now())
    return found is not None and found.code == seat.code


async def find_chair(request: web.Request, code: str) -> Chair:
    """A chair of the demo by its post's code. Raises Stop(404)."""
    demo = request.app[PARTS].demo
    chairs = await demo.chairs() if demo else ()
    for found in chairs:
        if found.code == code:
            return found
    raise guard.Stop(404, "Không có ghế này. Đồng chí chọn một ghế trong danh sách.")


def seat_of(found: Chair) -> Seat:
    return Seat(
        found.person_code,
        found.name,
        f"{found.title}, {found.unit}",
        f"/demo/ghe/{found.code}",
        signed_in=False,
    )
