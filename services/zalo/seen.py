"""What the Zalo bots have really met of what nobody has confirmed, for the doctor to report.

A fact is a short word and the day it was noted last, kept as a number beside the other counters.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import date

from sqlalchemy import select
from sqlalchemy.dialects import postgresql, sqlite

from models.database import Session
from models.report import Counter

LONGEST = 15
"""Letters of a fact that the counter's name has room for."""


def _mark(channel: str, fact: str) -> str:
    return f"{channel} {fact[:LONGEST]}"


async def note(session: Session, channel: str, facts: Collection[str], day: date) -> None:
    """Remember that these were met on `day`."""
    if not facts:
        return
    insert = sqlite.insert if session.get_bind().dialect.name == "sqlite" else postgresql.insert
    marks = sorted({_mark(channel, fact) for fact in facts})
    statement = insert(Counter).values([{"name": mark, "value": day.toordinal()} for mark in marks])
    await session.execute(
        statement.on_conflict_do_update(
            index_elements=[Counter.name], set_={"value": statement.excluded.value}
        )
    )


async def seen(session: Session, channel: str) -> dict[str, date]:
    """The facts met so far on this bot, each with the day it was noted last."""
    before = _mark(channel, "")
    rows = await session.execute(
        select(Counter.name, Counter.value).where(Counter.name.startswith(before, autoescape=True))
    )
    return {name.removeprefix(before): date.fromordinal(value) for name, value in rows.all()}
