"""Group commit: durable, once a GUID, and nobody spoils another one's delivery."""

from __future__ import annotations

import asyncio
import zlib
from collections.abc import Callable, Sequence
from hashlib import sha256
from typing import Any

import pytest
import sqlalchemy as sa

from tests.fakes.clock import Clock
from workers.domain.work import Cancel, InstallationSeen, Priority, Want, WorkKey
from workers.storage.database import Database, StorageUnavailableError
from workers.storage.deliveries import Arrival, Delivery
from workers.storage.faults import ConflictError
from workers.storage.intake import BATCH_MAX, TRIES_MAX, Intake
from workers.storage.tables import delivery, installation, work

KEY = WorkKey(1, 2, 3, "review")


def arrived(number: int, body: bytes = b"{}", outcome: str = "wanted", action: str = "opened") -> Delivery:
    guid = f"00000000-0000-0000-0000-{number:012}"
    return Delivery(guid, "pull_request", action, 1, 2, outcome, body, sha256(body).hexdigest())


def want(number: int = 3) -> Want:
    return Want(WorkKey(1, 2, number, "review"), "o/r", Priority.PUSH, "pull_request.opened")


async def rows(database: Database, table: sa.Table) -> Sequence[Any]:
    async with database.reading() as conn:
        return (await conn.execute(sa.select(table))).all()


async def test_a_delivery_and_its_work_are_committed_together(database: Database) -> None:
    assert await Intake(database, Clock(5.0)).record(arrived(1, b'{"a": 1}'), [want()])
    (row,) = await rows(database, delivery)
    assert zlib.decompress(row.body_zlib) == b'{"a": 1}'
    assert row.body_digest == sha256(b'{"a": 1}').hexdigest()
    assert (row.received_at, row.handled_at, row.source) == (5.0, 5.0, "webhook")
    assert [item.wanted_gen for item in await rows(database, work)] == [1]


async def test_a_known_guid_counts_once(database: Database) -> None:
    intake = Intake(database, Clock())
    assert [await intake.record(arrived(1), [want()]) for _ in range(3)] == [True, False, False]
    assert [item.wanted_gen for item in await rows(database, work)] == [1]


async def test_a_guid_twice_in_one_batch_counts_once(database: Database) -> None:
    intake = Intake(database, Clock())
    counted = await asyncio.gather(*(intake.record(arrived(1), [want()]) for _ in range(8)))
    assert sorted(counted) == [False] * 7 + [True]
    assert [item.wanted_gen for item in await rows(database, work)] == [1]


async def test_a_redelivery_of_what_was_not_understood_is_handled_again(database: Database) -> None:
    intake = Intake(database, Clock())
    assert await intake.record(arrived(1, outcome="unparsed"), [])
    assert await intake.record(arrived(1), [want()])
    (row,) = await rows(database, delivery)
    assert (row.outcome, row.handled_at is not None) == ("wanted", True)
    assert [item.wanted_gen for item in await rows(database, work)] == [1]


async def test_another_body_under_a_known_guid_is_handled_again(database: Database) -> None:
    intake = Intake(database, Clock())
    await intake.record(arrived(1, b"{}"), [want()])
    assert await intake.record(arrived(1, b"[]"), [want()])
    (row,) = await rows(database, delivery)
    assert zlib.decompress(row.body_zlib) == b"[]"
    assert [item.wanted_gen for item in await rows(database, work)] == [2]


async def test_many_callers_share_few_commits(database: Database) -> None:
    sizes: list[int] = []
    intake = Intake(database, Clock(), committed=lambda size, _: sizes.append(size))
    counted = await asyncio.gather(*(intake.record(arrived(i), [want(i + 1)]) for i in range(50)))
    assert all(counted)
    assert sum(sizes) == 50
    assert len(sizes) <= 2


async def test_a_batch_is_bounded(database: Database) -> None:
    sizes: list[int] = []
    intake = Intake(database, Clock(), committed=lambda size, _: sizes.append(size))
    await asyncio.gather(*(intake.record(arrived(i), []) for i in range(BATCH_MAX + 10)))
    assert max(sizes) <= BATCH_MAX


