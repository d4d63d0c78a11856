"""How long deliveries are kept: the body for a week, the GUID for as long as GitHub might deliver again, and more."""

from __future__ import annotations

import sqlalchemy as sa

from workers.storage.database import Database

DAY_S = 86_400.0
BODY_KEPT_S = 7 * DAY_S
DELIVERY_KEPT_S = 30 * DAY_S
"""GitHub delivers again what is up to three days old; a GUID older than this comes from nobody honest."""
PORTION_MAX = 500

_BODIES = sa.text(
    """
UPDATE delivery SET body_zlib = NULL WHERE guid IN (
  SELECT guid FROM delivery WHERE received_at < :older_than AND body_zlib IS NOT NULL LIMIT :limit)
"""
)
_DELIVERIES = sa.text(
    """
DELETE FROM delivery WHERE guid IN (SELECT guid FROM delivery WHERE received_at < :older_than LIMIT :limit)
"""
)


async def prune(database: Database, older_than: float) -> int:
    """Drop the bodies of deliveries received before `older_than` (epoch seconds); returns how many."""
    return await _in_portions(database, _BODIES, older_than)


async def forget(database: Database, older_than: float) -> int:
    """Delete deliveries received before `older_than` (epoch seconds); returns how many."""
    return await _in_portions(database, _DELIVERIES, older_than)


async def retain(database: Database, now: float) -> None:
    """Keep what is to be kept at `now` (epoch seconds), and nothing else."""
    await forget(database, now - DELIVERY_KEPT_S)
    await prune(database, now - BODY_KEPT_S)


async def _in_portions(database: Database, statement: sa.TextClause, older_than: float) -> int:
    """Run `statement` until nothing is left; the receiver must not wait long for SQLite's only writer."""
    limits = {"older_than": older_than, "limit": PORTION_MAX}
    total = 0
    while True:
        count = await database.write(lambda conn: conn.execute(statement, limits).rowcount)
        total += count
        if count < PORTION_MAX:
            return total
