"""The numbers of a token bucket, from what a key may do in a minute. Pure.

A bucket of a whole minute's allowance lets twice of it through in the first minute: the bucket at once, and what flows
in meanwhile. So a tenth of the allowance is the burst, and the rest flows in over the minute: no window of 60 s ever
holds more requests than the key has (nor tokens, but for one request that is larger than the burst).
"""

from __future__ import annotations

from dataclasses import dataclass

from config.catalogue import RateLimits

BURST_SHARE = 0.1
MINUTE_MS = 60_000
MILLI = 1_000
"""Levels are counted in thousandths, with fractions: nothing is lost however often they are looked at."""


@dataclass(frozen=True, slots=True)
class Shape:
    """Sizes in thousandths of requests and tokens, flows in thousandths a millisecond; `slots` are calls under way."""

    requests_max: float
    requests_flow: float
    tokens_max: float
    tokens_flow: float
    slots: int

    @property
    def debt_max(self) -> float:
        """What flows in within a minute: a provider forgets in that time, too."""
        return self.tokens_flow * MINUTE_MS


def shape(limits: RateLimits) -> Shape:
    """The bucket of `limits`."""
    requests = limits.requests_per_minute * MILLI
    tokens = limits.tokens_per_minute * MILLI
    flowing = (1 - BURST_SHARE) / MINUTE_MS
    return Shape(
        # The request that a full bucket lets through at once is beside the burst: a window is open at its end.
        requests * BURST_SHARE + MILLI,
        requests * flowing,
        tokens * BURST_SHARE,
        tokens * flowing,
        limits.concurrency,
    )
