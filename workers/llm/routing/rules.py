"""What holds for one decision, worked out once for all models."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import NamedTuple

from workers.llm.routing.complexity import TaskComplexity
from workers.llm.routing.strengths import strengths_of
from workers.llm.routing.values import Bar, Offer, Policy, Situation, Strategy, Wanted

BUDGET_MIN_QUALITY = 6.0
SHARE_OF_STRONGEST = {"simple": 0.6, "moderate": 0.75}
LACKING_STRENGTH = 0.5
"""Points of quality that a model counts less where it has none of the strengths wanted."""
SPEED_FACTOR = {"very_fast": 0.5, "fast": 1.0, "medium": 2.0, "slow": 4.0}
SUCCESS_PRIOR = 0.95
ORCHESTRATED = ("scope", "validate", "refute")


class Judged(NamedTuple):
    """An offer with what is believed of its quality (0 to 10): the mean or upper bound to rank by, and the lower one."""

    offer: Offer
    quality: float
    least_quality: float
    is_fit: bool
    fitness: float
    """Its quality at this kind of task."""


@dataclass(frozen=True, slots=True)
class Rules:
    """The task, the policy and the situation, and what follows from them.

    `chosen` are the only models that may be asked (empty: all), `favoured` those that go before all others.
    """

    wanted: Wanted
    policy: Policy
    situation: Situation
    chosen: frozenset[str]
    favoured: frozenset[str]
    strengths: frozenset[str]
    strategy: Strategy
    least_quality: float
    latency_ms: float
    explores: bool
    limited: bool
    """Whether money or time keeps anybody from the task."""

    def judge(self, offer: Offer) -> Judged:
        """What is believed of a model's quality at this kind of task."""
        spec = offer.spec
        fit = not self.strengths or not self.strengths.isdisjoint(spec.strengths)
        belief = self.situation.beliefs.of(spec.name, self.wanted.kind, "quality", spec.quality / 10)
        quality = 10 * (belief.most if self.explores else belief.mean)
        return Judged(offer, quality, 10 * belief.least, fit, quality if fit else quality - LACKING_STRENGTH)

    def seconds(self, offer: Offer) -> float:
        """How long it is likely to take."""
        prior = self.latency_ms * SPEED_FACTOR[offer.spec.speed] / 1000
        return self.situation.beliefs.of(offer.spec.name, self.wanted.kind, "seconds", prior).mean

    def success(self, offer: Offer) -> float:
        """How likely it is to give a usable answer."""
        return self.situation.beliefs.of(offer.spec.name, self.wanted.kind, "success", SUCCESS_PRIOR).mean

    def out_of_reach(self, offer: Offer) -> Bar | None:
        """What keeps a model from being asked by anybody in this repository: no key, or not chosen."""
        spec, provider = offer.spec, offer.provider
        if self.chosen and self.chosen.isdisjoint((spec.name, spec.id)):
            return Bar.NOT_CHOSEN
        if spec.name not in self.situation.usable:
            return Bar.NO_KEY if provider.api_key_env else Bar.NO_ADDRESS
        return None

    def is_favoured(self, offer: Offer) -> bool:
        """Whether it goes before all others."""
        return bool(self.favoured) and not self.favoured.isdisjoint((offer.spec.name, offer.spec.id))


def rules_for(wanted: Wanted, policy: Policy, situation: Situation) -> Rules:
    """What follows from the three."""
    executors = {one.name for one in policy.executors if wanted.band in one.use_cases}
    orchestrated = bool(policy.orchestrator) and wanted.kind.split("/")[0] in ORCHESTRATED
    favoured = {policy.orchestrator or ""} if orchestrated else executors
    chosen = executors | set(policy.fallback_models) if executors and not orchestrated else ()
    least = policy.constraints.min_quality or 0.0
    return Rules(
        wanted,
        policy,
        situation,
        frozenset(chosen),
        frozenset(favoured),
        frozenset(strengths_of(wanted.kind)),
        "cost" if (wanted.band, policy.strategy) == ("simple", "balanced") else policy.strategy,
        max(least, BUDGET_MIN_QUALITY) if policy.tier == "budget" else least,
        TaskComplexity(min(max(wanted.complexity, 0.0), 1.0)).estimated_latency_ms,
        policy.explore and not wanted.risky,
        _is_limited(policy, situation),
    )


def _is_limited(policy: Policy, situation: Situation) -> bool:
    most = policy.constraints
    return (most.max_cost_micros, most.max_latency_ms, situation.left_micros) != (None, None, None)


def strong_from(reachable: Iterable[Judged], rules: Rules) -> float:
    """The least quality of a strong model. Budgets, health and windows don't move it, so they can't lower it."""
    strongest = max((one.least_quality for one in reachable), default=0.0)
    return strongest * rules.policy.quality_threshold
