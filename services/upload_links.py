"""One-time links to the upload page: photos and files for a chat whose network does not carry them.

A link is bound to one chat of one person, is good for two hours, and is kept as a hash only. It is
over when the person says so, when the report it was for has been sent, and when the chat is no
longer theirs. Opening it uses nothing up: chats fetch links for a preview.
"""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any, Literal

from sqlalchemy import delete, func, select

from models.account import Account
from models.database import Session
from models.media import Media
from models.organisation import Person
from models.queue import Chat, Inbox
from models.report import Report
from models.upload_link import UploadLink
from services import audit
from services.access import Actor, actor_of
from services.evidence import MAX_FILES, MAX_PHOTOS, pieces

LIFE = timedelta(hours=2)
KNOWN = timedelta(days=7)
"""How long after its end a link is still recognised, and answered with the reason."""
MAX_POSTS = 60
"""How often something may be sent to one page."""

_PHOTO, _PLACE = "upload:", "place:"
"""How the ids of a page's events begin: a place's with both."""

State = Literal["open", "done", "expired", "sent", "gone"]
"""done: the person said so; sent: its report was; gone: the chat is no longer this person's."""


@dataclass(frozen=True)
class Photo:
    """A photo or file that came by a link. `media_id` is None until its chat has heard of it."""

    digest: str
    name: str
    media_id: int | None = None
    sha: str = ""
    reason: str = ""
    """Why it could not be had, as a sentence for its sender."""
    is_file: bool = False
    number: int = 1
    """Among the photos, or the files, that came."""

    @property
    def waiting(self) -> bool:
        return not (self.sha or self.reason)


@dataclass(frozen=True)
class Page:
    """A link as it stands now."""

    key: str
    """What the ids of its events begin with; never used again, unlike a row's number."""
    channel: str
    chat_id: str
    name: str
    """Whose it is."""
    until: datetime
    state: State
    photos: tuple[Photo, ...]
    room: int
    """How many more photos the report takes, 0 to 10."""
    file_room: int
    """How many more files, 0 to 5."""
    asked: bool
    """Whether the chat is waiting for "xong"."""
    report: str = ""
    """The report that was sent meanwhile, "BC-0042"."""
    too_often: bool = False
    talk: str = ""
    """What the chat is in the middle of, by its talk's name."""
    placed: bool = False
    """A location has come by it."""

    def place_id(self, number: str) -> str:
        """The id of a location's event; `number` is the sender's own, so that it counts once."""
        return f"{_PLACE}{self.key}:{number}"

    def event_id(self, digest: str) -> str:
        """The id of a photo's event: the same photo counts once, unless it could not be had."""
        again = sum(photo.digest == digest for photo in self.photos)
        return f"{self.key}:{digest}:{again}"


def is_from_page(event_id: str) -> bool:
    """Whether an event came by an upload page, not by its chat's network."""
    return event_id.startswith((_PHOTO, f"{_PLACE}{_PHOTO}"))


def digest_of(data: bytes) -> str:
    """By what a photo is known within a link: 40 hex letters of its SHA-256."""
    return hashlib.sha256(data).hexdigest()[:40]


async def make(session: Session, actor: Actor, chat_id: str, now: datetime) -> str:
    """A new link for the actor's chat on `actor.channel`; returns its token, 32 hex letters.

    Links given out before stay good for their two hours: a page may be open.
    """
    token = secrets.token_hex(16)
    link = UploadLink(
        hash=_hash(token),
        channel=actor.channel,
        chat_id=chat_id,
        person_id=actor.person_id,
        created_at=now,
        expires_at=now + LIFE,
    )
    session.add(link)
    await session.flush()
    audit.record(session, actor, "make_upload_link", "upload_link", link.id, now=now)
    return token


async def find(session: Session, token: str, now: datetime) -> Page | None:
    """The page behind a token; None: there is none, or it was over long ago."""
    link = await _link(session, token)
    return await _page(session, link, now) if link else None


async def begin_post(session: Session, token: str, now: datetime) -> Page | None:
    """The page something is about to be sent to; counted before anything is read."""
    link = await _link(session, token, lock=True)
    if link is None:
        return None
    link.posts += 1
    return await _page(session, link, now)


async def close(session: Session, token: str, now: datetime) -> None:
    """The person has sent all photos. Closing twice, or what is not there, is harmless."""
    link = await _link(session, token, lock=True)
    if link is None or link.closed_at is not None or link.expires_at <= now:
        return
    link.closed_at = now
    person = await session.get_one(Person, link.person_id)
    actor = await actor_of(session, person, link.channel, now)
    audit.record(session, actor, "close_upload_link", "upload_link", link.id, now=now)


