"""Who probes: one worker, once an interval, though each of them wakes up for it."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

import structlog
from redis.asyncio import Redis

from workers.valkey.away import TROUBLES

log = structlog.get_logger()

LOCK = "quorum:health:leader"
DONE = "quorum:health:probed"
EARLY_SHARE = 0.1
"""Of the interval: workers that wake up a little early find it over, else it would be skipped by all."""
RELEASE = "if redis.call('GET', KEYS[1]) == ARGV[1] then return redis.call('DEL', KEYS[1]) end return 0"


class ProbeLock:
    """A lock of `lock_s`, and a note of `interval_s` that the round is done. A dead leader's lock ends by itself.

    While Valkey is away nobody leads: probes cost money, and each worker would pay for its own.
    """

    def __init__(
        self, redis: Redis, new_token: Callable[[], str], *, interval_s: float, lock_s: float = 120.0
    ) -> None:
        self._redis = redis
        self._new_token = new_token
        self._interval_ms = max(1, round(interval_s * (1 - EARLY_SHARE) * 1000))
        self._lock_ms = round(lock_s * 1000)
        self._release_script = redis.register_script(RELEASE)

    @asynccontextmanager
    async def lead(self) -> AsyncIterator[bool]:
        """Whether the caller is to probe now; left without an error, the round counts as done."""
        token = self._new_token()
        if not await self._taken(token):
            yield False
            return
        try:
            yield True
            await self._note_done()
        finally:
            await self._release(token)

    async def _taken(self, token: str) -> bool:
        try:
            if await self._redis.exists(DONE):
                return False
            return bool(await self._redis.set(LOCK, token, nx=True, px=self._lock_ms))
        except TROUBLES as error:
            log.warning("models are not probed", error=type(error).__name__)
            return False

    async def _note_done(self) -> None:
        try:
            await self._redis.set(DONE, b"1", px=self._interval_ms)
        except TROUBLES as error:
            log.warning("models may be probed again soon", error=type(error).__name__)

    async def _release(self, token: str) -> None:
        try:
            await self._release_script(keys=[LOCK], args=[token])
        except TROUBLES as error:
            log.warning("the lock of the probes ends by itself", error=type(error).__name__)
