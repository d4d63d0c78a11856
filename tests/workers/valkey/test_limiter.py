"""One key's rate, whoever asks: with a real Valkey, its clock and short windows."""

from __future__ import annotations

import asyncio
import itertools
import time
from collections.abc import AsyncIterator, Callable

import pytest
import structlog
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from redis.asyncio import Redis

from config.catalogue import RateLimits
from tests.databases import kill_valkey, start_valkey
from tests.fakes.clock import Clock
from workers.domain.rate import Permit
from workers.valkey.limiter import ValkeyLimiter
from workers.valkey.limiter_local import LocalLimiter

QUICK = RateLimits(requests_per_minute=6_000, tokens_per_minute=1_000_000_000, concurrency=1_000)
WIDE = RateLimits(requests_per_minute=1_000_000, tokens_per_minute=1_000_000_000, concurrency=1_000)
VIRTUAL_CLOCK = "local now = tonumber(redis.call('GET', 'clock'))\n"


def _ids() -> Callable[[], str]:
    numbers = itertools.count()
    return lambda: f"permit-{next(numbers)}"


@pytest.fixture
async def redis(valkey: str) -> AsyncIterator[Redis]:
    client = Redis.from_url(valkey)
    yield client
    await client.aclose()


async def _patient(limiter: ValkeyLimiter, limits: RateLimits, tokens: int = 1) -> Permit:
    while True:
        outcome = await limiter.take("acme", limits, tokens)
        if isinstance(outcome, Permit):
            return outcome
        await asyncio.sleep(outcome)


async def _taken(limiter: ValkeyLimiter, limits: RateLimits, tokens: int = 1) -> Permit:
    permit = await limiter.take("acme", limits, tokens)
    assert isinstance(permit, Permit)
    return permit


async def test_twenty_workers_together_stay_below_the_rate(redis: Redis, valkey: str) -> None:
    clients = [Redis.from_url(valkey) for _ in range(20)]
    limits = RateLimits(requests_per_minute=1_200, tokens_per_minute=1_000_000, concurrency=1_000)
    limiters = [ValkeyLimiter(client, time.monotonic, _ids()) for client in clients]
    began, passed = time.monotonic(), 0

    async def take(limiter: ValkeyLimiter) -> None:
        nonlocal passed
        while time.monotonic() - began < 1.0:
            outcome = await limiter.take("acme", limits, 1)
            passed += isinstance(outcome, Permit)
            await asyncio.sleep(0.001 if isinstance(outcome, Permit) else min(outcome, 0.05))

    await asyncio.gather(*map(take, limiters))
    seconds = time.monotonic() - began
    for client in clients:
        await client.aclose()
    # The burst of 120 + 1, and 18 a second.
    assert 121 <= passed <= 121 + 18 * seconds + 1


async def test_calls_under_way_are_never_more_than_allowed(redis: Redis) -> None:
    limiter = ValkeyLimiter(redis, time.monotonic, _ids())
    limits = WIDE.model_copy(update={"concurrency": 3})
    running = most = 0

    async def call() -> None:
        nonlocal running, most
        permit = await _patient(limiter, limits)
        running += 1
        most = max(most, running)
        await asyncio.sleep(0.01)
        running -= 1
        await limiter.done(permit, 1)

    await asyncio.gather(*(call() for _ in range(12)))
    assert most == 3


async def test_a_pause_holds_for_every_worker(redis: Redis, valkey: str) -> None:
    other = Redis.from_url(valkey)
    await ValkeyLimiter(other, time.monotonic, _ids()).pause("acme", 0.2)
    await other.aclose()
    limiter = ValkeyLimiter(redis, time.monotonic, _ids())
    wait = await limiter.take("acme", WIDE, 1)
    assert isinstance(wait, float)
    assert 0.1 < wait <= 0.2
    await asyncio.sleep(wait)
    await _taken(limiter, WIDE)


async def test_nothing_lasts_longer_because_the_clock_went_back(redis: Redis) -> None:
    """Of Valkey's host: what the provider asked for, and the slot of somebody who is gone."""
    limits = RateLimits(requests_per_minute=6_000, tokens_per_minute=1_000_000_000, concurrency=1)
    limiter = ValkeyLimiter(redis, time.monotonic, _ids(), lease_s=5.0, server_clock=VIRTUAL_CLOCK)
    await redis.set("clock", 10_000_000)
    await _taken(limiter, limits)
    await limiter.pause("acme", 2.0)
    await redis.decrby("clock", 3_600_000)
    wait = await limiter.take("acme", limits, 1)
    assert wait == pytest.approx(2.0, abs=0.01)
    await redis.incrby("clock", 2_000)
    assert isinstance(await limiter.take("acme", limits, 1), float)
    await redis.incrby("clock", 3_000)
    await _taken(limiter, limits)


