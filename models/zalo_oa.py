"""What must be remembered for the Zalo Official Account: its tokens, and when people wrote."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import String, Text
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, Document, UtcTime


class ZaloOa(Base):
    """The account's pair of tokens, and who is just spending the refresh token.

    A refresh token is good once: the row is locked while it is decided who spends it.
    """

    __tablename__ = "zalo_oa"
    app_id: Mapped[str] = mapped_column(String(64), primary_key=True)
    access_token: Mapped[str] = mapped_column(Text, default="")
    refresh_token: Mapped[str] = mapped_column(Text, default="")
    expires_at: Mapped[datetime | None] = mapped_column(UtcTime)
    """Until when the access token is good."""
    renewed_at: Mapped[datetime | None] = mapped_column(UtcTime)
    generation: Mapped[int] = mapped_column(default=0)
    """Counts the pairs; 0: there has been none."""
    lease_owner: Mapped[str] = mapped_column(String(64), default="")
    lease_until: Mapped[datetime | None] = mapped_column(UtcTime)
    spending_since: Mapped[datetime | None] = mapped_column(UtcTime)
    """The refresh token was put on the line then, and no answer has been kept: it may be spent."""
    refused: Mapped[str] = mapped_column(String(300), default="")
    """What Zalo said when it refused the refresh token last; empty: it has not."""
    refused_until: Mapped[datetime | None] = mapped_column(UtcTime)
    seeds: Mapped[list[str]] = mapped_column(Document, default=list)
    """Hashes of the refresh tokens that came from the settings: none is taken a second time."""
    facts: Mapped[dict[str, Any]] = mapped_column(Document, default=dict)
    """What has been seen of the network's unconfirmed sides, for the doctor."""


class ZaloOaContact(Base):
    """When a person last wrote to the account: only then may it write to them."""

    __tablename__ = "zalo_oa_contact"
    chat_id: Mapped[str] = mapped_column(String(128), primary_key=True)
    heard_at: Mapped[datetime | None] = mapped_column(UtcTime, index=True)
    closed_at: Mapped[datetime | None] = mapped_column(UtcTime)
    """When Zalo last said that the person's window is closed."""
    template_at: Mapped[datetime | None] = mapped_column(UtcTime)
    """When a template was last sent to them."""
