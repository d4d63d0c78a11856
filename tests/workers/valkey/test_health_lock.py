"""One worker leads, once an interval."""

from __future__ import annotations

import asyncio
import itertools
from collections.abc import AsyncIterator, Callable

import pytest
from redis.asyncio import Redis

from tests.databases import kill_valkey, start_valkey
from workers.valkey.health_lock import LOCK, ProbeLock


@pytest.fixture
async def redis(valkey: str) -> AsyncIterator[Redis]:
    client = Redis.from_url(valkey)
    yield client
    await client.aclose()


def _tokens() -> Callable[[], str]:
    numbers = itertools.count()
    return lambda: f"token-{next(numbers)}"


async def _leads(lock: ProbeLock) -> bool:
    async with lock.lead() as leading:
        await asyncio.sleep(0.01)
        return leading


async def test_of_ten_workers_one_leads(redis: Redis) -> None:
    tokens = _tokens()
    locks = [ProbeLock(redis, tokens, interval_s=60.0) for _ in range(10)]
    assert sum(await asyncio.gather(*map(_leads, locks))) == 1


async def test_a_worker_that_wakes_later_finds_the_round_done(redis: Redis) -> None:
    lock = ProbeLock(redis, _tokens(), interval_s=60.0)
    assert await _leads(lock)
    assert not await _leads(lock)


async def test_after_the_interval_there_is_another_round(redis: Redis) -> None:
    lock = ProbeLock(redis, _tokens(), interval_s=0.1)
    assert await _leads(lock)
    await asyncio.sleep(0.1)
    assert await _leads(lock)


async def test_a_round_that_broke_is_not_done(redis: Redis) -> None:
    lock = ProbeLock(redis, _tokens(), interval_s=60.0)
    with pytest.raises(KeyError):
        async with lock.lead():
            raise KeyError
    assert await _leads(lock)


async def test_a_dead_leaders_lock_ends_by_itself(redis: Redis) -> None:
    await redis.set(LOCK, "dead", px=50)
    lock = ProbeLock(redis, _tokens(), interval_s=60.0)
    assert not await _leads(lock)
    await asyncio.sleep(0.06)
    assert await _leads(lock)


async def test_nobody_releases_the_lock_of_another(redis: Redis) -> None:
    async with ProbeLock(redis, _tokens(), interval_s=60.0).lead():
        await redis.set(LOCK, "another")
    assert await redis.get(LOCK) == b"another"


async def test_without_valkey_nobody_leads() -> None:
    server = start_valkey()
    client = Redis.from_url(server.url)
    kill_valkey(server)
    assert not await _leads(ProbeLock(client, _tokens(), interval_s=60.0))
    await client.aclose()