async def test_a_pause_is_no_concern_of_another_key(redis: Redis) -> None:
    limiter = ValkeyLimiter(redis, time.monotonic, _ids())
    await limiter.pause("other", 60)
    await _taken(limiter, WIDE)


@pytest.mark.parametrize(("told", "most"), [(float("nan"), 0.0), (-5.0, 0.0), (float("inf"), 3_600.0)])
async def test_a_wait_that_is_none_never_blocks_a_key_for_good(
    redis: Redis, told: float, most: float
) -> None:
    limiter = ValkeyLimiter(redis, time.monotonic, _ids())
    await limiter.pause("acme", told)
    outcome = await limiter.take("acme", WIDE, 1)
    assert (0.0 if isinstance(outcome, Permit) else outcome) <= most


async def never(seconds: float) -> None:
    """The sleep of a process that is dead."""
    await asyncio.Event().wait()


ONE = WIDE.model_copy(update={"concurrency": 1})


async def test_the_slot_of_a_killed_worker_comes_back_soon(redis: Redis) -> None:
    killed = ValkeyLimiter(redis, time.monotonic, _ids(), life_s=0.1, sleep=never)
    permit = await _taken(killed, ONE)
    limiter = ValkeyLimiter(redis, time.monotonic, _ids())
    assert isinstance(await limiter.take("acme", ONE, 1), float)
    await asyncio.sleep(0.11)
    await _taken(limiter, ONE)
    await killed.done(permit, 1)


async def test_the_slot_of_a_living_worker_is_its_own_until_the_call_is_over(redis: Redis) -> None:
    alive = ValkeyLimiter(redis, time.monotonic, _ids(), life_s=0.3)
    permit = await _taken(alive, ONE)
    await asyncio.sleep(0.6)
    limiter = ValkeyLimiter(redis, time.monotonic, _ids())
    assert isinstance(await limiter.take("acme", ONE, 1), float)
    await alive.done(permit, 1)
    await _taken(limiter, ONE)


async def test_a_slot_that_nobody_gives_back_ends_with_its_lease(redis: Redis) -> None:
    await _taken(ValkeyLimiter(redis, time.monotonic, _ids(), lease_s=0.1, life_s=0.05), ONE)
    await asyncio.sleep(0.2)
    await _taken(ValkeyLimiter(redis, time.monotonic, _ids()), ONE)


async def test_what_was_estimated_too_low_is_a_debt(redis: Redis) -> None:
    limiter = ValkeyLimiter(redis, time.monotonic, _ids())
    limits = RateLimits(requests_per_minute=1_000_000, tokens_per_minute=60_000, concurrency=10)
    permit = await _taken(limiter, limits, 10)
    await limiter.done(permit, 15_000)
    wait = await limiter.take("acme", limits, 10)
    # 6,000 were there, 900 a second flow in.
    assert wait == pytest.approx(9_010 / 900, rel=0.05)


async def test_what_was_estimated_too_high_is_given_back(redis: Redis) -> None:
    limiter = ValkeyLimiter(redis, time.monotonic, _ids())
    limits = RateLimits(requests_per_minute=1_000_000, tokens_per_minute=60_000, concurrency=10)
    permit = await _taken(limiter, limits, 6_000)
    await limiter.done(permit, 0)
    await _taken(limiter, limits, 5_900)


async def test_a_request_that_ended_twice_is_put_right_once(redis: Redis) -> None:
    limiter = ValkeyLimiter(redis, time.monotonic, _ids())
    limits = RateLimits(requests_per_minute=1_000_000, tokens_per_minute=60_000, concurrency=10)
    first, _ = await _taken(limiter, limits, 3_000), await _taken(limiter, limits, 2_900)
    await limiter.done(first, 0)
    await limiter.done(first, 0)
    assert isinstance(await limiter.take("acme", limits, 4_000), float)


async def test_what_was_not_used_lets_another_request_through_at_once(redis: Redis) -> None:
    limiter = ValkeyLimiter(redis, time.monotonic, _ids())
    limits = RateLimits(requests_per_minute=1, tokens_per_minute=1_000_000)
    await limiter.unused(await _taken(limiter, limits, 100_000))
    await _taken(limiter, limits, 100_000)


async def test_a_request_larger_than_the_bucket_passes_when_that_is_full(redis: Redis) -> None:
    limiter = ValkeyLimiter(redis, time.monotonic, _ids())
    limits = RateLimits(requests_per_minute=60, tokens_per_minute=1_000, concurrency=10)
    await _taken(limiter, limits, 5_000)


