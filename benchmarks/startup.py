"""From starting the program to the first answer on the person's phone: the message waits already."""

from __future__ import annotations

import time

from benchmarks.crowd import Crowd, client
from benchmarks.dialogue import SUMMARY
from benchmarks.place import Place, put_on_telegram
from benchmarks.running import fake_telegram, running, settings_for
from benchmarks.table import Figure, middle, spread

TARGET = 3.0


async def measure(place: Place) -> list[Figure]:
    """Seconds, on the province of full size; the first answer is the secretary's `/tongket`."""
    taken = []
    for _ in range(place.rounds + 2):
        database = await place.copy("startup.db")
        secretary, _ = await put_on_telegram(database, 1)
        async with fake_telegram(place.folder) as url, client() as http:
            begun = time.perf_counter()
            env = settings_for(database, url)
            async with running(place.folder / "startup.log", "bot", "run", env=env):
                await Crowd(http, url, [secretary]).talk(SUMMARY)
                taken.append(time.perf_counter() - begun)
    return [Figure("start to first answer", middle(taken), "s", at_most=TARGET, note=spread(taken))]
