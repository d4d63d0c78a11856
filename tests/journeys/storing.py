"""What a running Quorum's database holds."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa

from workers.storage.database import Database


async def rows(database_url: str, query: str, known: int = 0) -> list[tuple[Any, ...]]:
    """The rows of a query; `known` is its `:id`, if it has one."""
    database = Database.connect(database_url)
    try:
        found = await database.read(
            lambda conn: conn.execute(sa.text(query), {"id": known} if ":id" in query else {}).all()
        )
    finally:
        await database.close()
    return [tuple(row) for row in found]
