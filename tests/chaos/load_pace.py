"""When deliveries are due: at a rate by the machine's pulse, the same share of what a receiver can take all the time."""

from __future__ import annotations

import asyncio
import contextlib
import sys
import time
from collections import deque
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass, field
from statistics import median

from tests.chaos.load_figures import Point

PULSE = "tests.chaos.load_pulse"
PULSES_MIN, PULSES_MAX = 20, 60
"""Pulses that say how fast the machine is: those of a second before the start, then those of the last three."""
LATE_MAX_S = 10.0
"""What a receiver that fell behind was not sent by then is left."""


@dataclass
class Pulses:
    """What the machine's pulses take in the `seconds` after `began`, and how many requests are due by that."""

    per_pulse: float
    seconds: float
    began: float = 0.0
    points: list[Point] = field(default_factory=list)
    due: float = 0.0
    _last: deque[float] = field(default_factory=lambda: deque(maxlen=PULSES_MAX))
    _middle_ms: float = 0.0

    @property
    def rate_s(self) -> float:
        """Requests a second, at this moment."""
        return self.per_pulse * 1000 / self._middle_ms

    async def listen(self, lines: asyncio.StreamReader) -> None:
        """To all that come, until it is cancelled."""
        while True:
            await self.heard(lines)

    async def heard(self, lines: asyncio.StreamReader) -> None:
        """The next one."""
        self._last.append(float(await lines.readline()))
        self._middle_ms = median(self._last)
        at = time.perf_counter() - self.began
        if self.began and 0 <= at <= self.seconds:
            self.due += self.rate_s * (at - (self.points[-1][0] if self.points else 0.0))
            self.points.append((at, self._last[-1]))


@contextlib.asynccontextmanager
async def beating(per_pulse: float, seconds: float) -> AsyncIterator[Pulses]:
    """The machine's pulses, with enough of them heard to go by."""
    words = ["-m", PULSE]
    process = await asyncio.create_subprocess_exec(sys.executable, *words, stdout=asyncio.subprocess.PIPE)
    assert process.stdout is not None
    pulses = Pulses(per_pulse, seconds)
    try:
        for _ in range(PULSES_MIN):
            await pulses.heard(process.stdout)
        listening = asyncio.create_task(pulses.listen(process.stdout))
        yield pulses
        listening.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await listening
    finally:
        process.kill()
        await process.wait()


@dataclass(frozen=True, slots=True)
class Pace:
    """When requests are due, over all `connections`, from when the pulses begin to count, as long as they do."""

    pulses: Pulses
    connections: int

    def dues(self, number: int) -> Iterator[float]:
        """Those of one connection; without a rate, the next is due as soon as it is asked for."""
        pulses, even = self.pulses, self.pulses.per_pulse > 0
        due = pulses.began + (number / pulses.rate_s if even else 0.0)
        until = pulses.began + pulses.seconds
        while due < until and time.perf_counter() < until + LATE_MAX_S:
            yield due
            due = due + self.connections / pulses.rate_s if even else time.perf_counter()
