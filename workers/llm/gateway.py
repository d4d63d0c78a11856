"""The one door to any model: cache → route → reserve → call → parse, one repair → settle → record."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence, Set
from copy import copy
from dataclasses import replace
from typing import TypeVar

from pydantic import BaseModel

from workers.domain.budget import BudgetAwayError, Limit, Period, Refusal
from workers.domain.fresh import Fresh
from workers.domain.profile import Observation, Profiles
from workers.domain.task import Completion, ModelError, Task
from workers.llm.answering import Answering, Choice, Run
from workers.llm.asking import Asks
from workers.llm.conversation import opening, tokens_in
from workers.llm.endpoint import Endpoint, Surroundings
from workers.llm.money import MICROS_MAX
from workers.llm.ports import Ports
from workers.llm.provider import ProviderError
from workers.llm.routing.beliefs import Beliefs
from workers.llm.routing.route import RANKS_LOWER, route
from workers.llm.routing.values import Bar, Decision, Offer, Policy, Situation, Wanted
from workers.llm.settling import OverBudgetError, Purse, refusal

T = TypeVar("T", bound=BaseModel)

LEFT_FRESH_S = 1.0


class Gateway:
    """Answers the tasks of one run; implements `workers.domain.task.Models`. Close it: what was seen is learned then."""

    def __init__(
        self,
        endpoints: Mapping[str, Endpoint],
        policy: Policy,
        purse: Purse,
        asking: Asks,
        ports: Ports,
        *,
        around: Surroundings,
        window_tokens: int,
    ) -> None:
        self._endpoints = endpoints
        self._policy = policy
        self._purse = purse
        self._answering = Answering(purse, asking, ports.answers, around)
        self._ports = ports
        self._around = around
        self._window_tokens = window_tokens
        self._profiles: Profiles = {}
        self._beliefs = Beliefs()
        self._set_aside: frozenset[str] = frozenset()
        self._left = Fresh(self._read_left, around.monotonic, LEFT_FRESH_S)

    def window_tokens(self) -> int:
        """The context window of the model that a task of this run is likely to go to, in tokens."""
        return self._window_tokens

    async def left_micros(self) -> int | None:
        """What the tightest budget of this run has left, None without one; LEFT_FRESH_S old at most.

        Good enough to choose by: what a call may cost is put aside before it is made. Raises BudgetAwayError.
        """
        return await self._left.get() if self._purse.limits else None

    async def _read_left(self) -> int:
        left = await self._ports.budget.left(self._purse.spender, self._purse.limits)
        # A limit of each call is never used up; it is one all the same, so no price may be unknown.
        return MICROS_MAX if left is None else left

    async def worst_micros(self, task: Task[T]) -> int | None:
        """The most that `task` can cost with the model that would be asked now; None: nobody knows, or nobody may be.

        Whatever is left: whether that is enough is what the caller wants to know.
        """
        primary = (await self._decide(task, MICROS_MAX)).primary
        return None if primary is None else primary.worst_micros

    async def first_choice(self, task: Task[T]) -> str | None:
        """The model that `task` would go to, whatever is left."""
        primary = (await self._decide(task, MICROS_MAX)).primary
        return None if primary is None else primary.spec.name

    async def afford(self, micros: int) -> Refusal | None:
        """Which limit of this run has less than `micros` left; None when none has. Raises BudgetAwayError."""
        return await self._refusal(
            micros, tuple(one for one in self._purse.limits if one.period is not Period.CALL)
        )

    async def _refusal(self, micros: int, limits: Sequence[Limit]) -> Refusal | None:
        return await refusal(self._ports.budget, self._purse.spender, limits, micros)

    def cheaper(self) -> Gateway:
        """The same run by the budget tier; what is seen and spent is this one's."""
        other = copy(self)
        other._policy = replace(self._policy, tier="budget")
        return other

    def stronger(self) -> Gateway:
        """The same run by the premium tier."""
        other = copy(self)
        other._policy = replace(self._policy, tier="premium", strategy="quality")
        return other

    async def panel(self, task: Task[T], seats_max: int) -> Sequence[Gateway]:
        """Who would answer `task`, family by family, best first. Raises BudgetAwayError."""
        decision = await self._decide(task, await self.left_micros())
        if decision.primary is None:
            return []
        could = (one.model for one in decision.alternatives if one.why == RANKS_LOWER)
        families: dict[str, list[str]] = {}
        for name in (decision.primary.spec.name, *could):
            families.setdefault(self._endpoints[name].spec.family, []).append(name)
        return [self._seat(names) for names in list(families.values())[:seats_max]]

    def _seat(self, names: Sequence[str]) -> Gateway:
        seat = self._without(self._endpoints.keys() - set(names))
        seat._window_tokens = min(self._endpoints[names[0]].spec.context_tokens, self._window_tokens)
        return seat

    async def trust(self, kind: str) -> Mapping[str, float]:
        """What is believed of each model's quality at tasks of `kind`, 0 to 1."""
        believed = await self._believed()
        return {
            name: believed.of(name, kind, "quality", one.spec.quality / 10).mean
            for name, one in self._endpoints.items()
        }

    def apart_from(self, models: Collection[str]) -> Gateway | None:
        """The same run with the models of other families; None: there are none."""
        families = {self._endpoints[name].spec.family for name in models if name in self._endpoints}
        other = self._without({name for name, one in self._endpoints.items() if one.spec.family in families})
        return None if other._set_aside == self._endpoints.keys() else other

    def _without(self, names: Set[str]) -> Gateway:
        """They are set aside, not forgotten: whoever is left is still measured by them."""
        other = copy(self)
        other._set_aside = self._set_aside | names
        return other

    def observe(self, model: str, kind: str, quality: float) -> None:
        """An answer of `model` turned out to be worth `quality` (0 to 1)."""
        self._answering.seen.append(Observation(model, kind, quality=quality))

    async def close(self) -> None:
        """Add what this run has seen of its models to their profiles."""
        seen = list(self._answering.seen)
        self._answering.seen.clear()  # cheaper() shares it
        if seen:
            await self._ports.profiles.learn(seen)

    async def complete(self, task: Task[T]) -> Completion[T]:
        """Answer `task` within its `timeout_s`, waiting, repair and other models included, or raise ModelError."""
        run = Run(task.kind, self._around.monotonic() + task.timeout_s)
        try:
            decision = await self._decide(task, await self.left_micros())
            if decision.primary is None and Bar.BUDGET in decision.barred:
                # What others had put aside may have come back since that was read.
                decision = await self._decide(task, await self._read_left())
            return await self._through(task, decision, run)
        except BudgetAwayError as error:
            raise run.failed("budget", f"nobody can tell what was spent, so nothing is: {error}") from None

    async def _through(self, task: Task[T], decision: Decision, run: Run) -> Completion[T]:
        """Ask one model after the other, until one answers or the time is up."""
        if decision.primary is None:
            raise await self._nobody(task, decision, run)
        reason, last = decision.reason, run.failed("no model", decision.reason)
        for offer in (decision.primary, *decision.fallbacks):
            try:
                return await self._answering.answer(
                    task, Choice(self._endpoints[offer.spec.name], reason, offer.estimated_micros), run
                )
            except ProviderError as error:
                last = run.failed(error.kind, str(error))
                reason = f"{offer.spec.name} failed ({error.kind}), so the next in line is asked"
            except OverBudgetError as error:
                last = run.failed("budget", str(error))
                reason = f"{offer.spec.name} is dearer than what is left, so the next in line is asked"
            if self._around.monotonic() >= run.deadline:
                break
        raise last

    async def _nobody(self, task: Task[T], decision: Decision, run: Run) -> ModelError:
        """Why nobody may be asked; when it is the money, with the limit that says so."""
        if Bar.BUDGET not in decision.barred:
            return run.failed("no model", decision.reason)
        tokens = tokens_in(task, opening(task))
        too_dear = [self._endpoints[one.model] for one in decision.alternatives if one.why == Bar.BUDGET]
        costs = [one.worst_micros(tokens, task.output_max_tokens) for one in too_dear]
        least = min((cost for cost in costs if cost), default=0)
        refused = await self._refusal(least, self._purse.limits)
        return run.failed("budget", f"{decision.reason}; {refused}" if refused else decision.reason)

    async def _decide(self, task: Task[T], left_micros: int | None) -> Decision:
        tokens = tokens_in(task, opening(task))
        situation = Situation(
            usable=frozenset(self._endpoints),
            unhealthy=await self._ports.health.unhealthy(),
            beliefs=await self._believed(),
            left_micros=left_micros,
            set_aside=self._set_aside,
        )
        wanted = _wanted(task, tokens)
        offers = [_offer(one, wanted) for one in self._endpoints.values()]
        decision = route(wanted, offers, self._policy, situation)
        if decision.primary is None and Bar.UNHEALTHY in decision.barred:
            # Nobody else may be asked: one more try does less harm than no review.
            return route(wanted, offers, self._policy, replace(situation, unhealthy=frozenset()))
        return decision

    async def _believed(self) -> Beliefs:
        """Worked out once per reading of the profiles, not once per task."""
        profiles = await self._ports.profiles.known()
        if profiles is not self._profiles:
            self._profiles, self._beliefs = profiles, Beliefs(profiles)
        return self._beliefs


def _wanted(task: Task[T], tokens: int) -> Wanted:
    return Wanted(task.kind, task.complexity, task.risky, tokens, task.output_max_tokens, task.urgent)


def _offer(endpoint: Endpoint, wanted: Wanted) -> Offer:
    """The model with what this task costs there, at worst and as a rule."""
    return Offer(
        endpoint.spec,
        endpoint.provider,
        endpoint.worst_micros(wanted.input_tokens, wanted.output_max_tokens),
        endpoint.typical_micros(wanted.input_tokens, wanted.output_max_tokens),
    )
