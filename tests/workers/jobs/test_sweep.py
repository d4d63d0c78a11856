"""The safety net."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator

import pytest

from tests.workers.storage.wanting import Desk, tokens, want
from workers.jobs.sweep import Sweep
from workers.storage.database import Database
from workers.storage.work import Dead, WorkStore, bump


class Bell:
    """Counts wakes and kicks, and takes reports."""

    def __init__(self, free: int = 1) -> None:
        self.free = free
        self.wakes = 0
        self.kicks = 0
        self.reports: list[Dead] = []
        self.fault: Exception | None = None
        self.woken_at: list[float] = []
        self.rung = asyncio.Event()

    def wake(self) -> None:
        self.wakes += 1
        self.woken_at.append(time.monotonic())
        self.rung.set()

    async def kick(self) -> None:
        self.kicks += 1

    async def report(self, dead: Dead) -> None:
        if self.fault:
            raise self.fault
        self.reports.append(dead)


def _sweep(store: WorkStore, bell: Bell, interval_s: float = 5.0) -> Sweep:
    return Sweep(store, bell, interval_s=interval_s, kick=bell.kick, report_dead=bell.report)


@pytest.fixture
async def desk(sqlite_url: str) -> AsyncIterator[Desk]:
    desk = Desk(Database.connect(sqlite_url))
    yield desk
    await desk.database.close()


async def _poison(desk: Desk) -> None:
    await desk.want(want())
    for _ in range(3):
        claim = await desk.store.claim()
        assert claim is not None
        await desk.store.crash(claim, "boom")
        desk.clock.advance(10_000)


async def test_ready_work_wakes_the_runner(desk: Desk) -> None:
    bell = Bell()
    await desk.want(want())
    await _sweep(desk.store, bell).tick()
    assert (bell.wakes, bell.kicks) == (1, 0)


async def test_more_work_than_slots_wakes_others_too(desk: Desk) -> None:
    bell = Bell(free=1)
    await desk.want(want(1), want(2))
    await _sweep(desk.store, bell).tick()
    assert (bell.wakes, bell.kicks) == (1, 1)


async def test_without_work_nobody_is_woken(desk: Desk) -> None:
    bell = Bell()
    assert await _sweep(desk.store, bell, interval_s=5).tick() == 5
    assert (bell.wakes, bell.kicks) == (0, 0)


async def test_the_next_look_is_when_delayed_work_is_due(desk: Desk) -> None:
    await desk.want(want(delay_s=2))
    assert await _sweep(desk.store, Bell(), interval_s=5).tick() == 2


async def test_dead_work_is_reported_once(desk: Desk) -> None:
    bell = Bell()
    await _poison(desk)
    for _ in range(2):
        await _sweep(desk.store, bell).tick()
        desk.clock.advance(60)
    assert [dead.error for dead in bell.reports] == ["boom"]


@pytest.mark.parametrize("fault", [RuntimeError("bug"), TimeoutError()])
async def test_a_report_that_fails_is_made_later(desk: Desk, fault: Exception) -> None:
    bell = Bell()
    bell.fault = fault
    await _poison(desk)
    await _sweep(desk.store, bell).tick()
    bell.fault = None
    desk.clock.advance(60)
    await _sweep(desk.store, bell).tick()
    assert len(bell.reports) == 1


async def test_delayed_work_is_woken_on_time_after_a_nudge(sqlite_url: str) -> None:
    """The sweep's interval is an hour here: only the nudge tells it of the delay."""
    database = Database.connect(sqlite_url)
    store = WorkStore(database, now=time.time, new_token=tokens(), lease_s=30, jitter=lambda: 0.0)
    bell = Bell()
    sweep = _sweep(store, bell, interval_s=3600)
    sweeping = asyncio.create_task(sweep.run())
    await asyncio.sleep(0.05)
    async with database.transaction() as conn:
        await conn.run_sync(bump, [want(delay_s=0.5)], time.time())
    due_at = time.monotonic() + 0.5
    sweep.nudge()
    async with asyncio.timeout(10):
        await bell.rung.wait()
    sweeping.cancel()
    await asyncio.gather(sweeping, return_exceptions=True)
    assert bell.woken_at[0] >= due_at - 0.1
    await database.close()


async def test_a_database_that_is_away_does_not_end_the_sweep(sqlite_url: str) -> None:
    database = Database.connect("sqlite+aiosqlite:////nowhere/quorum.db")
    store = WorkStore(database, now=time.time, new_token=tokens(), lease_s=30, jitter=lambda: 0.0)
    sweeping = asyncio.create_task(_sweep(store, Bell(), interval_s=0.01).run())
    await asyncio.wait({sweeping}, timeout=0.1)
    assert not sweeping.done()
    sweeping.cancel()
    await asyncio.gather(sweeping, return_exceptions=True)
    await database.close()
    await asyncio.sleep(0.05)  # the driver's thread still tells the loop that it ends
