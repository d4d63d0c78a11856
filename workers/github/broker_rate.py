"""How many calls a second the broker takes."""

from __future__ import annotations

from collections.abc import Callable

CALLS_PER_S = 20.0
BURST_CALLS = 400.0
"""The look at GitHub's log of deliveries asks for up to 300 pages in a row."""


class Bucket:
    """Filled with `per_s` calls a second up to `burst`; `clock` gives seconds."""

    def __init__(
        self, clock: Callable[[], float], *, per_s: float = CALLS_PER_S, burst: float = BURST_CALLS
    ) -> None:
        self._clock = clock
        self._per_s = per_s
        self._burst = burst
        self._left = burst
        self._at = clock()

    def take(self) -> bool:
        """Take one call out; False when it is empty."""
        now = self._clock()
        self._left = min(self._burst, self._left + (now - self._at) * self._per_s)
        self._at = now
        if self._left < 1.0:
            return False
        self._left -= 1.0
        return True
