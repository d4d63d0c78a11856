"""Deliveries on their way into the database: many callers share one commit, and each GUID counts once."""

from __future__ import annotations

import asyncio
import time
import zlib
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncConnection

from workers.domain.work import Cancel, InstallationSeen, Want, Wish
from workers.storage.database import Database, StorageUnavailableError
from workers.storage.installations import note
from workers.storage.tables import delivery
from workers.storage.work import bump, cancel

BATCH_MAX = 64
BATCH_MAX_BYTES = 8 * 1024 * 1024
OFFLOAD_BYTES = 1024 * 1024
PRUNE_MAX = 500
UNPARSED = "unparsed"

_ADD = {
    "sqlite": sqlite.insert(delivery).on_conflict_do_nothing().returning(delivery.c.guid),
    "postgresql": postgresql.insert(delivery).on_conflict_do_nothing().returning(delivery.c.guid),
}
_KNOWN = sa.select(delivery.c.guid, delivery.c.body_sha256, delivery.c.handled_at).where(
    delivery.c.guid.in_(sa.bindparam("guids", expanding=True))
)
_AGAIN = sa.update(delivery).where(delivery.c.guid == sa.bindparam("known"))
_OLD = sa.and_(delivery.c.received_at < sa.bindparam("older_than"), delivery.c.body_zlib.is_not(None))
_PRUNE = (
    sa.update(delivery)
    .where(delivery.c.guid.in_(sa.select(delivery.c.guid).where(_OLD).limit(PRUNE_MAX)))
    .values(body_zlib=None)
)

Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Delivery:
    """One verified webhook delivery: `body` is the raw JSON, `outcome` one of wanted, noted, unparsed."""

    guid: str
    event: str
    action: str
    installation_id: int | None
    repo_id: int | None
    outcome: str
    body: bytes = field(repr=False)
    source: str = "webhook"


@dataclass(frozen=True, slots=True, eq=False)
class _Entry:
    row: Row
    size_bytes: int
    wishes: Sequence[Wish]
    done: asyncio.Future[bool]


class Intake:
    """Group commit: while one batch is on its way to disk, the next one gathers.

    `now` is the time in epoch seconds; `committed(deliveries, seconds)` is told of every commit; a delivery that
    is not on disk within `timeout_s` is given up.
    """

    def __init__(
        self,
        database: Database,
        now: Callable[[], float],
        *,
        committed: Callable[[int, float], None] = lambda _size, _seconds: None,
        timeout_s: float = 6.0,
    ) -> None:
        self._database = database
        self._now = now
        self._committed = committed
        self._timeout_s = timeout_s
        self._pending: deque[_Entry] = deque()
        self._writer: asyncio.Task[None] | None = None

    async def record(self, delivery: Delivery, wishes: Sequence[Wish]) -> bool:
        """Commit the delivery and what it asks for; False when this GUID was handled before.

        Raises StorageUnavailableError: then nothing is promised, and a redelivery is welcome.
        """
        now = self._now()
        if len(delivery.body) <= OFFLOAD_BYTES:
            row = _row(delivery, now)
        else:
            row = await asyncio.to_thread(_row, delivery, now)
        done = asyncio.get_running_loop().create_future()
        self._pending.append(_Entry(row, len(delivery.body), wishes, done))
        if self._writer is None:
            self._writer = asyncio.create_task(self._drain())
        try:
            async with asyncio.timeout(self._timeout_s):
                return bool(await done)
        except TimeoutError:
            message = f"The delivery was not committed within {self._timeout_s:g} s; the database is slow."
            raise StorageUnavailableError(message) from None

    async def close(self) -> None:
        """Wait until everything that is pending is committed or refused."""
        while self._writer is not None:
            await asyncio.wait({self._writer})

    async def prune(self, older_than: float) -> int:
        """Drop the bodies of deliveries received before `older_than` (epoch seconds); returns how many."""
        dropped = 0
        while True:
            # In portions: the receiver must not wait long for SQLite's only writer.
            async with self._database.transaction() as conn:
                count = (await conn.execute(_PRUNE, {"older_than": older_than})).rowcount
            dropped += count
            if count < PRUNE_MAX:
                return dropped

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
                size += entry.size_bytes
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
        now = self._now()
        async with self._database.transaction() as conn:
            counted = await _add(conn, [entry.row for entry in batch])
            kept = [
                wish for entry, counts in zip(batch, counted, strict=True) if counts for wish in entry.wishes
            ]
            await _grant(conn, kept, now)
        self._committed(len(batch), time.perf_counter() - started)
        return counted


def _row(item: Delivery, now: float) -> Row:
    """A row of the table; made before the commit begins, because all that wait for a commit wait for its packing."""
    return {
        "guid": item.guid,
        "event": item.event,
        "action": item.action,
        "installation_id": item.installation_id,
        "repo_id": item.repo_id,
        "body_zlib": zlib.compress(item.body, 1),
        "body_sha256": sha256(item.body).hexdigest(),
        "outcome": item.outcome,
        "source": item.source,
        "received_at": now,
        # What it asks for is committed with it, so it is handled; only what nobody understood is not.
        "handled_at": None if item.outcome == UNPARSED else now,
    }


async def _add(conn: AsyncConnection, rows: Sequence[Row]) -> list[bool]:
    """Insert the rows; which of them count: new GUIDs, and known ones that were not handled with this body."""
    # In the order of GUIDs, so that two processes with the same deliveries can't wait for each other.
    ordered = sorted(rows, key=lambda row: str(row["guid"]))
    fresh = set((await conn.scalars(_ADD[conn.dialect.name], ordered)).all())
    counted = []
    for row in rows:
        counted.append(row["guid"] in fresh)
        fresh.discard(row["guid"])
    if all(counted):
        return counted
    known = await _known(conn, [row["guid"] for row, new in zip(rows, counted, strict=True) if not new])
    counted = [
        new or known[row["guid"]] != row["body_sha256"] for row, new in zip(rows, counted, strict=True)
    ]
    await _replace(
        conn, [row for row, counts in zip(rows, counted, strict=True) if counts and row["guid"] in known]
    )
    return counted


async def _known(conn: AsyncConnection, guids: Sequence[str]) -> dict[str, str | None]:
    """Each known GUID with the hash of the body that was handled, None when none was."""
    found = await conn.execute(_KNOWN, {"guids": guids})
    return {guid: None if handled_at is None else digest for guid, digest, handled_at in found}


async def _replace(conn: AsyncConnection, rows: Sequence[Row]) -> None:
    if rows:
        await conn.execute(_AGAIN, [{**row, "known": row["guid"]} for row in rows])


async def _grant(conn: AsyncConnection, wishes: Sequence[Wish], now: float) -> None:
    # Cancels first: the order of events is not known, a want too many is a look in vain, one lost is lost.
    await note(conn, [wish for wish in wishes if isinstance(wish, InstallationSeen)])
    await cancel(conn, [wish for wish in wishes if isinstance(wish, Cancel)], now)
    await bump(conn, [wish for wish in wishes if isinstance(wish, Want)], now)
