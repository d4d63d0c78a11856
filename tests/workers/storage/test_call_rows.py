"""Rows of calls that end at once share a transaction; one that can't be kept spoils no other."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import DBAPIError

from workers.storage.call_rows import BATCH_MAX, CallRows
from workers.storage.database import Database, StorageUnavailableError
from workers.storage.threads import Row

ROW = {
    "run": "run", "installation_id": 1, "repo_id": 10, "number": 1, "pipeline": "review", "generation": 1,
    "head_sha": "sha", "stage": "security", "model": "small", "outcome": "ok", "calls": 1, "input_tokens": 1,
    "cached_tokens": 0, "written_tokens": 0, "output_tokens": 1, "cost_micros": 1, "estimated_micros": 1,
    "seconds": 0.1, "provider": "fake", "reason": "", "user_id": 0, "now": 1.0,
}  # fmt: skip


def row(position: int, **changed: object) -> dict[str, object]:
    return {**ROW, "position": position, **changed}


async def kept(database: Database) -> list[int]:
    query = sa.text("SELECT position FROM call ORDER BY position")
    return list(await database.read(lambda conn: conn.execute(query).scalars().all()))


class CountingDatabase(Database):
    """Counts transactions; while `away`, there is none."""

    def __init__(self, url: str) -> None:
        super().__init__(url)
        self.transactions = 0
        self.away = False

    async def insert(self, statement: str, rows: Sequence[Row]) -> None:
        self.transactions += 1
        if self.away:
            raise StorageUnavailableError("away")
        await super().insert(statement, rows)


async def test_a_row_is_there_when_its_writer_goes_on(database: Database) -> None:
    await CallRows(database).add(row(0))
    assert await kept(database) == [0]


async def test_rows_at_once_share_transactions(database: Database, database_url: str) -> None:
    counting = CountingDatabase(database_url)
    rows = CallRows(counting)
    await asyncio.gather(*(rows.add(row(number)) for number in range(BATCH_MAX + 1)))
    assert await kept(database) == list(range(BATCH_MAX + 1))
    assert counting.transactions == 2
    await counting.close()


async def test_a_row_that_cannot_be_kept_spoils_no_other(database: Database) -> None:
    rows = CallRows(database)
    found = await asyncio.gather(
        rows.add(row(0)), rows.add(row(1, model=None)), rows.add(row(2)), return_exceptions=True
    )
    assert await kept(database) == [0, 2]
    assert [type(one) for one in (found[0], found[2])] == [type(None), type(None)]
    assert isinstance(found[1], DBAPIError)


async def test_without_a_database_everybody_is_told_and_the_next_is_kept(
    database: Database, database_url: str
) -> None:
    counting = CountingDatabase(database_url)
    counting.away = True
    rows = CallRows(counting)
    found = await asyncio.gather(rows.add(row(0)), rows.add(row(1)), return_exceptions=True)
    assert all(isinstance(one, StorageUnavailableError) for one in found)
    counting.away = False
    await rows.add(row(2))
    assert await kept(database) == [2]
    await counting.close()


async def test_a_call_whose_run_was_stopped_is_written_all_the_same(database: Database) -> None:
    rows = CallRows(database)
    stopped = asyncio.create_task(rows.add(row(0)))
    await asyncio.sleep(0)
    stopped.cancel()
    with pytest.raises(asyncio.CancelledError):
        await stopped
    await rows.add(row(1))
    assert await kept(database) == [0, 1]
