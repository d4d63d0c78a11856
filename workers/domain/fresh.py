"""A value that is read anew once it is old, and only once for all who want it then."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import Generic, TypeVar

T = TypeVar("T")


class Fresh(Generic[T]):
    """What `read` says, not older than `fresh_s` by `clock`, in seconds; who asks meanwhile shares the reading."""

    def __init__(self, read: Callable[[], Awaitable[T]], clock: Callable[[], float], fresh_s: float) -> None:
        self._read = read
        self._clock = clock
        self._fresh_s = fresh_s
        self._began = float("-inf")
        self._reading: asyncio.Future[T] | None = None

    async def get(self) -> T:
        """The value; raises what `read` does, and the next one tries again. No caller's end ends the reading."""
        now = self._clock()
        if self._reading is None or now - self._began >= self._fresh_s or _failed(self._reading):
            self._began, self._reading = now, asyncio.ensure_future(self._read())
        if self._reading.done():  # as it is nearly always: a shield is for those who wait
            return self._reading.result()
        return await asyncio.shield(self._reading)

    def forget(self) -> None:
        """Whoever asks next has it read anew."""
        self._reading = None


def _failed(reading: asyncio.Future[T]) -> bool:
    return reading.done() and (reading.cancelled() or reading.exception() is not None)
