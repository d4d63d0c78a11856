"""Bring a database's tables to a revision; safe to run in several processes at once."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import sqlalchemy as sa
from alembic import command
from alembic.config import Config
from alembic.script import ScriptDirectory

from workers.domain.errors import UserError
from workers.storage import migrations
from workers.storage.engines import open_engine
from workers.storage.faults import faults_of, passing_faults

ADVISORY_LOCK = 0x51_55_4F_52_55_4D  # "QUORUM"


async def migrate(url: str, revision: str = "head") -> None:
    """Upgrade the database at `url` in one transaction; creates SQLite's file and folder."""
    await _run(url, lambda config: command.upgrade(config, revision))


async def revert(url: str, revision: str) -> None:
    """Downgrade the database at `url` to `revision` ("base": no tables) in one transaction."""
    await _run(url, lambda config: command.downgrade(config, revision))


def newest() -> str:
    """The revision of this version's tables."""
    return ScriptDirectory.from_config(_config()).get_current_head() or ""


async def _run(url: str, step: Callable[[Config], None]) -> None:
    _make_folder(sa.make_url(url))
    engine = open_engine(url)
    try:
        with passing_faults(faults_of(engine.dialect.name)):
            async with engine.begin() as connection:
                if engine.dialect.name == "postgresql":
                    await connection.execute(sa.select(sa.func.pg_advisory_xact_lock(ADVISORY_LOCK)))
                await connection.run_sync(lambda sync: step(_config(sync)))
    finally:
        await engine.dispose()


def _config(connection: sa.Connection | None = None) -> Config:
    config = Config()
    config.set_main_option("script_location", str(Path(migrations.__path__[0])).replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    config.attributes["connection"] = connection
    return config


def _make_folder(url: sa.URL) -> None:
    if url.get_backend_name() == "sqlite" and url.database and url.database != ":memory:":
        folder = Path(url.database).parent
        try:
            folder.mkdir(
                mode=0o700, parents=True, exist_ok=True
            )  # what is kept quotes code: nobody else's to read
        except OSError as error:
            raise UserError(f"Cannot make {folder} for the database: {error.strerror}.") from None
