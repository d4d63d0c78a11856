"""What is remembered of a pull request between two runs, in the database."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import sqlalchemy as sa

from workers.domain.memory import Paused, PullMemory, Said
from workers.storage.database import Database

_READ = sa.text("SELECT * FROM pull WHERE repo_id = :repo_id AND number = :number")

_PAUSE = sa.text(
    """
INSERT INTO pull (repo_id, number, paused_at, paused_by) VALUES (:repo_id, :number, :now, :actor)
ON CONFLICT (repo_id, number) DO UPDATE SET paused_at = excluded.paused_at, paused_by = excluded.paused_by
"""
)

_RESUME = sa.text(
    """
UPDATE pull SET paused_at = NULL, paused_by = '', pushes = 0 WHERE repo_id = :repo_id AND number = :number
"""
)

_SAID = sa.text(
    """
INSERT INTO pull (repo_id, number, said_head_sha, said_base_sha, said_verdict, said_reason, said_at)
VALUES (:repo_id, :number, :head_sha, :base_sha, :verdict, :reason, :now)
ON CONFLICT (repo_id, number) DO UPDATE SET
  said_head_sha = excluded.said_head_sha, said_base_sha = excluded.said_base_sha,
  said_verdict = excluded.said_verdict, said_reason = excluded.said_reason, said_at = excluded.said_at
"""
)

_COUNT_PUSH = sa.text(
    """
INSERT INTO pull (repo_id, number, pushes) VALUES (:repo_id, :number, 1)
ON CONFLICT (repo_id, number) DO UPDATE SET pushes = pull.pushes + 1
RETURNING pushes
"""
)


class PullStore:
    """The memory of pull requests. `now` gives epoch seconds."""

    def __init__(self, database: Database, now: Callable[[], float]) -> None:
        self._database = database
        self._now = now

    async def read(self, repo_id: int, number: int) -> PullMemory:
        """What is remembered; an empty memory of one that nothing is known of."""
        values = {"repo_id": repo_id, "number": number}
        row = await self._database.read(lambda conn: conn.execute(_READ, values).first())
        return PullMemory() if row is None else _memory(row)

    async def pause(self, repo_id: int, number: int, actor: str) -> None:
        """Review by itself no more; `actor` is who asked for that, "" for nobody."""
        await self._execute(_PAUSE, repo_id=repo_id, number=number, actor=actor, now=self._now())

    async def resume(self, repo_id: int, number: int) -> None:
        """Review by itself again; pushes are counted from 0."""
        await self._execute(_RESUME, repo_id=repo_id, number=number)

    async def said(self, repo_id: int, number: int, said: Said) -> None:
        """Remember what was said last."""
        await self._execute(
            _SAID,
            repo_id=repo_id,
            number=number,
            head_sha=said.head_sha,
            base_sha=said.base_sha,
            verdict=said.verdict,
            reason=said.reason,
            now=self._now(),
        )

    async def count_push(self, repo_id: int, number: int) -> int:
        """Count one more head that is reviewed by itself; returns how many there were."""
        values = {"repo_id": repo_id, "number": number}
        return await self._database.write(lambda conn: int(conn.execute(_COUNT_PUSH, values).scalar_one()))

    async def _execute(self, statement: sa.TextClause, **values: object) -> None:
        def execute(conn: sa.Connection) -> None:
            conn.execute(statement, values)

        await self._database.write(execute)


def _memory(row: sa.Row[Any]) -> PullMemory:
    said = Said(row.said_head_sha, row.said_base_sha, row.said_verdict, row.said_reason)
    return PullMemory(
        said=said if row.said_at else None,
        paused=None if row.paused_at is None else Paused(row.paused_by, row.paused_at),
        pushes=row.pushes,
    )
