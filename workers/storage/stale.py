"""Check runs that were begun and never ended, and that no run will end: nothing is wanted there any more."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import sqlalchemy as sa

from workers.domain.work import WorkKey
from workers.storage.database import Database
from workers.storage.leftovers import CLOSE
from workers.storage.wants import OPEN

# Wanted work ends what earlier runs left, by itself. Given-up work says so on its pull request before its time is over.
_STALE = sa.text(
    f"""
SELECT begun.work_key, begun.generation, begun.key, begun.remote_id, work.full_name
FROM effect AS begun JOIN work ON work.key = begun.work_key
WHERE begun.kind = :begun AND begun.state <> 'planned' AND begun.changed_at < :before
  AND NOT ({OPEN}) AND work.lease_until < :now
  AND NOT EXISTS (SELECT 1 FROM effect AS ended
                  WHERE ended.work_key = begun.work_key AND ended.generation = begun.generation
                    AND ended.key = begun.key AND ended.kind = :ended AND ended.state = 'done')
ORDER BY begun.changed_at, begun.work_key LIMIT :limit
"""  # noqa: S608 - composed of constants
)


@dataclass(frozen=True, slots=True)
class StaleCheck:
    """A check run of ours without work behind it; `remote_id` is "" when nobody knows whether it was made."""

    key: WorkKey
    generation: int
    head_sha: str
    remote_id: str
    full_name: str


class StaleStore:
    """What is left of runs at pull requests where nothing is wanted. `now` gives epoch seconds."""

    def __init__(self, database: Database, now: Callable[[], float]) -> None:
        self._database = database
        self._now = now

    async def checks(self, begun: str, ended: str, *, older_than_s: float, limit: int) -> list[StaleCheck]:
        """Effects of kind `begun` without one of kind `ended` and without work, oldest first."""
        now = self._now()
        values = {"begun": begun, "ended": ended, "now": now, "before": now - older_than_s, "limit": limit}
        rows = await self._database.read(lambda conn: conn.execute(_STALE, values).all())
        return [StaleCheck(WorkKey.parse(row[0]), *row[1:]) for row in rows]

    async def close(self, check: StaleCheck, ended: str) -> None:
        """Remember that it is ended, so that nobody ends it again."""
        values = {
            "work_key": str(check.key),
            "generation": check.generation,
            "kind": ended,
            "key": check.head_sha,
            "remote_id": check.remote_id,
            "now": self._now(),
        }

        def close(conn: sa.Connection) -> None:
            conn.execute(CLOSE, values)

        await self._database.write(close)
