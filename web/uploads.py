"""Reading what a page sends: a JSON message, or a form with photos and files, within limits.

A photo or file goes to disk while it comes in, so that many slow senders cost no memory; only two at a
time are held in memory, on their way into the store.
"""

from __future__ import annotations

import asyncio
import json
import math
import re
import tempfile
import uuid
from dataclasses import dataclass, field
from typing import IO, Any

from aiohttp import BodyPartReader, MultipartReader, hdrs, web

from bot import papers
from bot.conversation import MediaRef
from vietnamese.filenames import clean_name
from web import guard
from web.keys import IN_HAND, PARTS
from web.parts import Store

MAX_LETTERS = 10_000
MAX_FILES = 10
MAX_FILE = 20 * 1024 * 1024
MAX_FIELD = 64 * 1024
IN_MEMORY = 512 * 1024
CHUNK = 64 * 1024

TOO_LONG = "Tin dài quá 10.000 chữ nên chưa gửi. Đồng chí chia thành vài tin ngắn hơn."
TOO_BIG = "Ảnh, tệp lớn quá 20 MB nên chưa gửi. Đồng chí chọn cái khác, hoặc giảm cỡ rồi gửi lại."
TOO_MANY = "Mỗi lần gửi được tối đa 10 ảnh, tệp. Đồng chí gửi làm nhiều lần."
NOTHING = "Tin chưa có chữ, ảnh hoặc tệp nào. Đồng chí gõ nội dung rồi gửi."
NO_PLACE = "Chưa đọc được vị trí. Đồng chí thử lại, hoặc gõ tên thôn, xã."

_ID = re.compile(r"[A-Za-z0-9-]{8,48}")
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f]")
_PHOTO_NAME = re.compile(r"\.(?:jpe?g|png|webp|gif|heic|heif)$", re.IGNORECASE)


@dataclass
class Upload:
    """A photo or file that came with a message."""

    media: MediaRef
    is_photo: bool


@dataclass
class Sent:
    """What a page sent. `id` makes a second sending of the same thing harmless."""

    id: str = ""
    text: str = ""
    key: str = ""
    menu: int = 0
    album: str = ""
    place: tuple[float, float] | None = None
    uploads: list[Upload] = field(default_factory=list)


async def read(request: web.Request, store: Store) -> Sent:
    """What was sent, checked. Raises Stop with a sentence for the person."""
    if request.content_type == "application/json":
        guard.check_csrf(request, request.headers.get("X-CSRF", ""))
        return _sent(await _json(request), [])
    if request.content_type.startswith("multipart/"):
        try:
            return await _multipart(request, store)
        except ValueError:  # how aiohttp calls a body that is no multipart
            raise guard.Stop(400) from None
    form = {name: str(value) for name, value in (await request.post()).items()}
    guard.check_csrf(request, request.headers.get("X-CSRF") or form.get("csrf", ""))
    return _sent(form, [])


async def _json(request: web.Request) -> dict[str, Any]:
    try:
        body = json.loads(await request.read())
    except (ValueError, RecursionError):
        raise guard.Stop(400) from None
    if not isinstance(body, dict):
        raise guard.Stop(400)
    return body


async def _multipart(request: web.Request, store: Store) -> Sent:
    form: dict[str, Any] = {}
    uploads: list[Upload] = []
    checked = False
    if "X-CSRF" in request.headers:
        guard.check_csrf(request, request.headers["X-CSRF"])
        checked = True
    async for part in await request.multipart():
        if isinstance(part, MultipartReader) or part is None:
            raise guard.Stop(400)
        if part.filename is None:
            form[part.name or ""] = await field_of(part)
            continue
        if not checked:
            # The token stands before the photos: a stranger's are not even read.
            guard.check_csrf(request, str(form.get("csrf", "")))
            checked = True
        if refusal := request.app[PARTS].marked("", name_of(part)):
            raise guard.Stop(422, refusal)
        upload = await _file(part, store, len(uploads), request.app[IN_HAND])
        if upload:
            uploads.append(upload)
    if not checked:
        guard.check_csrf(request, str(form.get("csrf", "")))
    return _sent(form, uploads)


