"""Money put aside, counted and given back, in a real Valkey."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator
from dataclasses import replace

import pytest
from redis.asyncio import Redis

from tests.fakes.clock import Clock
from tests.workers.valkey.spending import MONTH, NOON, SPENDER, Rows, budget_at, pay, reserved
from workers.domain.budget import BudgetAwayError, Limit, Payer, Period, Refusal, Reservation
from workers.domain.spend import account
from workers.valkey.budget import ValkeyBudget
from workers.valkey.budget_scripts import LEASES

NOWHERE = "redis://127.0.0.1:1"
RUN = Limit(Payer.REPOSITORY, Period.RUN, 100)
DAY = Limit(Payer.OPERATOR, Period.DAY, 1_000)


@pytest.fixture
def clock() -> Clock:
    return Clock(NOON)


@pytest.fixture
def ledger() -> Rows:
    return Rows()


@pytest.fixture
async def redis(valkey: str) -> AsyncIterator[Redis]:
    client = Redis.from_url(valkey)
    yield client
    await client.aclose()


@pytest.fixture
async def budget(valkey: str, ledger: Rows, clock: Clock) -> AsyncIterator[ValkeyBudget]:
    budget, client = budget_at(valkey, ledger, clock)
    yield budget
    await client.aclose()


@pytest.fixture
async def other(valkey: str, ledger: Rows, clock: Clock) -> AsyncIterator[ValkeyBudget]:
    """Another worker's, whose leases end after a moment."""
    budget, client = budget_at(valkey, ledger, clock, lease_s=0.05)
    yield budget
    await client.aclose()


async def test_what_is_reserved_is_not_left(budget: ValkeyBudget) -> None:
    await reserved(budget, 300)
    assert await budget.left(SPENDER, (MONTH,)) == 700


async def test_more_than_is_left_is_refused_and_nothing_is_put_aside(budget: ValkeyBudget) -> None:
    await reserved(budget, 300)
    assert await budget.reserve(SPENDER, (MONTH,), 701) == Refusal(MONTH, 700)
    assert await budget.left(SPENDER, (MONTH,)) == 700


async def test_the_last_cent_can_be_had(budget: ValkeyBudget) -> None:
    await reserved(budget, 1_000)
    assert await budget.left(SPENDER, (MONTH,)) == 0


@pytest.mark.parametrize("payer", [Payer.INSTALLATION, Payer.REPOSITORY, Payer.USER])
@pytest.mark.parametrize("period", [Period.DAY, Period.MONTH])
async def test_each_payer_has_its_own_money(budget: ValkeyBudget, payer: Payer, period: Period) -> None:
    limit = Limit(payer, period, 100)
    await reserved(budget, 100, limit)
    other = replace(SPENDER, installation_id=2, repo_id=20, user_id=8)
    await reserved(budget, 100, limit, spender=other)
    assert isinstance(await budget.reserve(SPENDER, (limit,), 1), Refusal)


async def test_a_runs_money_is_its_own_whoever_limits_it(budget: ValkeyBudget) -> None:
    await reserved(budget, 100, RUN)
    assert isinstance(await budget.reserve(SPENDER, (replace(RUN, payer=Payer.OPERATOR),), 1), Refusal)
    await reserved(budget, 100, RUN, spender=replace(SPENDER, run="next"))


async def test_one_exceeded_limit_spends_nothing_of_the_others(budget: ValkeyBudget) -> None:
    assert await budget.reserve(SPENDER, (MONTH, RUN), 101) == Refusal(RUN, 100)
    assert await budget.left(SPENDER, (MONTH,)) == 1_000


async def test_the_tightest_of_exceeded_limits_is_named(budget: ValkeyBudget) -> None:
    assert await budget.reserve(SPENDER, (MONTH, RUN, DAY), 2_000) == Refusal(RUN, 100)


async def test_a_call_is_limited_by_itself(budget: ValkeyBudget) -> None:
    limit = Limit(Payer.OPERATOR, Period.CALL, 50)
    assert await budget.reserve(SPENDER, (limit,), 51) == Refusal(limit, 50)
    await reserved(budget, 50, limit)
    await reserved(budget, 50, limit)


