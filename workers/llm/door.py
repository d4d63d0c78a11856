"""All models that may be asked, and what guards them: opened once in a process, a gateway for each run."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Iterable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace

from config.repository import OrchestrationRules
from workers.llm.asking import Asking, Asks
from workers.llm.batching import Batches, InBatches
from workers.llm.gateway import Gateway
from workers.llm.policy import policy_of
from workers.llm.ports import Ports
from workers.llm.rehearsal import Rehearsal
from workers.llm.retry import RetryPolicy
from workers.llm.routing.beliefs import Beliefs
from workers.llm.routing.route import route
from workers.llm.routing.values import Offer, Policy, Situation, Wanted
from workers.llm.settling import Books, Endpoint, Purse, Surroundings

WINDOW_MAX_TOKENS = 128_000
"""No question is longer, whatever a model takes: what is said in the middle of more is overlooked."""
WINDOW_NONE_TOKENS = 32_000
"""Reckoned with where no model can be asked: nothing is sent then."""


@dataclass(frozen=True, slots=True)
class DoorLimits:
    """Limits beside those of the tasks."""

    attempt_timeout_s: float = 120.0
    allow_unknown_prices: bool = False


@dataclass(frozen=True, slots=True)
class Door:
    """The configured models. A run's gateway knows them and those that its repository may name besides."""

    endpoints: Mapping[str, Endpoint]
    ports: Ports
    limits: DoorLimits
    retry: RetryPolicy
    around: Surroundings
    batches: Batches | None = None
    """None: everything is asked alone."""

    @asynccontextmanager
    async def open(
        self, purse: Purse, rules: OrchestrationRules, own: Sequence[Endpoint] = ()
    ) -> AsyncIterator[Gateway]:
        """The gateway of one run, in the name of `purse`, by the repository's `rules`."""
        async with self._open(purse, rules, own, self._asking) as gateway:
            yield gateway

    @asynccontextmanager
    async def rehearse(
        self, purse: Purse, rules: OrchestrationRules, own: Sequence[Endpoint] = ()
    ) -> AsyncIterator[Gateway]:
        """The gateway of a dry run: it decides as ever, and every question ends in a ModelError that says who."""
        async with self._open(purse, rules, own, Rehearsal) as gateway:
            yield gateway

    def _asking(self, books: Books) -> Asks:
        attempt_timeout_s = self.limits.attempt_timeout_s
        alone = Asking(books, self.ports.health, attempt_timeout_s=attempt_timeout_s, retry=self.retry)
        return alone if self.batches is None else InBatches(books, self.batches, alone, attempt_timeout_s)

    @asynccontextmanager
    async def _open(
        self,
        purse: Purse,
        rules: OrchestrationRules,
        own: Sequence[Endpoint],
        asking_with: Callable[[Books], Asks],
    ) -> AsyncIterator[Gateway]:
        known = {**self.endpoints, **{one.spec.name: one for one in own}}
        purse = replace(purse, premium=strongest(known.values()))
        asking = asking_with(Books(purse, self.ports.budget, self.ports.limiter, self.around))
        policy = policy_of(
            rules, allow_unknown_prices=self.limits.allow_unknown_prices, budgeted=bool(purse.limits)
        )
        window = await self._window(known, policy)
        gateway = Gateway(known, policy, purse, asking, self.ports, around=self.around, window_tokens=window)
        try:
            yield gateway
        finally:
            await gateway.close()

    async def _window(self, known: Mapping[str, Endpoint], policy: Policy) -> int:
        """The window of the model that an ordinary question would go to."""
        situation = Situation(
            usable=frozenset(known),
            unhealthy=await self.ports.health.unhealthy(),
            beliefs=Beliefs(await self.ports.profiles.known()),
        )
        offers = [Offer(one.spec, one.provider, 0, 0) for one in known.values()]
        found = route(Wanted("review", output_max_tokens=1), offers, policy, situation).primary
        return min(found.spec.context_tokens, WINDOW_MAX_TOKENS) if found else WINDOW_NONE_TOKENS


def strongest(endpoints: Iterable[Endpoint]) -> Endpoint | None:
    """The one of highest quality, as the catalogue says: what everything would cost without a router."""
    return max(endpoints, key=lambda one: (one.spec.quality, one.spec.name), default=None)
