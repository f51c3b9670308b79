"""All figures, and one table at the end: `python -m benchmarks`, or one: `… messages`."""

from __future__ import annotations

import argparse
import asyncio
import tempfile
from collections import Counter
from collections.abc import Awaitable, Callable
from pathlib import Path

import structlog

from benchmarks import digests, memory, messages, startup, summary, understanding
from benchmarks.place import Place
from benchmarks.table import Figure, write_table
from models.database import Database


async def _digests(place: Place) -> list[Figure]:
    path = place.folder / "digests.db"
    path.unlink(missing_ok=True)
    database = Database(f"sqlite:///{path}")
    await digests.build(database)
    seconds = await digests.measure(database)
    await database.close()
    return [Figure("a morning's digests, planned", seconds, "s", at_most=digests.LIMIT)]


async def _understanding(place: Place) -> list[Figure]:
    understanding.main()
    verdicts: Counter[understanding.Verdict] = Counter()
    for file in understanding.FILES:
        verdicts += understanding.measure(file)[0]
    right = verdicts["right"] / verdicts.total() * 100
    wrong = float(verdicts["guessed wrongly"])
    return [
        Figure("Vietnamese understood", right, "%", note=f"of {verdicts.total()} cases"),
        Figure("  guessed wrongly", wrong, "cases", at_most=0),
    ]


MEASURES: dict[str, Callable[[Place], Awaitable[list[Figure]]]] = {
    "messages": messages.measure,
    "summary": summary.measure,
    "digests": _digests,
    "memory": memory.measure,
    "startup": startup.measure,
    "understanding": _understanding,
}


async def main() -> None:
    wanted = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    wanted.add_argument("what", nargs="*", help=f"of: {', '.join(MEASURES)} (none: all)")
    wanted.add_argument("--rounds", type=int, default=3, help="runs of each program (messages)")
    wanted.add_argument("--few", action="store_true", help="leave out the 1,000,000 reports")
    wanted.add_argument("--folder", type=Path, help="keep the built provinces here for next time")
    said = wanted.parse_args()
    if unknown := set(said.what) - set(MEASURES):
        wanted.error(f"unknown: {', '.join(sorted(unknown))}")
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(40))
    with tempfile.TemporaryDirectory() as temporary:
        folder = said.folder or Path(temporary)
        folder.mkdir(parents=True, exist_ok=True)
        place = Place(folder.resolve(), said.rounds, more=not said.few)
        figures = []
        for name in said.what or MEASURES:
            print(f"\n{name}", flush=True)
            figures += await MEASURES[name](place)
    print(f"\n{write_table(figures)}")


if __name__ == "__main__":
    asyncio.run(main())
