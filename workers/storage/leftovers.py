"""Effects that were begun and never ended: what a killed or superseded run left open at GitHub."""

from __future__ import annotations

from dataclasses import dataclass

import sqlalchemy as sa

from workers.domain.work import Claim
from workers.storage.database import Database

UNENDED = sa.text(
    """
SELECT generation, key, remote_id FROM effect AS begun
WHERE work_key = :work_key AND kind = :begun AND state <> 'planned'
  AND NOT (generation = :generation AND key = :key)
  AND NOT EXISTS (SELECT 1 FROM effect AS ended
                  WHERE ended.work_key = begun.work_key AND ended.generation = begun.generation
                    AND ended.key = begun.key AND ended.kind = :ended AND ended.state = 'done')
ORDER BY generation
"""
)


BEGUN = sa.text(
    """
SELECT count(*) FROM effect WHERE work_key = :work_key AND kind = :kind AND key = :key AND state <> 'planned'
"""
)


@dataclass(frozen=True, slots=True)
class Leftover:
    """An effect of `kind` begun for `key` in `generation`; `remote_id` is "" when its outcome is unknown."""

    generation: int
    key: str
    remote_id: str


class Leftovers:
    """Finds what earlier runs of the same work left open."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def unended(self, claim: Claim, key: str, *, begun: str, ended: str) -> tuple[Leftover, ...]:
        """Effects of kind `begun` without an effect of kind `ended`, the present run's (`key`) excepted."""
        values = {
            "work_key": str(claim.key),
            "generation": claim.generation,
            "key": key,
            "begun": begun,
            "ended": ended,
        }
        rows = await self._database.read(lambda connection: connection.execute(UNENDED, values).all())
        return tuple(Leftover(row.generation, row.key, row.remote_id) for row in rows)

    async def begun(self, claim: Claim, kind: str, key: str) -> bool:
        """Whether any run of this work, of whichever generation, has begun such an effect."""
        values = {"work_key": str(claim.key), "kind": kind, "key": key}
        return bool(await self._database.read(lambda connection: connection.scalar(BEGUN, values)))

    async def close(self, claim: Claim, leftover: Leftover, ended: str, now: float) -> None:
        """Remember that `leftover` is ended, so that nobody ends it again."""
        values = {
            "work_key": str(claim.key),
            "generation": leftover.generation,
            "kind": ended,
            "key": leftover.key,
            "remote_id": leftover.remote_id,
            "now": now,
        }

        def write(connection: sa.Connection) -> None:
            connection.execute(CLOSE, values)

        await self._database.write(write)


CLOSE = sa.text(
    """
INSERT INTO effect (work_key, generation, kind, key, state, remote_id, changed_at)
VALUES (:work_key, :generation, :kind, :key, 'done', :remote_id, :now)
ON CONFLICT (work_key, generation, kind, key) DO UPDATE SET state = 'done', changed_at = excluded.changed_at
"""
)
