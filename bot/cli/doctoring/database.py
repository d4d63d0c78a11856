"""The database: whether it can be read, has this version's tables, and has room. Nothing is written to it."""

from __future__ import annotations

import asyncio
import shutil
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

MIB = 1024 * 1024
BUSY_TIMEOUT_S = 3.0
FREE_MIN_MIB, FREE_LOW_MIB = 100, 1024
WAL_MAX_MIB = 256


async def reading(settings: Settings, look: Callable[[sa.Connection], T]) -> T:
    """What `look` reads. Raises UserError or TransientError with a sentence."""
    url = _url(settings)
    if url.get_backend_name() == "sqlite":
        return await asyncio.to_thread(_read_file, _file(url), look)
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


async def look_at_disk(patient: Patient) -> Verdict:
    """Room where state lives, and SQLite's log of writes."""
    url = _url(patient.settings)
    sqlite = url.get_backend_name() == "sqlite"
    folder = _existing(_file(url).parent if sqlite else patient.settings.data_dir)
    free = shutil.disk_usage(folder).free // MIB
    log = _size_mib(Path(f"{_file(url)}-wal")) if sqlite else 0
    if free < FREE_MIN_MIB:
        return failed(f"{free} MiB are left where {folder} is: make room, or nothing can be written.")
    if free < FREE_LOW_MIB:
        return doubtful(f"{free} MiB are left where {folder} is: make room.")
    if log > WAL_MAX_MIB:
        return doubtful(
            f"The database's log of writes has {log} MiB: a reader holds it back; restart Quorum."
        )
    return well(f"{free:,} MiB are free where {folder} is.")


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


def _url(settings: Settings) -> sa.URL:
    try:
        return sa.make_url(settings.resolved_database_url())
    except SQLAlchemyError:
        raise UserError("QUORUM_DATABASE_URL is no URL of a database.") from None


def _file(url: sa.URL) -> Path:
    return Path(url.database or "")


def _existing(folder: Path) -> Path:
    return next(one for one in (folder.resolve(), *folder.resolve().parents) if one.exists())


def _size_mib(path: Path) -> int:
    return path.stat().st_size // MIB if path.exists() else 0


def _unread(error: Exception) -> str:
    kind = type(getattr(error, "orig", None) or error.__cause__ or error).__name__
    return f"The database can't be read ({kind}): start it, or mend QUORUM_DATABASE_URL and its password."