async def field_of(part: BodyPartReader) -> str:
    body = bytearray()
    while chunk := await part.read_chunk(CHUNK):
        body += chunk
        if len(body) > MAX_FIELD:
            raise guard.Stop(413, TOO_LONG)
    return body.decode("utf-8", "replace")


async def _file(
    part: BodyPartReader, store: Store, known: int, in_hand: asyncio.Semaphore
) -> Upload | None:
    """One photo or file into the store; None for the empty field of a form without any."""
    name = name_of(part)
    kind = part.headers.get(hdrs.CONTENT_TYPE, "")
    with tempfile.SpooledTemporaryFile(max_size=IN_MEMORY) as spool:
        size = await pour(part, spool, TOO_MANY if known >= MAX_FILES else "")
        if not size:
            return None
        async with in_hand:
            spool.seek(0)
            data = await asyncio.to_thread(spool.read)
            media = await store.take_upload(data, name)
    called_photo = kind.startswith("image/") or bool(_PHOTO_NAME.search(name))
    return Upload(media, called_photo and not papers.is_paper(data))


def name_of(part: BodyPartReader) -> str:
    """The file's name as its sender's phone has it, without what a name must not hold."""
    return clean_name(part.filename or "")


async def pour(part: BodyPartReader, spool: IO[bytes], refusal: str = "") -> int:
    """The file into `spool`; returns its size in bytes, 0 for an empty field.

    Raises Stop(413) at 20 MB; and with `refusal`, as soon as there is a file at all.
    """
    size = 0
    while chunk := await part.read_chunk(CHUNK):
        size += len(chunk)
        if refusal:
            raise guard.Stop(413, refusal)
        if size > MAX_FILE:
            raise guard.Stop(413, TOO_BIG)
        if size > IN_MEMORY:
            await asyncio.to_thread(spool.write, chunk)
        else:
            spool.write(chunk)
    return size


def _sent(body: dict[str, Any], uploads: list[Upload]) -> Sent:
    text = _text(body.get("text"))
    if len(text) > MAX_LETTERS:
        raise guard.Stop(413, TOO_LONG)
    sent = Sent(
        id=_id(body.get("id")) or uuid.uuid4().hex,
        text=text,
        key=_text(body.get("key"))[:128],
        menu=_menu(body.get("menu")),
        album=_id(body.get("album")),
        place=_place(body.get("place")),
        uploads=uploads,
    )
    if not (sent.text.strip() or sent.key or sent.place or sent.uploads):
        raise guard.Stop(400, NOTHING)
    return sent


def _text(value: Any) -> str:
    """The text without what no database keeps: NUL, control letters, halves of letters."""
    text = value if isinstance(value, str) else ""
    whole = text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    return _CONTROL.sub("", whole.replace("\r\n", "\n").replace("\r", "\n"))


def _id(value: Any) -> str:
    if value is None or value == "":
        return ""
    if not isinstance(value, str) or not _ID.fullmatch(value):
        raise guard.Stop(400)
    return value


def _menu(value: Any) -> int:
    try:
        menu = int(value or 0)
    except (TypeError, ValueError, OverflowError):
        raise guard.Stop(400) from None
    return menu if 0 <= menu < 2**31 else 0


def _place(value: Any) -> tuple[float, float] | None:
    """Degrees north and east, or None."""
    if value is None:
        return None
    try:
        north, east = (float(degree) for degree in value)
    except (TypeError, ValueError, OverflowError):
        raise guard.Stop(400, NO_PLACE) from None
    if not (math.isfinite(north) and math.isfinite(east) and abs(north) <= 90 and abs(east) <= 180):
        raise guard.Stop(400, NO_PLACE)
    return north, east
