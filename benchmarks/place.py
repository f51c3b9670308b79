"""Where a measurement happens: a folder, and the province of full size, built once and copied."""

from __future__ import annotations

import hashlib
import shutil
from collections import defaultdict
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import select, update

import models
from benchmarks.province import build_big
from models.account import Account
from models.database import Database
from models.migrate import migrate
from models.organisation import Post
from models.task import Task

REPORTS = 100_000
FIRST_CHAT = 1_000_000_000
"""A person's chat on the fake Telegram: this plus their id."""
SECRETARY = "bi-thu-tinh"


@dataclass
class Place:
    """`more`: measure with ten times the reports, too."""

    folder: Path
    rounds: int = 3
    more: bool = False

    async def province(self, reports: int = REPORTS) -> Path:
        """The SQLite file with the province; everybody is connected to the web chat."""
        path = self.folder / f"province-{reports}-{_tables()}.db"
        if not path.exists():
            unfinished = path.with_suffix(".new")
            unfinished.unlink(missing_ok=True)
            database = Database(f"sqlite:///{unfinished}")
            await migrate(database)
            built = await build_big(database, reports, channel="web")
            await database.close()
            unfinished.rename(path)
            print(f"built: {built.reports} reports in {built.seconds:.0f} s", flush=True)
        return path

    async def copy(self, name: str, reports: int = REPORTS) -> Path:
        """A copy of its own for a measurement that writes."""
        path = self.folder / name
        shutil.copyfile(await self.province(reports), path)
        return path


def _tables() -> str:
    """A name for the tables as they are: a province with other tables is built anew."""
    folder = Path(models.__file__).parent / "migrations" / "versions"
    digest = hashlib.sha256()
    for file in sorted(folder.glob("*.py")):
        digest.update(file.read_bytes())
    return digest.hexdigest()[:12]


async def put_on_telegram(path: Path, cadres: int) -> tuple[int, list[int]]:
    """Connect the secretary and some cadres to Telegram instead; returns their chats.

    The cadres have at least two open tasks, of which the first is measured by a number, so that
    the same dialogue can be held with each.
    """
    database = Database(f"sqlite:///{path}")
    async with database.begin() as session:
        secretary = await session.scalar(select(Post.id).where(Post.code == SECRETARY))
        rows = await session.execute(
            select(Post.id, Task.measure)
            .join(Task, Task.owner_post_id == Post.id)
            .where(Post.kind == "cadre", Task.state == "open")
            .order_by(Post.id, Task.programme_id, Task.id)
        )
        measures: defaultdict[int, list[str]] = defaultdict(list)
        for post, measure in rows:
            measures[post].append(measure)
        fit = [post for post, of in measures.items() if len(of) > 1 and of[0] == "number"]
        chosen = fit[:cadres]
        # In this province a person has the number of the post.
        for person in (secretary, *chosen):
            await session.execute(
                update(Account)
                .where(Account.person_id == person)
                .values(channel="telegram", chat_id=str(FIRST_CHAT + (person or 0)))
            )
    await database.close()
    if secretary is None or len(chosen) < cadres:
        raise LookupError(f"only {len(chosen)} of {cadres} cadres can hold the dialogue")
    return FIRST_CHAT + secretary, [FIRST_CHAT + person for person in chosen]
