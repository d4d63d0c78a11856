"""The pace of requests: who may send when, and who must not for a while; here in one process."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Protocol

from workers.domain.pace import Pace, Turn

HOUR_S = 3_600.0
PATIENCE_S = 60.0
"""Nobody holds a job for a turn that is further away."""


class Pacing(Protocol):
    """What all who speak for one owner ("app", or an installation's id) ask before they send."""

    async def turn(self, owner: str, *, write: bool, creates: bool) -> Turn:
        """When `owner`'s next request may be sent; a place for a write is taken."""
        ...

    async def block(self, owner: str, wait_s: float) -> None:
        """GitHub asked to wait: nobody sends anything until then."""
        ...


@dataclass(slots=True)
class _Owner:
    free_at: float = 0.0
    blocked_until: float = 0.0
    created: deque[float] = field(default_factory=deque)


class LocalPacing:
    """For the requests of this process. `now` gives seconds; turns are handed out in the order of asking."""

    def __init__(self, pace: Pace, now: Callable[[], float], *, patience_s: float = PATIENCE_S) -> None:
        self._pace = pace
        self._now = now
        self._patience_s = patience_s
        self._owners: dict[str, _Owner] = {}

    async def turn(self, owner: str, *, write: bool, creates: bool) -> Turn:
        """See `Pacing.turn`."""
        now, known = self._now(), self._owners.setdefault(owner, _Owner())
        if known.blocked_until > now:
            return Turn(known.blocked_until - now, refused=True)
        if not write:
            return Turn()
        slot = max(now, known.free_at, self._hour_allows(known, now) if creates else now)
        if slot - now > self._patience_s:
            return Turn(slot - now, refused=True)
        known.free_at = slot + self._pace.interval_s
        if creates and self._pace.creations_per_hour:
            known.created.append(slot)
        return Turn(slot - now)

    async def block(self, owner: str, wait_s: float) -> None:
        """See `Pacing.block`."""
        known = self._owners.setdefault(owner, _Owner())
        known.blocked_until = max(known.blocked_until, self._now() + wait_s)

    def _hour_allows(self, known: _Owner, now: float) -> float:
        """The first moment at which the hour before it has room."""
        while known.created and known.created[0] <= now - HOUR_S:
            known.created.popleft()
        full = self._pace.creations_per_hour and len(known.created) >= self._pace.creations_per_hour
        return known.created[-self._pace.creations_per_hour] + HOUR_S if full else now
