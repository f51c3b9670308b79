"""What a database holds after a talk, put so that two networks can be compared.

Row ids, chat ids and the network's name are left out; times are told to the minute. How somebody
or something came in (the office's code, the web's sign-in, the page for files) is the network's own and left out, too.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import Row, select

from models.account import Account
from models.audit import Audit
from models.calendar import Leave
from models.database import Session
from models.media import Media
from models.organisation import Person, Post
from models.queue import Chat, Inbox, Outbox
from models.report import Evidence, Obstacle, Report
from models.task import Task

Facts = dict[str, list[tuple[str, ...]]]
COMING_IN = ("make_code", "sign_in", "make_upload_link")


async def facts(session: Session, network: str) -> Facts:
    """Every table of the domain as sorted rows of words, and where each chat stands."""
    assert await _one_column(session, select(Inbox.state).distinct()) <= {"done"}
    assert await _one_column(session, select(Outbox.state).distinct()) <= {"sent"}
    channels = select(Audit.channel).where(Audit.action.not_in(COMING_IN)).distinct()
    assert await _one_column(session, channels) <= {network}
    return {
        "task": await _rows(session, select(
            Task.code, Task.state, Task.closed_on, Task.value, Task.qualifier, Task.percent,
            Task.bucket, Task.situation, Task.last_report_at, Task.unchecked, Task.due,
        )),
        "report": await _rows(session, select(
            Report.number, Report.version, Report.current, Task.code, Person.code, Post.code,
            Report.value, Report.qualifier, Report.percent, Report.situation, Report.text,
            Report.place, Report.sent_at, Report.outcome, Report.checked_by, Report.checked_at,
            Report.comment,
        ).join(Task, Task.id == Report.task_id)
         .join(Person, Person.id == Report.author_id)
         .join(Post, Post.id == Report.post_id)),
        "evidence": await _rows(session, select(
            Report.number, Report.version, Evidence.position, Media.state, Media.sha256,
            Media.kind, Media.mime, Media.width, Media.height, Person.code,
        ).join(Report, Report.id == Evidence.report_id)
         .join(Media, Media.id == Evidence.media_id)
         .outerjoin(Person, Person.id == Media.person_id)),
        "obstacle": await _rows(session, select(
            Task.code, Obstacle.report_number, Obstacle.text, Obstacle.waits_for,
            Obstacle.raised_at, Obstacle.closed_at,
        ).join(Task, Task.id == Obstacle.task_id)),
        "leave": await _rows(session, select(
            Person.code, Leave.from_day, Leave.to_day,
        ).join(Person, Person.id == Leave.person_id)),
        "account": await _rows(session, select(
            Person.code, Account.state,
        ).join(Person, Person.id == Account.person_id)),
        "audit": await _rows(session, select(
            Audit.id, Audit.who, Post.code, Audit.action, Audit.kind, Audit.before, Audit.after,
        ).outerjoin(Post, Post.id == Audit.post_id)
         .where(Audit.action.not_in(COMING_IN)).order_by(Audit.id), in_order=True),
        "stands": await _rows(session, select(
            Person.code, Chat.state["talk"].as_string(), Chat.state["step"].as_string(),
            Chat.wrong_codes,
        ).join(Account, (Account.channel == Chat.channel) & (Account.chat_id == Chat.chat_id))
         .join(Person, Person.id == Account.person_id)),
    }  # fmt: skip


async def _rows(session: Session, query: Any, *, in_order: bool = False) -> list[tuple[str, ...]]:
    found: Iterable[Row[Any]] = (await session.execute(query)).all()
    rows = [tuple(_word(value) for value in row) for row in found]
    return [row[1:] for row in rows] if in_order else sorted(rows)


async def _one_column(session: Session, query: Any) -> set[str]:
    return set((await session.scalars(query)).all())


def _word(value: Any) -> str:
    if value is None:
        return "-"
    if isinstance(value, datetime):
        return f"{value:%d/%m %H:%M}"
    if isinstance(value, Decimal):
        return f"{value.normalize():f}"
    if isinstance(value, dict):
        return ", ".join(f"{name}={_fact(value[name])}" for name in sorted(value))
    return str(value)


def _fact(value: Any) -> str:
    """A fact of the audit; times in it are told to the minute as well."""
    text = str(value)
    try:
        return _word(datetime.fromisoformat(text)) if "T" in text else text
    except ValueError:
        return text
