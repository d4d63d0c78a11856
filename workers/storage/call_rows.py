"""Rows of model calls on their way into the ledger: many calls that end at once share one transaction."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Mapping, Sequence
from typing import NamedTuple

import sqlalchemy as sa

from workers.storage.database import Database, StorageUnavailableError

BATCH_MAX = 64

Row = Mapping[str, object]

_RECORD = sa.text(
    """
INSERT INTO call (run, position, installation_id, repo_id, number, pipeline, generation, head_sha, stage, model,
                  outcome, calls, input_tokens, cached_tokens, written_tokens, output_tokens, cost_micros,
                  estimated_micros, seconds, provider, reason, user_id, at)
VALUES (:run, :position, :installation_id, :repo_id, :number, :pipeline, :generation, :head_sha, :stage, :model,
        :outcome, :calls, :input_tokens, :cached_tokens, :written_tokens, :output_tokens, :cost_micros,
        :estimated_micros, :seconds, :provider, :reason, :user_id, :now)
ON CONFLICT (run, position) DO NOTHING
"""
)


class _Entry(NamedTuple):
    row: Row
    done: asyncio.Future[None]


class CallRows:
    """Group commit: while one batch is on its way to disk, the next one gathers."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._pending: deque[_Entry] = deque()
        self._writer: asyncio.Task[None] | None = None

    async def add(self, row: Row) -> None:
        """Keep `row`, which is on disk on return. Raises StorageUnavailableError."""
        entry = _Entry(row, asyncio.get_running_loop().create_future())
        self._pending.append(entry)
        if self._writer is None:
            self._writer = asyncio.create_task(self._drain())
        await entry.done

    async def _drain(self) -> None:
        while self._pending:
            count = min(BATCH_MAX, len(self._pending))
            # Rows that nobody waits for any more are written all the same: those calls were made.
            await self._settle([self._pending.popleft() for _ in range(count)])
        self._writer = None

    async def _settle(self, batch: Sequence[_Entry]) -> None:
        """Commit and tell every caller; when one row spoils a batch, each is tried alone."""
        (error,) = await asyncio.gather(self._write(batch), return_exceptions=True)
        if error is not None and len(batch) > 1 and not isinstance(error, StorageUnavailableError):
            for entry in batch:
                await self._settle([entry])
            return
        for entry in batch:
            _tell(entry.done, error)

    async def _write(self, batch: Sequence[_Entry]) -> None:
        rows = [entry.row for entry in batch]
        await self._database.write(lambda connection: _insert(connection, rows))


def _insert(connection: sa.Connection, rows: Sequence[Row]) -> None:
    # One row alone takes the driver's shorter way.
    connection.execute(_RECORD, rows if len(rows) > 1 else rows[0])


def _tell(waiting: asyncio.Future[None], error: BaseException | None) -> None:
    if waiting.done():
        return
    if error is None:
        waiting.set_result(None)
    else:
        waiting.set_exception(error)
