"""What the metrics read of Valkey."""

from __future__ import annotations

import itertools
import time

import pytest
from redis.asyncio import Redis

from config.catalogue import RateLimits
from tests.databases import kill_valkey, start_valkey
from workers.domain.errors import TransientError
from workers.domain.health import Figures
from workers.valkey.health import ValkeyHealth
from workers.valkey.health_figures import figures, open_figures
from workers.valkey.health_records import CHECKS
from workers.valkey.limiter import ValkeyLimiter


async def test_probes_and_health_of_probed_models_are_told(valkey: str) -> None:
    async with Redis.from_url(valkey) as redis:
        health = ValkeyHealth(redis, time.monotonic, time.time)
        await health.probe_passed("a", 0.5)
        await health.probe_failed("b:1", "timeout")
        await health.failed("named-by-a-repository", "unauthorised")
        found = await figures(redis)
    assert found.checks == {("a", "ok"): 1, ("b:1", "failed"): 1}
    assert found.healthy == {"a": True, "b:1": False}


async def test_waits_are_counted_by_bucket(valkey: str) -> None:
    limits = RateLimits(concurrency=1)
    async with Redis.from_url(valkey) as redis:
        numbers = itertools.count()
        limiter = ValkeyLimiter(redis, time.monotonic, lambda: f"permit-{next(numbers)}")
        for _ in range(3):
            await limiter.take("acme:KEY", limits, 1)
        found = await figures(redis)
    assert found.waits == {"acme:KEY": (2, 0.4)}


async def test_what_is_no_count_is_left_out(valkey: str) -> None:
    async with Redis.from_url(valkey) as redis:
        await redis.hset(CHECKS, "ok:a", "many")
        assert await figures(redis) == Figures()


async def test_a_valkey_that_is_away_may_come_back() -> None:
    server = start_valkey()
    kill_valkey(server)
    async with open_figures(server.url, timeout_s=1.0) as read:
        with pytest.raises(TransientError, match="away"):
            await read()
