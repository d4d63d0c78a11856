"""What the gateway needs of the world: money, rate, health, kept answers, profiles. `workers.bootstrap` brings them."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Protocol

from config.catalogue import RateLimits
from workers.domain.budget import Limit, Refusal, Reservation, Spender
from workers.domain.profile import Moments, Observation, Profiles
from workers.domain.rate import Permit

__all__ = [
    "Answers",
    "Budget",
    "Health",
    "Limiter",
    "Moments",
    "Observation",
    "Permit",
    "ProfileBook",
    "Profiles",
]
"""The ports, and the values that they speak in."""


class Budget(Protocol):
    """Money, over all workers. Every method raises BudgetAwayError when nobody can tell what was spent."""

    async def reserve(self, spender: Spender, limits: Sequence[Limit], micros: int) -> Reservation | Refusal:
        """Put `micros` aside under every limit at once, or nothing at all."""
        ...

    async def settle(self, reservation: Reservation, micros: int) -> None:
        """The call has cost `micros`, more or less than was reserved."""
        ...

    async def refund(self, reservation: Reservation) -> None:
        """The call cost nothing."""
        ...

    async def keep(self, reservation: Reservation) -> None:
        """The call takes long: what was put aside stays so for another lease, from now on."""
        ...

    async def left(self, spender: Spender, limits: Sequence[Limit]) -> int | None:
        """Micro-dollars that the tightest limit has left; None without limits."""
        ...


class Limiter(Protocol):
    """The rate of requests and tokens and the calls under way of each provider's key, over all workers."""

    async def take(self, bucket: str, limits: RateLimits, tokens: int) -> Permit | float:
        """A permit for a request of about `tokens`, or the seconds to wait before asking again."""
        ...

    async def done(self, permit: Permit, tokens: int) -> None:
        """The request has ended and took `tokens`."""
        ...

    async def unused(self, permit: Permit) -> None:
        """Nothing was sent: it is as if nobody had asked for the permit."""
        ...

    async def pause(self, bucket: str, seconds: float) -> None:
        """The provider said to wait: nobody gets a permit for so long."""
        ...


class Health(Protocol):
    """Which models may be asked: circuit breakers and probes, over all workers."""

    async def unhealthy(self) -> frozenset[str]:
        """Names of models that are not to be asked now."""
        ...

    async def succeeded(self, model: str, seconds: float) -> None:
        """It answered."""
        ...

    async def failed(self, model: str, kind: str) -> None:
        """It didn't; `kind` is ModelError's."""
        ...


class Answers(Protocol):
    """Validated answers, kept for a while."""

    async def get(self, key: str) -> str | None:
        """The answer kept under `key`, as JSON."""
        ...

    async def lead(self, key: str, seconds: float) -> bool:
        """Whether the caller is the one to ask (for at most `seconds`); others wait for its answer."""
        ...

    async def wait(self, key: str, seconds: float) -> str | None:
        """The leader's answer, or None when there is none within `seconds` or the leader has given up."""
        ...

    async def put(self, key: str, text: str) -> None:
        """Keep an answer, and tell those who wait."""
        ...

    async def give_up(self, key: str) -> None:
        """The leader got no answer: somebody else may lead."""
        ...


class ProfileBook(Protocol):
    """What models have shown, shared by workers."""

    async def known(self) -> Profiles:
        """All profiles; at most some seconds old."""
        ...

    async def learn(self, observations: Collection[Observation]) -> None:
        """Add what was seen."""
        ...


@dataclass(frozen=True, slots=True)
class Ports:
    """All of it."""

    budget: Budget
    limiter: Limiter
    health: Health
    answers: Answers
    profiles: ProfileBook
