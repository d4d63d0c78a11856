"""What holds for one decision, worked out once for all models."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from workers.llm.routing.beliefs import Standing, Standings
from workers.llm.routing.complexity import TaskComplexity
from workers.llm.routing.values import Bar, Offer, Policy, Situation, Strategy, Wanted

BUDGET_MIN_QUALITY = 6.0
SHARE_OF_STRONGEST = {"simple": 0.6, "moderate": 0.75}
SPEED_FACTOR = {"very_fast": 0.5, "fast": 1.0, "medium": 2.0, "slow": 4.0}
SUCCESS_PRIOR = 0.95
ORCHESTRATED = ("scope", "validate", "refute")


Judged = tuple[Offer, Standing]


@dataclass(frozen=True, slots=True)
class Rules:
    """The task, the policy and the situation, and what follows from them.

    `chosen` are the only models that may be asked (empty: all), `favoured` those that go before all others;
    `usual_seconds` is by speed, of a model that nothing is known of.
    """

    wanted: Wanted
    policy: Policy
    situation: Situation
    chosen: frozenset[str]
    favoured: frozenset[str]
    standings: Standings
    strategy: Strategy
    least_quality: float
    usual_seconds: Mapping[str, float]
    away: frozenset[str]
    """Who is out of order, or asked elsewhere."""
    needed_tokens: int
    """Of the window: for the question and the answer."""

    def seconds(self, standing: Standing) -> float:
        """How long the model is likely to take."""
        offset, slope = standing.seconds
        return offset + slope * self.usual_seconds[standing.spec.speed]

    def success(self, offer: Offer) -> float:
        """How likely it is to give a usable answer."""
        return self.situation.beliefs.mean(offer.spec.name, self.wanted.kind, "success", SUCCESS_PRIOR)

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
        situation.beliefs.standings(wanted.kind, explores=policy.explore and not wanted.risky),
        "cost" if (wanted.band, policy.strategy) == ("simple", "balanced") else policy.strategy,
        max(least, BUDGET_MIN_QUALITY) if policy.tier == "budget" else least,
        _usual_seconds(wanted.complexity),
        situation.set_aside | situation.unhealthy,
        wanted.input_tokens + wanted.output_max_tokens,
    )


def _usual_seconds(complexity: float) -> Mapping[str, float]:
    """How long models of each speed take for it, until they have shown."""
    latency_ms = TaskComplexity(min(max(complexity, 0.0), 1.0)).estimated_latency_ms
    return {speed: latency_ms * factor / 1000 for speed, factor in SPEED_FACTOR.items()}


def strong_from(reachable: Iterable[Judged], rules: Rules) -> float:
    """The least quality of a strong model. Budgets, health and windows don't move it, so they can't lower it."""
    strongest = max((standing.least_quality for _, standing in reachable), default=0.0)
    return strongest * rules.policy.quality_threshold
