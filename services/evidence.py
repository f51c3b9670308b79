"""Photos and files as evidence: who may see one (its sender, and whoever may read the task it is
evidence of; promise 6), and what those of a draft or a report are, numbered by their kind."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from sqlalchemy import Select, and_, exists, or_, select

from models.account import Account
from models.database import Session
from models.media import Media
from models.organisation import Unit
from models.report import Evidence, Report
from models.task import Task
from services.access import Actor, visible_tasks

MAX_PHOTOS = 10
MAX_FILES = 5
"""What a report takes of each."""
MOST = {"photo": MAX_PHOTOS, "file": MAX_FILES}


@dataclass(frozen=True)
class Piece:
    """A photo or a file among others."""

    media_id: int
    kind: str
    number: int
    """Among those of its kind, from 1."""
    state: str
    name: str
    sha: str
    phash: str | None

    @property
    def is_file(self) -> bool:
        return self.kind == "file"

    @property
    def source(self) -> str:
        """Where it is handed out from, for an attachment."""
        return file_source(self.sha, self.name) if self.is_file else f"photo:{self.sha}"


def file_source(sha: str, name: str) -> str:
    """The source of a file that is there: its name ends as its kind does."""
    return f"file:{sha}.{name.rpartition('.')[2]}"


async def pieces(session: Session, media_ids: Sequence[int]) -> list[Piece]:
    """These photos and files, in their order."""
    if not media_ids:
        return []
    rows = await session.scalars(select(Media).where(Media.id.in_(media_ids)))
    found = {row.id: row for row in rows}
    return _numbered(found[one] for one in media_ids if one in found)


async def pieces_of(session: Session, report_id: int) -> list[Piece]:
    """The photos and files of a report, in their order. Rights: get the report first."""
    rows = await session.scalars(
        select(Media)
        .join(Evidence, Evidence.media_id == Media.id)
        .where(Evidence.report_id == report_id)
        .order_by(Evidence.position)
    )
    return _numbered(rows)


def _numbered(rows: Iterable[Media]) -> list[Piece]:
    seen: Counter[str] = Counter()
    found = []
    for row in rows:
        seen[row.kind] += 1
        found.append(
            Piece(
                row.id, row.kind, seen[row.kind], row.state, row.name, row.sha256 or "", row.phash
            )
        )
    return found


async def may_see_photo(session: Session, actor: Actor, sha: str) -> bool:
    """Whether the actor sent this photo, or may read a task one of whose reports holds it.

    `sha`: the SHA-256 of the photo, in hex. False alike for foreign and for missing photos.
    """
    found = await session.scalar(_visible(actor, sha, "photo"))
    return found is not None


async def file_for(session: Session, actor: Actor, sha: str) -> str:
    """The name of a file that the actor may see in the same way; "" for any other."""
    found = await session.scalar(_visible(actor, sha, "file"))
    return found.name if found else ""


def _visible(actor: Actor, sha: str, kind: str) -> Select[Media]:
    sent_from_own_chat = exists().where(
        Account.channel == Media.channel,
        Account.chat_id == Media.chat_id,
        Account.person_id == actor.person_id,
    )
    own = or_(
        Media.person_id == actor.person_id, and_(Media.person_id.is_(None), sent_from_own_chat)
    )
    of_a_visible_task = Media.id.in_(
        select(Evidence.media_id)
        .join(Report, Report.id == Evidence.report_id)
        .join(Task, Task.id == Report.task_id)
        .join(Unit, Unit.id == Task.unit_id)
        .where(visible_tasks(actor))
    )
    return (
        select(Media)
        .where(
            Media.sha256 == sha,
            Media.kind == kind,
            Media.state == "have",
            or_(own, of_a_visible_task),
        )
        .order_by(Media.id)
        .limit(1)
    )


async def lost(session: Session, media_ids: Sequence[int]) -> frozenset[int]:
    """Those of these that came to nothing: of a kind not taken, broken, or out of reach for good."""
    rows = await session.scalars(
        select(Media.id).where(Media.id.in_(media_ids), Media.state == "failed")
    )
    return frozenset(rows)