async def test_one_bad_row_spoils_no_other(database: Database) -> None:
    intake = Intake(database, Clock())
    bad = arrived(99, action="\ud800")
    tasks = [intake.record(arrived(i), [want()]) for i in range(3)] + [intake.record(bad, [want()])]
    results = await asyncio.gather(*tasks, return_exceptions=True)
    assert results[:3] == [True] * 3
    assert isinstance(results[3], Exception)
    assert len(await rows(database, delivery)) == 3
    assert [item.wanted_gen for item in await rows(database, work)] == [3]


async def test_a_cancelled_caller_spoils_no_other(database: Database) -> None:
    intake = Intake(database, Clock())
    callers = [asyncio.create_task(intake.record(arrived(i), [want()])) for i in range(4)]
    await asyncio.sleep(0)
    callers[1].cancel()
    results = await asyncio.gather(*callers, return_exceptions=True)
    assert [result for result in results if result is True] == [True] * 3
    assert isinstance(results[1], asyncio.CancelledError)


async def test_a_want_survives_a_cancel_of_the_same_batch(database: Database) -> None:
    intake = Intake(database, Clock())
    await intake.record(arrived(1), [want()])
    await asyncio.gather(
        intake.record(arrived(2), [want()]), intake.record(arrived(3), [Cancel(1, 2, 3, "closed")])
    )
    (row,) = await rows(database, work)
    assert row.wanted_gen > row.done_gen


async def test_a_cancel_alone_leaves_nothing_wanted(database: Database) -> None:
    intake = Intake(database, Clock())
    await intake.record(arrived(1), [want()])
    await intake.record(arrived(2), [Cancel(1, 2, 3, "closed")])
    (row,) = await rows(database, work)
    assert row.wanted_gen == row.done_gen


async def test_an_installation_is_noted(database: Database) -> None:
    seen = InstallationSeen(1, 6, "octo-org", "suspended", (("checks", "write"),))
    await Intake(database, Clock()).record(arrived(1, outcome="noted"), [seen])
    (row,) = await rows(database, installation)
    assert (row.account, row.state) == ("octo-org", "suspended")


async def test_an_unreachable_database_is_told_to_every_caller() -> None:
    database = Database.connect("postgresql+asyncpg://nobody@127.0.0.1:1/none")
    intake = Intake(database, Clock())
    results = await asyncio.gather(*(intake.record(arrived(i), []) for i in range(3)), return_exceptions=True)
    assert [type(result) for result in results] == [StorageUnavailableError] * 3
    await database.close()


async def test_waiting_has_an_end(database: Database) -> None:
    """Behind a transaction that does not end, a caller is told in time, and its delivery is not kept for it."""
    if database.dialect != "sqlite":
        pytest.skip("PostgreSQL's writers do not wait for each other")
    intake = Intake(database, Clock(), timeout_s=0.05)
    async with database.transaction():
        with pytest.raises(StorageUnavailableError):
            await intake.record(arrived(1), [])
    await intake.close()


async def test_closing_waits_for_what_is_pending(database: Database) -> None:
    intake = Intake(database, Clock())
    caller = asyncio.create_task(intake.record(arrived(1), []))
    await asyncio.sleep(0)
    await intake.close()
    assert len(await rows(database, delivery)) == 1
    assert await caller


class Conflicting:
    """A store whose transactions lose to others, a number of times."""

    def __init__(self, database: Database, conflicts: int) -> None:
        self._database = database
        self._conflicts = conflicts

    async def write_prepared(
        self,
        prepare: Callable[[], list[Arrival]],
        work: Callable[[sa.Connection, list[Arrival]], list[bool]],
    ) -> list[bool]:
        if self._conflicts:
            self._conflicts -= 1
            raise ConflictError("deadlock detected")
        return await self._database.write_prepared(prepare, work)


async def test_a_transaction_that_lost_to_another_is_tried_again(database: Database) -> None:
    assert await Intake(Conflicting(database, TRIES_MAX - 1), Clock()).record(arrived(1), [want()])
    assert [item.wanted_gen for item in await rows(database, work)] == [1]


async def test_a_transaction_that_always_loses_is_given_up(database: Database) -> None:
    with pytest.raises(ConflictError):
        await Intake(Conflicting(database, TRIES_MAX), Clock()).record(arrived(1), [want()])
