"""The pace of an installation's writes, kept by workers that know each other through Valkey alone."""

from __future__ import annotations

import asyncio
import itertools
import time
from collections.abc import AsyncIterator

import pytest
from redis.asyncio import Redis

from tests.databases import kill_valkey, start_valkey
from tests.fakes.clock import Clock
from tests.journeys.stack import free_port
from workers.domain.pace import Pace, Turn
from workers.github.pacing import HOUR_S, LocalPacing, Pacing
from workers.valkey.pacing import ValkeyPacing

OWNER = "7"


@pytest.fixture
async def redis(valkey: str) -> AsyncIterator[Redis]:
    client = Redis.from_url(valkey)
    yield client
    await client.aclose()


def shared(redis: Redis, pace: Pace, patience_s: float = 60.0) -> ValkeyPacing:
    numbers = itertools.count()
    alone = LocalPacing(pace, time.monotonic)
    return ValkeyPacing(
        redis, pace, alone, lambda: f"{id(alone)}-{next(numbers)}", time.monotonic, patience_s=patience_s
    )


async def written(pacing: Pacing, owner: str = OWNER) -> Turn:
    return await pacing.turn(owner, write=True, creates=True)


async def test_writes_of_all_workers_take_turns_and_reads_wait_for_nobody(redis: Redis) -> None:
    workers = [shared(redis, Pace(interval_s=10.0)) for _ in range(4)]
    turns = sorted([(await written(one)).wait_s for one in workers])
    assert turns == pytest.approx([0, 10, 20, 30], abs=1.0)
    assert await workers[0].turn(OWNER, write=False, creates=False) == Turn()
    assert (await written(workers[1], owner="8")).wait_s == 0


async def test_a_turn_too_far_away_is_refused_and_takes_no_place(redis: Redis) -> None:
    pacing = shared(redis, Pace(interval_s=40.0), patience_s=60.0)
    assert [round((await written(pacing)).wait_s, -1) for _ in range(2)] == [0, 40]
    assert [(await written(pacing)).refused for _ in range(3)] == [True] * 3
    impatient = await written(pacing)
    assert impatient.wait_s == pytest.approx(80, abs=1)


async def test_a_limit_that_one_worker_met_holds_all_back_until_it_ends(redis: Redis) -> None:
    one, other = (shared(redis, Pace(interval_s=0.0)) for _ in range(2))
    await one.block(OWNER, 0.3)
    met = await other.turn(OWNER, write=False, creates=False)
    assert met.refused
    assert 0 < met.wait_s <= 0.3
    await one.block(OWNER, 0.01)  # a shorter one takes nothing back
    assert (await other.turn(OWNER, write=False, creates=False)).refused
    await asyncio.sleep(0.35)
    assert await other.turn(OWNER, write=False, creates=False) == Turn()


async def test_no_hour_sees_more_than_was_allowed(redis: Redis) -> None:
    one, other = (shared(redis, Pace(interval_s=0.0, creations_per_hour=5)) for _ in range(2))
    assert not any([(await written(worker)).refused for worker in (one, other, one, other, one)])
    sixth = await written(other)
    assert sixth.refused
    assert sixth.wait_s == pytest.approx(HOUR_S, abs=5)
    assert not (await other.turn(OWNER, write=True, creates=False)).refused


async def test_in_one_process_the_same_rules_hold() -> None:
    clock = Clock()
    pacing = LocalPacing(Pace(interval_s=1.0, creations_per_hour=3), clock)
    assert [(await written(pacing)).wait_s for _ in range(3)] == [0, 1, 2]
    assert (await written(pacing)).refused
    clock.advance(HOUR_S)
    assert not (await written(pacing)).refused
    await pacing.block(OWNER, 30.0)
    assert (await pacing.turn(OWNER, write=False, creates=False)).refused
    clock.advance(31.0)
    assert not (await pacing.turn(OWNER, write=False, creates=False)).refused


async def test_without_valkey_each_process_keeps_the_pace_and_its_limits() -> None:
    server = start_valkey()
    async with Redis.from_url(server.url) as client:
        pacing = shared(client, Pace(interval_s=10.0))
        await pacing.block("9", 60.0)
        kill_valkey(server)
        assert [round((await written(pacing)).wait_s) for _ in range(2)] == [0, 10]
        assert (await pacing.turn("9", write=False, creates=False)).refused


