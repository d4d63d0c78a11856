"""Commands in the database: which are to be carried out, what each waits for, and how it ended."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import sqlalchemy as sa

from workers.domain.command import Command, CommandSeen, Progress, Source
from workers.domain.work import Want, WorkKey
from workers.storage.database import Database
from workers.storage.wants import bump

WANTED_MAX = 50
WAITING_MAX = 1_000

# Comments of one batch have one time, and ids that rise.
_WANTED = sa.text(
    """
SELECT * FROM command WHERE repo_id = :repo_id AND number = :number AND progress = 'wanted'
ORDER BY wanted_at, source_id, id LIMIT :limit
"""
)

_AWAITING = sa.text(
    """
SELECT * FROM command WHERE repo_id = :repo_id AND number = :number AND progress = 'waiting'
  AND installation_id = :installation_id AND awaited_pipeline = :pipeline AND awaited_gen <= :generation
ORDER BY wanted_at, source_id, id LIMIT :limit
"""
)

_END = sa.text(
    """
UPDATE command SET progress = :progress, replied = :replied, ended_at = :now
WHERE id = :id AND ended_at IS NULL
"""
)

_WANTED_GEN = sa.text("SELECT wanted_gen FROM work WHERE key = :key")

_AWAIT = sa.text(
    """
UPDATE command SET progress = 'waiting', awaited_gen = :generation, awaited_pipeline = :pipeline
WHERE id = :id AND ended_at IS NULL
"""
)

_REPLIES = sa.text(
    """
SELECT count(*) FROM command
WHERE repo_id = :repo_id AND number = :number AND replied = 1 AND ended_at >= :since
"""
)

_REFUSALS = sa.text(
    """
SELECT count(*) FROM command
WHERE repo_id = :repo_id AND number = :number AND progress = 'refused' AND replied = 1
  AND actor_id = :actor_id AND ended_at >= :since
"""
)


class CommandStore:
    """The commands of pull requests. `now` gives epoch seconds."""

    def __init__(self, database: Database, now: Callable[[], float]) -> None:
        self._database = database
        self._now = now

    async def wanted(self, repo_id: int, number: int) -> list[Command]:
        """Commands that nobody has looked at, oldest first, at most 50."""
        return await self._commands(_WANTED, repo_id=repo_id, number=number, limit=WANTED_MAX)

    async def end(self, command_id: str, progress: Progress, replied: bool = False) -> None:
        """The command is done with; `replied` when a comment of ours answers it. Nothing if it ended before."""
        fate = {"id": command_id, "progress": str(progress), "replied": int(replied), "now": self._now()}

        def end(conn: sa.Connection) -> None:
            conn.execute(_END, fate)

        await self._database.write(end)

    async def await_work(self, command_id: str, want: Want) -> int:
        """Want work, and let the command wait for it, both or neither; returns the generation waited for."""
        return await self._database.write(lambda conn: _await(conn, command_id, want, self._now()))

    async def awaiting(self, key: WorkKey, generation: int) -> list[Command]:
        """Commands that wait for `generation` of this work, or for an older one, oldest first."""
        return await self._commands(
            _AWAITING,
            repo_id=key.repo_id,
            number=key.number,
            installation_id=key.installation_id,
            pipeline=key.pipeline,
            generation=generation,
            limit=WAITING_MAX,
        )

    async def replies_since(self, repo_id: int, number: int, since: float) -> int:
        """How many commands were answered with a comment, from `since` (epoch seconds) on."""
        return await self._count(_REPLIES, repo_id=repo_id, number=number, since=since)

    async def refusals_since(self, repo_id: int, number: int, actor_id: int, since: float) -> int:
        """How many refusals this person was told of in a comment, from `since` (epoch seconds) on."""
        return await self._count(_REFUSALS, repo_id=repo_id, number=number, actor_id=actor_id, since=since)

    async def _commands(self, statement: sa.TextClause, **values: object) -> list[Command]:
        rows = await self._database.read(lambda conn: conn.execute(statement, values).all())
        return [_command(row) for row in rows]

    async def _count(self, statement: sa.TextClause, **values: object) -> int:
        return int(await self._database.read(lambda conn: conn.scalar(statement, values)) or 0)


def _await(conn: sa.Connection, command_id: str, want: Want, now: float) -> int:
    bump(conn, [want], now)
    generation = int(conn.execute(_WANTED_GEN, {"key": str(want.key)}).scalar_one())
    conn.execute(_AWAIT, {"id": command_id, "generation": generation, "pipeline": want.key.pipeline})
    return generation


def _command(row: sa.Row[Any]) -> Command:
    seen = CommandSeen(
        installation_id=row.installation_id,
        repo_id=row.repo_id,
        number=row.number,
        full_name=row.full_name,
        source=Source(row.source),
        source_id=row.source_id,
        actor_id=row.actor_id,
        actor=row.actor,
        name=row.name,
        arguments=row.arguments,
        problem=row.problem,
        thread_id=row.thread_id,
        from_bot=bool(row.from_bot),
        bare=bool(row.bare),
    )
    return Command(row.id, seen, Progress(row.progress), row.wanted_at)
