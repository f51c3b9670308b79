"""Photos and documents: only for those who may see them, or with a signed short link."""

from __future__ import annotations

import re
from base64 import urlsafe_b64decode
from dataclasses import replace
from typing import cast
from urllib.parse import quote

from aiohttp import hdrs, web

from bot import papers
from bot.conversation import Attachment
from services import access, evidence, history
from web import guard
from web.keys import PARTS
from web.parts import Size
from web.seats import Seat, signed_in

KEEP = "private, max-age=86400"
"""A thumbnail is not fetched twice a day over a slow line."""
GONE = "Không có ảnh hoặc tệp này, hoặc đồng chí không xem được."

_SIGNATURES: tuple[tuple[bytes, str], ...] = (
    (b"\xff\xd8\xff", "image/jpeg"),
    (b"\x89PNG\r\n\x1a\n", "image/png"),
    (b"GIF8", "image/gif"),
)


async def photo_for_anyone(request: web.Request) -> web.StreamResponse:
    """A photo for a signed-in person, or for a network that holds a signed link."""
    parts = request.app[PARTS]
    size, until = request.match_info["size"], request.query.get("het", "")
    signature = request.query.get("ky", "")
    now = parts.clock.now()
    if signature and parts.good_link(request.match_info["sha"], size, until, signature, now):
        return await _photo(request)
    seat = await signed_in(request)
    if seat is None:
        raise guard.Stop(404, GONE)
    return await photo(request, seat)


async def document_for_anyone(request: web.Request) -> web.StreamResponse:
    """A document behind a signed link that was sent to somebody on another network."""
    parts = request.app[PARTS]
    what, until = request.match_info["what"], request.query.get("het", "")
    signature = request.query.get("ky", "")
    if not parts.good_link(what, "document", until, signature, parts.clock.now()):
        raise guard.Stop(404, GONE)
    source = urlsafe_b64decode(what + "=" * (-len(what) % 4)).decode()
    name = request.match_info["name"]
    return await _saved(request, Attachment(source, "document", name))


async def photo(request: web.Request, seat: Seat) -> web.StreamResponse:
    """A photo, if the person at this seat may see it (promise 6)."""
    parts = request.app[PARTS]
    now = parts.clock.now()
    async with parts.database.begin() as session:
        actor = await access.actor_at(session, seat.address.channel, seat.code, now)
        allowed = actor and await evidence.may_see_photo(session, actor, request.match_info["sha"])
    if not allowed:
        raise guard.Stop(404, GONE)
    return await _photo(request)


async def file(request: web.Request, seat: Seat) -> web.StreamResponse:
    """A file that was sent as evidence, to be saved, under the same rights as a photo."""
    parts, sha = request.app[PARTS], request.match_info["sha"]
    now = parts.clock.now()
    async with parts.database.begin() as session:
        actor = await access.actor_at(session, seat.address.channel, seat.code, now)
        name = await evidence.file_for(session, actor, sha) if actor else ""
    if not name:
        raise guard.Stop(404, GONE)
    return await _saved(request, Attachment(evidence.file_source(sha, name), "document", name))


async def _saved(request: web.Request, wanted: Attachment) -> web.StreamResponse:
    """A document as it is, to be saved."""
    try:
        body = await request.app[PARTS].read(wanted)
    except (LookupError, FileNotFoundError):
        raise guard.Stop(404, GONE) from None
    return as_bytes(body, wanted.name, inline=False, kind=_kind_of(wanted))


def _kind_of(sent: Attachment) -> str:
    """Of evidence the ending is what its content was found to be; of all else nothing is said."""
    what, _, key = sent.source.partition(":")
    return papers.MIMES.get(key.rpartition(".")[2], "") if what == "file" else ""


async def _photo(request: web.Request) -> web.StreamResponse:
    sha, size = request.match_info["sha"], cast(Size, request.match_info["size"])
    try:
        body = await request.app[PARTS].store.read_copy(sha, size)
    except (LookupError, FileNotFoundError):
        raise guard.Stop(404, GONE) from None
    return as_bytes(body, "", inline=True)


async def attachment(request: web.Request, seat: Seat) -> web.StreamResponse:
    """A document or photo that was sent to this very chat."""
    parts = request.app[PARTS]
    key = int(request.match_info["key"])
    async with parts.database.begin() as session:
        found = await history.sent_attachment(session, seat.address.channel, seat.code, key)
    if found is None:
        raise guard.Stop(404, GONE)
    sent = Attachment(**found)
    if sent.kind == "document":
        return await _saved(request, sent)
    wanted = sent
    if "nho" in request.query and sent.source.startswith("photo:"):
        wanted = replace(sent, source=f"thumb:{sent.source.removeprefix('photo:')}")
    try:
        body = await parts.read(wanted)
    except (LookupError, FileNotFoundError):
        raise guard.Stop(404, GONE) from None
    return as_bytes(body, sent.name, inline=True)


def as_bytes(body: bytes, name: str, *, inline: bool, kind: str = "") -> web.Response:
    """Bytes that a browser never takes for a page: a known picture, or something to save."""
    kind = kind or next((kind for sign, kind in _SIGNATURES if body.startswith(sign)), "")
    if body[:4] == b"RIFF" and body[8:12] == b"WEBP":
        kind = "image/webp"
    disposition = "inline" if inline and kind else "attachment"
    if name:
        ascii_name = re.sub(r"[^A-Za-z0-9._ -]", "_", name)
        disposition += f"; filename=\"{ascii_name}\"; filename*=UTF-8''{quote(name, safe='')}"
    return web.Response(
        body=body,
        content_type=kind or "application/octet-stream",
        headers={
            hdrs.CONTENT_DISPOSITION: disposition,
            hdrs.CACHE_CONTROL: KEEP,
            # Even opened by itself it is no page of ours: no script, no form, no frame.
            "Content-Security-Policy": "default-src 'none'; sandbox",
        },
    )