async def test_who_was_told_of_a_limit_knows_it_when_valkey_was_emptied(redis: Redis) -> None:
    pacing = shared(redis, Pace(interval_s=0.0))
    await pacing.block(OWNER, 30.0)
    await redis.flushall()
    assert (await pacing.turn(OWNER, write=False, creates=False)).refused


async def test_who_heard_of_a_limit_knows_it_when_valkey_was_emptied_and_tells_it_again(redis: Redis) -> None:
    one, other, newcomer = (shared(redis, Pace(interval_s=0.0)) for _ in range(3))
    await one.block(OWNER, 60.0)
    assert (await other.turn(OWNER, write=False, creates=False)).refused
    await redis.flushall()
    assert (await other.turn(OWNER, write=False, creates=False)).refused
    assert (await newcomer.turn(OWNER, write=False, creates=False)).wait_s == pytest.approx(60, abs=2)


async def test_a_turn_too_far_away_is_no_limit(redis: Redis) -> None:
    pacing = shared(redis, Pace(interval_s=40.0))
    assert [(await written(pacing)).refused for _ in range(3)] == [False, False, True]
    assert await pacing.turn(OWNER, write=False, creates=False) == Turn()


async def test_turns_beyond_all_patience_are_those_of_a_clock_that_went_back(redis: Redis) -> None:
    pacing = shared(redis, Pace(interval_s=1.0), patience_s=60.0)
    seconds, _ = await redis.time()
    await redis.execute_command(  # type: ignore[no-untyped-call]
        "HSET", f"quorum:github:{{{OWNER}}}", "free", (seconds + 3_600) * 1_000
    )
    assert (await written(pacing)).wait_s == 0
    assert (await written(pacing)).wait_s == pytest.approx(1.0, abs=0.5)


async def _shift(redis: Redis, ahead_ms: int) -> None:
    """As if Valkey's clock had been ahead while all this was written, and were right again."""
    key = f"quorum:github:{{{OWNER}}}"
    for field in ("blocked", "free"):
        await redis.hincrby(key, field, ahead_ms)  # type: ignore[misc]
    for name, _ in await redis.zrange(f"{key}:created", 0, -1, withscores=True):
        await redis.zincrby(f"{key}:created", ahead_ms, name)


async def test_a_limit_lasts_no_longer_than_github_asked_when_the_clock_goes_back(redis: Redis) -> None:
    one, other, newcomer = (shared(redis, Pace(interval_s=0.0)) for _ in range(3))
    await one.block(OWNER, 0.4)
    await _shift(redis, 3_600_000)
    assert 0 < (await other.turn(OWNER, write=False, creates=False)).wait_s <= 0.4
    await newcomer.block(OWNER, 0.2)  # neither adds it what the clock went back, nor takes it anything back
    await asyncio.sleep(0.45)
    assert await newcomer.turn(OWNER, write=False, creates=False) == Turn()


async def test_a_limit_met_again_after_the_clock_went_back_is_as_long_as_it_was_asked(redis: Redis) -> None:
    one, other = (shared(redis, Pace(interval_s=0.0)) for _ in range(2))
    await one.block(OWNER, 5.0)
    await _shift(redis, 3_600_000)
    await one.block(OWNER, 30.0)
    assert (await other.turn(OWNER, write=False, creates=False)).wait_s == pytest.approx(30, abs=1)


async def test_what_was_created_in_an_hour_to_come_was_created_before_the_clock_went_back(
    redis: Redis,
) -> None:
    pacing = shared(redis, Pace(interval_s=0.0, creations_per_hour=2))
    assert not any([(await written(pacing)).refused for _ in range(2)])
    await _shift(redis, 3_600_000)
    assert (await written(pacing)).wait_s == pytest.approx(HOUR_S, abs=5)


async def test_a_limit_met_while_valkey_seems_away_is_told_as_soon_as_it_is_back() -> None:
    """Nobody waits for the pause after a failure to be over."""
    port = free_port()
    url = f"redis://127.0.0.1:{port}"
    async with Redis.from_url(url) as client, Redis.from_url(url) as of_other:
        one, other = shared(client, Pace(interval_s=0.0)), shared(of_other, Pace(interval_s=0.0))
        await one.turn(OWNER, write=False, creates=False)
        server = start_valkey(port)
        try:
            await one.block(OWNER, 30.0)
            assert (await other.turn(OWNER, write=False, creates=False)).refused
        finally:
            kill_valkey(server)
