"""Leave (nghỉ) and an administrator's own days off or swapped working days."""

from __future__ import annotations

from datetime import date

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base


class Leave(Base):
    """A person is away, from the first to the last day, both included."""

    __tablename__ = "leave"
    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    from_day: Mapped[date]
    to_day: Mapped[date]


class DayOff(Base):
    """What an administrator decided about a day; it wins over the library (pitfall 26)."""

    __tablename__ = "day_off"
    day: Mapped[date] = mapped_column(primary_key=True)
    off: Mapped[bool]
    name: Mapped[str] = mapped_column(String(255), default="")
