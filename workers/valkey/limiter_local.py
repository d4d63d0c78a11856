"""The limiter of one process: the same numbers and the same rules as the script of `limiter_script`, step by step."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass, field

from config.catalogue import RateLimits
from workers.domain.rate import Permit
from workers.valkey.limiter_shape import MILLI, Shape, shape

LEASE_S = 600.0
POLL_S = 0.2
"""Wait of those who find every slot taken: when one gets free is not known."""
GRACE_S = 2.0
"""How much later than told the first in line may ask again before others go ahead."""
PAUSE_MAX_S = 3_600.0


@dataclass(slots=True)
class _Bucket:
    """Levels at `at`, as the script keeps them; times in ms."""

    requests: float
    tokens: float
    at: float
    paused: float = 0.0
    head: float = 0.0
    head_until: float = 0.0
    slots: dict[str, float] = field(default_factory=dict)


class LocalLimiter:
    """Limits this process alone; N processes with it may do N times as much. `clock` gives seconds."""

    def __init__(
        self, clock: Callable[[], float], new_id: Callable[[], str], *, lease_s: float = LEASE_S
    ) -> None:
        self._clock = clock
        self._new_id = new_id
        self._lease_ms = lease_s * MILLI
        self._buckets: dict[str, _Bucket] = {}

    async def take(self, bucket: str, limits: RateLimits, tokens: int) -> Permit | float:
        """A permit, or the seconds to wait before asking again."""
        now, sizes, need = self._clock() * MILLI, shape(limits), max(0, tokens) * MILLI
        kept = self._buckets.setdefault(bucket, _Bucket(sizes.requests_max, sizes.tokens_max, now))
        _flow(kept, sizes, now)
        wait = _wait_ms(kept, sizes, need, now)
        if wait > 0:
            _stand_in_line(kept, sizes, need, now + math.ceil(wait) + GRACE_S * MILLI)
            return math.ceil(wait) / MILLI
        permit = Permit(bucket, self._new_id(), max(0, tokens))
        _let_through(kept, need)
        kept.slots[permit.id] = now + self._lease_ms
        return permit

    async def done(self, permit: Permit, tokens: int) -> None:
        """Free the slot, and put right what was estimated; once."""
        self._end(permit, permit.tokens - max(0, tokens), 0)

    async def unused(self, permit: Permit) -> None:
        """Free the slot, and give back all that was taken; once."""
        self._end(permit, permit.tokens, 1)

    def _end(self, permit: Permit, tokens_back: int, requests_back: int) -> None:
        kept = self._buckets.get(permit.bucket)
        if kept is not None and kept.slots.pop(permit.id, None) is not None:
            kept.tokens += tokens_back * MILLI
            kept.requests += requests_back * MILLI

    async def pause(self, bucket: str, seconds: float) -> None:
        """Nobody gets a permit for so long, an hour at most."""
        now = self._clock() * MILLI
        kept = self._buckets.setdefault(bucket, _Bucket(math.inf, math.inf, now))  # full, whatever full is
        kept.paused = max(kept.paused, now + pause_ms(seconds))


def pause_ms(seconds: float) -> float:
    """`seconds` in milliseconds, 0 to an hour; what is no number is no wait."""
    return 0.0 if math.isnan(seconds) else min(max(0.0, seconds), PAUSE_MAX_S) * MILLI


def _flow(kept: _Bucket, sizes: Shape, now: float) -> None:
    passed = max(0.0, now - kept.at)
    kept.requests = min(sizes.requests_max, kept.requests + passed * sizes.requests_flow)
    kept.tokens = min(sizes.tokens_max, max(-sizes.debt_max, kept.tokens) + passed * sizes.tokens_flow)
    kept.at = now
    kept.head = 0.0 if kept.head_until <= now else kept.head
    for permit in [permit for permit, ends in kept.slots.items() if ends <= now]:
        del kept.slots[permit]


def _wait_ms(kept: _Bucket, sizes: Shape, need: float, now: float) -> float:
    lacking = min(need, sizes.tokens_max) - kept.tokens
    left_to_head = lacking + min(kept.head, sizes.tokens_max) if need < kept.head else 0.0
    return max(
        0.0,
        kept.paused - now,
        (MILLI - kept.requests) / sizes.requests_flow,
        lacking / sizes.tokens_flow,
        min(left_to_head / sizes.tokens_flow, kept.head_until - now) if left_to_head > 0 else 0.0,
        POLL_S * MILLI if len(kept.slots) >= sizes.slots else 0.0,
    )


def _stand_in_line(kept: _Bucket, sizes: Shape, need: float, until: float) -> None:
    """Whoever is first refused for want of tokens is the head of the line."""
    if kept.head == 0.0 and min(need, sizes.tokens_max) > kept.tokens:
        kept.head, kept.head_until = need, until


def _let_through(kept: _Bucket, need: float) -> None:
    kept.requests -= MILLI
    kept.tokens -= need
    kept.head = 0.0 if need >= kept.head else kept.head
