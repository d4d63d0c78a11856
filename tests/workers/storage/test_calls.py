"""What model calls used and cost, kept once a run."""

from __future__ import annotations

import pytest

from tests.fakes.clock import Clock
from tests.workers.storage.wanting import key
from workers.domain.usage import Call, Usage
from workers.domain.work import Claim
from workers.storage.calls import CallStore, Spent
from workers.storage.database import Database


def run(name: str = "run", number: int = 1) -> Claim:
    return Claim(key(number), 3, name, "octo/repo", "push", False, 0, 0)


def call(stage: str = "security", model: str = "small", cost_micros: int | None = 10) -> Call:
    return Call(stage, model, "ok", Usage(1, 100, 40, 20, cost_micros, 0.5))


async def keep(store: CallStore, claim: Claim, *calls: Call) -> None:
    record = store.recorder(claim, "sha")
    for one in calls:
        await record(one)


@pytest.fixture
def clock() -> Clock:
    return Clock(1_000.0)


@pytest.fixture
def store(database: Database, clock: Clock) -> CallStore:
    return CallStore(database, clock)


async def test_calls_are_summed_by_stage_and_model(store: CallStore) -> None:
    await keep(store, run(), call(), call(), call(model="big"), call("quality"))
    assert await store.of_pull(10, 1) == [
        Spent("quality", "small", Usage(1, 100, 40, 20, 10, 0.5)),
        Spent("security", "big", Usage(1, 100, 40, 20, 10, 0.5)),
        Spent("security", "small", Usage(2, 200, 80, 40, 20, 1.0)),
    ]


async def test_a_run_is_recorded_once(store: CallStore) -> None:
    await keep(store, run(), call())
    await keep(store, run(), call())
    assert [spent.usage.calls for spent in await store.of_pull(10, 1)] == [1]


async def test_a_repeated_run_spends_again(store: CallStore) -> None:
    await keep(store, run("first"), call())
    await keep(store, run("second"), call())
    assert [spent.usage.calls for spent in await store.of_pull(10, 1)] == [2]


async def test_one_unknown_cost_makes_the_sum_unknown(store: CallStore) -> None:
    await keep(store, run(), call(), call(cost_micros=None), call("quality"))
    assert [spent.usage.cost_micros for spent in await store.of_pull(10, 1)] == [10, None]
    assert (await store.of_month(10, 0.0)).cost_micros is None


async def test_a_month_is_the_sum_over_pull_requests_from_its_start_on(
    store: CallStore, clock: Clock
) -> None:
    await keep(store, run("old"), call())
    clock.advance(100)
    await keep(store, run("one", 1), call())
    await keep(store, run("two", 2), call())
    assert await store.of_month(10, clock()) == Usage(2, 200, 80, 40, 20, 1.0)


async def test_no_calls_cost_nothing(store: CallStore) -> None:
    await keep(store, run())
    assert await store.of_pull(10, 1) == []
    assert await store.of_month(10, 0.0) == Usage()
