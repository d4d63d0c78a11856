"""Group commit: many deliveries on their way into the database share one transaction."""

from __future__ import annotations

import asyncio
import time
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Protocol

import sqlalchemy as sa

from workers.domain.work import Wish
from workers.storage.database import StorageUnavailableError
from workers.storage.deliveries import Arrival, Delivery, keep, pack
from workers.storage.faults import ConflictError

BATCH_MAX = 64
BATCH_MAX_BYTES = 8 * 1024 * 1024
TRIES_MAX = 3


class Store(Protocol):
    """Where transactions are committed."""

    async def write_prepared(
        self,
        prepare: Callable[[], list[Arrival]],
        work: Callable[[sa.Connection, list[Arrival]], list[bool]],
    ) -> list[bool]:
        """Prepare in a thread, then write in a transaction that is on disk on return.

        Raises StorageUnavailableError.
        """
        ...


@dataclass(frozen=True, slots=True, eq=False)
class _Entry:
    delivery: Delivery
    wishes: Sequence[Wish]
    received_at: float
    done: asyncio.Future[bool]


class Intake:
    """Group commit: while one batch is on its way to disk, the next one gathers.

    `now` is the time in epoch seconds; `committed(deliveries, seconds)` is told of every commit; a delivery that
    is not on disk within `timeout_s` is given up.
    """

    def __init__(
        self,
        store: Store,
        now: Callable[[], float],
        *,
        committed: Callable[[int, float], None] = lambda _size, _seconds: None,
        timeout_s: float = 6.0,
    ) -> None:
        self._store = store
        self._now = now
        self._committed = committed
        self._timeout_s = timeout_s
        self._pending: deque[_Entry] = deque()
        self._writer: asyncio.Task[None] | None = None

    async def record(self, delivery: Delivery, wishes: Sequence[Wish]) -> bool:
        """Commit the delivery and what it asks for; False when this GUID was handled before.

        Raises StorageUnavailableError: then nothing is promised, and a redelivery is welcome.
        """
        loop = asyncio.get_running_loop()
        done: asyncio.Future[bool] = loop.create_future()
        self._pending.append(_Entry(delivery, wishes, self._now(), done))
        if self._writer is None:
            self._writer = asyncio.create_task(self._drain())
        deadline = loop.call_later(self._timeout_s, self._give_up, done)
        try:
            return await done
        finally:
            deadline.cancel()

    async def close(self) -> None:
        """Wait until everything that is pending is committed or refused."""
        while self._writer is not None:
            await asyncio.wait({self._writer})

    def _give_up(self, done: asyncio.Future[bool]) -> None:
        if not done.done():
            message = f"The delivery was not committed within {self._timeout_s:g} s; the database is slow."
            done.set_exception(StorageUnavailableError(message))

    async def _drain(self) -> None:
        while batch := self._batch():
            await self._settle(batch)
        self._writer = None

    def _batch(self) -> list[_Entry]:
        """The next entries, oldest first. Nobody waits any more for those that are done: they gave up."""
        batch: list[_Entry] = []
        size = 0
        while self._pending and len(batch) < BATCH_MAX and size < BATCH_MAX_BYTES:
            entry = self._pending.popleft()
            if not entry.done.done():
                batch.append(entry)
                size += len(entry.delivery.body)
        return batch

    async def _settle(self, batch: Sequence[_Entry]) -> None:
        """Commit and tell every caller; when one row spoils a batch, each is tried alone."""
        (result,) = await asyncio.gather(self._commit(batch), return_exceptions=True)
        if not isinstance(result, BaseException):
            for entry, counted in zip(batch, result, strict=True):
                if not entry.done.done():
                    entry.done.set_result(counted)
        elif len(batch) > 1 and not isinstance(result, StorageUnavailableError):
            for entry in batch:
                await self._settle([entry])
        else:
            for entry in batch:
                if not entry.done.done():
                    entry.done.set_exception(result)

    async def _commit(self, batch: Sequence[_Entry]) -> list[bool]:
        started = time.perf_counter()
        counted = await self._write(batch, TRIES_MAX)
        self._committed(len(batch), time.perf_counter() - started)
        return counted

    async def _write(self, batch: Sequence[_Entry], tries: int) -> list[bool]:
        """Work is locked in order, but rows that two transactions make at once can't be: then one of them tries again."""
        now = self._now()
        try:
            return await self._store.write_prepared(
                lambda: [pack(entry.delivery, entry.wishes, entry.received_at) for entry in batch],
                lambda conn, arrivals: keep(conn, arrivals, now),
            )
        except ConflictError:
            if tries <= 1:
                raise
        return await self._write(batch, tries - 1)
