"""Money that stays aside for calls that take longer than a lease, in a real Valkey."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass

import pytest
from redis.asyncio import Redis

from tests.fakes.clock import Clock
from tests.workers.valkey.spending import MONTH, NOON, SPENDER, Rows, budget_at, pay, reserved
from workers.domain.budget import BudgetAwayError, Limit, Payer, Period, Reservation
from workers.valkey.budget import ValkeyBudget
from workers.valkey.budget_scripts import LEASES

DAY_S = 86_400.0
DAY = Limit(Payer.OPERATOR, Period.DAY, 1_000)


@dataclass(frozen=True)
class Kept:
    """A budget with one reservation of 300, and what it stands on."""

    budget: ValkeyBudget
    held: Reservation
    ledger: Rows
    clock: Clock
    redis: Redis

    async def left(self) -> int | None:
        return await self.budget.left(SPENDER, (MONTH,))

    async def nearly_end(self) -> None:
        """Its lease has a tenth of a second left."""
        seconds, micros = await self.redis.time()
        await self.redis.zadd(LEASES, {self.held.id: seconds + micros / 1e6 + 0.1})


@pytest.fixture
async def kept(valkey: str) -> AsyncIterator[Kept]:
    ledger, clock = Rows(), Clock(NOON)
    budget, redis = budget_at(valkey, ledger, clock)
    yield Kept(budget, await reserved(budget, 300), ledger, clock, redis)
    await redis.aclose()


async def test_what_is_not_kept_is_given_back(kept: Kept) -> None:
    await kept.nearly_end()
    await asyncio.sleep(0.15)
    assert await kept.left() == 1_000


async def test_what_is_kept_stays_aside(kept: Kept) -> None:
    await kept.nearly_end()
    await kept.budget.keep(kept.held)
    await asyncio.sleep(0.15)
    assert await kept.left() == 700


async def test_keeping_counts_it_once(kept: Kept) -> None:
    for _ in range(3):
        await kept.budget.keep(kept.held)
    assert await kept.left() == 700


async def test_keeping_puts_it_aside_again_in_an_emptied_valkey(kept: Kept) -> None:
    await kept.redis.flushall()
    await kept.budget.keep(kept.held)
    assert await kept.left() == 700


async def test_what_was_kept_is_settled_as_ever(kept: Kept) -> None:
    await kept.budget.keep(kept.held)
    await pay(kept.budget, kept.ledger, kept.held, 120, NOON)
    assert await kept.left() == 880


async def test_a_call_that_ends_on_another_day_counts_once_in_its_month(kept: Kept) -> None:
    kept.clock.advance(DAY_S)
    await kept.budget.keep(kept.held)
    await pay(kept.budget, kept.ledger, kept.held, 120, kept.clock())
    assert await kept.left() == 880


async def test_a_new_day_puts_it_aside_as_well(kept: Kept) -> None:
    kept.clock.advance(DAY_S)
    for _ in range(2):
        await kept.budget.keep(kept.held)
    assert await kept.budget.left(SPENDER, (DAY,)) == 700
    await pay(kept.budget, kept.ledger, kept.held, 120, kept.clock())
    assert await kept.budget.left(SPENDER, (DAY,)) == 880


async def test_nothing_can_be_kept_without_valkey() -> None:
    budget, redis = budget_at("redis://127.0.0.1:1", Rows(), Clock(NOON))
    with pytest.raises(BudgetAwayError):
        await budget.keep(Reservation("id", SPENDER, 1, NOON))
    await redis.aclose()
