"""Findings that somebody dropped, in the database."""

from __future__ import annotations

from collections.abc import Mapping

import sqlalchemy as sa

from workers.domain.command import Dismissal
from workers.storage.database import Database

_DISMISS = sa.text(
    """
INSERT INTO dismissal (repo_id, number, fingerprint, reason, actor_id, actor, at)
VALUES (:repo_id, :number, :fingerprint, :reason, :actor_id, :actor, :at)
ON CONFLICT (repo_id, number, fingerprint) DO UPDATE SET
  reason = excluded.reason, actor_id = excluded.actor_id, actor = excluded.actor, at = excluded.at
"""
)

_DISMISSED = sa.text(
    "SELECT fingerprint, reason, actor_id, actor, at FROM dismissal WHERE repo_id = :repo_id AND number = :number"
)


class DismissalStore:
    """The dropped findings of pull requests."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def dismiss(self, repo_id: int, number: int, dismissal: Dismissal) -> None:
        """Drop a finding of this pull request; the latest reason counts."""
        values = {
            "repo_id": repo_id,
            "number": number,
            "fingerprint": dismissal.fingerprint,
            "reason": dismissal.reason,
            "actor_id": dismissal.actor_id,
            "actor": dismissal.actor,
            "at": dismissal.at,
        }

        def dismiss(conn: sa.Connection) -> None:
            conn.execute(_DISMISS, values)

        await self._database.write(dismiss)

    async def dismissed(self, repo_id: int, number: int) -> Mapping[str, Dismissal]:
        """The dropped findings of this pull request, by fingerprint."""
        values = {"repo_id": repo_id, "number": number}
        rows = await self._database.read(lambda conn: conn.execute(_DISMISSED, values).all())
        return {row.fingerprint: Dismissal(*row) for row in rows}
