"""Leave (nghỉ): nobody is reminded while away (mission §4)."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import delete, select

from models.calendar import Leave
from models.database import Session
from services import audit
from services.access import Actor
from services.errors import Refused

LONGEST_DAYS = 200


async def take_leave(
    session: Session, actor: Actor, from_day: date, to_day: date, now: datetime
) -> Leave:
    """Record one's own leave, both days included; it replaces what overlaps it.

    Raises Refused for a leave that is over, upside down, or longer than 200 days.
    """
    if to_day < actor.day:
        raise Refused("Ngày này đã qua. Đồng chí gõ lại ngày nghỉ cuối cùng, ví dụ: 30/11.")
    if to_day < from_day:
        raise Refused("Ngày cuối phải sau ngày đầu. Đồng chí gõ lại, ví dụ: từ 1/12 đến 5/12.")
    if (to_day - from_day).days > LONGEST_DAYS:
        raise Refused(
            "Kỳ nghỉ này quá dài. Đồng chí xem lại ngày, hoặc báo văn phòng bàn giao việc."
        )
    await session.execute(
        delete(Leave).where(
            Leave.person_id == actor.person_id, Leave.from_day <= to_day, Leave.to_day >= from_day
        )
    )
    leave = Leave(person_id=actor.person_id, from_day=from_day, to_day=to_day)
    session.add(leave)
    await session.flush()
    audit.record(
        session, actor, "take_leave", "leave", leave.id,
        now=now, after={"from_day": from_day, "to_day": to_day},
    )  # fmt: skip
    return leave


async def current_leave(session: Session, person_id: int, day: date) -> Leave | None:
    """The leave in force on `day`, or the next one to come."""
    return await session.scalar(
        select(Leave)
        .where(Leave.person_id == person_id, Leave.to_day >= day)
        .order_by(Leave.from_day)
        .limit(1)
    )


async def end_leave(session: Session, actor: Actor, now: datetime) -> bool:
    """Back at work: a leave in force or to come is taken away. False: there was none."""
    leave = await current_leave(session, actor.person_id, actor.day)
    if leave is None:
        return False
    before = {"from_day": leave.from_day, "to_day": leave.to_day}
    audit.record(session, actor, "end_leave", "leave", leave.id, now=now, before=before)
    await session.delete(leave)
    return True
