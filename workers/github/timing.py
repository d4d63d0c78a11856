"""Time and chance as arguments."""

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
