"""Photos and files: where each came from, whether we have it, and what it is."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from sqlalchemy import ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, UtcTime

MediaState = Literal["wanted", "have", "failed"]
MediaKind = Literal["photo", "file"]
"""A picture, of which copies are shown; or a paper (PDF, DOCX, XLSX, PPTX), which is only kept."""


class Media(Base):
    """One photo or file that somebody sent. The bytes are kept once, by their SHA-256."""

    __tablename__ = "media"
    id: Mapped[int] = mapped_column(primary_key=True)
    channel: Mapped[str] = mapped_column(String(32))
    chat_id: Mapped[str] = mapped_column(String(128))
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    ref: Mapped[str] = mapped_column(Text)
    """What the network needs to hand it out: a file id, a URL, an upload's key."""
    kind: Mapped[str] = mapped_column(String(8), default="photo")
    """What it was sent as, until its content has told what it is."""
    name: Mapped[str] = mapped_column(String(100), default="")
    """As its sender's phone has it, cleaned; of a file that is there, with the ending of its kind."""
    state: Mapped[str] = mapped_column(String(16), default="wanted")
    attempts: Mapped[int] = mapped_column(default=0)
    next_at: Mapped[datetime] = mapped_column(UtcTime)
    reason: Mapped[str] = mapped_column(Text, default="")
    """Why it could not be had, as a sentence for its sender."""
    created_at: Mapped[datetime] = mapped_column(UtcTime)

    sha256: Mapped[str | None] = mapped_column(String(64), index=True)
    mime: Mapped[str] = mapped_column(String(128), default="")
    size: Mapped[int] = mapped_column(default=0)
    width: Mapped[int] = mapped_column(default=0)
    height: Mapped[int] = mapped_column(default=0)
    phash: Mapped[str | None] = mapped_column(String(16), index=True)
    """A 64-bit difference hash in hex: near-same pictures differ in few bits."""
    place: Mapped[str | None] = mapped_column(String(64))
    """"lat,lon" from EXIF, kept apart and stripped from every copy handed out."""
    taken_at: Mapped[str | None] = mapped_column(String(32))
    __table_args__ = (Index(None, "state", "next_at"),)
