"""The database a command works on: there, and at this program's version."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from bot.commands.errors import Stop
from bot.settings import Settings, read_settings
from models.database import Database
from models.migrate import newest, version_of


async def must_be_current(database: Database) -> None:
    """Raises Stop with the command to run when the database is at another version."""
    at = await version_of(database)
    if at == newest():
        return
    await database.close()
    if at is None:
        raise Stop("Cơ sở dữ liệu còn trống. Chạy: python -m bot migrate")
    raise Stop(
        f"Cơ sở dữ liệu ở phiên bản {at}, chương trình cần {newest()}. Chạy: python -m bot migrate"
    )


@asynccontextmanager
async def opened() -> AsyncIterator[tuple[Settings, Database]]:
    """The settings and the database they name, closed at the end."""
    settings = read_settings()
    if settings.sqlite_path:
        settings.sqlite_path.parent.mkdir(parents=True, exist_ok=True)
    database = Database(settings.database_url)
    await must_be_current(database)
    try:
        yield settings, database
    finally:
        await database.close()
