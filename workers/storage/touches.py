"""Who resolved a review thread last, or opened it again, in the database."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import sqlalchemy as sa

from workers.domain.threads import Touch
from workers.domain.work import ThreadSeen
from workers.storage.database import Database
from workers.storage.seen import note_threads

TOUCHES_MAX = 2_000
"""So many threads of a pull request are looked up, those that were touched last."""

_TOUCHES = sa.text(
    """
SELECT comment_id, resolved, actor_id FROM thread WHERE repo_id = :repo_id AND number = :number
ORDER BY at DESC, comment_id LIMIT :limit
"""
)


class TouchStore:
    """What events, and we ourselves, told of threads. `now` gives epoch seconds."""

    def __init__(self, database: Database, now: Callable[[], float]) -> None:
        self._database = database
        self._now = now

    async def of_pull(self, repo_id: int, number: int) -> Mapping[int, Touch]:
        """The threads of a pull request that were ever resolved, by their first comment's id."""
        values = {"repo_id": repo_id, "number": number, "limit": TOUCHES_MAX}
        rows = await self._database.read(lambda conn: conn.execute(_TOUCHES, values).all())
        return {row.comment_id: Touch(bool(row.resolved), row.actor_id) for row in rows}

    async def note(self, seen: ThreadSeen) -> None:
        """Remember what we did to a thread: the event that tells of it may be late, or lost."""
        await self._database.write(lambda conn: note_threads(conn, [seen], self._now()))
