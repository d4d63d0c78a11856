"""Leases, on a real database and a real clock."""

from __future__ import annotations

import asyncio
import time
import uuid
from collections.abc import Awaitable, Callable, Sequence

import pytest

from tests.workers.storage.wanting import want
from workers.domain.errors import LeaseLostError, SupersededError
from workers.domain.fence import look_again
from workers.domain.work import Cancel, Claim
from workers.storage.database import Database
from workers.storage.lease import Lease
from workers.storage.work import WorkStore, bump, cancel

LEASE_S = 0.45
SLOW_LEASE_S = 1.2
"""Where it must not be lost: a busy machine may not answer for a third of LEASE_S."""


class World:
    def __init__(self, database: Database) -> None:
        self.database = database
        self.work = WorkStore(
            database, now=time.time, new_token=lambda: uuid.uuid4().hex, lease_s=LEASE_S, jitter=lambda: 0.0
        )

    async def want(self) -> None:
        async with self.database.transaction() as conn:
            await conn.run_sync(bump, [want()], time.time())

    async def lease(self) -> Lease:
        await self.want()
        claim = await self.work.claim()
        assert claim is not None
        return Lease(self.work, claim)

    async def steal(self, lease: Lease) -> None:
        """Let another worker take the row, as if the lease had run out."""
        await self.work.release(lease.claim)
        assert await self.work.claim() is not None


@pytest.fixture
def world(database: Database) -> World:
    return World(database)


async def _hang(lease: Lease) -> None:
    async with lease.heartbeat():
        await asyncio.Event().wait()


async def _cancelled(job: Callable[[Lease], Awaitable[None]], lease: Lease) -> bool:
    task = asyncio.ensure_future(job(lease))
    await asyncio.wait({task}, timeout=10)
    return task.cancelled()


async def test_the_heartbeat_outlives_several_leases(world: World) -> None:
    world.work.lease_s = SLOW_LEASE_S
    lease = await world.lease()
    async with lease.heartbeat():
        await asyncio.sleep(world.work.lease_s * 2.5)
        assert await world.work.claim() is None
        await lease.check()


async def test_a_superseded_job_is_cancelled(world: World) -> None:
    lease = await world.lease()
    await world.want()
    assert await _cancelled(_hang, lease)
    assert lease.superseded
    assert not lease.lost


async def test_a_job_of_a_closed_pull_request_is_cancelled(world: World) -> None:
    lease = await world.lease()
    async with world.database.transaction() as conn:
        await conn.run_sync(cancel, [Cancel(1, 10, 1, "closed")])
    assert await _cancelled(_hang, lease)


async def test_a_job_that_lost_its_lease_is_cancelled(world: World) -> None:
    lease = await world.lease()
    await world.steal(lease)
    assert await _cancelled(_hang, lease)
    assert lease.lost


async def test_a_check_finds_a_lost_lease(world: World) -> None:
    lease = await world.lease()
    await world.steal(lease)
    with pytest.raises(LeaseLostError):
        await lease.check()
    assert lease.lost


async def test_posting_is_not_begun_when_superseded(world: World) -> None:
    lease = await world.lease()
    await world.want()
    with pytest.raises(SupersededError):
        async with lease.writing():
            pytest.fail("the write phase was entered")


async def test_posting_that_began_is_finished_although_superseded(world: World) -> None:
    world.work.lease_s = SLOW_LEASE_S
    lease = await world.lease()
    async with lease.heartbeat():
        async with lease.writing():
            await world.want()
            await asyncio.sleep(SLOW_LEASE_S)  # three heartbeats
            assert lease.superseded
            await lease.check()
        assert not lease.is_writing


async def test_posting_stops_when_the_lease_is_lost(world: World) -> None:
    lease = await world.lease()
    async with lease.writing():
        await world.steal(lease)
        with pytest.raises(LeaseLostError):
            await lease.check()


async def test_a_database_that_stays_away_for_a_whole_lease_loses_it(sqlite_url: str) -> None:
    world = World(Database.connect(sqlite_url))
    lease = await world.lease()
    await world.database.close()
    away = World(Database.connect("sqlite+aiosqlite:////nowhere/quorum.db"))
    assert await _cancelled(_hang, Lease(away.work, lease.claim))
    await away.database.close()
    await asyncio.sleep(0.05)  # the driver's thread still tells the loop that it ends


class LateStore(WorkStore):
    """Over a network that holds answers back: `waits_s`, one after the other, the last for all that follow."""

    waits_s: Sequence[float] = ()

    async def beat(self, claim: Claim) -> int:
        wanted = await super().beat(claim)
        wait_s, *later = self.waits_s
        self.waits_s = later or self.waits_s
        await asyncio.sleep(wait_s)
        return wanted


def late(world: World, lease: Lease, *waits_s: float) -> Lease:
    store = LateStore(
        world.database, now=time.time, new_token=lambda: "", lease_s=LEASE_S, jitter=lambda: 0.0
    )
    store.waits_s = waits_s
    return Lease(store, lease.claim)


async def test_an_answer_that_comes_after_the_lease_is_no_leave_to_write(world: World) -> None:
    """Meanwhile somebody else may have claimed the row, and be writing."""
    lease = late(world, await world.lease(), LEASE_S * 1.2)
    with pytest.raises(LeaseLostError):
        await lease.check()
    assert lease.lost


async def test_a_job_that_hears_nothing_ends_with_its_lease_also_while_it_writes(world: World) -> None:
    """What waits for its turn at GitHub must not be sent by who holds nothing any more."""
    lease = late(world, await world.lease(), 0.0, 60.0)

    async def writes(lease: Lease) -> None:
        async with lease.heartbeat(), lease.writing():
            await asyncio.Event().wait()

    async with asyncio.timeout(LEASE_S * 4):
        assert await _cancelled(writes, lease)
    assert lease.lost


async def test_a_process_that_stood_still_past_its_lease_sends_no_write(world: World) -> None:
    """Its next write may come before the heartbeat notices, and another worker has the work already."""
    lease = await world.lease()
    async with lease.heartbeat():
        look_again()
        time.sleep(LEASE_S * 1.2)  # noqa: ASYNC251 - as SIGSTOP does: nothing of this process goes on
        with pytest.raises(LeaseLostError):
            look_again()
        with pytest.raises(LeaseLostError):
            await asyncio.create_task(_written())
    look_again()  # nobody's lease, nobody's fence
    assert lease.lost


async def _written() -> None:
    look_again()
