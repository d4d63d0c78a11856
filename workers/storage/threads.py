"""SQLite in threads: a transaction is one hop there and one back, however many statements it has."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

import sqlalchemy as sa

from workers.storage.engines import READING, open_sqlite

T = TypeVar("T")
V = TypeVar("V")


class SqliteThreads:
    """One thread that writes and one that reads, each with a connection that is made when it is needed."""

    def __init__(self, url: sa.URL) -> None:
        self._engine = open_sqlite(url)
        self._reading = self._engine.execution_options(**{READING: True})
        self._writer = ThreadPoolExecutor(1, "sqlite-writer")
        self._reader = ThreadPoolExecutor(1, "sqlite-reader")

    async def write(self, work: Callable[[sa.Connection], T]) -> T:
        """Run `work` in a transaction, which is on disk on return. Raises the driver's errors."""
        return await asyncio.get_running_loop().run_in_executor(self._writer, _run, self._engine, work)

    async def write_prepared(self, prepare: Callable[[], V], work: Callable[[sa.Connection, V], T]) -> T:
        """`write`, with what `prepare` made just before, in the same hop."""

        def run() -> T:
            prepared = prepare()  # before the transaction: SQLite's write lock is held for the writing alone
            return _run(self._engine, lambda connection: work(connection, prepared))

        return await asyncio.get_running_loop().run_in_executor(self._writer, run)

    async def read(self, work: Callable[[sa.Connection], T]) -> T:
        """Run `work` on one consistent state. Raises the driver's errors."""
        return await asyncio.get_running_loop().run_in_executor(self._reader, _run, self._reading, work)

    async def close(self) -> None:
        """Wait for what is under way and close both connections."""
        await asyncio.to_thread(self._close)

    def _close(self) -> None:
        self._writer.shutdown()
        self._reader.shutdown()
        self._engine.dispose()


def _run(engine: sa.Engine, work: Callable[[sa.Connection], T]) -> T:
    with engine.begin() as connection:
        return work(connection)
