"""One door to the database, SQLite or PostgreSQL: transactions that are durable once they are left."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager, nullcontext
from functools import cached_property
from typing import TYPE_CHECKING, Any, TypeVar

import sqlalchemy as sa

from workers.storage.engines import READING, open_engine
from workers.storage.faults import StorageUnavailableError, faults_of, passing_faults
from workers.storage.threads import Row, SqliteThreads
from workers.telemetry import waiting

if TYPE_CHECKING:
    from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

__all__ = ["Database", "StorageUnavailableError"]

T = TypeVar("T")
V = TypeVar("V")


class Database:
    """Connections, each made when it is needed; `url` is of `sqlite+aiosqlite` or `postgresql+asyncpg`.

    `write` and `read` take a function of a plain connection: on SQLite they are one hop to a thread and back, where
    `transaction` and `reading`, for coroutines, hop with every statement.
    """

    def __init__(self, url: str) -> None:
        self._url = sa.make_url(url)
        self.dialect = self._url.get_backend_name()
        sqlite = self.dialect == "sqlite"
        self._faults = faults_of(self.dialect)
        self._threads = SqliteThreads(self._url) if sqlite else None
        # SQLite has one writer: waiting here costs nothing, waiting for its lock is polling.
        self._writing: AbstractAsyncContextManager[Any] = asyncio.Lock() if sqlite else nullcontext()

    @classmethod
    def connect(cls, url: str) -> Database:
        """The database at `url`; the first connection is made when it is needed."""
        return cls(url)

    @cached_property
    def _engine(self) -> AsyncEngine:
        return open_engine(self._url)

    async def write(self, work: Callable[[sa.Connection], T]) -> T:
        """Run `work` in a transaction; committed to disk on return, rolled back on an error.

        `work` may run in a thread and may not outlive its connection. Raises StorageUnavailableError.
        """
        if self._threads is None:
            async with self.transaction() as connection:
                return await connection.run_sync(work)
        with waiting("database"), passing_faults(self._faults):
            async with self._writing:
                return await self._threads.write(work)

    async def insert(self, statement: str, rows: Sequence[Row]) -> None:
        """Insert `rows`, all or none, by a statement with their names (`:name`); committed to disk on return.

        On SQLite they take the driver's own way, in half the time of `write`. Raises StorageUnavailableError.
        """
        if self._threads is None:
            text, given = sa.text(statement), rows if len(rows) > 1 else rows[0]
            await self.write(lambda connection: connection.execute(text, given))
            return
        with waiting("database"), passing_faults(self._faults):
            async with self._writing:
                await self._threads.insert(statement, rows)

    async def write_prepared(self, prepare: Callable[[], V], work: Callable[[sa.Connection, V], T]) -> T:
        """`write`, with what `prepare` made in a thread: no lock is held and no coroutine waits meanwhile."""
        if self._threads is None:
            prepared = await asyncio.to_thread(prepare)
            return await self.write(lambda connection: work(connection, prepared))
        with waiting("database"), passing_faults(self._faults):
            async with self._writing:
                return await self._threads.write_prepared(prepare, work)

    async def read(self, work: Callable[[sa.Connection], T]) -> T:
        """Run `work` on one consistent state, beside any writer. Raises StorageUnavailableError."""
        if self._threads is None:
            async with self.reading() as connection:
                return await connection.run_sync(work)
        with waiting("database"), passing_faults(self._faults):
            return await self._threads.read(work)

    @asynccontextmanager
    async def transaction(self) -> AsyncIterator[AsyncConnection]:
        """Write; committed to disk on leaving, rolled back on an error. Raises StorageUnavailableError."""
        with waiting("database"), passing_faults(self._faults):
            async with self._writing, self._engine.begin() as connection:
                yield connection

    @asynccontextmanager
    async def reading(self) -> AsyncIterator[AsyncConnection]:
        """Read one consistent state, beside any writer. Raises StorageUnavailableError."""
        with waiting("database"), passing_faults(self._faults):
            async with self._engine.execution_options(**{READING: True}).begin() as connection:
                yield connection

    async def ping(self) -> None:
        """Raise StorageUnavailableError unless the database can be written."""
        # SQLite's write lock is taken by the transaction itself; PostgreSQL may be a standby.
        answer = await self.write(_read_only if self.dialect == "postgresql" else _nothing)
        if answer == "on":
            raise StorageUnavailableError("The database is read-only; it may be a standby.")

    async def close(self) -> None:
        """Close every connection."""
        if self._threads is not None:
            await self._threads.close()
        if "_engine" in self.__dict__:  # else no coroutine ever needed it
            await self._engine.dispose()


def _read_only(connection: sa.Connection) -> str:
    return str(connection.scalar(sa.text("SHOW transaction_read_only")))


def _nothing(_: sa.Connection) -> str:
    return ""
