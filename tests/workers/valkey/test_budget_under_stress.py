"""Fifty workers that settle, overrun, repeat, refund and die; an emptied Valkey; the ledger, on disk, is the truth."""

from __future__ import annotations

import asyncio
import random
from collections import Counter
from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass, field

import pytest
from redis.asyncio import Redis

from tests.fakes.clock import Clock
from tests.workers.storage.spending import spent
from tests.workers.valkey.spending import NOON, new_id
from workers.domain.budget import Limit, Payer, Period, Refusal, Reservation, Spender
from workers.domain.spend import Account, account, accounts_of
from workers.storage.database import Database
from workers.storage.spend import SpendSums
from workers.valkey.budget import ValkeyBudget
from workers.valkey.budget_scripts import LEASES, PREFIX

WORKERS = 50
CALLS = 8
LIMITS = (
    Limit(Payer.OPERATOR, Period.MONTH, 9_000),
    Limit(Payer.REPOSITORY, Period.DAY, 4_000),
    Limit(Payer.USER, Period.DAY, 3_500),
    Limit(Payer.OPERATOR, Period.RUN, 400),
)


@dataclass
class World:
    """What happens, and by how much each account may be overdrawn for it."""

    database: Database
    redis: Redis
    chance: random.Random
    asking: dict[int, tuple[Spender, int]] = field(default_factory=dict)
    held: dict[str, tuple[Spender, int]] = field(default_factory=dict)
    allowed: Counter[Account] = field(default_factory=Counter)
    refused: int = 0

    async def work(self, name: int, budget: ValkeyBudget) -> None:
        """The calls of one worker."""
        spender = Spender(1, name % 3, f"run-{name}", name % 4)
        for _ in range(CALLS):
            given = await self._reserve(name, spender, budget)
            if isinstance(given, Refusal):
                self.refused += 1
                continue
            await asyncio.sleep(self.chance.random() * 0.01)
            await self._end(given, budget)
            self.held.pop(given.id, None)

    async def _reserve(self, name: int, spender: Spender, budget: ValkeyBudget) -> Reservation | Refusal:
        micros = self.chance.randint(0, 100)
        self.asking[name] = (spender, micros)
        given = await budget.reserve(spender, LIMITS, micros)
        del self.asking[name]
        if isinstance(given, Reservation):
            self.held[given.id] = (spender, micros)
        return given

    async def _end(self, given: Reservation, budget: ValkeyBudget) -> None:
        """Refunded, lost, written and lost, or settled once or twice; what is lost may have its lease ended."""
        end = self.chance.random()
        if end < 0.15:
            await budget.refund(given)
        elif end < 0.3:
            await self._lose(given)
        else:
            micros = self._cost(given)
            await self._write(given, micros)
            if end < 0.45:
                await self._lose(given)
            else:
                await budget.settle(given, micros)
            if end > 0.9:
                await budget.settle(given, micros)

    def _cost(self, given: Reservation) -> int:
        over = self.chance.randint(0, 50) if self.chance.random() < 0.1 else 0
        self._allow([(given.spender, over)])
        return given.micros + over if over else self.chance.randint(0, given.micros)

    async def _write(self, given: Reservation, micros: int) -> None:
        who = given.spender
        row = {"run": who.run, "repo_id": who.repo_id, "user_id": who.user_id, "at": given.at}
        await spent(self.database, **row, position=int(given.id.split("-")[1]), cost_micros=micros)

    async def _lose(self, given: Reservation) -> None:
        if self.chance.random() < 0.5:
            await self.redis.zadd(LEASES, {given.id: 1.0}, xx=True)

    async def empty(self, times: int, *, alone: bool) -> None:
        """FLUSHALL; a single process remembers what it holds, of many each may be in the middle of a call."""
        for _ in range(times):
            await asyncio.sleep(0.3)
            under_way = self._under_way(alone=alone)
            await self.redis.flushall()
            self._allow((under_way | self._under_way(alone=alone)).values())

    def _under_way(self, *, alone: bool) -> dict[str, tuple[Spender, int]]:
        asking = {str(name): value for name, value in self.asking.items()}
        return asking if alone else asking | self.held

    def _allow(self, pairs: object) -> None:
        for spender, micros in pairs:  # type: ignore[attr-defined]
            for one in accounts_of(spender, NOON):
                self.allowed[one] += micros

    async def end_leases(self, budgets: Sequence[ValkeyBudget]) -> None:
        """The time of everything that was lost has come, and calls have swept it."""
        for one in budgets:
            # The last flush may have come after a process's last call: with its next one it restores what it holds.
            await one.spent(Payer.OPERATOR, 0, Period.DAY)
        budget = budgets[0]
        for name in await self.redis.zrange(LEASES, 0, -1):
            await self.redis.zadd(LEASES, {name: 1.0})
        while await self.redis.zcard(LEASES):
            await budget.spent(Payer.OPERATOR, 0, Period.DAY)


@pytest.fixture
async def world(valkey: str, sqlite_url: str) -> AsyncIterator[World]:
    database, redis = Database.connect(sqlite_url), Redis.from_url(valkey)
    yield World(database, redis, random.Random(1))
    await redis.aclose()
    await database.close()


async def run(world: World, valkey: str, processes: int, flushes: int) -> list[ValkeyBudget]:
    async with AsyncExitStack() as stack:
        clients = [Redis.from_url(valkey) for _ in range(processes)]
        for client in clients:
            stack.push_async_callback(client.aclose)
        ledger, clock = SpendSums(world.database), Clock(NOON)
        budgets = [ValkeyBudget(client, ledger, clock, new_id) for client in clients]
        working = [world.work(name, budgets[name % processes]) for name in range(WORKERS)]
        await asyncio.gather(world.empty(flushes, alone=processes == 1), *working)
        await world.end_leases(budgets)
        await check(world, budgets[0])
    return budgets


async def check(world: World, budget: ValkeyBudget) -> None:
    """Nothing is overdrawn but by what was allowed, and what is left is what the ledger says."""
    assert world.refused
    for name in range(WORKERS):
        spender = Spender(1, name % 3, f"run-{name}", name % 4)
        for limit in LIMITS:
            if limit.payer is Payer.USER and not spender.user_id:
                continue
            one = account(limit.payer, spender, limit.period, NOON)
            (truth,) = await SpendSums(world.database).spent((one,))
            assert truth <= limit.micros + world.allowed[one], str(one)
            assert await budget.left(spender, (limit,)) == max(0, limit.micros - truth), str(one)
    async for name in world.redis.scan_iter(f"{PREFIX}account:*"):
        assert await world.redis.hget(name, "held") in (None, b"0")  # type: ignore[misc]
    assert not await world.redis.zcard(LEASES)


@pytest.mark.parametrize("seed", [1, 2])
@pytest.mark.parametrize(
    ("processes", "flushes"),
    [(WORKERS, 0), (WORKERS, 3), (1, 3)],
    ids=["many", "many, emptied", "one, emptied"],
)
async def test_no_limit_is_overdrawn_and_nothing_leaks(
    world: World, valkey: str, processes: int, flushes: int, seed: int
) -> None:
    world.chance.seed(seed)
    await run(world, valkey, processes, flushes)
