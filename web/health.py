"""For whoever looks after the server: is it alive, and how is it doing."""

from __future__ import annotations

import hmac

from aiohttp import web
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest

from web import guard
from web.keys import PARTS


async def alive(_request: web.Request) -> web.Response:
    """The process answers. Says nothing else, so that anybody may ask."""
    return web.Response(text="ok\n")


async def metrics(request: web.Request) -> web.Response:
    """Figures for Prometheus: from this machine, or with the token of the settings."""
    token = request.app[PARTS].metrics_token.encode()
    given = request.headers.get("Authorization", "").removeprefix("Bearer ").encode()
    known = bool(token) and hmac.compare_digest(token, given)
    if not known and not guard.from_this_machine(request):
        raise guard.Stop(404)
    return web.Response(body=generate_latest(), headers={"Content-Type": CONTENT_TYPE_LATEST})
