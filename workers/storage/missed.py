"""Deliveries that GitHub could not bring: noted until they arrive, asked for again with patience, given up in the end."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import sqlalchemy as sa

from workers.storage.database import Database

TRIES_MAX = 5
WAIT_FIRST_S = 60.0
WINDOW_S = 3 * 86_400.0
"""GitHub delivers nothing again that is older."""
KEPT_S = WINDOW_S + 86_400.0

_NOTE = sa.text(
    """
INSERT INTO missed (guid, attempt_id, event, delivered_at) VALUES (:guid, :attempt_id, :event, :delivered_at)
ON CONFLICT (guid) DO UPDATE SET attempt_id = excluded.attempt_id
"""
)
_GUIDS = sa.text("SELECT guid FROM missed")
_SETTLE = sa.text("DELETE FROM missed WHERE guid = :guid")
# An answer that came too late for GitHub is a failure there, and a row here.
_ARRIVED = sa.text(
    """
DELETE FROM missed WHERE EXISTS (
  SELECT 1 FROM delivery WHERE delivery.guid = missed.guid AND delivery.handled_at IS NOT NULL)
"""
)
_FORGET = sa.text("DELETE FROM missed WHERE delivered_at < :older_than")
_DUE = sa.text(
    """
SELECT guid, attempt_id, event, delivered_at, tries FROM missed
WHERE given_up_at IS NULL AND tries < :tries_max AND not_before <= :now ORDER BY delivered_at, guid LIMIT :limit
"""
)
_NEXT = sa.text(
    """
SELECT guid, attempt_id, event, delivered_at, tries FROM missed
WHERE given_up_at IS NULL AND tries < :tries_max ORDER BY not_before, delivered_at, guid LIMIT 1
"""
)
_TRIED = sa.text("UPDATE missed SET tries = tries + :tries, not_before = :not_before WHERE guid = :guid")
_GIVE_UP = sa.text(
    """
UPDATE missed SET given_up_at = :now
WHERE given_up_at IS NULL AND ((tries >= :tries_max AND not_before <= :now) OR delivered_at < :oldest)
RETURNING guid, attempt_id, event, delivered_at, tries
"""
)
_REFUSED = sa.text("UPDATE missed SET given_up_at = :now WHERE guid = :guid")


@dataclass(frozen=True, slots=True)
class Missed:
    """A delivery without a successful attempt; `attempt_id` is the newest, `delivered_at` its time (epoch seconds)."""

    guid: str
    attempt_id: int
    event: str
    delivered_at: float
    tries: int = 0


class MissedStore:
    """What is missing. `now` gives epoch seconds."""

    def __init__(self, database: Database, now: Callable[[], float]) -> None:
        self._database = database
        self._now = now

    async def note(self, failed: Sequence[Missed], settled: Sequence[str]) -> None:
        """Remember what failed; forget what has arrived meanwhile, by GitHub's word (`settled`) or our own table."""
        rows = [_row(one) for one in sorted(failed, key=lambda one: one.guid)]
        older_than = self._now() - KEPT_S

        def note(conn: sa.Connection) -> None:
            if rows:
                conn.execute(_NOTE, rows)
            if gone := sorted(set(conn.scalars(_GUIDS)) & set(settled)):
                conn.execute(_SETTLE, [{"guid": guid} for guid in gone])
            conn.execute(_ARRIVED)
            conn.execute(_FORGET, {"older_than": older_than})

        await self._database.write(note)

    async def due(self, limit: int) -> list[Missed]:
        """What is to be asked for again now, oldest first."""
        values = {"now": self._now(), "limit": limit, "tries_max": TRIES_MAX}
        return await self._database.read(lambda conn: [Missed(*row) for row in conn.execute(_DUE, values)])

    async def next(self) -> Missed | None:
        """The one whose turn it is, due or not."""
        values = {"tries_max": TRIES_MAX}
        row = await self._database.read(lambda conn: conn.execute(_NEXT, values).first())
        return None if row is None else Missed(*row)

    async def tried(self, one: Missed) -> None:
        """It was asked for again: not before `WAIT_FIRST_S`, doubled with each time, is it tried once more."""
        await self._write(
            _TRIED, guid=one.guid, tries=1, not_before=self._now() + WAIT_FIRST_S * 2.0**one.tries
        )

    async def probed(self, one: Missed) -> None:
        """It was asked for to see whether anybody answers, which counts as no try; others are asked for first."""
        await self._write(_TRIED, guid=one.guid, tries=0, not_before=self._now())

    async def refused(self, one: Missed) -> None:
        """GitHub will never bring it."""
        await self._write(_REFUSED, guid=one.guid, now=self._now())

    async def give_up(self) -> list[Missed]:
        """What failed too often or is too old for GitHub; each is told of once."""
        now = self._now()
        values = {"now": now, "tries_max": TRIES_MAX, "oldest": now - WINDOW_S}
        return await self._database.write(
            lambda conn: [Missed(*row) for row in conn.execute(_GIVE_UP, values)]
        )

    async def _write(self, statement: sa.TextClause, **values: object) -> None:
        def write(conn: sa.Connection) -> None:
            conn.execute(statement, values)

        await self._database.write(write)


def _row(one: Missed) -> dict[str, object]:
    return {
        "guid": one.guid,
        "attempt_id": one.attempt_id,
        "event": one.event,
        "delivered_at": one.delivered_at,
    }
