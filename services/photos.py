"""Who may see a photo: its sender, and whoever may read the task it is evidence of (promise 6)."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import and_, exists, or_, select

from models.account import Account
from models.database import Session
from models.media import Media
from models.organisation import Unit
from models.report import Evidence, Report
from models.task import Task
from services.access import Actor, visible_tasks


async def may_see_photo(session: Session, actor: Actor, sha: str) -> bool:
    """Whether the actor sent this photo, or may read a task one of whose reports holds it.

    `sha`: the SHA-256 of the photo, in hex. False alike for foreign and for missing photos.
    """
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
    found = await session.scalar(
        select(Media.id)
        .where(Media.sha256 == sha, Media.state == "have", or_(own, of_a_visible_task))
        .limit(1)
    )
    return found is not None


async def lost_photos(session: Session, media_ids: Sequence[int]) -> frozenset[int]:
    """Those of these photos that came to nothing: no photo, broken, or out of reach for good."""
    rows = await session.scalars(
        select(Media.id).where(Media.id.in_(media_ids), Media.state == "failed")
    )
    return frozenset(rows)
