"""`/tongket` for the whole province: reading, counting and writing it out, and its cost with ten
times the reports, which must be the same: it reads tasks, never reports. The same up to the end of
an earlier month, which is told from the reports."""

from __future__ import annotations

import time
from datetime import datetime, timedelta
from pathlib import Path

from sqlalchemy import select

from benchmarks.organisation import NOW
from benchmarks.place import REPORTS, SECRETARY, Place
from benchmarks.table import Figure, middle, spread
from handlers.summary import whole_picture
from models.database import Database
from models.organisation import Person
from services import access
from services.summary import check_sums, summarise
from vietnamese.zone import end_of_day, local_day

TARGET = 100.0
TIMES = 25
MONTH_AGO = end_of_day(local_day(NOW).replace(day=1) - timedelta(days=1))


async def measure(place: Place) -> list[Figure]:
    """Milliseconds for the secretary of the province, with 100,000 reports (and 1,000,000)."""
    first = await _time(await place.province())
    past = await _time(await place.province(), MONTH_AGO)
    figures = [
        _figure(REPORTS, first),
        Figure("  /tongket to the end of last month", middle(past), "ms", note=spread(past)),
    ]
    if place.more:
        second = await _time(await place.province(10 * REPORTS))
        figures.append(_figure(10 * REPORTS, second))
        ratio = middle(second) / middle(first)
        figures.append(Figure("  /tongket, ten times the reports", ratio, "times as long"))
    return figures


def _figure(reports: int, taken: list[float]) -> Figure:
    name = f"/tongket with {reports:,} reports"
    return Figure(name, middle(taken), "ms", at_most=TARGET, note=spread(taken))


async def _time(path: Path, until: datetime | None = None) -> list[float]:
    """From an open connection to the finished text, the person's rights included."""
    database = Database(f"sqlite:///{path}")
    taken = []
    for _ in range(TIMES):
        begun = time.perf_counter()
        async with database.begin() as session:
            person = await session.scalar(select(Person).where(Person.code == SECRETARY))
            assert person is not None
            actor = await access.actor_of(session, person, "web", NOW)
            summary = await summarise(session, actor, NOW, until=until)
            check_sums(summary)
            text = "\n".join(whole_picture(summary))
        taken.append((time.perf_counter() - begun) * 1000)
        assert "TỔNG KẾT" in text
    await database.close()
    return taken
