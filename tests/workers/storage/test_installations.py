"""What is kept of installation events."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa

from workers.domain.work import InstallationSeen
from workers.storage.database import Database
from workers.storage.installations import note


async def _noted(database: Database, *seen: InstallationSeen) -> sa.Row[Any]:
    async with database.transaction() as conn:
        await conn.run_sync(note, seen)
        return (await conn.execute(sa.text("SELECT * FROM installation"))).one()


async def test_the_last_news_counts(database: Database) -> None:
    row = await _noted(
        database,
        InstallationSeen(1, 5, "octo", "active", (("checks", "write"),)),
        InstallationSeen(1, 5, "octo-renamed", "suspended"),
    )
    assert (row.account, row.state) == ("octo-renamed", "suspended")


async def test_news_without_permissions_keeps_the_known_ones(database: Database) -> None:
    row = await _noted(
        database,
        InstallationSeen(1, 5, "octo", "active", (("issues", "read"), ("checks", "write"))),
        InstallationSeen(1, 5, "octo", "active"),
    )
    assert row.permissions == '{"checks": "write", "issues": "read"}'


async def test_no_news_is_nothing_written(database: Database) -> None:
    async with database.transaction() as conn:
        await conn.run_sync(note, [])
