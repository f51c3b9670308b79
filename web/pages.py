"""Pages from templates, and the few static files: small, kept in memory, no build step."""

from __future__ import annotations

import gzip
import hashlib
import mimetypes
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any

from aiohttp import hdrs, web
from jinja2 import Environment, FunctionLoader, StrictUndefined, select_autoescape

from vietnamese.formatting import clock_time, full_day
from vietnamese.letters import clean

MAX_AGE = "public, max-age=31536000, immutable"


@dataclass(frozen=True)
class Static:
    """A static file, as it is and compressed; its address changes when it does."""

    body: bytes
    small: bytes
    kind: str
    version: str


@cache
def statics() -> dict[str, Static]:
    """All static files by name."""
    found = {}
    for file in resources.files("web").joinpath("static").iterdir():
        body = file.read_bytes()
        kind = mimetypes.guess_type(file.name)[0] or "application/octet-stream"
        kind = "text/javascript" if file.name.endswith(".js") else kind
        version = hashlib.sha256(body).hexdigest()[:10]
        found[file.name] = Static(body, gzip.compress(body, mtime=0), kind, version)
    return found


async def static(request: web.Request) -> web.Response:
    """One static file. Names are looked up in a table: no path leads out of it."""
    file = statics().get(request.match_info["name"])
    if file is None:
        raise web.HTTPNotFound
    headers = {hdrs.CACHE_CONTROL: MAX_AGE, hdrs.VARY: hdrs.ACCEPT_ENCODING}
    body = file.body
    if "gzip" in request.headers.get(hdrs.ACCEPT_ENCODING, ""):
        body = file.small
        headers[hdrs.CONTENT_ENCODING] = "gzip"
    return web.Response(body=body, content_type=file.kind, charset="utf-8", headers=headers)


def static_url(name: str) -> str:
    """The address of a static file, with its version."""
    return f"/static/{name}?v={statics()[name].version}"


def _template(name: str) -> str:
    return resources.files("web").joinpath("templates", name).read_text("utf-8")


@cache
def environment() -> Environment:
    """The templates; everything put into them is escaped, and nothing may be missing."""
    made = Environment(
        loader=FunctionLoader(_template),
        autoescape=select_autoescape(default=True, default_for_string=True),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.globals["static_url"] = static_url
    made.filters["clean"] = clean
    made.filters["full_day"] = full_day
    made.filters["clock_time"] = clock_time
    return made


def fragment(name: str, **values: Any) -> str:
    """A piece of a page."""
    return environment().get_template(name).render(**values)


def page(name: str, *, status: int = 200, **values: Any) -> web.Response:
    """A whole page, compressed.

    Compressing a page with a token in it is safe here: its length can be watched only by making
    the browser ask for it from elsewhere, and then the cookie (SameSite) does not come along.
    """
    response = web.Response(
        text=fragment(name, **values), status=status, content_type="text/html", charset="utf-8"
    )
    response.enable_compression()
    return response
