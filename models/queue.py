"""The durable path: events taken in, messages to send, and where each chat stands."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Literal

from sqlalchemy import Index, String, Text, UniqueConstraint, select, text
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, BigId, Document, UtcTime
from models.database import Session, insert_or_nothing

InboxState = Literal["new", "done", "failed"]
OutboxState = Literal["ready", "sending", "sent", "failed", "unknown", "dropped"]


class Inbox(Base):
    """An event as it was accepted. `(channel, event_id)` is unique: nothing counts twice."""

    __tablename__ = "inbox"
    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    channel: Mapped[str] = mapped_column(String(32))
    event_id: Mapped[str] = mapped_column(String(128))
    chat_id: Mapped[str] = mapped_column(String(128))
    event: Mapped[dict[str, Any]] = mapped_column(Document)
    received_at: Mapped[datetime] = mapped_column(UtcTime)
    state: Mapped[str] = mapped_column(String(8), default="new")
    attempts: Mapped[int] = mapped_column(default=0)
    error: Mapped[str] = mapped_column(Text, default="")
    __table_args__ = (
        UniqueConstraint("channel", "event_id"),
        Index(None, "state", "id"),
        Index(None, "channel", "chat_id", "id"),
    )


class Outbox(Base):
    """A message of ours. The row says `sending` before the call (promise 4)."""

    __tablename__ = "outbox"
    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    channel: Mapped[str] = mapped_column(String(32))
    chat_id: Mapped[str] = mapped_column(String(128))
    message: Mapped[dict[str, Any]] = mapped_column(Document)
    menu: Mapped[int] = mapped_column(default=0)
    """The number of the question it carries; 0: none."""
    digest_id: Mapped[int | None]
    """A reminder: its text is made, or the row dropped, when its turn comes."""
    part: Mapped[int] = mapped_column(default=0)
    """Which further part of a reminder too long for one message; 0: its beginning, or no part."""
    person_id: Mapped[int | None]
    """Whom it is for, where it may go to any network of theirs (what is told, not answered)."""
    state: Mapped[str] = mapped_column(String(8), default="ready")
    attempts: Mapped[int] = mapped_column(default=0)
    """How often it was sent off."""
    not_made: Mapped[int] = mapped_column(default=0)
    """How often its text could not be made (an error of the program's)."""
    created_at: Mapped[datetime] = mapped_column(UtcTime)
    not_before: Mapped[datetime] = mapped_column(UtcTime)
    sending_at: Mapped[datetime | None] = mapped_column(UtcTime)
    finished_at: Mapped[datetime | None] = mapped_column(UtcTime)
    external_id: Mapped[str | None] = mapped_column(String(128))
    error: Mapped[str] = mapped_column(Text, default="")
    __table_args__ = (
        Index(
            "ix_outbox_waiting",
            "channel",
            "chat_id",
            "id",
            sqlite_where=text("state IN ('ready', 'sending')"),
            postgresql_where=text("state IN ('ready', 'sending')"),
        ),
        Index(None, "channel", "chat_id", "id"),
        Index(None, "channel", "sending_at"),
        Index(None, "state", "not_before"),
    )


class Chat(Base):
    """Where a chat stands (talk_state). Locking its row is claiming the chat (promise 3)."""

    __tablename__ = "chat"
    channel: Mapped[str] = mapped_column(String(32), primary_key=True)
    chat_id: Mapped[str] = mapped_column(String(128), primary_key=True)
    state: Mapped[dict[str, Any]] = mapped_column(Document, default=dict)
    wake_at: Mapped[datetime | None] = mapped_column(UtcTime, index=True)
    """When a question held back for an album is to be asked."""
    handle_after: Mapped[datetime | None] = mapped_column(UtcTime)
    """No event of this chat is handled before: the last one failed and waits its turn."""
    menu_message: Mapped[str | None] = mapped_column(String(128))
    """The network's id of our last message with choices, retired by the next one."""
    wrong_codes: Mapped[int] = mapped_column(default=0)
    wrong_at: Mapped[datetime | None] = mapped_column(UtcTime)
    locked_until: Mapped[datetime | None] = mapped_column(UtcTime)


class NetworkState(Base):
    """What must be remembered about a network: a pause that it asked for, who polls it, which bot
    stands behind its name."""

    __tablename__ = "network_state"
    channel: Mapped[str] = mapped_column(String(32), primary_key=True)
    paused_until: Mapped[datetime | None] = mapped_column(UtcTime)
    failing_since: Mapped[datetime | None] = mapped_column(UtcTime)
    """Since when it has refused whatever it was given (a dead token); none: it works."""
    told_at: Mapped[datetime | None] = mapped_column(UtcTime)
    """When the administrators were last told of that."""
    poller: Mapped[str] = mapped_column(String(64), default="")
    poller_until: Mapped[datetime | None] = mapped_column(UtcTime)
    seen_at: Mapped[datetime | None] = mapped_column(UtcTime)
    """When events were last fetched, or could have been brought: a longer gap than the network
    keeps messages may have lost some (pitfall 7)."""
    bot_id: Mapped[str] = mapped_column(String(128), default="")
    """The bot that people on this network wrote to first, as the network calls it."""
    token_mark: Mapped[str] = mapped_column(String(64), default="")
    """A hash of the token that the bot was last met with."""


async def locked_network(session: Session, channel: str) -> NetworkState:
    """The network's row, held until the end of the transaction: one at a time decides by it."""
    statement = select(NetworkState).where(NetworkState.channel == channel).with_for_update()
    state = await session.scalar(statement)
    if state is None:
        await session.execute(insert_or_nothing(session, NetworkState).values(channel=channel))
        state = (await session.scalars(statement)).one()
    return state
