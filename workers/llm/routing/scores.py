"""What a model counts by the tier or the strategy: chosen once for a decision, then asked for every model."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from math import log10

from workers.llm.routing.beliefs import Standing
from workers.llm.routing.rules import Rules
from workers.llm.routing.values import Offer, Strategy

CHEAP_MICROS = 100
"""Below a hundredth of a cent, differences of price are noise."""
DEAR_DECADES = 4.0
"""Ten thousand times as much (a dollar a call) is as dear as it gets."""
SLOW_SECONDS = 10.0

Score = Callable[[Offer, Standing], float]
"""More is better."""


def score_for(rules: Rules) -> Score:
    """By the tier where it is the first or the last, else by the strategy."""
    if rules.policy.tier == "premium":
        return _fitness
    if rules.policy.tier == "budget":
        return lambda offer, _: _cheapness(offer)
    return _STRATEGIES[rules.strategy](rules)


def _balanced(rules: Rules) -> Score:
    weights = rules.policy.weights
    quality, speed, cost = weights.quality, weights.speed, weights.cost
    quickness = _quickness(rules) if rules.wanted.urgent else _unhurried

    def score(offer: Offer, standing: Standing) -> float:
        return quality * standing.fitness / 10 + speed * quickness(offer, standing) + cost * _cheapness(offer)

    return score


def _unhurried(_: Offer, __: Standing) -> float:
    return 1.0


def _fitness(_: Offer, standing: Standing) -> float:
    return standing.fitness


def _per_dollar(offer: Offer, standing: Standing) -> float:
    micros = offer.estimated_micros
    return 0.0 if micros is None else standing.fitness / (micros + CHEAP_MICROS)


def _cheapness(offer: Offer) -> float:
    """1 for free, 0 for a dollar and for an unknown price; each tenfold costs a quarter."""
    micros = offer.estimated_micros
    if micros is None:
        return 0.0
    cheap = 1 - log10(1 + micros / CHEAP_MICROS) / DEAR_DECADES
    return cheap if cheap > 0 else 0.0  # a third of what max() takes


def _quickness(rules: Rules) -> Score:
    usual_seconds = rules.usual_seconds

    def quickness(_: Offer, standing: Standing) -> float:
        offset, slope = standing.seconds  # as `rules.seconds` has it, without the way there
        return 1 / (1 + (offset + slope * usual_seconds[standing.spec.speed]) / SLOW_SECONDS)

    return quickness


_STRATEGIES: Mapping[Strategy, Callable[[Rules], Score]] = {
    "balanced": _balanced,
    "quality": lambda _: _fitness,
    "cost": lambda _: _per_dollar,
    "latency": _quickness,
    "success": lambda rules: lambda offer, _: rules.success(offer),
}
