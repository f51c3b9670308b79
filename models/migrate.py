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
    """Change the shape of the database; references are checked before anybody else may write."""
    async with database.engine.connect() as connection:
        await _foreign_keys(connection, database, on=False)
        await connection.run_sync(work)
        await connection.commit()
        await _foreign_keys(connection, database, on=True)


async def _foreign_keys(connection: AsyncConnection, database: Database, *, on: bool) -> None:
    """A batch migration copies and drops tables: with foreign keys on, SQLite would delete the
    children (pitfall 29). The pragma works outside a transaction only, hence the raw connection.
    """
    if not database.is_sqlite:
        return
    raw: Any = (await connection.get_raw_connection()).driver_connection
    if on:
        broken = list(await raw.execute_fetchall("PRAGMA foreign_key_check"))
        assert not broken, f"broken references after the migration: {broken[:3]}"
    await raw.execute(f"PRAGMA foreign_keys={'ON' if on else 'OFF'}")
