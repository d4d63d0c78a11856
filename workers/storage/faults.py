"""Which database errors pass by themselves: lost connections, locks and full disks, in both dialects' codes."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError

from workers.domain.errors import TransientError

# Result codes: https://www.sqlite.org/rescode.html
SQLITE_PASSING = frozenset(
    {
        sqlite3.SQLITE_BUSY,
        sqlite3.SQLITE_LOCKED,
        sqlite3.SQLITE_NOMEM,
        sqlite3.SQLITE_READONLY,
        sqlite3.SQLITE_IOERR,
        sqlite3.SQLITE_FULL,
        sqlite3.SQLITE_CANTOPEN,
        sqlite3.SQLITE_PROTOCOL,
    }
)
FAULTS: tuple[type[Exception], ...] = (DBAPIError, PoolTimeoutError, OSError)
# SQLSTATE classes: connection, read-only, silent for too long, rollback (deadlock, serialization), resources, locks,
# shutdown, system.
POSTGRES_ROLLBACK = "40"
POSTGRES_PASSING = ("08", "25006", "25P03", "40", "53", "55", "57", "58")


class StorageUnavailableError(TransientError):
    """The database can't be reached or written now; nothing was committed, or that is not known."""


class ConflictError(StorageUnavailableError):
    """Two transactions waited for each other; this one was rolled back, and may be run again at once."""


def faults_of(dialect: str) -> tuple[type[Exception], ...]:
    """What a database raises; PostgreSQL's driver itself, for a connection that ended while it was being set up."""
    if dialect == "sqlite":
        return FAULTS
    from asyncpg import InterfaceError  # here: who has SQLite is spared it

    return (*FAULTS, InterfaceError)


def passes(error: Exception) -> bool:
    """Whether this fault, one of `faults_of`, may be gone at the next try."""
    if not isinstance(error, DBAPIError):
        return True
    if error.connection_invalidated:
        return True
    code = getattr(error.orig, "sqlite_errorcode", None)
    if code is not None:
        return code & 0xFF in SQLITE_PASSING
    return _sqlstate(error).startswith(POSTGRES_PASSING)


def _sqlstate(error: BaseException) -> str:
    return getattr(getattr(error, "orig", None), "sqlstate", None) or ""


@contextmanager
def passing_faults(faults: tuple[type[Exception], ...]) -> Iterator[None]:
    """Raise StorageUnavailableError in place of a fault that may pass; others go through: they are bugs."""
    try:
        yield
    except faults as error:
        if not passes(error):
            raise
        kind = ConflictError if _sqlstate(error).startswith(POSTGRES_ROLLBACK) else StorageUnavailableError
        raise kind(
            f"The database is unavailable ({type(error).__name__}); the work is tried again later."
        ) from error
