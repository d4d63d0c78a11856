"""What is kept of installation events."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa

from tests.workers.storage.telling import repository, rows, tell
from tests.workers.storage.wanting import Desk, want
from workers.domain.work import AccountSeen, InstallationSeen
from workers.storage import tables
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


async def test_a_deleted_installation_wants_nothing(database: Database) -> None:
    desk = Desk(database)
    await desk.want(want(1), want(1, pipeline="command"), want(2, installation_id=2))
    await tell(database, InstallationSeen(1, 5, "octo", "deleted"))
    await tell(database, InstallationSeen(1, 5, "octo", "active"))
    assert await desk.claimed() == [2]


async def test_work_of_a_suspended_installation_is_kept_until_it_is_active_again(database: Database) -> None:
    desk = Desk(database)
    await desk.want(want(1))
    await tell(database, InstallationSeen(1, 5, "octo", "suspended"))
    assert await desk.claimed() == []
    await tell(database, InstallationSeen(1, 5, "octo", "active"))
    assert await desk.claimed() == [1]


async def test_a_renamed_account_renames_what_it_owns(database: Database) -> None:
    desk = Desk(database)
    await desk.want(want(1))
    await tell(database, InstallationSeen(1, 5, "octo", "active"), repository())
    await tell(database, AccountSeen(5, "hexa"))
    claim = await desk.store.claim()
    assert claim is not None
    assert claim.full_name == "hexa/repo"
    assert [row.account for row in await rows(database, tables.installation)] == ["hexa"]
    assert [row.full_name for row in await rows(database, tables.repository)] == ["hexa/repo"]


async def test_other_accounts_keep_their_names(database: Database) -> None:
    desk = Desk(database)
    await desk.want(want(1))
    await tell(database, InstallationSeen(1, 5, "octo", "active"), repository())
    await tell(database, AccountSeen(6, "hexa"))
    claim = await desk.store.claim()
    assert claim is not None
    assert claim.full_name == "octo/repo"
