"""A time of day that nobody moves: what is written into rows must not lie an hour ahead because a clock was set."""

from __future__ import annotations

import time
from collections.abc import Callable


def since_boot_s() -> float:
    """Seconds that the machine has been up, asleep or not; awake, where nothing else is told."""
    boot = getattr(time, "CLOCK_BOOTTIME", time.CLOCK_MONOTONIC)
    return time.clock_gettime(boot)


def steady(
    wall: Callable[[], float] | None = None, passed: Callable[[], float] = since_boot_s
) -> Callable[[], float]:
    """Epoch seconds: the time of day at the call, and what has passed since; jumps of the clock change nothing."""
    ahead_s = (wall or time.time)() - passed()
    return lambda: passed() + ahead_s
