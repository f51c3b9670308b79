"""The audit log (nhật ký): who changed what, for which post, from which network."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import Index, String
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, BigId, Document, UtcTime


class Audit(Base):
    """One change. Names a person by pseudonym only, so that it outlives an erasure."""

    __tablename__ = "audit"
    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    at: Mapped[datetime] = mapped_column(UtcTime)
    who: Mapped[str] = mapped_column(String(32))
    """The person's pseudonym, or "system"."""
    post_id: Mapped[int | None]
    channel: Mapped[str] = mapped_column(String(32))
    action: Mapped[str] = mapped_column(String(64))
    kind: Mapped[str] = mapped_column(String(32))
    """The table of the changed thing."""
    thing_id: Mapped[int]
    before: Mapped[dict[str, Any] | None] = mapped_column(Document)
    after: Mapped[dict[str, Any] | None] = mapped_column(Document)
    __table_args__ = (Index(None, "kind", "thing_id"),)
