"""The upload page behind a one-time link: photos, files and a place for a chat whose network does
not carry them.

Whoever holds the link may add photos and files to that chat, and sees those that came by it;
nothing else. Each of them, and a place, becomes an event of the chat, so that it goes the way and
under the rules of all others.
"""

from __future__ import annotations

import asyncio
import tempfile
from collections.abc import AsyncIterator
from dataclasses import dataclass, field, replace

from aiohttp import BodyPartReader, MultipartReader, web

from bot import papers
from bot.conversation import Address, Event
from services import upload_links
from services.evidence import MAX_FILES, MAX_PHOTOS
from services.upload_links import Page
from vietnamese.zone import local
from web import files, guard, pages, uploads
from web.keys import IN_HAND, PARTS

MAX_TOTAL = (MAX_PHOTOS + MAX_FILES + 2) * uploads.MAX_FILE
"""Bytes of one sending, with what is refused."""
LOOKS, LOOK_SECONDS = 12, 0.25
"""How often, and how far apart, it is looked whether the photos are ready to be shown."""

TOO_MANY = f"Một báo cáo có tối đa {MAX_PHOTOS} ảnh nên ảnh này chưa nhận."
TOO_MANY_FILES = f"Một báo cáo có tối đa {MAX_FILES} tệp nên tệp này chưa nhận."
FULL = f"Một báo cáo có tối đa {MAX_PHOTOS} ảnh, {MAX_FILES} tệp nên chưa nhận thêm."
TOO_BIG = "Nặng quá 20 MB nên chưa nhận. Đồng chí giảm cỡ rồi gửi lại."
TOO_MUCH = "Nhiều ảnh, tệp lớn quá nên chưa nhận hết. Đồng chí gửi vài cái mỗi lần."
TOO_OFTEN = (
    "Trang này đã nhận quá nhiều lượt gửi. "
    "Đồng chí quay lại {network}, gửi lại tệp ở đó để nhận trang mới."
)
NOTHING = "Đồng chí chưa chọn ảnh, tệp nào. Đồng chí chọn rồi gửi."


@dataclass
class Came:
    """What came with one sending, and what did not: (the file's name, why)."""

    events: list[Event] = field(default_factory=list)
    digests: set[str] = field(default_factory=set)
    refused: list[tuple[str, str]] = field(default_factory=list)


async def page(request: web.Request) -> web.StreamResponse:
    """The page. Opening it uses nothing up: chats fetch links for a preview."""
    return _shown(request, await _found(request))


async def take(request: web.Request) -> web.StreamResponse:
    """Photos and files into the chat: committed to its inbox before the page says so (promise 1)."""
    parts = request.app[PARTS]
    async with parts.database.begin() as session:
        link = await upload_links.begin_post(session, _token(request), parts.clock.now())
    if refusal := _not_now(request, link):
        return refusal
    assert link is not None
    came = Came()
    fault, status = "", 200
    try:
        await _read(request, link, came)
    except guard.Stop as stop:
        fault, status = stop.sentence, stop.status
    except ValueError:  # how aiohttp calls a body that is no multipart
        fault, status = guard.SENTENCES[400], 400
    finally:
        # Of a sending that broke off, what had come is kept.
        await parts.accept(came.events)
    if not (came.events or came.digests or came.refused or fault):
        fault, status = NOTHING, 400
    link = await _when_ready(request, link)
    if fault or came.refused:
        return _shown(request, link, fault, came.refused, status=max(status, 400))
    raise web.HTTPSeeOther(f"{_base(request)}#da-nhan")


async def locate(request: web.Request) -> web.StreamResponse:
    """The phone's place into the chat, as a pin is."""
    parts = request.app[PARTS]
    async with parts.database.begin() as session:
        link = await upload_links.begin_post(session, _token(request), parts.clock.now())
    if refusal := _not_now(request, link):
        return refusal
    assert link is not None
    try:
        sent = await uploads.read(request, parts.store)
    except guard.Stop as stop:
        return _shown(request, link, stop.sentence, status=stop.status)
    if sent.place is None:
        return _shown(request, link, uploads.NO_PLACE, status=400)
    address = Address(link.channel, link.chat_id)
    now = parts.clock.now()
    await parts.accept([Event(address, link.place_id(sent.id), "location", now, place=sent.place)])
    raise web.HTTPSeeOther(_base(request))


def _not_now(request: web.Request, link: Page | None) -> web.Response | None:
    """Why nothing can be sent to the page, as the page to show; None: it can."""
    if link is None or link.state != "open":
        return _shown(request, link)
    if link.too_often:
        return _shown(request, link, TOO_OFTEN.format(network=network_of(link)), status=429)
    if not request.app[PARTS].takes_photos(link.talk):
        return _shown(request, link, status=409)
    return None


async def finish(request: web.Request) -> web.StreamResponse:
    """ "Xong": the link is used up."""
    parts = request.app[PARTS]
    form = await request.post()
    try:
        guard.check_csrf(request, str(form.get("csrf", "")))
    except guard.Stop as stop:
        return _shown(request, await _found(request), stop.sentence, status=stop.status)
    async with parts.database.begin() as session:
        await upload_links.close(session, _token(request), parts.clock.now())
    raise web.HTTPSeeOther(_base(request))


async def thumb(request: web.Request) -> web.StreamResponse:
    """One photo that came by this link, small."""
    link, wanted = await _found(request), int(request.match_info["id"])
    if link is None or link.state not in ("open", "done"):
        raise guard.Stop(404, files.GONE)
    sha = next((photo.sha for photo in link.photos if photo.media_id == wanted), "")
    try:
        body = await request.app[PARTS].store.read_copy(sha, "thumb")
    except (LookupError, FileNotFoundError):
        raise guard.Stop(404, files.GONE) from None
    return files.as_bytes(body, "", inline=True)


