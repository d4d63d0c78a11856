"""SQLite in threads: a transaction is one hop there and one back, however many statements it has."""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from functools import partial
from typing import TYPE_CHECKING, TypeVar

import sqlalchemy as sa

from workers.storage.engines import READING, open_sqlite

if TYPE_CHECKING:
    from sqlalchemy.engine.interfaces import DBAPICursor

T = TypeVar("T")
V = TypeVar("V")
Row = Mapping[str, object]


class SqliteThreads:
    """One thread that writes and one that reads, each with a connection that is made when it is needed."""

    def __init__(self, url: sa.URL) -> None:
        self._engine = open_sqlite(url)
        self._reading = self._engine.execution_options(**{READING: True})
        self._rows: sa.PoolProxiedConnection | None = None
        self._writer = ThreadPoolExecutor(1, "sqlite-writer")
        self._reader = ThreadPoolExecutor(1, "sqlite-reader")

    async def write(self, work: Callable[[sa.Connection], T]) -> T:
        """Run `work` in a transaction, which is on disk on return. Raises the driver's errors."""
        return await _hop(self._writer, partial(_run, self._engine, work))

    async def write_prepared(self, prepare: Callable[[], V], work: Callable[[sa.Connection, V], T]) -> T:
        """`write`, with what `prepare` made just before, in the same hop."""

        def run() -> T:
            prepared = prepare()  # before the transaction: SQLite's write lock is held for the writing alone
            return _run(self._engine, lambda connection: work(connection, prepared))

        return await _hop(self._writer, run)

    async def insert(self, statement: str, rows: Sequence[Row]) -> None:
        """Insert all of them or none, by the driver alone; they are on disk on return. Raises the driver's errors."""
        await _hop(self._writer, partial(self._insert, statement, rows))

    async def read(self, work: Callable[[sa.Connection], T]) -> T:
        """Run `work` on one consistent state. Raises the driver's errors."""
        return await _hop(self._reader, partial(_run, self._reading, work))

    async def close(self) -> None:
        """Wait for what is under way and close both connections."""
        await asyncio.to_thread(self._close)

    def _insert(self, statement: str, rows: Sequence[Row]) -> None:
        try:
            with ExitStack() as undoing:
                connection = self._rows or self._engine.raw_connection()
                self._rows = None
                undoing.callback(connection.close)  # which rolls back what was not committed
                _execute(connection.cursor(), statement, rows)
                undoing.pop_all()
        except sqlite3.Error as error:  # of connecting, too
            told = sa.exc.DBAPIError.instance(statement, None, error, sqlite3.Error, hide_parameters=True)
            raise told from error
        self._rows = connection  # for the next: to take one from the pool and back is as dear as the row

    def _close(self) -> None:
        self._writer.shutdown()
        self._reader.shutdown()
        if self._rows is not None:
            self._rows.close()
        self._engine.dispose()


async def _hop(thread: ThreadPoolExecutor, work: Callable[[], T]) -> T:
    return await asyncio.get_running_loop().run_in_executor(thread, work)


def _run(engine: sa.Engine, work: Callable[[sa.Connection], T]) -> T:
    with engine.begin() as connection:
        return work(connection)


def _execute(cursor: DBAPICursor, statement: str, rows: Sequence[Row]) -> None:
    if len(rows) == 1:
        cursor.execute(statement, rows[0])
        return
    cursor.execute("BEGIN IMMEDIATE")
    cursor.executemany(statement, rows)
    cursor.execute("COMMIT")
