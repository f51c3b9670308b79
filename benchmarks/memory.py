"""Memory of the running program on the province of full size, at its busiest: the morning's digests
have just been planned and sent, and leaders ask for the whole picture."""

from __future__ import annotations

import asyncio
from pathlib import Path

from sqlalchemy import func, select

from benchmarks.crowd import Crowd, client
from benchmarks.dialogue import REPORT, SUMMARY_IN_DEPTH
from benchmarks.place import Place, put_on_telegram
from benchmarks.running import fake_telegram, running, settings_for
from benchmarks.table import Figure
from models.database import Database
from models.queue import Outbox

TARGET = 200.0
CADRES = 50
TIMES = 10


async def measure(place: Place) -> list[Figure]:
    """MB, with the children of the process."""
    database = await place.copy("memory.db")
    secretary, cadres = await put_on_telegram(database, CADRES)
    hours = {"DIGEST_FROM": "07:30", "LEADER_DIGEST_AT": "16:45", "DIGEST_UNTIL": "17:30"}
    async with fake_telegram(place.folder) as url, client() as http:
        env = settings_for(database, url) | hours
        log = place.folder / "memory.log"
        async with running(log, "benchmarks.on_monday", env=env) as program:
            await Crowd(http, url, [secretary]).talk(SUMMARY_IN_DEPTH)
            digests = await _all_sent(database)
            await Crowd(http, url, [secretary]).talk(SUMMARY_IN_DEPTH, TIMES)
            await Crowd(http, url, cadres).talk(REPORT)
            return [
                Figure(
                    "memory of the running program",
                    program.memory(),
                    "MB",
                    at_most=TARGET,
                    note=f"after {digests} digests, {TIMES} /tongket, {CADRES} reports",
                ),
                Figure("  at its most", program.memory("VmHWM"), "MB"),
            ]


async def _all_sent(path: Path) -> int:
    """Wait until the morning's digests are on their way; returns how many there were."""
    database = Database(f"sqlite:///{path}")
    digests = 0
    try:
        async with asyncio.timeout(120):
            while True:
                async with database.begin() as session:
                    rows = await session.execute(
                        select(Outbox.state, func.count())
                        .where(Outbox.digest_id.is_not(None))
                        .group_by(Outbox.state)
                    )
                    counts = dict(rows.tuples().all())
                waiting = counts.get("ready", 0) + counts.get("sending", 0)
                if sum(counts.values()) == digests > 0 and not waiting:
                    return digests
                digests = sum(counts.values())
                await asyncio.sleep(1)
    finally:
        await database.close()
