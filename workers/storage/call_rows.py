"""Rows of model calls on their way into the ledger: many calls that end at once share one transaction."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Sequence
from typing import NamedTuple

from workers.storage.database import Database, StorageUnavailableError
from workers.storage.threads import Row

BATCH_MAX = 64

_RECORD = """
INSERT INTO call (run, position, installation_id, repo_id, number, pipeline, generation, head_sha, stage, model,
                  outcome, calls, input_tokens, cached_tokens, written_tokens, output_tokens, cost_micros,
                  estimated_micros, seconds, provider, reason, user_id, at)
VALUES (:run, :position, :installation_id, :repo_id, :number, :pipeline, :generation, :head_sha, :stage, :model,
        :outcome, :calls, :input_tokens, :cached_tokens, :written_tokens, :output_tokens, :cost_micros,
        :estimated_micros, :seconds, :provider, :reason, :user_id, :now)
ON CONFLICT (run, position) DO NOTHING
"""


class _Entry(NamedTuple):
    row: Row
    done: asyncio.Future[None]


class CallRows:
    """Group commit: while one batch is on its way to disk, the next one gathers."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._pending: deque[_Entry] = deque()
        self._spoiled: deque[_Entry] = deque()
        self._batch: Sequence[_Entry] = ()
        self._writing: asyncio.Task[None] | None = None

    async def add(self, row: Row) -> None:
        """Keep `row`, which is on disk on return. Raises StorageUnavailableError."""
        entry = _Entry(row, asyncio.get_running_loop().create_future())
        self._pending.append(entry)
        if self._writing is None:
            self._begin()
        await entry.done

    def _begin(self) -> None:
        """The task begins a moment later: rows that come until then are in the batch."""
        self._writing = asyncio.create_task(self._write())
        self._writing.add_done_callback(self._written)

    async def _write(self) -> None:
        # Rows that nobody waits for any more are written all the same: those calls were made.
        self._batch = self._next()
        rows = [entry.row for entry in self._batch]
        await self._database.insert(_RECORD, rows)
        for entry in self._batch:
            _tell(entry.done, None)

    def _next(self) -> Sequence[_Entry]:
        """First what shared a batch with a row that can't be kept, each alone."""
        if self._spoiled:
            return [self._spoiled.popleft()]
        return [self._pending.popleft() for _ in range(min(BATCH_MAX, len(self._pending)))]

    def _written(self, writing: asyncio.Task[None]) -> None:
        """Tell every caller of a failure; when one row spoils a batch, each is tried alone."""
        broken_off = StorageUnavailableError("The writing was broken off.")
        error = broken_off if writing.cancelled() else writing.exception()
        if error is not None and len(self._batch) > 1 and not isinstance(error, StorageUnavailableError):
            self._spoiled.extend(self._batch)
        elif error is not None:
            for entry in self._batch:
                _tell(entry.done, error)
        self._writing = None
        if self._spoiled or self._pending:
            self._begin()


def _tell(waiting: asyncio.Future[None], error: BaseException | None) -> None:
    if waiting.done():
        return
    if error is None:
        waiting.set_result(None)
    else:
        waiting.set_exception(error)
