"""Health that workers share, in a real Valkey."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator

import pytest
import structlog
from redis.asyncio import Redis

from tests.databases import kill_valkey, start_valkey
from tests.fakes.clock import Clock
from workers.domain.health import Standing
from workers.valkey.breaker import Patience
from workers.valkey.health import ValkeyHealth
from workers.valkey.health_records import CHECKS, RECORDS

QUICK = Patience(open_s=0.05, open_max_s=0.2, lasting_s=0.3, trial_s=0.1)


@pytest.fixture
async def redis(valkey: str) -> AsyncIterator[Redis]:
    client = Redis.from_url(valkey)
    yield client
    await client.aclose()


def _health(redis: Redis, patience: Patience = QUICK, cache_s: float = 0.0) -> ValkeyHealth:
    return ValkeyHealth(redis, time.monotonic, time.time, patience=patience, cache_s=cache_s)


async def _fail(health: ValkeyHealth, times: int = 3, kind: str = "timeout") -> None:
    for _ in range(times):
        await health.failed("m", kind)


async def test_what_one_worker_saw_every_worker_knows(redis: Redis) -> None:
    await _fail(_health(redis))
    assert await _health(redis).unhealthy() == {"m"}


async def test_failures_of_several_workers_at_once_are_all_counted(redis: Redis) -> None:
    workers = [_health(redis, Patience(failures_max=20)) for _ in range(20)]
    await asyncio.gather(*(worker.failed("m", "timeout") for worker in workers[:19]))
    assert await _health(redis).unhealthy() == frozenset()
    await workers[19].failed("m", "timeout")
    assert await _health(redis).unhealthy() == {"m"}


async def test_when_its_time_is_over_one_worker_of_all_may_try(redis: Redis) -> None:
    await _fail(_health(redis))
    await asyncio.sleep(0.06)
    seen = await asyncio.gather(*(_health(redis).unhealthy() for _ in range(10)))
    assert sorted(len(names) for names in seen) == [0] + [1] * 9


async def test_a_trial_that_nobody_hears_of_is_followed_by_anothers(redis: Redis) -> None:
    health, other = _health(redis), _health(redis)
    await _fail(health)
    await asyncio.sleep(0.06)
    assert await health.unhealthy() == frozenset()
    assert await other.unhealthy() == {"m"}
    await asyncio.sleep(0.11)
    assert await other.unhealthy() == frozenset()


async def test_looking_is_not_trying(redis: Redis) -> None:
    health = _health(redis, cache_s=60.0)
    await _fail(health)
    await asyncio.sleep(0.06)
    assert await health.unhealthy() == frozenset()
    assert await health.unhealthy() == frozenset()


async def test_a_failed_trial_is_over_for_who_had_it(redis: Redis) -> None:
    health = _health(redis)
    await _fail(health)
    await asyncio.sleep(0.06)
    assert await health.unhealthy() == frozenset()
    await health.failed("m", "timeout")
    assert await health.unhealthy() == {"m"}


async def test_the_trials_success_is_everybodys(redis: Redis) -> None:
    await _fail(_health(redis))
    await _health(redis).succeeded("m", 0.5)
    assert await _health(redis).unhealthy() == frozenset()


async def test_one_bad_probe_is_enough_and_three_good_ones_heal(redis: Redis) -> None:
    health = _health(redis)
    await health.probe_failed("m", "unavailable")
    for _ in range(2):
        await health.probe_passed("m", 0.5)
        assert await health.unhealthy() == {"m"}
    await health.probe_passed("m", 0.5)
    assert await health.unhealthy() == frozenset()


async def test_within_a_second_one_look_serves_all(redis: Redis) -> None:
    health = _health(redis, cache_s=60.0)
    assert await health.unhealthy() == frozenset()
    await _fail(_health(redis))
    assert await health.unhealthy() == frozenset()


async def test_what_a_process_noted_itself_it_knows_at_once(redis: Redis) -> None:
    health = _health(redis, cache_s=60.0)
    assert await health.unhealthy() == frozenset()
    await _fail(health)
    assert await health.unhealthy() == {"m"}


async def test_states_tell_since_when_and_why(redis: Redis) -> None:
    health, began = _health(redis), time.time()
    await health.succeeded("a", 1.5)
    await _fail(health, kind="unauthorised", times=1)
    healthy, broken = await health.states()
    assert (healthy.model, healthy.standing, healthy.latency_s) == ("a", Standing.HEALTHY, 1.5)
    assert (broken.standing, broken.reason) == (Standing.OPEN, "unauthorised")
    assert began - 1 <= broken.since <= time.time() + 1
    assert broken.idle_s is not None
    assert broken.idle_s < 5


async def test_a_probe_is_no_use_of_a_model(redis: Redis) -> None:
    health = _health(redis)
    await health.probe_passed("m", 0.5)
    (condition,) = await health.states()
    assert condition.idle_s is None


async def test_probes_are_counted(redis: Redis) -> None:
    health = _health(redis)
    await health.probe_passed("m", 0.5)
    await health.probe_failed("m", "timeout")
    assert await redis.hgetall(CHECKS) == {b"ok:m": b"1", b"failed:m": b"1"}  # type: ignore[misc]


async def test_a_record_that_cannot_be_read_is_as_if_it_were_new(redis: Redis) -> None:
    await redis.hset(RECORDS, mapping={"m": "{no record", "n": '{"breaker": "purple"}'})  # type: ignore[misc]
    health = _health(redis)
    assert await health.unhealthy() == frozenset()
    await _fail(health)
    assert await health.unhealthy() == {"m"}


async def test_without_valkey_each_process_knows_what_it_saw() -> None:
    server = start_valkey()
    client = Redis.from_url(server.url)
    kill_valkey(server)
    clock = Clock()
    health = ValkeyHealth(client, clock, clock, cache_s=0.0)
    with structlog.testing.capture_logs() as logs:
        await _fail(health)
        assert await health.unhealthy() == {"m"}
        clock.advance(31.0)
        assert await health.unhealthy() == frozenset()
    await client.aclose()
    assert [line["event"] for line in logs].count("Valkey is away: each process for itself") == 1


async def test_a_change_of_standing_is_logged_once(redis: Redis) -> None:
    with structlog.testing.capture_logs() as logs:
        await _fail(_health(redis), times=4)
    (line,) = logs
    assert (line["model"], line["was"], line["now"], line["reason"]) == ("m", "healthy", "open", "timeout")
