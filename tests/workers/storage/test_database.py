"""Durable transactions on both databases."""

from __future__ import annotations

import asyncio
import sqlite3
import threading
from pathlib import Path

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import DBAPIError

from tests.databases import Postgres
from tests.workers.storage.wanting import want
from workers.storage.database import Database, StorageUnavailableError
from workers.storage.engines import SILENCE_MAX_S
from workers.storage.work import bump

SILENCE = "idle_in_transaction_session_timeout"
COUNT = sa.text("SELECT count(*) FROM work")


async def test_what_is_left_without_an_error_is_stored(database: Database) -> None:
    async with database.transaction() as conn:
        await conn.run_sync(bump, [want()], 1.0)
    async with database.reading() as conn:
        assert await conn.scalar(COUNT) == 1


async def test_an_error_rolls_everything_back(database: Database) -> None:
    async def fail() -> None:
        async with database.transaction() as conn:
            await conn.run_sync(bump, [want()], 1.0)
            raise RuntimeError

    with pytest.raises(RuntimeError):
        await fail()
    async with database.reading() as conn:
        assert await conn.scalar(COUNT) == 0


async def test_a_bug_in_a_statement_is_not_called_unavailable(database: Database) -> None:
    with pytest.raises(DBAPIError):
        async with database.transaction() as conn:
            await conn.execute(sa.text("SELECT nothing FROM nowhere"))


async def test_many_writers_at_once_all_get_through(database: Database) -> None:
    async def write(number: int) -> None:
        async with database.transaction() as conn:
            await conn.run_sync(bump, [want(number)], 1.0)

    await asyncio.gather(*(write(number) for number in range(30)))
    async with database.reading() as conn:
        assert await conn.scalar(COUNT) == 30


async def test_a_reader_sees_one_state_while_another_writes(database: Database) -> None:
    async with database.transaction() as conn:
        await conn.run_sync(bump, [want()], 1.0)
        async with database.reading() as reader:
            assert await reader.scalar(COUNT) == 0


async def test_a_cancelled_writer_leaves_the_database_usable(database: Database) -> None:
    entered = asyncio.Event()

    async def hang() -> None:
        async with database.transaction() as conn:
            await conn.run_sync(bump, [want()], 1.0)
            entered.set()
            await asyncio.Event().wait()

    task = asyncio.create_task(hang())
    await entered.wait()
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)
    async with database.transaction() as conn:
        assert await conn.scalar(COUNT) == 0


async def test_sqlite_is_in_wal_mode_and_waits_for_the_disk(sqlite_url: str) -> None:
    database = Database.connect(sqlite_url)
    async with database.reading() as conn:
        assert await conn.scalar(sa.text("PRAGMA journal_mode")) == "wal"
        assert await conn.scalar(sa.text("PRAGMA synchronous")) == 2
    await database.close()


async def test_ping_passes_when_the_database_can_be_written(database: Database) -> None:
    await database.ping()


async def test_ping_fails_when_the_folder_is_missing(tmp_path: Path) -> None:
    database = Database.connect(f"sqlite+aiosqlite:///{tmp_path / 'no' / 'x.db'}")
    with pytest.raises(StorageUnavailableError):
        await database.ping()
    await database.close()
    await asyncio.sleep(0.05)  # the driver's thread still tells the loop that it ends


async def test_ping_fails_when_no_server_listens(unused_tcp_port: int) -> None:
    database = Database.connect(f"postgresql+asyncpg://q:q@127.0.0.1:{unused_tcp_port}/q")
    with pytest.raises(StorageUnavailableError):
        await database.ping()
    await database.close()


async def test_a_connection_that_the_server_ended_is_replaced(database: Database) -> None:
    if database.dialect != "postgresql":
        pytest.skip("SQLite has no server")
    with pytest.raises(StorageUnavailableError):
        async with database.transaction() as conn:
            await conn.execute(sa.text("SELECT pg_terminate_backend(pg_backend_pid())"))
    await database.ping()


async def test_who_falls_silent_in_a_transaction_gives_its_rows_back(postgres: Postgres) -> None:
    """As a host that is cut off does: nobody ends its connection, and nobody could claim what it has locked."""
    url = await asyncio.to_thread(postgres.migrated)
    silent, other = Database.connect(url), Database.connect(url)
    await silent.write(lambda conn: bump(conn, [want()], 1.0))

    async def fall_silent() -> None:
        async with silent.transaction() as conn:
            assert await conn.scalar(sa.text(f"SHOW {SILENCE}")) == f"{SILENCE_MAX_S}s"
            await conn.execute(sa.text(f"SET {SILENCE} = '100ms'"))
            await conn.execute(sa.text("SELECT * FROM work FOR UPDATE"))
            await other.write(lambda conn: bump(conn, [want()], 2.0))
            await conn.execute(COUNT)

    with pytest.raises(StorageUnavailableError):
        await fall_silent()
    await silent.close()
    await other.close()


async def test_what_is_prepared_is_written_in_the_same_breath(database: Database) -> None:
    def add(conn: sa.Connection, number: int) -> str:
        bump(conn, [want(number)], 1.0)
        return "written"

    assert await database.write_prepared(lambda: 7, add) == "written"
    assert await database.read(lambda conn: conn.scalar(sa.text("SELECT number FROM work"))) == 7


async def test_a_function_that_fails_writes_nothing(database: Database) -> None:
    def fail(conn: sa.Connection) -> None:
        bump(conn, [want()], 1.0)
        raise RuntimeError

    with pytest.raises(RuntimeError):
        await database.write(fail)
    assert await database.read(lambda conn: conn.scalar(COUNT)) == 0


async def test_functions_and_coroutines_may_write_at_the_same_time(database: Database) -> None:
    async def write(number: int) -> None:
        async with database.transaction() as conn:
            await conn.run_sync(bump, [want(number)], 1.0)

    whole = [database.write(lambda conn, n=n: bump(conn, [want(n)], 1.0)) for n in range(10)]  # type: ignore[misc]
    await asyncio.gather(*whole, *(write(number) for number in range(10, 20)))
    assert await database.read(lambda conn: conn.scalar(COUNT)) == 20


async def test_an_error_of_a_statement_does_not_show_its_values(database: Database) -> None:
    with pytest.raises(DBAPIError) as caught:
        await database.write(
            lambda conn: conn.execute(sa.text("SELECT :body FROM nowhere"), {"body": "hunter2"})
        )
    assert "hunter2" not in str(caught.value)


async def test_a_new_database_that_somebody_else_is_making_is_waited_for(tmp_path: Path) -> None:
    """Two processes that start together: SQLite itself would not wait, and one of them would end."""
    other = sqlite3.connect(tmp_path / "new.db", isolation_level=None, check_same_thread=False)
    other.execute("CREATE TABLE made (it)")
    other.execute("BEGIN IMMEDIATE")
    threading.Timer(0.2, other.execute, ["COMMIT"]).start()
    database = Database.connect(f"sqlite+aiosqlite:///{tmp_path}/new.db")
    try:
        async with database.reading() as connection:
            assert await connection.scalar(sa.text("PRAGMA journal_mode")) == "wal"
        assert await database.read(lambda conn: sa.inspect(conn).has_table("made"))
    finally:
        await database.close()
        other.close()