async def test_a_users_limits_are_not_for_events(budget: ValkeyBudget) -> None:
    limit = Limit(Payer.USER, Period.DAY, 1)
    await reserved(budget, 100, limit, spender=replace(SPENDER, user_id=0))


async def test_what_costs_nothing_is_never_refused(budget: ValkeyBudget, ledger: Rows) -> None:
    ledger.add(SPENDER, NOON, 5_000)
    await reserved(budget, 0)


async def test_negative_money_is_a_bug(budget: ValkeyBudget) -> None:
    with pytest.raises(ValueError, match="negative"):
        await budget.reserve(SPENDER, (MONTH,), -1)


async def test_what_a_call_has_cost_takes_the_place_of_what_was_reserved(
    budget: ValkeyBudget, ledger: Rows
) -> None:
    await pay(budget, ledger, await reserved(budget, 300), 120, NOON)
    assert await budget.left(SPENDER, (MONTH,)) == 880


async def test_an_overrun_is_counted(budget: ValkeyBudget, ledger: Rows) -> None:
    await pay(budget, ledger, await reserved(budget, 900), 1_500, NOON)
    assert await budget.spent(Payer.OPERATOR, 0, Period.MONTH) == 1_500
    assert await budget.left(SPENDER, (MONTH,)) == 0
    assert await budget.reserve(SPENDER, (MONTH,), 1) == Refusal(MONTH, -500)


async def test_a_refund_gives_everything_back(budget: ValkeyBudget) -> None:
    await budget.refund(await reserved(budget, 300))
    assert await budget.left(SPENDER, (MONTH,)) == 1_000


async def test_a_steady_budget_reads_the_ledger_once(budget: ValkeyBudget, ledger: Rows) -> None:
    for _ in range(20):
        await pay(budget, ledger, await reserved(budget, 10), 10, NOON)
    assert (await budget.left(SPENDER, (MONTH,)), ledger.reads) == (800, 1)


async def test_settling_twice_counts_once(budget: ValkeyBudget, ledger: Rows) -> None:
    held = await reserved(budget, 300)
    await pay(budget, ledger, held, 600, NOON)
    await budget.settle(held, 600)
    assert await budget.spent(Payer.OPERATOR, 0, Period.MONTH) == 600
    await reserved(budget, 400)


async def test_money_that_may_be_counted_twice_is_not_refused_for_it(
    budget: ValkeyBudget, ledger: Rows
) -> None:
    held = await reserved(budget, 300)
    await pay(budget, ledger, held, 600, NOON)
    await budget.settle(held, 600)
    await reserved(budget, 400)


async def test_refunding_after_settling_changes_nothing(budget: ValkeyBudget, ledger: Rows) -> None:
    held = await reserved(budget, 300)
    await pay(budget, ledger, held, 100, NOON)
    await budget.refund(held)
    assert await budget.left(SPENDER, (MONTH,)) == 900


async def test_a_killed_workers_reservation_is_given_back(budget: ValkeyBudget, other: ValkeyBudget) -> None:
    await reserved(other, 1_000)
    assert isinstance(await budget.reserve(SPENDER, (MONTH,), 1_000), Refusal)
    await asyncio.sleep(0.06)
    await reserved(budget, 1_000)


async def test_what_a_worker_wrote_before_it_was_killed_is_counted(
    budget: ValkeyBudget, other: ValkeyBudget, ledger: Rows
) -> None:
    await reserved(other, 100)
    ledger.add(SPENDER, NOON, 250)
    await asyncio.sleep(0.06)
    assert await budget.left(SPENDER, (MONTH,)) == 750


async def test_settling_after_the_lease_counts_once(
    budget: ValkeyBudget, other: ValkeyBudget, ledger: Rows
) -> None:
    held = await reserved(other, 100)
    await asyncio.sleep(0.06)
    assert await budget.left(SPENDER, (MONTH,)) == 1_000
    await pay(other, ledger, held, 250, NOON)
    assert await budget.left(SPENDER, (MONTH,)) == 750


