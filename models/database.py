"""The database: one way to open a transaction, on SQLite and on PostgreSQL."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from contextvars import ContextVar
from functools import partial
from typing import Any

from sqlalchemy import event
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine import URL, Connection, make_url
from sqlalchemy.exc import DBAPIError, InterfaceError, OperationalError, TimeoutError
from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession, create_async_engine
from sqlalchemy.pool import AsyncAdaptedQueuePool

from models import sqlite_driver

Session = AsyncSession

_inside: ContextVar[bool] = ContextVar("inside_a_transaction", default=False)


class NestedTransaction(RuntimeError):
    """A second transaction was opened inside one: pass the session down as an argument."""


def insert_or_nothing(session: Session, table: type[Any]) -> sqlite.Insert | postgresql.Insert:
    """An insert that leaves a row alone that is there already."""
    if session.get_bind().dialect.name == "sqlite":
        return sqlite.insert(table).on_conflict_do_nothing()
    return postgresql.insert(table).on_conflict_do_nothing()


def in_trouble(error: BaseException) -> bool:
    """Whether the database itself is in trouble (away, full, locked): nobody's fault who asked.

    False for a statement that it refuses, and for two that met (a deadlock): those are the asker's.
    """
    if isinstance(error, (InterfaceError, TimeoutError)):
        return True
    if not isinstance(error, DBAPIError):
        return False
    met = getattr(error.orig, "sqlstate", None) in ("40001", "40P01")
    refused = getattr(error.orig, "sqlite_errorcode", None) == sqlite3.SQLITE_ERROR
    lost = error.connection_invalidated
    return lost or (isinstance(error, OperationalError) and not met and not refused)


def async_url(url: str) -> URL:
    """The same URL with the driver we use: `sqlite:///x.db`, `postgresql://…`."""
    parsed = make_url(url)
    driver = {"sqlite": "sqlite+aiosqlite", "postgresql": "postgresql+psycopg"}
    return parsed.set(drivername=driver.get(parsed.drivername, parsed.drivername))


class Database:
    """Hands out transactions; a transaction is short and never spans a network call."""

    def __init__(self, url: str, *, pool_size: int = 8) -> None:
        self.url = async_url(url)
        self.is_sqlite = self.url.get_backend_name() == "sqlite"
        # SQLite: a single connection for the process, so that writers queue here, in order,
        # and never meet SQLITE_BUSY among themselves.
        size = 1 if self.is_sqlite else pool_size
        self.engine: AsyncEngine = create_async_engine(
            self.url,
            poolclass=AsyncAdaptedQueuePool,
            pool_size=size,
            max_overflow=0,
            pool_timeout=60,
            # An error names the statement, never what somebody said, nor a token.
            hide_parameters=True,
            # Letters as themselves, so that a search in a document finds them on both databases.
            json_serializer=partial(json.dumps, ensure_ascii=False),
            **self._own_driver(),
        )
        if self.is_sqlite:
            event.listen(self.engine.sync_engine, "connect", _prepare_sqlite)
            event.listen(self.engine.sync_engine, "begin", _begin_immediate)

    def _own_driver(self) -> dict[str, Any]:
        if not self.is_sqlite:
            return {}
        connect = partial(sqlite_driver.connect, self.url.database or "")
        return {"async_creator": connect}

    @asynccontextmanager
    async def begin(self) -> AsyncIterator[Session]:
        """One transaction: committed at the end, rolled back by any exception.

        Raises NestedTransaction when the caller is inside one already.
        """
        if _inside.get():
            raise NestedTransaction
        token = _inside.set(True)
        try:
            async with (
                AsyncSession(self.engine, expire_on_commit=False) as session,
                session.begin(),
            ):
                yield session
        finally:
            _inside.reset(token)

    async def close(self) -> None:
        await self.engine.dispose()


def _prepare_sqlite(connection: Any, _record: Any) -> None:
    # The driver must not open transactions by itself: _begin_immediate does.
    connection.isolation_level = None
    cursor = connection.cursor()
    for pragma in (
        "journal_mode=TRUNCATE",  # WAL can corrupt a database before SQLite 3.51.3 (pitfall 32)
        "synchronous=FULL",
        "foreign_keys=ON",
        "busy_timeout=10000",
        "cache_size=-32768",
    ):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _begin_immediate(connection: Connection) -> None:
    connection.exec_driver_sql("BEGIN IMMEDIATE")
