"""Which of the models that may answer comes first. No score depends on who else is there."""

from __future__ import annotations

from collections.abc import Callable

from workers.llm.routing.beliefs import Standing
from workers.llm.routing.rules import SHARE_OF_STRONGEST, Rules
from workers.llm.routing.scores import score_for
from workers.llm.routing.values import Offer

Rank = tuple[bool, bool, bool, int, float, float, str]


def ranker(rules: Rules, enough_quality: float) -> Callable[[Offer, Standing], Rank]:
    """Sorts first what answers first: the repository's own choice, then good enough, preferred, and by score."""
    score, thrifty = score_for(rules), rules.policy.tier == "budget"
    prefers = rules.policy.prefer_local or rules.policy.prefer_free
    favours = bool(rules.favoured)

    def rank(offer: Offer, standing: Standing) -> Rank:
        return (
            not favours or not rules.is_favoured(offer),
            standing.quality < enough_quality,
            not prefers or not _is_preferred(offer, rules),
            -_thrift(offer, standing) if thrifty else 0,
            -score(offer, standing),
            -standing.fitness,
            offer.spec.name,
        )

    return rank


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


def _is_preferred(offer: Offer, rules: Rules) -> bool:
    policy = rules.policy
    return (policy.prefer_local and offer.provider.local) or (policy.prefer_free and _is_free(offer))


def _is_free(offer: Offer) -> bool:
    return offer.spec.free or offer.worst_micros == 0


def _thrift(offer: Offer, standing: Standing) -> int:
    """In the budget tier: free local models with the strength first, then whoever has it."""
    if not standing.is_fit:
        return 0
    return 2 if offer.provider.local and _is_free(offer) else 1
