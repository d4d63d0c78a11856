"""What is done while Valkey is away: the same by other means, in this process alone, and one line in the log."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from contextlib import suppress
from typing import TypeVar

import structlog
from redis.exceptions import RedisError

log = structlog.get_logger()

T = TypeVar("T")

TROUBLES = (RedisError, OSError)
PAUSE_S = 2.0
"""For so long after a failure Valkey is not asked: no call waits for its timeout again and again."""


class Spare:
    """Two ways to the same end. `part` is named in the log; `clock` is monotonic.

    It is asked up to `tries` times: a process that stood still finds its answer timed out though Valkey is there.
    """

    def __init__(
        self, part: str, clock: Callable[[], float], *, pause_s: float = PAUSE_S, tries: int = 1
    ) -> None:
        self._part = part
        self._clock = clock
        self._pause_s = pause_s
        self._tries = tries
        self._away = False
        self._ask_at = 0.0

    async def either(self, shared: Callable[[], Awaitable[T]], alone: Callable[[], Awaitable[T]]) -> T:
        """What `shared` returns, or `alone` while Valkey is away."""
        if self._away and self._clock() < self._ask_at:
            return await alone()
        try:
            value = await self._asked(shared)
        except TROUBLES as error:
            self._lost(error)
            return await alone()
        self._found()
        return value

    async def _asked(self, shared: Callable[[], Awaitable[T]]) -> T:
        for _ in range(self._tries - 1):
            with suppress(*TROUBLES):
                return await shared()
        return await shared()

    def _lost(self, error: Exception) -> None:
        self._ask_at = self._clock() + self._pause_s
        if not self._away:
            log.warning(
                "Valkey is away: each process for itself", part=self._part, error=type(error).__name__
            )
        self._away = True

    def _found(self) -> None:
        if self._away:
            log.info("Valkey is back", part=self._part)
        self._away = False
