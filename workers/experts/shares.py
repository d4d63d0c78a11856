"""How a run's money is split over the sides: more for what matters, never less for security."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from workers.domain.finding import Aspect
from workers.experts.intent_values import Intent

SECURITY_MIN_SHARE = 0.25
MOST_WEIGHT, LEAST_WEIGHT = 2.0, 0.5


def shares(aspects: Sequence[Aspect], intent: Intent | None = None) -> Mapping[Aspect, float]:
    """Each side's share of the budget, in the order of `aspects`; they add up to 1 and none is 0. Empty for no sides.

    Security has an equal share, and a quarter at least; an intent can raise it, and can't lower it.
    """
    weights = {aspect: _weight(aspect, intent) for aspect in aspects}
    total = sum(weights.values())
    if Aspect.SECURITY not in weights:
        return {aspect: weight / total for aspect, weight in weights.items()}
    least = 1.0 if len(weights) == 1 else max(SECURITY_MIN_SHARE, 1 / len(weights))
    security = max(least, weights[Aspect.SECURITY] / total)
    rest = total - weights[Aspect.SECURITY]
    return {
        aspect: security if aspect is Aspect.SECURITY else (1 - security) * weight / rest
        for aspect, weight in weights.items()
    }


def by_share(aspects: Sequence[Aspect], intent: Intent | None = None) -> tuple[Aspect, ...]:
    """`aspects`, those with the largest share first; none is left out."""
    found = shares(aspects, intent)
    return tuple(sorted(found, key=lambda aspect: -found[aspect]))


def _weight(aspect: Aspect, intent: Intent | None) -> float:
    if intent is None:
        return 1.0
    if aspect in intent.most:
        return MOST_WEIGHT
    return LEAST_WEIGHT if aspect in intent.least else 1.0
