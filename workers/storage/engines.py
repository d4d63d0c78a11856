"""Engines with the settings that durability needs."""

from __future__ import annotations

import sqlite3
import time
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

if TYPE_CHECKING:
    from sqlalchemy.ext.asyncio import AsyncEngine

CACHE_KIB = 512  # a connection; what is read again is in the system's cache
BUSY_TIMEOUT_MS = 5_000
WAL_PAUSE_MS = 20
CONNECT_TIMEOUT_S = 5.0
COMMAND_TIMEOUT_S = 30.0
POOL_TIMEOUT_S = 5.0
POOL_SIZE = 10
THREADS_POOL_SIZE = 3
"""One to read, one to write, one for rows that take the driver's own way."""
SILENCE_MAX_S = 10
"""In the middle of a transaction: a host that is cut off says nothing, and its rows would stay locked for hours."""
KEEPALIVE_S, KEEPALIVE_EVERY_S, KEEPALIVES = 30, 10, 3
READING = "quorum_reading"


def open_engine(url: str | sa.URL) -> AsyncEngine:
    """An engine for coroutines; `url` is of `sqlite+aiosqlite` or `postgresql+asyncpg`."""
    # Here: it brings SQLAlchemy's ORM, 8 MB and 0.2 s that a receiver on SQLite is spared.
    from sqlalchemy.ext.asyncio import create_async_engine

    sqlite = sa.make_url(url).get_backend_name() == "sqlite"
    limits = _SQLITE_LIMITS if sqlite else _POSTGRESQL_LIMITS
    # Parameters are hidden because those of a delivery are its body.
    engine = create_async_engine(url, pool_size=POOL_SIZE, hide_parameters=True, **limits)
    if sqlite:
        _prepare(engine.sync_engine)
    else:
        sa.event.listen(engine.sync_engine, "connect", _limit_silence)
    return engine


def open_sqlite(url: sa.URL) -> sa.Engine:
    """An engine for threads; `url` is that of `open_engine`."""
    engine = sa.create_engine(
        url.set(drivername="sqlite"), pool_size=THREADS_POOL_SIZE, hide_parameters=True, **_SQLITE_LIMITS
    )
    _prepare(engine)
    return engine


_SQLITE_LIMITS: dict[str, Any] = {
    "pool_timeout": POOL_TIMEOUT_S,
    "connect_args": {"timeout": BUSY_TIMEOUT_MS / 1000, "isolation_level": None},
}
_POSTGRESQL_LIMITS: dict[str, Any] = {
    "pool_timeout": POOL_TIMEOUT_S,
    "pool_pre_ping": True,
    "connect_args": {"timeout": CONNECT_TIMEOUT_S, "command_timeout": COMMAND_TIMEOUT_S},
}


def _prepare(sqlite: sa.Engine) -> None:
    sa.event.listen(sqlite, "connect", _set_pragmas)
    sa.event.listen(sqlite, "begin", _begin)


def _set_pragmas(connection: Any, _: Any) -> None:
    cursor = connection.cursor()
    for setting in (
        f"busy_timeout={BUSY_TIMEOUT_MS}",
        "synchronous=FULL",
        f"cache_size=-{CACHE_KIB}",
    ):
        cursor.execute(f"PRAGMA {setting}")
    _use_wal(cursor)
    cursor.close()


def _use_wal(cursor: Any) -> None:
    """Whoever opens a new database first makes the switch; SQLite does not wait for that, whatever its time limit."""
    for _ in range(BUSY_TIMEOUT_MS // WAL_PAUSE_MS):
        try:
            cursor.execute("PRAGMA journal_mode=WAL")
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode != sqlite3.SQLITE_BUSY:
                raise
            time.sleep(WAL_PAUSE_MS / 1000)
        else:
            return
    cursor.execute("PRAGMA journal_mode=WAL")


# Not as parameters of the connection: a pooler between refuses those that it does not know.
_SILENCE = f"""
SELECT set_config('idle_in_transaction_session_timeout', '{SILENCE_MAX_S}s', false),
  set_config('tcp_keepalives_idle', '{KEEPALIVE_S}', false),
  set_config('tcp_keepalives_interval', '{KEEPALIVE_EVERY_S}', false),
  set_config('tcp_keepalives_count', '{KEEPALIVES}', false)
"""


def _limit_silence(connection: Any, _: Any) -> None:
    cursor = connection.cursor()
    cursor.execute(_SILENCE)
    cursor.close()
    connection.commit()  # rolled back, they would be as before


def _begin(connection: sa.Connection) -> None:
    # A transaction that reads first and writes later would fail at once when another one writes in between.
    reading = connection.get_execution_options().get(READING, False)
    connection.exec_driver_sql("BEGIN" if reading else "BEGIN IMMEDIATE")
