"""Migrations, on both databases."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest
import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext

from tests.workers.storage.wanting import want
from workers.domain.errors import UserError
from workers.storage.database import Database
from workers.storage.engines import open_engine
from workers.storage.migrate import migrate, revert
from workers.storage.tables import metadata
from workers.storage.work import bump


async def _names(url: str) -> set[str]:
    engine = open_engine(url)
    async with engine.begin() as conn:
        names = await conn.run_sync(lambda sync: set(sa.inspect(sync).get_table_names()))
    await engine.dispose()
    return names


async def test_migrations_make_the_tables_that_the_code_knows(empty_url: str) -> None:
    def differences(sync: sa.Connection) -> object:
        # SQLite tells an empty text as '' in quotes, which alembic takes for another default.
        defaults = sync.dialect.name == "postgresql"
        context = MigrationContext.configure(sync, opts={"compare_server_default": defaults})
        return compare_metadata(context, metadata)

    await migrate(empty_url)
    engine = open_engine(empty_url)
    async with engine.begin() as conn:
        assert await conn.run_sync(differences) == []
    await engine.dispose()


async def test_up_down_up_with_rows(empty_url: str) -> None:
    await migrate(empty_url)
    database = Database.connect(empty_url)
    async with database.transaction() as conn:
        await conn.run_sync(bump, [want(number) for number in range(5)], 1.0)
    await database.close()
    await migrate(empty_url)  # nothing to do, nothing lost
    await revert(empty_url, "base")
    assert await _names(empty_url) == {"alembic_version"}
    await migrate(empty_url)
    assert await _names(empty_url) == {"alembic_version", *metadata.tables}


async def test_a_second_migration_keeps_the_rows(empty_url: str) -> None:
    await migrate(empty_url)
    database = Database.connect(empty_url)
    async with database.transaction() as conn:
        await conn.run_sync(bump, [want()], 1.0)
    await migrate(empty_url)
    async with database.reading() as conn:
        assert await conn.scalar(sa.text("SELECT count(*) FROM work")) == 1
    await database.close()


async def test_several_processes_may_migrate_at_once(empty_url: str) -> None:
    await asyncio.gather(*(migrate(empty_url) for _ in range(4)))
    assert "work" in await _names(empty_url)


async def test_a_folder_that_can_not_be_made_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(UserError, match=r"Cannot make .*/file/data for the database: Not a directory\.$"):
        await migrate(f"sqlite+aiosqlite:///{tmp_path}/file/data/quorum.db")