async def test_one_call_sweeps_a_bounded_number_of_leases(budget: ValkeyBudget, redis: Redis) -> None:
    for _ in range(60):
        await reserved(budget, 10)
    for name, _ in await redis.zrange(LEASES, 0, -1, withscores=True):
        await redis.zadd(LEASES, {name: 1.0})
    await budget.reserve(SPENDER, (), 0)
    assert await redis.zcard(LEASES) == 60 - 25 + 1


async def test_an_emptied_valkey_is_filled_from_the_ledger(
    budget: ValkeyBudget, ledger: Rows, redis: Redis
) -> None:
    await pay(budget, ledger, await reserved(budget, 300), 300, NOON)
    await redis.flushall()
    assert await budget.left(SPENDER, (MONTH,)) == 700


async def test_what_a_worker_holds_outlives_an_emptied_valkey(budget: ValkeyBudget, redis: Redis) -> None:
    await reserved(budget, 300)
    await redis.flushall()
    assert await budget.reserve(SPENDER, (MONTH,), 701) == Refusal(MONTH, 700)


async def test_settling_in_an_emptied_valkey_counts_once(
    budget: ValkeyBudget, ledger: Rows, redis: Redis
) -> None:
    held = await reserved(budget, 300)
    await redis.flushall()
    await pay(budget, ledger, held, 250, NOON)
    assert await budget.left(SPENDER, (MONTH,)) == 750


async def test_another_workers_call_that_a_new_sum_has_already_counts_once(
    budget: ValkeyBudget, other: ValkeyBudget, ledger: Rows, redis: Redis
) -> None:
    held = await reserved(other, 300)
    await redis.flushall()
    ledger.add(SPENDER, NOON, 250)
    assert await budget.left(SPENDER, (MONTH,)) == 750
    await other.settle(held, 250)
    assert await budget.left(SPENDER, (MONTH,)) == 750


async def test_a_call_that_the_first_sum_has_before_it_is_settled_counts_once(
    budget: ValkeyBudget, ledger: Rows
) -> None:
    held = await budget.reserve(SPENDER, (), 300)
    assert isinstance(held, Reservation)
    ledger.add(SPENDER, NOON, 250)
    assert await budget.left(SPENDER, (MONTH,)) == 450
    await budget.settle(held, 250)
    assert await budget.left(SPENDER, (MONTH,)) == 750


async def test_a_row_written_while_the_ledger_is_read_is_not_missed(
    valkey: str, budget: ValkeyBudget, clock: Clock
) -> None:
    class Slow(Rows):
        async def spent(self, accounts: object) -> list[int]:
            sums = await super().spent(accounts)  # type: ignore[arg-type]
            if held is not None:
                await pay(slow_budget, self, held, 600, NOON)  # after the sums were read, before they stand
            return sums

    held: Reservation | None = None
    slow = Slow()
    slow_budget, client = budget_at(valkey, slow, clock)
    unlimited = await slow_budget.reserve(SPENDER, (), 300)
    assert isinstance(unlimited, Reservation)
    held = unlimited
    assert isinstance(await slow_budget.reserve(SPENDER, (MONTH,), 500), Refusal)
    await client.aclose()


async def test_a_snapshot_of_an_earlier_life_is_not_believed(
    budget: ValkeyBudget, other: ValkeyBudget, ledger: Rows, redis: Redis
) -> None:
    await reserved(budget, 0)
    ledger.add(SPENDER, NOON, 400)  # settled after the snapshot was taken
    await redis.set("{quorum:budget}:life", "another server:id")
    assert await other.left(SPENDER, (MONTH,)) == 600


async def test_what_an_earlier_life_put_aside_ends_soon_unless_somebody_vouches_for_it(
    budget: ValkeyBudget, other: ValkeyBudget, redis: Redis
) -> None:
    """A snapshot brings back what was settled after it was taken: nobody speaks of that any more."""
    settled, held = await reserved(other, 100), await reserved(budget, 200)
    await redis.set("{quorum:budget}:life", "another server:id")
    await budget.left(SPENDER, (MONTH,))
    leases = dict(await redis.zrange("{quorum:budget}:leases", 0, -1, withscores=True))
    soon_s, late_s = (leases[one.id.encode()] - time.time() for one in (settled, held))
    assert soon_s <= 30 < 800 < late_s


