"""How long things are kept: a delivery's body for a week, its GUID and what ended for a month, and no ruins."""

from __future__ import annotations

import sqlalchemy as sa

from workers.storage.database import Database

DAY_S = 86_400.0
BODY_KEPT_S = 7 * DAY_S
DELIVERY_KEPT_S = 30 * DAY_S
"""GitHub delivers again what is up to three days old; a GUID older than this comes from nobody honest."""
ENDED_KEPT_S = 30 * DAY_S
SPENT_KEPT_S = 400 * DAY_S
"""The year before can be compared; budgets look back a month."""
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

# A command that nobody came to in all that time was cancelled or given up with its work.
_COMMANDS = sa.text(
    """
DELETE FROM command WHERE id IN (
  SELECT id FROM command WHERE wanted_at < :older_than AND (ended_at IS NULL OR ended_at < :older_than)
  LIMIT :limit)
"""
)

# A run that is still to come reads back what earlier ones did.
_EFFECTS = sa.text(
    """
DELETE FROM effect WHERE (work_key, generation, kind, key) IN (
  SELECT work_key, generation, kind, key FROM effect WHERE changed_at < :older_than
    AND NOT EXISTS (SELECT 1 FROM work WHERE work.key = effect.work_key
                    AND wanted_gen > done_gen AND wanted_gen > dead_gen)
  LIMIT :limit)
"""
)
_DEAD = sa.text(
    """
DELETE FROM dead WHERE (work_key, generation) IN (
  SELECT work_key, generation FROM dead WHERE at < :older_than
    AND NOT EXISTS (SELECT 1 FROM work WHERE work.key = dead.work_key
                    AND wanted_gen > done_gen AND wanted_gen > dead_gen)
  LIMIT :limit)
"""
)

_SPENT = tuple(
    sa.text(
        f"DELETE FROM {table} WHERE ({key}) IN (SELECT {key} FROM {table} WHERE at < :older_than LIMIT :limit)"  # noqa: S608
    )
    for table, key in (
        ("call", "run, position"),
        ("receipt", "run"),
        ("alert", "payer, payer_id, period, subject, channel"),
    )
)

_OF_DELETED = """
DELETE FROM {table} WHERE ({key}) IN (
  SELECT {key} FROM {table} WHERE repo_id IN ({gone}) LIMIT :limit)
"""
_DELETED = "SELECT id FROM repository WHERE state = 'deleted'"
_LEFT = """
SELECT repository.id FROM repository LEFT JOIN installation ON installation.id = repository.installation_id
WHERE repository.state = 'deleted' OR installation.state = 'deleted'
"""
_RUINS = tuple(
    sa.text(_OF_DELETED.format(table=table, key=key, gone=gone))
    for table, key, gone in (
        ("thread", "repo_id, comment_id", _DELETED),
        ("pull", "repo_id, number", _DELETED),
        ("dismissal", "repo_id, number, fingerprint", _DELETED),
        ("finding", "repo_id, number, fingerprint", _DELETED),
        ("outcome", "repo_id, number, fingerprint", _DELETED),
        ("review_round", "repo_id, number", _DELETED),
        ("configuration", "repo_id, layer", _LEFT),
    )
)


async def prune(database: Database, older_than: float) -> int:
    """Drop the bodies of deliveries received before `older_than` (epoch seconds); returns how many."""
    return await _in_portions(database, _BODIES, older_than=older_than)


async def forget(database: Database, older_than: float) -> int:
    """Delete deliveries received before `older_than` (epoch seconds); returns how many."""
    return await _in_portions(database, _DELIVERIES, older_than=older_than)


async def forget_ended(database: Database, older_than: float) -> int:
    """Delete commands, effects and given-up work that ended before `older_than` (epoch seconds); returns how many."""
    return sum(
        [
            await _in_portions(database, statement, older_than=older_than)
            for statement in (_COMMANDS, _EFFECTS, _DEAD)
        ]
    )


async def forget_spent(database: Database, older_than: float) -> int:
    """Delete calls, receipts and alerts from before `older_than` (epoch seconds); returns how many."""
    return sum([await _in_portions(database, statement, older_than=older_than) for statement in _SPENT])


async def clear_ruins(database: Database) -> int:
    """Delete what is remembered of deleted repositories, and configurations of deleted installations."""
    return sum([await _in_portions(database, statement) for statement in _RUINS])


async def retain(database: Database, now: float) -> None:
    """Keep what is to be kept at `now` (epoch seconds), and nothing else."""
    await forget(database, now - DELIVERY_KEPT_S)
    await prune(database, now - BODY_KEPT_S)
    await forget_ended(database, now - ENDED_KEPT_S)
    await forget_spent(database, now - SPENT_KEPT_S)
    await clear_ruins(database)


async def _in_portions(database: Database, statement: sa.TextClause, **values: float) -> int:
    """Run `statement` until nothing is left; the receiver must not wait long for SQLite's only writer."""
    limits = {**values, "limit": PORTION_MAX}
    total = 0
    while True:
        count = await database.write(lambda conn: conn.execute(statement, limits).rowcount)
        total += count
        if count < PORTION_MAX:
            return total
