"""Which of the models that may answer comes first. No score depends on who else is there."""

from __future__ import annotations

from math import log10

from workers.llm.routing.rules import SHARE_OF_STRONGEST, Judged, Rules
from workers.llm.routing.values import Offer

CHEAP_MICROS = 100
"""Below a hundredth of a cent, differences of price are noise."""
DEAR_DECADES = 4.0
"""Ten thousand times as much (a dollar a call) is as dear as it gets."""
SLOW_SECONDS = 10.0

Rank = tuple[bool, bool, bool, int, float, float, str]


def rank_of(one: Judged, rules: Rules, enough_quality: float) -> Rank:
    """Sorts first what answers first: the repository's own choice, then good enough, preferred, and by score."""
    policy = rules.policy
    return (
        not (rules.favoured and rules.is_favoured(one.offer)),
        one.quality < enough_quality,
        not ((policy.prefer_local or policy.prefer_free) and _is_preferred(one.offer, rules)),
        -_thrift(one, rules) if policy.tier == "budget" else 0,
        -score_of(one, rules),
        -one.fitness,
        one.offer.spec.name,
    )


def score_of(one: Judged, rules: Rules) -> float:
    """More is better: by the tier where it is the first or the last, else by the strategy."""
    if rules.policy.tier == "premium":
        return one.fitness
    if rules.policy.tier == "budget":
        return _cheapness(one.offer)
    return _by_strategy(one, rules)


def enough_for(rules: Rules, strong_quality: float) -> float:
    """The quality that will do: a share of the strongest model's, by how hard the task is."""
    if rules.policy.tier == "premium":
        return strong_quality
    if rules.policy.tier == "budget":
        return 0.0
    share = SHARE_OF_STRONGEST.get(rules.wanted.band)
    if share is None:
        return strong_quality
    return strong_quality * min(1.0, share / max(rules.policy.quality_threshold, 0.01))


def _by_strategy(one: Judged, rules: Rules) -> float:
    match rules.strategy:
        case "balanced":
            return _balanced(one, rules)
        case "quality":
            return one.fitness
        case "cost":
            return _per_dollar(one)
        case "latency":
            return _quickness(one.offer, rules)
        case "success":
            return rules.success(one.offer)


def _balanced(one: Judged, rules: Rules) -> float:
    weights = rules.policy.weights
    quick = _quickness(one.offer, rules) if rules.wanted.urgent else 1.0
    return weights.quality * one.fitness / 10 + weights.speed * quick + weights.cost * _cheapness(one.offer)


def _per_dollar(one: Judged) -> float:
    micros = one.offer.estimated_micros
    return 0.0 if micros is None else one.fitness / (micros + CHEAP_MICROS)


def _cheapness(offer: Offer) -> float:
    """1 for free, 0 for a dollar and for an unknown price; each tenfold costs a quarter."""
    micros = offer.estimated_micros
    return 0.0 if micros is None else max(0.0, 1 - log10(1 + micros / CHEAP_MICROS) / DEAR_DECADES)


def _quickness(offer: Offer, rules: Rules) -> float:
    return 1 / (1 + rules.seconds(offer) / SLOW_SECONDS)


def _is_preferred(offer: Offer, rules: Rules) -> bool:
    policy = rules.policy
    return (policy.prefer_local and offer.provider.local) or (policy.prefer_free and _is_free(offer))


def _is_free(offer: Offer) -> bool:
    return offer.spec.free or offer.worst_micros == 0


def _thrift(one: Judged, rules: Rules) -> int:
    """In the budget tier: free local models with the strength first, then whoever has it."""
    if not one.is_fit:
        return 0
    return 2 if one.offer.provider.local and _is_free(one.offer) else 1
