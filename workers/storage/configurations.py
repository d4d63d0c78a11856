"""The last valid configuration of a repository, in the database: in force while a broken one is in its place."""

from __future__ import annotations

from collections.abc import Callable

import sqlalchemy as sa

from workers.domain.memory import KeptConfig
from workers.storage.database import Database

_KEEP = sa.text(
    """
INSERT INTO configuration (repo_id, layer, origin, blob_sha, text, at)
VALUES (:repo_id, :layer, :origin, :blob_sha, :text, :now)
ON CONFLICT (repo_id, layer) DO UPDATE SET
  origin = excluded.origin, blob_sha = excluded.blob_sha, text = excluded.text, at = excluded.at
"""
)

_LAST = sa.text(
    "SELECT origin, blob_sha, text FROM configuration WHERE repo_id = :repo_id AND layer = :layer"
)


class ConfigurationStore:
    """What was valid last, a file a layer ("repository", "organisation"). `now` gives epoch seconds."""

    def __init__(self, database: Database, now: Callable[[], float]) -> None:
        self._database = database
        self._now = now

    async def keep(self, repo_id: int, layer: str, kept: KeptConfig) -> None:
        """Keep a valid file in place of the one before; nothing is written for one that is kept already."""
        last = await self.last(repo_id, layer)
        if last is not None and last.blob_sha == kept.blob_sha:
            return
        values = {
            "repo_id": repo_id,
            "layer": layer,
            "origin": kept.origin,
            "blob_sha": kept.blob_sha,
            "text": kept.text,
            "now": self._now(),
        }

        def keep(conn: sa.Connection) -> None:
            conn.execute(_KEEP, values)

        await self._database.write(keep)

    async def last(self, repo_id: int, layer: str) -> KeptConfig | None:
        """The file that was valid last; None if none ever was."""
        values = {"repo_id": repo_id, "layer": layer}
        row = await self._database.read(lambda conn: conn.execute(_LAST, values).first())
        return None if row is None else KeptConfig(*row)