async def test_a_large_request_is_not_starved_by_small_ones(redis: Redis) -> None:
    limiter = ValkeyLimiter(redis, time.monotonic, _ids())
    limits = RateLimits(requests_per_minute=1_000_000, tokens_per_minute=600_000, concurrency=1_000)
    await _taken(limiter, limits, 60_000)  # the bucket is empty; 9,000 a second flow in
    large = asyncio.create_task(_patient(limiter, limits, 9_000))
    await asyncio.sleep(0.01)

    async def small() -> None:
        while True:
            permit = await _patient(limiter, limits, 90)
            await limiter.done(permit, 90)

    crowd = [asyncio.create_task(small()) for _ in range(10)]
    await asyncio.wait_for(large, timeout=3.0)
    for task in crowd:
        task.cancel()
    await asyncio.gather(*crowd, return_exceptions=True)


async def test_fractions_are_not_lost_however_often_one_asks(redis: Redis) -> None:
    limiter = ValkeyLimiter(redis, time.monotonic, _ids())
    limits = RateLimits(requests_per_minute=120, tokens_per_minute=1_000_000, concurrency=1_000)
    while isinstance(await limiter.take("acme", limits, 1), Permit):
        pass
    began = time.monotonic()
    while not isinstance(await limiter.take("acme", limits, 1), Permit):  # noqa: ASYNC110 - asking often is the test
        await asyncio.sleep(0.001)
    assert time.monotonic() - began == pytest.approx(60 / 120 / 0.9, abs=0.1)


async def test_without_valkey_each_process_limits_itself() -> None:
    server = start_valkey()
    client = Redis.from_url(server.url)
    kill_valkey(server)
    limiter = ValkeyLimiter(client, time.monotonic, _ids())
    limits = WIDE.model_copy(update={"concurrency": 1})
    with structlog.testing.capture_logs() as logs:
        permit = await _taken(limiter, limits)
        assert isinstance(await limiter.take("acme", limits, 1), float)
        await limiter.done(permit, 1)
        await _taken(limiter, limits)
    await client.aclose()
    assert [line["event"] for line in logs] == ["Valkey is away: each process for itself"]


STEPS = st.lists(
    st.tuples(
        st.integers(0, 20_000),
        st.one_of(
            st.tuples(st.just("take"), st.integers(0, 30_000)),
            st.tuples(st.just("done"), st.integers(0, 30_000)),
            st.tuples(st.just("unused"), st.just(0)),
            st.tuples(st.just("pause"), st.integers(0, 5)),
        ),
    ),
    max_size=40,
)


@given(
    steps=STEPS,
    limits=st.builds(
        RateLimits,
        requests_per_minute=st.integers(1, 200),
        tokens_per_minute=st.integers(1_000, 100_000),
        concurrency=st.integers(1, 5),
    ),
)
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_the_process_alone_decides_as_valkey_does(
    valkey: str, steps: list[tuple[int, tuple[str, int]]], limits: RateLimits
) -> None:
    asyncio.run(_compare(valkey, steps, limits))


async def _compare(url: str, steps: list[tuple[int, tuple[str, int]]], limits: RateLimits) -> None:
    redis = Redis.from_url(url)
    await redis.flushall()
    clock = Clock(1_000.0)
    shared = ValkeyLimiter(redis, clock, _ids(), server_clock=VIRTUAL_CLOCK, lease_s=30.0, life_s=30.0)
    alone = LocalLimiter(clock, _ids(), lease_s=30.0)
    held: list[tuple[Permit, Permit]] = []
    # The script's clock is a key of Valkey, which all of a step's scripts read.
    for pass_ms, (kind, number) in steps:
        clock.advance(pass_ms / 1_000)
        await redis.set("clock", repr(clock.at * 1_000))
        if kind == "take":
            both = await shared.take("acme", limits, number), await alone.take("acme", limits, number)
            match both:
                case Permit() as one, Permit() as other:
                    held.append((one, other))
                case one, other:
                    assert one == other
        elif kind == "done" and held:
            one, other = held.pop(0)
            await shared.done(one, number)
            await alone.done(other, number)
        elif kind == "unused" and held:
            one, other = held.pop(0)
            await shared.unused(one)
            await alone.unused(other)
        elif kind == "pause":
            await shared.pause("acme", number)
            await alone.pause("acme", number)
    await redis.aclose()


@given(
    rate=st.integers(1, 120),
    asks=st.lists(st.integers(0, 3_000), min_size=1, max_size=150),
)
@settings(deadline=None)
def test_no_minute_holds_more_requests_than_the_key_has(rate: int, asks: list[int]) -> None:
    passed = asyncio.run(_passed(RateLimits(requests_per_minute=rate, concurrency=1_000), asks))
    for begin in passed:
        assert sum(begin <= at < begin + 60 for at in passed) <= rate


async def _passed(limits: RateLimits, asks: list[int]) -> list[float]:
    clock = Clock(1_000.0)
    limiter, times = LocalLimiter(clock, _ids()), []
    for pass_ms in asks:
        clock.advance(pass_ms / 1_000)
        if isinstance(await limiter.take("acme", limits, 1), Permit):
            times.append(clock.at)
    return times