async def test_a_new_month_has_its_own_money(budget: ValkeyBudget, ledger: Rows, clock: Clock) -> None:
    await pay(budget, ledger, await reserved(budget, 1_000), 1_000, NOON)
    clock.advance(15 * 86_400)
    assert await budget.left(SPENDER, (MONTH,)) == 1_000


async def test_a_late_call_is_paid_by_the_day_that_reserved_it(
    budget: ValkeyBudget, ledger: Rows, clock: Clock
) -> None:
    held = await reserved(budget, 300, DAY)
    clock.advance(86_400)
    await reserved(budget, 0, DAY)  # the new day's sum is known before the row is written
    await pay(budget, ledger, held, 300, NOON)
    assert await budget.left(SPENDER, (DAY,)) == 1_000
    clock.advance(-86_400)
    assert await budget.left(SPENDER, (DAY,)) == 700


async def test_a_late_call_that_the_ledger_has_on_the_next_day_counts_there(
    budget: ValkeyBudget, ledger: Rows, clock: Clock
) -> None:
    held = await reserved(budget, 300, DAY)
    clock.advance(86_400)
    await reserved(budget, 0, DAY)
    await pay(budget, ledger, held, 300, clock())
    assert await budget.left(SPENDER, (DAY,)) == 700


async def test_a_limit_set_later_knows_what_is_held(budget: ValkeyBudget) -> None:
    assert isinstance(await budget.reserve(SPENDER, (), 300), Reservation)
    assert await budget.left(SPENDER, (MONTH,)) == 700


async def test_a_limit_set_later_knows_what_was_spent(budget: ValkeyBudget, ledger: Rows) -> None:
    held = await budget.reserve(SPENDER, (), 300)
    assert isinstance(held, Reservation)
    await pay(budget, ledger, held, 200, NOON)
    assert await budget.left(SPENDER, (MONTH,)) == 800


async def test_without_limits_nothing_is_left_or_missing(budget: ValkeyBudget) -> None:
    assert await budget.left(SPENDER, (Limit(Payer.OPERATOR, Period.CALL, 5),)) is None


async def test_many_workers_share_one_reading_of_the_ledger(budget: ValkeyBudget, ledger: Rows) -> None:
    await asyncio.gather(*(reserved(budget, 10) for _ in range(30)))
    assert ledger.reads == 1


async def test_without_valkey_nothing_is_spent(ledger: Rows, clock: Clock) -> None:
    budget, client = budget_at(NOWHERE, ledger, clock)
    with pytest.raises(BudgetAwayError):
        await budget.reserve(SPENDER, (MONTH,), 1)
    await client.aclose()


async def test_without_valkey_the_unlimited_may_spend(ledger: Rows, clock: Clock) -> None:
    budget, client = budget_at(NOWHERE, ledger, clock)
    assert isinstance(await budget.reserve(SPENDER, (), 1), Reservation)
    await client.aclose()


async def test_without_valkey_the_ledger_says_what_was_spent(ledger: Rows, clock: Clock) -> None:
    budget, client = budget_at(NOWHERE, ledger, clock)
    ledger.add(SPENDER, NOON, 30)
    assert await budget.spent(Payer.REPOSITORY, 10, Period.DAY) == 30
    await client.aclose()


async def test_counters_do_without_the_ledger(budget: ValkeyBudget, ledger: Rows) -> None:
    await reserved(budget, 100)
    ledger.away = True
    await reserved(budget, 100)


async def test_without_counters_and_ledger_nothing_is_spent(budget: ValkeyBudget, ledger: Rows) -> None:
    ledger.away = True
    with pytest.raises(BudgetAwayError):
        await budget.reserve(SPENDER, (MONTH,), 1)


async def test_everything_that_is_kept_ends_by_itself(budget: ValkeyBudget, redis: Redis) -> None:
    await budget.refund(await reserved(budget, 1))
    await budget.left(SPENDER, (DAY,))
    key = f"{{quorum:budget}}:account:{account(Payer.OPERATOR, SPENDER, Period.DAY, NOON)}"
    assert 86_400 < await redis.ttl(key) <= 3 * 86_400
    lasting = [name async for name in redis.scan_iter("*") if await redis.ttl(name) == -1]
    assert lasting == [b"{quorum:budget}:life"]
