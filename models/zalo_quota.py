"""How many messages a Zalo bot has exchanged in a month: its plan allows so many."""

from __future__ import annotations

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base


class ZaloMonth(Base):
    """One bot's account of one month (of the Vietnamese calendar)."""

    __tablename__ = "zalo_month"
    channel: Mapped[str] = mapped_column(String(32), primary_key=True)
    month: Mapped[str] = mapped_column(String(7), primary_key=True)
    """"2026-11" """
    sent: Mapped[int] = mapped_column(default=0)
    received: Mapped[int] = mapped_column(default=0)
    warned: Mapped[int] = mapped_column(default=0)
    """The highest share (%) of the limit the administrator has been told of."""
