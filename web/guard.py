"""What keeps strangers out of every page: host, origin, cookies, CSRF tokens, headers, errors."""

from __future__ import annotations

import hashlib
import hmac
import ipaddress
import secrets
from collections.abc import Awaitable, Callable
from urllib.parse import urlsplit

import structlog
from aiohttp import hdrs, web

from services.errors import Refused
from web import pages
from web.keys import FRESH_VISITOR, PARTS
from web.parts import LOOPBACK

log = structlog.get_logger()

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob:; "
    "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
HEADERS = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    # Not "no-referrer": with it browsers send "Origin: null" from our own forms.
    "Referrer-Policy": "same-origin",
    "Permissions-Policy": "geolocation=(self), camera=(), microphone=()",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}
DAYS_30 = 30 * 86400
OPEN_TO_ALL = ("/healthz",)
SENTENCES = {
    400: "Trang không đọc được yêu cầu vừa rồi. Đồng chí tải lại trang rồi thử lại.",
    403: "Trang đã mở quá lâu hoặc được mở từ nơi khác. Đồng chí tải lại trang rồi thử lại.",
    404: "Không có trang này. Đồng chí quay về trang đầu.",
    405: "Không có trang này. Đồng chí quay về trang đầu.",
    413: "Nội dung gửi lên lớn quá. Đồng chí gửi ít ảnh hơn mỗi lần.",
    421: "Địa chỉ này không phải của trang. Đồng chí mở lại trang bằng địa chỉ được cấp.",
    500: "Xin lỗi đồng chí, trang đang có lỗi của phần mềm. Đồng chí thử lại sau ít phút.",
}

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


class Stop(Exception):
    """The request ends here; the sentence is for the person."""

    def __init__(self, status: int, sentence: str = "") -> None:
        super().__init__(status)
        self.status = status
        self.sentence = sentence or SENTENCES[status]


def wants_json(request: web.Request) -> bool:
    """Whether a script asks, not a page."""
    accepted = request.headers.get(hdrs.ACCEPT, "")
    return "application/json" in accepted or "text/event-stream" in accepted


