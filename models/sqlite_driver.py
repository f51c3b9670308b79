"""SQLite with one trip to its thread for each statement, where aiosqlite's own cursors make four.

SQLAlchemy opens a cursor, executes, fetches all rows and closes the cursor for every statement. Each
of these costs two thread switches, more than most of our statements themselves; here they are one.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Sequence
from typing import Any, Self

import aiosqlite

Rows = list[Any]


class Cursor:
    """The rows of one statement, all of them fetched when it was executed."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._rows: Rows = []
        self.description: Any = None
        self.rowcount = -1
        self.lastrowid: int | None = None
        self.arraysize = 1

    async def __aenter__(self) -> Self:
        return self

    async def execute(self, sql: str, parameters: Sequence[Any] = ()) -> Self:
        return await self._run(lambda cursor: cursor.execute(sql, parameters))

    async def executemany(self, sql: str, parameters: Sequence[Sequence[Any]]) -> Self:
        return await self._run(lambda cursor: cursor.executemany(sql, parameters))

    async def _run(self, statement: Callable[[sqlite3.Cursor], Any]) -> Self:
        connection = self._connection

        def at_once() -> tuple[Any, Rows, int, int | None]:
            cursor = connection._conn.cursor()
            try:
                statement(cursor)
                rows = cursor.fetchall() if cursor.description else []
                return cursor.description, rows, cursor.rowcount, cursor.lastrowid
            finally:
                cursor.close()

        answer = await connection._execute(at_once)  # type: ignore[no-untyped-call] # aiosqlite's own
        self.description, self._rows, self.rowcount, self.lastrowid = answer
        return self

    async def fetchall(self) -> Rows:
        rows, self._rows = self._rows, []
        return rows

    async def fetchone(self) -> Any:
        return self._rows.pop(0) if self._rows else None

    async def fetchmany(self, size: int | None = None) -> Rows:
        taken = self._rows[: size or self.arraysize]
        del self._rows[: len(taken)]
        return taken

    async def close(self) -> None:
        self._rows = []


class Connection(aiosqlite.Connection):
    """aiosqlite's connection with its thread, and cursors of ours."""

    def cursor(self) -> Cursor:  # type: ignore[override] # theirs is a coroutine; SQLAlchemy only enters it
        return Cursor(self)


def connect(path: str) -> Connection:
    """To be awaited. The thread is a daemon, as SQLAlchemy makes it."""
    connection = Connection(
        lambda: sqlite3.connect(path, isolation_level=None, check_same_thread=False),
        iter_chunk_size=64,
    )
    connection._thread.daemon = True
    return connection
