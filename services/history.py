"""What was said in a chat, both ways, in order: the inbox and the outbox are the history.

Nothing is kept twice. What waits to be sent (`ready`) or is no longer true (`dropped`) was not said.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any, Literal

from sqlalchemy import Select, or_, select

from models.database import Session
from models.media import Media
from models.queue import Chat, Inbox, Outbox

PAGE = 50
SHOWN = ("sending", "sent", "unknown")
"""For the web the row itself is the delivery, even if its sender died in the middle."""
OVERLAP = timedelta(seconds=5)
NEAR = 50
END = 2**62


@dataclass(frozen=True)
class Picture:
    """A photo or file that was sent in: where it stands."""

    state: str
    """"wanted", "have" or "failed"."""
    sha: str = ""
    mime: str = ""
    reason: str = ""
    is_file: bool = False


@dataclass(frozen=True)
class Line:
    """One line of a chat: an event of theirs (`in`) or a message of ours (`out`), as stored."""

    side: Literal["in", "out"]
    id: int
    key: str
    """Unique in the chat: the event's id, or the outbox row's."""
    at: datetime
    body: dict[str, Any]
    menu: int = 0
    pictures: dict[str, Picture] = field(default_factory=dict)
    """By media reference; what is not in it has not been looked at yet."""


@dataclass(frozen=True)
class Mark:
    """A place in the history: the last row of each side that was seen."""

    inbox: int = 0
    outbox: int = 0


@dataclass(frozen=True)
class Part:
    """A stretch of a chat, oldest line first."""

    lines: tuple[Line, ...]
    first: Mark
    """What is older lies before it."""
    last: Mark
    older: bool
    menu: int
    """The number of the question that waits for an answer; 0: none does."""


async def newest(
    session: Session, channel: str, chat_id: str, before: Mark | None = None, page: int = PAGE
) -> Part:
    """The newest `page` lines, or those before a mark."""
    edge = before or Mark(END, END)
    said = _events(channel, chat_id).where(Inbox.id < edge.inbox).order_by(Inbox.id.desc())
    sent = _messages(channel, chat_id).where(Outbox.id < edge.outbox).order_by(Outbox.id.desc())
    events = (await session.scalars(said.limit(page + 1))).all()
    rows = (await session.scalars(sent.limit(page + 1))).all()
    merged = _merged([_said(row) for row in events], [_sent(row) for row in rows])
    lines = merged[-page:]
    first = Mark(_least(lines, "in", edge.inbox), _least(lines, "out", edge.outbox))
    last = Mark(events[0].id if events else 0, rows[0].id if rows else 0)
    return await _part(session, channel, chat_id, lines, first, last, len(merged) > page)


async def since(session: Session, channel: str, chat_id: str, mark: Mark) -> Part:
    """What came after a mark; ask again with `last` until nothing new comes.

    A row may be committed after one with a higher number (two replicas): rows near the mark that
    are not clearly older come again, and whoever shows them knows them by their key.
    """
    seen_in = await session.scalar(select(Inbox.received_at).where(Inbox.id == mark.inbox))
    seen_out = await session.scalar(select(Outbox.sending_at).where(Outbox.id == mark.outbox))
    new_in, new_out = Inbox.id > mark.inbox, Outbox.id > mark.outbox
    if seen_in:
        late = (Inbox.id != mark.inbox) & (Inbox.received_at > seen_in - OVERLAP)
        new_in = or_(new_in, late)
    if seen_out:
        late = (Outbox.id != mark.outbox) & (Outbox.sending_at > seen_out - OVERLAP)
        new_out = or_(new_out, late)
    # The plain bound lets the index find the few rows, however long the chat is.
    said = _events(channel, chat_id).where(Inbox.id > mark.inbox - NEAR, new_in)
    sent = _messages(channel, chat_id).where(Outbox.id > mark.outbox - NEAR, new_out)
    said = said.order_by(Inbox.id).limit(2 * NEAR)
    sent = sent.order_by(Outbox.id).limit(2 * NEAR)
    events = (await session.scalars(said)).all()
    rows = (await session.scalars(sent)).all()
    lines = _merged([_said(row) for row in events[::-1]], [_sent(row) for row in rows[::-1]])
    last = Mark(
        max([mark.inbox, *(row.id for row in events)]),
        max([mark.outbox, *(row.id for row in rows)]),
    )
    return await _part(session, channel, chat_id, lines, mark, last, False)


async def one_event(session: Session, channel: str, chat_id: str, inbox_id: int) -> Line | None:
    """One event of this chat as it stands now: its photos may have come in meanwhile."""
    row = await session.scalar(_events(channel, chat_id).where(Inbox.id == inbox_id))
    if row is None:
        return None
    line = _said(row)
    return replace(line, pictures=await _pictures(session, channel, chat_id, [line]))


async def label_of(session: Session, channel: str, chat_id: str, menu: int, key: str) -> str:
    """The words of something that was offered in this chat; empty if it was not."""
    messages = await session.scalars(
        select(Outbox.message)
        .where(Outbox.channel == channel, Outbox.chat_id == chat_id, Outbox.menu == menu)
        .order_by(Outbox.id.desc())
        .limit(5)
    )
    for message in messages:
        for choice in message.get("choices", ()):
            if choice.get("key") == key:
                return str(choice.get("label", ""))
    return ""


async def sent_attachment(
    session: Session, channel: str, chat_id: str, outbox_id: int
) -> dict[str, Any] | None:
    """The attachment of a message that was sent to this chat; None for any other."""
    row = await session.scalar(
        select(Outbox).where(
            Outbox.id == outbox_id,
            Outbox.channel == channel,
            Outbox.chat_id == chat_id,
            Outbox.state.in_(SHOWN),
        )
    )
    attachment = row.message.get("attachment") if row else None
    return attachment if isinstance(attachment, dict) else None


def _events(channel: str, chat_id: str) -> Select[Inbox]:
    return select(Inbox).where(Inbox.channel == channel, Inbox.chat_id == chat_id)


def _messages(channel: str, chat_id: str) -> Select[Outbox]:
    here = (Outbox.channel == channel, Outbox.chat_id == chat_id)
    return select(Outbox).where(*here, Outbox.state.in_(SHOWN))


def _said(row: Inbox) -> Line:
    return Line("in", row.id, f"i{row.event_id}", row.received_at, row.event)


def _sent(row: Outbox) -> Line:
    at = row.sending_at or row.created_at
    return Line("out", row.id, f"o{row.id}", at, row.message, row.menu)


def _merged(said: Sequence[Line], sent: Sequence[Line]) -> list[Line]:
    """Two lists, newest first, as one, oldest first; each keeps its own order."""
    mine, ours = list(said), list(sent)
    lines: list[Line] = []
    while mine or ours:
        take = mine if mine and (not ours or mine[0].at > ours[0].at) else ours
        lines.append(take.pop(0))
    return lines[::-1]


def _least(lines: Sequence[Line], side: str, edge: int) -> int:
    return min((line.id for line in lines if line.side == side), default=edge)


async def _part(
    session: Session,
    channel: str,
    chat_id: str,
    lines: Sequence[Line],
    first: Mark,
    last: Mark,
    older: bool,
) -> Part:
    pictures = await _pictures(session, channel, chat_id, lines)
    shown = tuple(
        replace(line, pictures=pictures) if line.side == "in" and line.body.get("media") else line
        for line in lines
    )
    return Part(shown, first, last, older, await _menu(session, channel, chat_id))


async def _pictures(
    session: Session, channel: str, chat_id: str, lines: Sequence[Line]
) -> dict[str, Picture]:
    refs = {
        str(media.get("ref", ""))
        for line in lines
        if line.side == "in"
        for media in line.body.get("media", ())
    }
    if not refs:
        return {}
    rows = await session.scalars(
        select(Media)
        .where(Media.channel == channel, Media.chat_id == chat_id, Media.ref.in_(refs))
        .order_by(Media.id)
    )
    return {
        row.ref: Picture(row.state, row.sha256 or "", row.mime, row.reason, row.kind == "file")
        for row in rows
    }


async def _menu(session: Session, channel: str, chat_id: str) -> int:
    state = await session.scalar(
        select(Chat.state).where(Chat.channel == channel, Chat.chat_id == chat_id)
    )
    if not state or not state.get("question"):
        return 0
    return int(state.get("menu", 0))
