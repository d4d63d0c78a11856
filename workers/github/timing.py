"""Time and chance as arguments, and the pace of writes."""

from __future__ import annotations

import asyncio
import random
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

Sleep = Callable[[float], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class Timing:
    """`now` gives epoch seconds, `sleep` waits seconds, `chance` gives a number in [0, 1)."""

    now: Callable[[], float] = time.time
    sleep: Sleep = asyncio.sleep
    chance: Callable[[], float] = random.random


class WritePacer:
    """Keeps writes `interval_s` apart: GitHub's secondary limits ask for a second between content-creating requests."""

    def __init__(self, timing: Timing, *, interval_s: float) -> None:
        self._timing = timing
        self._interval_s = interval_s
        self._free_at = 0.0

    async def turn(self) -> None:
        """Wait for the next free slot. Slots are handed out in the order of asking."""
        now = self._timing.now()
        slot = max(now, self._free_at)
        self._free_at = slot + self._interval_s
        if slot > now:
            await self._timing.sleep(slot - now)