@web.middleware
async def errors(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Every error becomes one plain sentence; the details of ours go to the log."""
    try:
        return await handler(request)
    except Stop as stop:
        return _error(request, stop.status, stop.sentence)
    except Refused as refused:
        return _error(request, 400, refused.sentence)
    except web.HTTPException as error:
        if error.status < 400:
            raise
        return _error(request, error.status, SENTENCES.get(error.status, SENTENCES[400]))
    except (ConnectionResetError, TimeoutError):
        raise
    except Exception:
        # The path may hold a code or a signed link: only the route's pattern is logged.
        resource = request.match_info.route.resource
        log.exception("page_failed", page=resource.canonical if resource else "")
        return _error(request, 500, SENTENCES[500])


def _error(request: web.Request, status: int, sentence: str) -> web.Response:
    if wants_json(request):
        return web.json_response({"loi": sentence}, status=status)
    return pages.page("error.html", status=status, sentence=sentence)


@web.middleware
async def doors(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Refuse other hosts' names (rebinding) and posts from other pages."""
    parts = request.app[PARTS]
    if request.path not in OPEN_TO_ALL:
        names = LOOPBACK if parts.demo else parts.hosts
        if _host_name(request.host) not in names:
            raise Stop(421)
    if request.method not in (hdrs.METH_GET, hdrs.METH_HEAD):
        origin = request.headers.get(hdrs.ORIGIN)
        if origin is not None and _net_location(origin) != request.host:
            raise Stop(403)
        if request.headers.get("Sec-Fetch-Site", "same-origin") not in ("same-origin", "none"):
            raise Stop(403)
    return await handler(request)


def _host_name(host: str) -> str:
    try:
        return (urlsplit(f"//{host}").hostname or "").lower()
    except ValueError:  # half of an IPv6 address
        return ""


def _net_location(origin: str) -> str:
    try:
        return urlsplit(origin).netloc
    except ValueError:
        return ""


async def dress(request: web.Request, response: web.StreamResponse) -> None:
    """Headers on every answer, the stream included."""
    for name, value in HEADERS.items():
        response.headers.setdefault(name, value)
    response.headers.setdefault(hdrs.CACHE_CONTROL, "no-store")
    if request.app[PARTS].secure_cookies:
        response.headers["Strict-Transport-Security"] = "max-age=31536000"
    response.headers.popall(hdrs.SERVER, None)


# Cookies


@web.middleware
async def visitors(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Put the visitor's cookie on the answer, if it is new."""
    try:
        response = await handler(request)
    except web.HTTPException as redirect:
        _put_visitor(request, redirect)
        raise
    if not response.prepared:
        _put_visitor(request, response)
    return response


def _put_visitor(request: web.Request, response: web.StreamResponse) -> None:
    fresh = request.get(FRESH_VISITOR)
    if fresh:
        set_cookie(request, response, _visitor_cookie(request), fresh)


def session_cookie(request: web.Request) -> str:
    """The name of the cookie; `__Host-` binds it to this host and to https."""
    return "__Host-phien" if request.app[PARTS].secure_cookies else "phien"


def _visitor_cookie(request: web.Request) -> str:
    return "__Host-khach" if request.app[PARTS].secure_cookies else "khach"


def set_cookie(request: web.Request, response: web.StreamResponse, name: str, value: str) -> None:
    response.set_cookie(
        name,
        value,
        max_age=DAYS_30,
        path="/",
        httponly=True,
        samesite="Lax",
        secure=request.app[PARTS].secure_cookies,
    )


def drop_cookie(request: web.Request, response: web.StreamResponse, name: str) -> None:
    response.del_cookie(
        name, path="/", httponly=True, samesite="Lax", secure=request.app[PARTS].secure_cookies
    )


# CSRF


def csrf_of(request: web.Request) -> str:
    """The token for this browser's forms.

    It is bound to the visitor's cookie, which is renewed at every sign-in, and not to the sign-in's
    own, which is replaced daily: a page left open in another tab goes on working.
    """
    return _csrf(request, _visitor(request))


def check_csrf(request: web.Request, given: str) -> None:
    """Raises Stop(403) unless the token is this browser's."""
    bound = request.cookies.get(_visitor_cookie(request))
    # Bytes: compare_digest refuses letters outside ASCII.
    given_bytes = given.encode("utf-8", "replace")
    if not bound or not hmac.compare_digest(_csrf(request, bound).encode(), given_bytes):
        raise Stop(403)


def keep_visitor(request: web.Request) -> None:
    """Thirty more days for the visitor's cookie."""
    request[FRESH_VISITOR] = _visitor(request)


def renew_visitor(request: web.Request) -> None:
    """A new cookie at sign-in and sign-out: no token from before is good afterwards."""
    request[FRESH_VISITOR] = secrets.token_urlsafe(24)


def _csrf(request: web.Request, bound: str) -> str:
    secret = request.app[PARTS].secret
    return hmac.new(secret, f"csrf:{bound}".encode(), hashlib.sha256).hexdigest()


def _visitor(request: web.Request) -> str:
    known = request.get(FRESH_VISITOR) or request.cookies.get(_visitor_cookie(request))
    if known:
        return str(known)
    fresh = secrets.token_urlsafe(24)
    request[FRESH_VISITOR] = fresh
    return fresh


# Where the browser is


def remote(request: web.Request) -> str:
    """The address wrong codes are counted by. X-Forwarded-For counts only behind our own proxies,
    and only the entry that the outermost of them wrote (pitfall 10). IPv6: the /64 of a household.
    """
    address = request.remote or ""
    hops = request.app[PARTS].trusted_proxies
    if hops:
        listed = ",".join(request.headers.getall("X-Forwarded-For", [])).split(",")
        if len(listed) >= hops:
            address = listed[-hops].strip()
    try:
        parsed = ipaddress.ip_address(address)
    except ValueError:
        return "unknown"
    if isinstance(parsed, ipaddress.IPv6Address):
        if parsed.ipv4_mapped:
            return str(parsed.ipv4_mapped)
        return str(ipaddress.ip_network((parsed, 64), strict=False))
    return str(parsed)


def from_this_machine(request: web.Request) -> bool:
    """Whether the request was made here, and not handed on by a proxy here."""
    handed_on = any(name in request.headers for name in ("X-Forwarded-For", "Forwarded", "Via"))
    try:
        return not handed_on and ipaddress.ip_address(request.remote or "").is_loopback
    except ValueError:
        return False
