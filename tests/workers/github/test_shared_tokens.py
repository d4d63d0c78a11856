"""The shared cache: encrypted, single flight between processes, harmless when it is away."""

from __future__ import annotations

import asyncio
import time as clock
from collections.abc import AsyncIterator

import pytest
from pydantic import SecretStr
from redis.asyncio import Redis

from workers.github.shared_tokens import SharedTokens
from workers.github.timing import Timing
from workers.github.tokens import StoredToken

KEY = "api.github.com|99|7|42|contents:read"
VALUE = "ghs_99_header.payload.signature"
SECRET = SecretStr("sixteen or more characters")


def token(life_s: float = 3000.0) -> StoredToken:
    return StoredToken(SecretStr(VALUE), clock.time() + life_s)


@pytest.fixture
async def redis(valkey: str) -> AsyncIterator[Redis]:
    async with Redis.from_url(valkey) as connection:
        yield connection


@pytest.fixture
def shared(redis: Redis) -> SharedTokens:
    return SharedTokens(redis, SECRET, Timing(), poll_s=0.01)


async def test_what_is_kept_comes_back(shared: SharedTokens) -> None:
    kept = token()
    await shared.set(KEY, kept)
    assert await shared.get(KEY) == kept


async def test_neither_token_nor_scope_is_readable_at_rest(shared: SharedTokens, redis: Redis) -> None:
    await shared.set(KEY, token())
    (name,) = await redis.keys("*")
    stored = name + (await redis.get(name))
    assert VALUE.encode() not in stored
    assert b"contents" not in stored


async def test_it_ends_with_the_token(shared: SharedTokens, redis: Redis) -> None:
    await shared.set(KEY, token(life_s=100.0))
    (name,) = await redis.keys("*")
    assert 0 < await redis.ttl(name) <= 100


async def test_a_token_past_its_time_is_not_kept(shared: SharedTokens) -> None:
    await shared.set(KEY, token(life_s=-1.0))
    assert await shared.get(KEY) is None


async def test_another_secret_finds_nothing(shared: SharedTokens, redis: Redis) -> None:
    await shared.set(KEY, token())
    assert await SharedTokens(redis, SecretStr("another secret, long"), Timing()).get(KEY) is None


async def test_a_token_moved_to_another_scope_is_not_taken(shared: SharedTokens, redis: Redis) -> None:
    await shared.set(KEY, token())
    await shared.set("other", token())
    one, two = await redis.keys("*")
    await redis.set(one, await redis.get(two))
    found = [await shared.get(KEY), await shared.get("other")]
    assert found.count(None) == 1


async def test_only_the_refused_token_is_dropped(shared: SharedTokens) -> None:
    await shared.set(KEY, token())
    await shared.drop(KEY, SecretStr("older"))
    assert await shared.get(KEY) is not None
    await shared.drop(KEY, SecretStr(VALUE))
    assert await shared.get(KEY) is None


async def test_one_holder_at_a_time(shared: SharedTokens) -> None:
    inside: list[int] = []
    seen_together: list[int] = []

    async def work(number: int) -> None:
        async with shared.lock(KEY):
            inside.append(number)
            await asyncio.sleep(0.005)
            seen_together.append(len(inside))
            inside.remove(number)

    await asyncio.gather(*(work(number) for number in range(5)))
    assert seen_together == [1] * 5


async def test_a_holder_that_died_is_waited_for_no_longer_than_the_lock_lasts(redis: Redis) -> None:
    shared = SharedTokens(redis, SECRET, Timing(), lock_s=0.05, poll_s=0.01)
    gone = shared.lock(KEY)
    await gone.__aenter__()
    async with shared.lock(KEY):
        pass
    await gone.__aexit__(None, None, None)


async def test_without_redis_it_only_forgets() -> None:
    async with Redis.from_url("redis://127.0.0.1:1") as nowhere:
        shared = SharedTokens(nowhere, SECRET, Timing())
        await shared.set(KEY, token())
        async with shared.lock(KEY):
            assert await shared.get(KEY) is None
        await shared.drop(KEY, SecretStr(VALUE))
