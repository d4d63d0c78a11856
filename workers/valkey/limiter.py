"""The rate limiter of all workers: requests, tokens and calls under way of each key, taken in one step in Valkey."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence

from redis.asyncio import Redis

from config.catalogue import RateLimits
from workers.domain.rate import Permit
from workers.valkey.away import Spare
from workers.valkey.limiter_local import GRACE_S, LEASE_S, POLL_S, LocalLimiter, pause_ms
from workers.valkey.limiter_script import DONE, PAUSE, RENEW, SERVER_CLOCK, TAKE
from workers.valkey.limiter_shape import MILLI, shape
from workers.valkey.limiter_slots import LIFE_S, Slots
from workers.valkey.limiter_waits import Waits

PREFIX = "quorum:rate:"
KEEP_MS = 7_200_000
"""A bucket that nobody asked for so long is forgotten; no debt and no pause lasts half of it."""
LOCAL = "local:"


class ValkeyLimiter:
    """Limits what all workers do together. A bucket's name is seen in Valkey: it must hold no part of a key.

    A slot lasts `life_s` and is renewed while its process lives, for `lease_s` at most, longer than any call: those of a
    killed worker come back soon. While Valkey is
    away each process limits itself with the same numbers, so that work goes on: N workers may then do N times as much,
    and what the provider says of it (429) holds them back. `clock` is monotonic, in seconds.
    """

    def __init__(
        self,
        redis: Redis,
        clock: Callable[[], float],
        new_id: Callable[[], str],
        *,
        lease_s: float = LEASE_S,
        life_s: float = LIFE_S,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
        server_clock: str = SERVER_CLOCK,
    ) -> None:
        self._new_id = new_id
        life_s = min(life_s, lease_s)
        self._life_ms = round(life_s * MILLI)
        self._slots = Slots(self._renewed, clock, sleep, life_s=life_s, lease_s=lease_s)
        self._alone = LocalLimiter(clock, lambda: LOCAL + new_id(), lease_s=lease_s)
        self._spare = Spare("limiter", clock)
        self._take = redis.register_script(server_clock + TAKE)
        self._done = redis.register_script(DONE)
        self._renew = redis.register_script(server_clock + RENEW)
        self._waits = Waits(redis)
        self._pause = redis.register_script(server_clock + PAUSE)

    async def take(self, bucket: str, limits: RateLimits, tokens: int) -> Permit | float:
        """A permit for a request of about `tokens`, or the seconds to wait before asking again.

        A request larger than the bucket is let through when that is full, and leaves a debt.
        """
        return await self._spare.either(
            lambda: self._take_shared(bucket, limits, max(0, tokens)),
            lambda: self._alone.take(bucket, limits, tokens),
        )

    async def done(self, permit: Permit, tokens: int) -> None:
        """The request has ended and took `tokens`: its slot is free, its estimate put right. Once; later is too late."""
        if permit.id.startswith(LOCAL):
            await self._alone.done(permit, tokens)
        else:
            await self._end(permit, permit.tokens - max(0, tokens), 0)

    async def unused(self, permit: Permit) -> None:
        """Nothing was sent: slot, tokens and request are given back. Once."""
        if permit.id.startswith(LOCAL):
            await self._alone.unused(permit)
        else:
            await self._end(permit, permit.tokens, 1)

    async def _renewed(self, bucket: str, permits: Sequence[str]) -> None:
        args: list[str | float] = [self._life_ms, *permits]
        await self._spare.either(lambda: self._renew(keys=_keys(bucket), args=args), _nothing)

    async def _end(self, permit: Permit, tokens_back: int, requests_back: int) -> None:
        self._slots.drop(permit)
        args: list[str | float] = [permit.id, tokens_back * MILLI, requests_back * MILLI]
        await self._spare.either(
            lambda: self._done(keys=_keys(permit.bucket), args=args),
            _nothing,  # its lease ends by itself
        )

    async def pause(self, bucket: str, seconds: float) -> None:
        """The provider said to wait: no worker gets a permit for so long, an hour at most."""
        # Noted here, too: should Valkey go away meanwhile, this process still knows.
        await self._alone.pause(bucket, seconds)
        args = [round(pause_ms(seconds)), KEEP_MS]
        await self._spare.either(lambda: self._pause(keys=_keys(bucket)[:1], args=args), _nothing)

    async def _take_shared(self, bucket: str, limits: RateLimits, tokens: int) -> Permit | float:
        permit, sizes = Permit(bucket, self._new_id(), tokens), shape(limits)
        numbers = (sizes.requests_max, sizes.requests_flow, sizes.tokens_max, sizes.tokens_flow)
        times = (self._life_ms, round(POLL_S * MILLI), round(GRACE_S * MILLI), KEEP_MS)
        args: list[str | float] = [permit.id, tokens * MILLI, *numbers, sizes.debt_max, sizes.slots, *times]
        wait_ms = int(await self._take(keys=_keys(bucket), args=args))
        if wait_ms <= 0:
            self._slots.add(permit)
            return permit
        await self._waits.add(bucket, wait_ms)
        return wait_ms / MILLI


def _keys(bucket: str) -> list[str]:
    """Both keys of a bucket; the braces keep them in one slot of a cluster."""
    return [f"{PREFIX}{{{bucket}}}", f"{PREFIX}{{{bucket}}}:slots"]


async def _nothing() -> None:
    """Nothing is to be done."""
