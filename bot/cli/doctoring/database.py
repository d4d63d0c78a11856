"""The database: whether it can be read and has this version's tables. Nothing is written to it."""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar
from urllib.parse import quote

import sqlalchemy as sa
from sqlalchemy.exc import DBAPIError, SQLAlchemyError

from bot.cli.doctoring.patient import Patient
from bot.cli.doctoring.verdict import Verdict, doubtful, failed, well
from config.settings import Settings
from workers.domain.errors import TransientError, UserError
from workers.storage.database import Database
from workers.storage.migrate import newest

T = TypeVar("T")

BUSY_TIMEOUT_S = 3.0


async def reading(settings: Settings, look: Callable[[sa.Connection], T]) -> T:
    """What `look` reads. Raises UserError or TransientError with a sentence."""
    url = url_of(settings)
    if url.get_backend_name() == "sqlite":
        return await asyncio.to_thread(_read_file, file_of(url), look)
    database = Database.connect(url.render_as_string(hide_password=False))
    try:
        return await database.read(look)
    except (DBAPIError, OSError) as error:
        raise TransientError(_unread(error)) from None
    finally:
        await database.close()


async def look(patient: Patient) -> Verdict:
    """Whether it answers, and which it is."""
    try:
        kind = await reading(patient.settings, _kind)
    except (TransientError, DBAPIError) as error:
        return failed(_unread(error))
    return well(kind) if kind.endswith("answers.") else doubtful(kind)


async def look_at_schema(patient: Patient) -> Verdict:
    """Whether its tables are those of this version."""
    head, present = newest(), await reading(patient.settings, _revision)
    if present == head:
        return well(f"Its tables are up to date ({head}).")
    if not present:
        return failed("It has no tables yet: run `quorum migrate`.")
    return failed(
        f"Its tables are at {present}, this version's at {head}: run `quorum migrate` (or upgrade Quorum)."
    )


def _kind(connection: sa.Connection) -> str:
    if connection.dialect.name == "sqlite":
        return f"SQLite {sqlite3.sqlite_version} answers."
    version = connection.scalar(sa.text("SHOW server_version"))
    if connection.scalar(sa.text("SELECT pg_is_in_recovery()")):
        return f"PostgreSQL {version} is a standby and can't be written: name the primary in QUORUM_DATABASE_URL."
    return f"PostgreSQL {version} answers."


def _revision(connection: sa.Connection) -> str:
    if not sa.inspect(connection).has_table("alembic_version"):
        return ""
    return str(connection.scalar(sa.text("SELECT version_num FROM alembic_version")) or "")


def _read_file(path: Path, look: Callable[[sa.Connection], T]) -> T:
    if not path.exists():
        raise UserError(f"There is no database at {path}: run `quorum migrate`, or mend QUORUM_DATABASE_URL.")
    engine = sa.create_engine("sqlite://", creator=lambda: _opened(path), poolclass=sa.NullPool)
    try:
        with engine.connect() as connection:
            return look(connection)
    except SQLAlchemyError as error:
        raise TransientError(_unread(error)) from None
    finally:
        engine.dispose()


def _opened(path: Path) -> sqlite3.Connection:
    """Read only. Without a log beside it nobody has it open, and reading must not make one."""
    how = "mode=ro" if Path(f"{path}-wal").exists() else "mode=ro&immutable=1"
    return sqlite3.connect(f"file:{quote(str(path.resolve()))}?{how}", uri=True, timeout=BUSY_TIMEOUT_S)


def url_of(settings: Settings) -> sa.URL:
    """Raises UserError for what is no URL."""
    try:
        return sa.make_url(settings.resolved_database_url())
    except SQLAlchemyError:
        raise UserError("QUORUM_DATABASE_URL is no URL of a database.") from None


def file_of(url: sa.URL) -> Path:
    """SQLite's file."""
    return Path(url.database or "")


def _unread(error: Exception) -> str:
    kind = type(getattr(error, "orig", None) or error.__cause__ or error).__name__
    return f"The database can't be read ({kind}): start it, or mend QUORUM_DATABASE_URL and its password."
