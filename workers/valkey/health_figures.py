"""What the metrics say of models: probes, health, and waits for a key's rate, as all workers share them."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager

from redis.asyncio import Redis

from workers.domain.errors import TransientError
from workers.domain.health import Figures, Standing
from workers.valkey.away import TROUBLES
from workers.valkey.health_records import CHECKS, ValkeyRecords, conditions
from workers.valkey.limiter_waits import WAITS


@asynccontextmanager
async def open_figures(url: str, *, timeout_s: float) -> AsyncIterator[Callable[[], Awaitable[Figures]]]:
    """A reader of the Valkey at `url`, which raises TransientError while that is away."""
    async with Redis.from_url(url, socket_timeout=timeout_s, socket_connect_timeout=timeout_s) as redis:

        async def read() -> Figures:
            try:
                return await figures(redis)
            except TROUBLES as error:
                raise TransientError(f"Valkey is away ({type(error).__name__})") from None

        yield read


async def figures(redis: Redis) -> Figures:
    """All of them. Models are those that were probed: of the operator's, not those that a repository named."""
    checks = {
        (model, result): count
        for key, count in _counts(await redis.hgetall(CHECKS)).items()  # type: ignore[misc]
        for result, _, model in [key.partition(":")]
    }
    probed = {model for model, _ in checks}
    known = await conditions(ValkeyRecords(redis))
    healthy = {one.model: one.standing is Standing.HEALTHY for one in known if one.model in probed}
    waits = _counts(await redis.hgetall(WAITS))  # type: ignore[misc]
    told = {
        bucket: (count, waits.get(f"ms:{bucket}", 0) / 1000)
        for key, count in waits.items()
        for what, _, bucket in [key.partition(":")]
        if what == "count"
    }
    return Figures(checks, healthy, told)


def _counts(fields: Mapping[bytes, bytes]) -> dict[str, int]:
    """Fields that hold a count; others are not ours."""
    return {key.decode(errors="replace"): int(value) for key, value in fields.items() if value.isdigit()}
