"""What we deliver as pull requests, and which commits on branches are ours, in the database."""

from __future__ import annotations

from collections.abc import Callable

import sqlalchemy as sa

from workers.domain.delivery import Remembered
from workers.storage.database import Database

COMMIT = "commit"
"""The kind of the effects whose id is the sha of a commit that we made."""

_READ = sa.text(
    "SELECT branch, tip_sha, number, state, why FROM topic WHERE repo_id = :repo_id AND name = :name"
)

_SAVE = sa.text(
    """
INSERT INTO topic (repo_id, name, branch, tip_sha, number, state, why, changed_at)
VALUES (:repo_id, :name, :branch, :tip_sha, :number, :state, :why, :now)
ON CONFLICT (repo_id, name) DO UPDATE SET
  branch = excluded.branch, tip_sha = excluded.tip_sha, number = excluded.number, state = excluded.state,
  why = excluded.why, changed_at = excluded.changed_at
"""
)

# Asked only when a branch is not where it was left, so a scan will do; the order of texts is each database's own.
_MADE = sa.text(
    """
SELECT 1 FROM effect WHERE kind = :kind AND remote_id = :sha AND work_key LIKE :ours LIMIT 1
"""
)


class TopicStore:
    """The topics of repositories. `now` gives epoch seconds."""

    def __init__(self, database: Database, now: Callable[[], float]) -> None:
        self._database = database
        self._now = now

    async def read(self, repo_id: int, name: str) -> Remembered | None:
        """What is remembered of a topic; None of one that was never delivered."""
        values = {"repo_id": repo_id, "name": name}
        row = await self._database.read(lambda conn: conn.execute(_READ, values).first())
        return None if row is None else Remembered(*row)

    async def save(self, repo_id: int, name: str, known: Remembered) -> None:
        """Remember this of a topic from now on."""
        values = {
            "repo_id": repo_id,
            "name": name,
            "branch": known.branch,
            "tip_sha": known.tip_sha,
            "number": known.number,
            "state": known.state,
            "why": known.why,
            "now": self._now(),
        }

        def save(conn: sa.Connection) -> None:
            conn.execute(_SAVE, values)

        await self._database.write(save)

    async def made(self, installation_id: int, repo_id: int, sha: str) -> bool:
        """Whether the ledger says that we made this commit: a run may have died before its topic was saved."""
        values = {"kind": COMMIT, "sha": sha, "ours": f"{installation_id}:{repo_id}:%"}
        row = await self._database.read(lambda conn: conn.execute(_MADE, values).first())
        return row is not None
