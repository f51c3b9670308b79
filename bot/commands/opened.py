"""The database a command works on: there, and at this program's version."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from sqlalchemy.exc import DBAPIError

from bot.commands.errors import Stop
from bot.settings import Settings, read_settings
from models.database import Database
from models.migrate import is_known, newest, version_of


async def must_be_current(database: Database) -> None:
    """Raises Stop with the command to run when the database is at another version."""
    at = await version_here(database)
    if at == newest():
        return
    await database.close()
    if at is None:
        raise Stop("Cơ sở dữ liệu còn trống. Chạy: python -m bot migrate")
    raise Stop(
        f"Cơ sở dữ liệu ở phiên bản {at}, chương trình cần {newest()}. Chạy: python -m bot migrate"
    )


async def version_here(database: Database) -> str | None:
    """The database's version; None: it is empty.

    Raises Stop where it cannot be reached, and where it is ahead of this program.
    """
    try:
        at = await version_of(database)
    except DBAPIError as error:
        await database.close()
        place = database.url.render_as_string(hide_password=True)
        why = str(error.orig).strip().splitlines() or [type(error.orig).__name__]
        raise Stop(
            f"Không mở được cơ sở dữ liệu {place} ({why[0]}). "
            "Đồng chí xem DATABASE_URL, và máy chủ cơ sở dữ liệu có đang chạy không."
        ) from None
    if at is not None and not is_known(at):
        await database.close()
        raise Stop(
            f"Cơ sở dữ liệu ở phiên bản {at}, mới hơn chương trình này ({newest()}). "
            "Đồng chí cập nhật chương trình rồi chạy lại."
        )
    return at


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