async def forget_old(session: Session, now: datetime) -> int:
    """Housekeeping: drop links that were over a week ago; returns how many."""
    old = UploadLink.expires_at <= now - KNOWN
    count = await session.scalar(select(func.count()).select_from(UploadLink).where(old))
    await session.execute(delete(UploadLink).where(old))
    return count or 0


def _hash(token: str) -> str:
    # 128 random bits: a plain hash cannot be guessed backwards, nor the token by trying.
    return hashlib.sha256(f"upload:{token}".encode()).hexdigest()


def _key(link: UploadLink) -> str:
    return f"{_PHOTO}{link.hash[:16]}"


async def _link(session: Session, token: str, *, lock: bool = False) -> UploadLink | None:
    query = select(UploadLink).where(UploadLink.hash == _hash(token))
    return await session.scalar(query.with_for_update() if lock else query)


async def _page(session: Session, link: UploadLink, now: datetime) -> Page:
    person = await session.get_one(Person, link.person_id)
    photos = await _photos(session, link)
    chat = await session.get(Chat, (link.channel, link.chat_id))
    stands: dict[str, Any] = chat.state if chat else {}
    drafted = {photo for draft in _drafts(stands) for photo in draft}
    elsewhere = await pieces(session, [*drafted - {photo.media_id for photo in photos}])
    files = sum(one.is_file for one in photos) + sum(one.is_file for one in elsewhere)
    question = stands.get("question") or {}
    report = await _sent_since(session, link) if not any(True for _ in _drafts(stands)) else ""
    return Page(
        _key(link),
        link.channel,
        link.chat_id,
        person.name,
        link.expires_at,
        await _state(session, link, report, now),
        photos,
        max(0, MAX_PHOTOS - (len(photos) + len(elsewhere) - files)),
        max(0, MAX_FILES - files),
        any(choice.get("label") == "Xong" for choice in question.get("choices", ())),
        report,
        link.posts > MAX_POSTS,
        str(stands.get("talk", "")),
        await _has_place(session, link),
    )


async def _state(session: Session, link: UploadLink, report: str, now: datetime) -> State:
    account = await session.scalar(
        select(Account.id).where(
            Account.channel == link.channel,
            Account.chat_id == link.chat_id,
            Account.person_id == link.person_id,
            Account.state == "connected",
        )
    )
    if account is None:
        return "gone"
    if report:
        return "sent"
    if link.expires_at <= now:
        return "expired"
    return "done" if link.closed_at else "open"


def _drafts(stands: dict[str, Any]) -> Iterator[list[int]]:
    """The photos of each report in progress: the one being talked of, and those put aside."""
    for place in (stands, *stands.get("parked", [])):
        photos = place.get("data", {}).get("photos")
        if isinstance(photos, list):
            yield photos


async def _sent_since(session: Session, link: UploadLink) -> str:
    """The last report the person sent since the link was made; "" when there is none."""
    report = await session.scalar(
        select(Report)
        .where(Report.author_id == link.person_id, Report.sent_at >= link.created_at)
        .order_by(Report.sent_at.desc(), Report.id.desc())
        .limit(1)
    )
    return report.name if report else ""


async def _has_place(session: Session, link: UploadLink) -> bool:
    found = await session.scalar(
        select(Inbox.id)
        .where(
            Inbox.channel == link.channel,
            Inbox.chat_id == link.chat_id,
            Inbox.event_id.startswith(f"{_PLACE}{_key(link)}:", autoescape=True),
        )
        .limit(1)
    )
    return found is not None


async def _photos(session: Session, link: UploadLink) -> tuple[Photo, ...]:
    """What came by the link, in its order."""
    prefix = f"{_key(link)}:"
    rows = await session.execute(
        select(Inbox.event_id, Inbox.event)
        .where(
            Inbox.channel == link.channel,
            Inbox.chat_id == link.chat_id,
            Inbox.event_id.startswith(prefix, autoescape=True),
        )
        .order_by(Inbox.id)
    )
    came = [(event_id.removeprefix(prefix), event) for event_id, event in rows]
    rows_of_media = await session.scalars(
        select(Media).where(
            Media.channel == link.channel,
            Media.chat_id == link.chat_id,
            Media.ref.in_([event["media"][0]["ref"] for _, event in came]),
        )
    )
    media = {row.ref: row for row in rows_of_media}
    found: list[Photo] = []
    for key, event in came:
        photo = _photo(key, event, media.get(event["media"][0]["ref"]))
        before = sum(one.is_file == photo.is_file for one in found)
        found.append(replace(photo, number=before + 1))
    return tuple(found)


def _photo(key: str, event: dict[str, Any], media: Media | None) -> Photo:
    digest, name = key.partition(":")[0], str(event["media"][0].get("name", ""))
    if media is None:
        return Photo(digest, name, is_file=event["kind"] == "file")
    is_file = media.kind == "file"
    return Photo(digest, name, media.id, media.sha256 or "", media.reason, is_file)
