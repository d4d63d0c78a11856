"""Ports that keep what they were told, each wrapped around one that works."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from config.catalogue import RateLimits
from workers.domain.budget import BudgetAwayError, Limit, Refusal, Reservation, Spender
from workers.domain.rate import Permit
from workers.llm.local import LocalBudget, LocalLimiter


@dataclass
class RecordingBudget(LocalBudget):
    """A budget within this process; `events` says what was done in order, `away` what can't be."""

    events: list[str] = field(default_factory=list)
    away: frozenset[str] = frozenset()

    async def reserve(self, spender: Spender, limits: Sequence[Limit], micros: int) -> Reservation | Refusal:
        self._note("reserve", micros)
        return await LocalBudget.reserve(self, spender, limits, micros)

    async def settle(self, reservation: Reservation, micros: int) -> None:
        self._note("settle", micros)
        await LocalBudget.settle(self, reservation, micros)

    async def refund(self, reservation: Reservation) -> None:
        self._note("refund", reservation.micros)
        await LocalBudget.refund(self, reservation)

    async def left(self, spender: Spender, limits: Sequence[Limit]) -> int | None:
        if "left" in self.away:
            raise BudgetAwayError("The counters are away.")
        return await LocalBudget.left(self, spender, limits)

    def held_micros(self) -> int:
        """What is put aside and not settled."""
        return sum(self._open.values())

    def _note(self, what: str, micros: int) -> None:
        self.events.append(f"{what} {micros}")
        if what in self.away:
            raise BudgetAwayError("The counters are away.")


@dataclass
class RecordingLimiter(LocalLimiter):
    """A limiter within this process; it keeps pauses, and counts permits that were not given back."""

    pauses: list[tuple[str, float]] = field(default_factory=list)
    given: int = 0
    back: list[int] = field(default_factory=list)
    wait_s: float = 0.0
    """When set, nobody gets a permit, and is told to wait for so long."""

    async def take(self, bucket: str, limits: RateLimits, tokens: int) -> Permit | float:
        if self.wait_s:
            return self.wait_s
        found = await LocalLimiter.take(self, bucket, limits, tokens)
        self.given += isinstance(found, Permit)
        return found

    async def done(self, permit: Permit, tokens: int) -> None:
        self.back.append(tokens)
        await LocalLimiter.done(self, permit, tokens)  # what was not used comes back by this way, too

    async def pause(self, bucket: str, seconds: float) -> None:
        self.pauses.append((bucket, seconds))

    def under_way(self) -> int:
        """Permits that are out."""
        return self.given - len(self.back)


@dataclass
class SetHealth:
    """Health as a test sets it; it keeps what it was told."""

    ill: frozenset[str] = frozenset()
    told: list[tuple[str, str]] = field(default_factory=list)

    async def unhealthy(self) -> frozenset[str]:
        return self.ill

    async def succeeded(self, model: str, seconds: float) -> None:
        self.told.append((model, "ok"))

    async def failed(self, model: str, kind: str) -> None:
        self.told.append((model, kind))
