"""The gateway's ports within one process: for the command line, where no Valkey is, and for tests."""

from __future__ import annotations

import itertools
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field

from config.catalogue import RateLimits
from workers.domain.budget import Limit, Period, Refusal, Reservation, Spender
from workers.domain.profile import MEASURES, Moments, Observation, Profiles, decay_of, observe
from workers.domain.rate import Permit

FULL_WAIT_S = 0.05


@dataclass(slots=True)
class LocalBudget:
    """Counts what this process spends. Days and months begin with it: what others spent before is not known here."""

    spent_micros: int = 0
    _ids: itertools.count[int] = field(default_factory=itertools.count)
    _open: dict[str, int] = field(default_factory=dict)

    async def reserve(self, spender: Spender, limits: Sequence[Limit], micros: int) -> Reservation | Refusal:
        """Put `micros` aside, unless a limit says no."""
        for limit in limits:
            left = self._left(limit)
            if micros > left:
                return Refusal(limit, left)
        found = Reservation(str(next(self._ids)), spender, micros, 0.0)
        self._open[found.id] = micros
        return found

    async def settle(self, reservation: Reservation, micros: int) -> None:
        """Count what it cost, once."""
        if self._open.pop(reservation.id, None) is not None:
            self.spent_micros += micros

    async def refund(self, reservation: Reservation) -> None:
        """Give it back."""
        self._open.pop(reservation.id, None)

    async def keep(self, reservation: Reservation) -> None:
        """It stays until it is settled anyway."""

    async def left(self, spender: Spender, limits: Sequence[Limit]) -> int | None:
        """What the tightest limit has left."""
        return min((self._left(limit) for limit in limits), default=None)

    def _left(self, limit: Limit) -> int:
        if limit.period is Period.CALL:
            return limit.micros
        return limit.micros - self.spent_micros - sum(self._open.values())


@dataclass(slots=True)
class LocalLimiter:
    """So many calls at once a key, and nothing else: one person's command line makes no rush."""

    _under_way: dict[str, int] = field(default_factory=dict)

    async def take(self, bucket: str, limits: RateLimits, tokens: int) -> Permit | float:
        """A permit while there is room."""
        count = self._under_way.get(bucket, 0)
        if count >= limits.concurrency:
            return FULL_WAIT_S
        self._under_way[bucket] = count + 1
        return Permit(bucket, "", tokens)

    async def done(self, permit: Permit, tokens: int) -> None:
        """Make room."""
        self._under_way[permit.bucket] -= 1

    async def unused(self, permit: Permit) -> None:
        """Make room."""
        await self.done(permit, 0)

    async def pause(self, bucket: str, seconds: float) -> None:
        """The retry loop waits by itself."""


class LocalHealth:
    """Nobody is thought unhealthy: a process of one command has no past."""

    async def unhealthy(self) -> frozenset[str]:
        """None."""
        return frozenset()

    async def succeeded(self, model: str, seconds: float) -> None:
        """Nothing is kept."""

    async def failed(self, model: str, kind: str) -> None:
        """Nothing is kept."""


class NoAnswers:
    """No answer is kept: every question is asked."""

    async def get(self, key: str) -> str | None:
        """None."""
        return None

    async def lead(self, key: str, seconds: float) -> bool:
        """Everybody asks for themselves."""
        return True

    async def wait(self, key: str, seconds: float) -> str | None:
        """Nothing comes."""
        return None

    async def put(self, key: str, text: str) -> None:
        """Dropped."""

    async def give_up(self, key: str) -> None:
        """Nobody waits."""


@dataclass(slots=True)
class LocalProfiles:
    """What was seen in this process."""

    _known: dict[tuple[str, str, str], Moments] = field(default_factory=dict)

    async def known(self) -> Profiles:
        """As it is."""
        return self._known

    async def learn(self, observations: Collection[Observation]) -> None:
        """Add it."""
        for one in observations:
            for measure in MEASURES:
                value = getattr(one, measure)
                if value is not None:
                    key = (one.model, one.kind, measure)
                    self._known[key] = observe(self._known.get(key), value, decay_of(measure))
