"""One door to the database, SQLite or PostgreSQL: transactions that are durable once they are left."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager, nullcontext
from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine

from workers.storage.faults import StorageUnavailableError, passing_faults
from workers.telemetry import waiting

__all__ = ["Database", "StorageUnavailableError"]

BUSY_TIMEOUT_MS = 5_000
CONNECT_TIMEOUT_S = 5.0
COMMAND_TIMEOUT_S = 30.0
POOL_TIMEOUT_S = 5.0
POOL_SIZE = 10
READING = "quorum_reading"


class Database:
    """A pool of connections; `url` is SQLAlchemy's, of `sqlite+aiosqlite` or `postgresql+asyncpg`."""

    def __init__(self, engine: AsyncEngine) -> None:
        self._engine = engine
        self._reader = engine.execution_options(**{READING: True})
        self.dialect = engine.dialect.name
        # SQLite has one writer: waiting here costs nothing, waiting for its lock is polling.
        self._writing: AbstractAsyncContextManager[Any] = (
            asyncio.Lock() if self.dialect == "sqlite" else nullcontext()
        )

    @classmethod
    def connect(cls, url: str) -> Database:
        """Open a pool; the first connection is made when it is needed."""
        return cls(open_engine(url))

    @asynccontextmanager
    async def transaction(self) -> AsyncIterator[AsyncConnection]:
        """Write; committed to disk on leaving, rolled back on an error. Raises StorageUnavailableError."""
        with waiting("database"), passing_faults():
            async with self._writing, self._engine.begin() as connection:
                yield connection

    @asynccontextmanager
    async def reading(self) -> AsyncIterator[AsyncConnection]:
        """Read one consistent state, beside any writer. Raises StorageUnavailableError."""
        with waiting("database"), passing_faults():
            async with self._reader.begin() as connection:
                yield connection

    async def ping(self) -> None:
        """Raise StorageUnavailableError unless the database can be written."""
        async with self.transaction() as connection:
            if self.dialect == "sqlite":
                return  # BEGIN IMMEDIATE took the write lock
            answer = await connection.scalar(sa.text("SHOW transaction_read_only"))
        if answer == "on":
            raise StorageUnavailableError("The database is read-only; it may be a standby.")

    async def close(self) -> None:
        """Close every connection."""
        await self._engine.dispose()


def open_engine(url: str) -> AsyncEngine:
    """An engine with the settings that durability needs."""
    if sa.make_url(url).get_backend_name() == "sqlite":
        return _sqlite(url)
    return create_async_engine(
        url,
        pool_size=POOL_SIZE,
        pool_timeout=POOL_TIMEOUT_S,
        pool_pre_ping=True,
        connect_args={"timeout": CONNECT_TIMEOUT_S, "command_timeout": COMMAND_TIMEOUT_S},
    )


def _sqlite(url: str) -> AsyncEngine:
    engine = create_async_engine(
        url,
        pool_size=POOL_SIZE,
        pool_timeout=POOL_TIMEOUT_S,
        connect_args={"timeout": BUSY_TIMEOUT_MS / 1000, "isolation_level": None},
    )
    sa.event.listen(engine.sync_engine, "connect", _prepare_sqlite)
    sa.event.listen(engine.sync_engine, "begin", _begin_sqlite)
    return engine


def _prepare_sqlite(connection: Any, _: Any) -> None:
    cursor = connection.cursor()
    for setting in (f"busy_timeout={BUSY_TIMEOUT_MS}", "journal_mode=WAL", "synchronous=FULL"):
        cursor.execute(f"PRAGMA {setting}")
    cursor.close()


def _begin_sqlite(connection: sa.Connection) -> None:
    # A transaction that reads first and writes later would fail at once when another one writes in between.
    reading = connection.get_execution_options().get(READING, False)
    connection.exec_driver_sql("BEGIN" if reading else "BEGIN IMMEDIATE")