def network_of(link: Page) -> str:
    """Where the chat is, as people call it."""
    if link.channel == "telegram":
        return "Telegram"
    return "Zalo" if link.channel.startswith("zalo") else "cuộc trò chuyện"


# Reading


async def _read(request: web.Request, link: Page, came: Came) -> None:
    """All photos and files of one sending. Raises Stop; what came until then is in `came`."""
    if not request.content_type.startswith("multipart/"):
        raise guard.Stop(400)
    if (request.content_length or 0) > MAX_TOTAL:
        raise guard.Stop(413, TOO_MUCH)
    checked = False
    async for part in _parts(request):
        if part.filename is None:
            text = await uploads.field_of(part)
            if part.name == "csrf":
                guard.check_csrf(request, text)
                checked = True
            continue
        if not checked:  # the token stands before the photos: a stranger's are not even read
            raise guard.Stop(403)
        name = uploads.name_of(part)
        try:
            if marked := request.app[PARTS].marked("", name):
                raise guard.Stop(422, marked)
            event = await _photo(request, link, part, name, came)
        except guard.Stop as refusal:
            came.refused.append((name, refusal.sentence))
            continue
        if event:
            came.events.append(event)
    if not checked:
        raise guard.Stop(403)


async def _parts(request: web.Request) -> AsyncIterator[BodyPartReader]:
    async for part in await request.multipart():
        if isinstance(part, MultipartReader) or part is None:
            raise guard.Stop(400)
        yield part
        if request.content.total_bytes > MAX_TOTAL:
            raise guard.Stop(413, TOO_MUCH)


async def _photo(
    request: web.Request, link: Page, part: BodyPartReader, name: str, came: Came
) -> Event | None:
    """One photo or file into the store; None: an empty field, or one that is there already.

    Raises Stop with the reason when it is not taken.
    """
    parts = request.app[PARTS]
    files = sum(event.kind == "file" for event in came.events)
    no_more_files = files >= link.file_room
    no_more_photos = len(came.events) - files >= link.room
    refusal = FULL if no_more_files and no_more_photos else ""
    with tempfile.SpooledTemporaryFile(max_size=uploads.IN_MEMORY) as spool:
        try:
            size = await uploads.pour(part, spool, refusal)
        except guard.Stop as stop:
            raise guard.Stop(413, refusal or TOO_BIG) from stop
        if not size:
            return None
        async with request.app[IN_HAND]:
            spool.seek(0)
            data = await asyncio.to_thread(spool.read)
            digest = await asyncio.to_thread(upload_links.digest_of, data)
            known = [photo for photo in link.photos if photo.digest == digest]
            if digest in came.digests or any(not photo.reason for photo in known):
                came.digests.add(digest)
                return None
            if sentence := parts.unfit(data):
                raise guard.Stop(415, sentence)
            is_file = papers.is_paper(data)
            if no_more_files if is_file else no_more_photos:
                raise guard.Stop(413, TOO_MANY_FILES if is_file else TOO_MANY)
            media = await parts.store.take_upload(data, name)
    came.digests.add(digest)
    return Event(
        Address(link.channel, link.chat_id),
        link.event_id(digest),
        "file" if is_file else "photo",
        parts.clock.now(),
        media=(media,),
        # Together they are answered once, in the chat.
        album=link.key,
    )


# Showing


async def _found(request: web.Request) -> Page | None:
    parts = request.app[PARTS]
    async with parts.database.begin() as session:
        return await upload_links.find(session, _token(request), parts.clock.now())


async def _when_ready(request: web.Request, link: Page) -> Page | None:
    """The page again, if possible when its photos can be shown."""
    found: Page | None = link
    for _ in range(LOOKS):
        found = await _found(request)
        if found is None or not any(photo.waiting for photo in found.photos):
            break
        await asyncio.sleep(LOOK_SECONDS)
    return found


def _shown(
    request: web.Request,
    link: Page | None,
    fault: str = "",
    refused: list[tuple[str, str]] | None = None,
    *,
    status: int = 200,
) -> web.Response:
    if link is None:
        return pages.page("upload_over.html", status=404, link=None, network="")
    if link.state not in ("open", "done"):
        sent = sum(photo.is_file for photo in link.photos)
        came = _in_words(len(link.photos) - sent, sent)
        network = network_of(link)
        return pages.page("upload_over.html", status=410, link=link, network=network, came=came)
    good = [photo for photo in link.photos if not photo.reason]
    files = [photo for photo in good if photo.is_file]
    return pages.page(
        "upload.html",
        status=status,
        link=replace(link, until=local(link.until)),
        network=network_of(link),
        base=_base(request),
        photos=[photo for photo in good if not photo.is_file],
        files=files,
        came=_in_words(len(good) - len(files), len(files)),
        left=_in_words(link.room, link.file_room),
        broken=[photo for photo in link.photos if photo.reason],
        fault=fault,
        refused=refused or [],
        busy=not request.app[PARTS].takes_photos(link.talk),
        csrf=guard.csrf_of(request),
    )


def _in_words(photos: int, files: int) -> str:
    """ "2 ảnh, 1 tệp"; "" for none."""
    each = f"{photos} ảnh" if photos else "", f"{files} tệp" if files else ""
    return ", ".join(part for part in each if part)


def _token(request: web.Request) -> str:
    return request.match_info["token"]


def _base(request: web.Request) -> str:
    return f"/gui-anh/{_token(request)}"
