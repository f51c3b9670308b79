"""Bringing a database to this version, and telling when it is at another."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection
from sqlalchemy.ext.asyncio import AsyncConnection

from models.database import Database


class BrokenReferences(Exception):
    """A migration would leave rows that refer to nothing; it was taken back."""


def _config(connection: Connection | None = None) -> Config:
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations"))
    config.set_main_option("path_separator", "os")
    config.attributes["connection"] = connection
    return config


def newest() -> str:
    """The version this program needs."""
    head = ScriptDirectory.from_config(_config()).get_current_head()
    assert head is not None
    return head


def is_known(version: str) -> bool:
    """Whether this program has the version; it has none that came after it."""
    return any(
        version == one.revision for one in ScriptDirectory.from_config(_config()).walk_revisions()
    )


async def version_of(database: Database) -> str | None:
    """The version the database is at; None: it is empty."""
    async with database.engine.connect() as connection:
        return await connection.run_sync(
            lambda raw: MigrationContext.configure(raw).get_current_revision()
        )


async def migrate(database: Database, to: str = "head") -> None:
    """Walk the migrations up to `to` ("head" or a version), or down to it ("base")."""

    def walk(connection: Connection) -> None:
        step = command.downgrade if to == "base" else command.upgrade
        step(_config(connection), to)

    await change(database, walk)


async def change(database: Database, work: Callable[[Connection], None]) -> None:
    """Change the shape of the database: all of it, or nothing where a reference would break.

    Raises BrokenReferences.
    """
    async with database.engine.connect() as connection:
        await _foreign_keys(connection, database, "OFF")
        try:
            async with connection.begin():
                await connection.run_sync(work)
                await _check_references(connection, database)
        finally:
            await _foreign_keys(connection, database, "ON")


async def _check_references(connection: AsyncConnection, database: Database) -> None:
    """SQLite alone needs it: its foreign keys are off meanwhile."""
    if not database.is_sqlite:
        return
    broken = (await connection.exec_driver_sql("PRAGMA foreign_key_check")).all()
    if broken:
        raise BrokenReferences(f"the change would break references: {broken[:3]}")


async def _foreign_keys(connection: AsyncConnection, database: Database, to: str) -> None:
    """A batch migration copies and drops tables: with foreign keys on, SQLite would delete the
    children (pitfall 29). The pragma works outside a transaction only, hence the raw connection.
    """
    if not database.is_sqlite:
        return
    raw: Any = (await connection.get_raw_connection()).driver_connection
    await raw.execute(f"PRAGMA foreign_keys={to}")
