"""The decision: who answers a task, who comes after, who not and why."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from operator import itemgetter

from workers.llm.routing.bars import barrier_for
from workers.llm.routing.fallbacks import fallbacks_of
from workers.llm.routing.ranking import Rank, enough_for, ranker
from workers.llm.routing.rules import Judged, Rules, rules_for, strong_from
from workers.llm.routing.values import BARS, Alternative, Bar, Decision, Offer, Policy, Situation, Wanted
from workers.llm.routing.wording import chosen_reason, nobody_reason

RANKS_LOWER = "ranks lower"
"""Why a model that could have answered was not chosen."""

Barred = dict[Bar, list[Offer]]
_Placed = tuple[Rank, Offer]


def route(wanted: Wanted, offers: Iterable[Offer], policy: Policy, situation: Situation) -> Decision:
    """Choose among `offers`. The same values give the same decision, in whatever order the offers come."""
    rules = rules_for(wanted, policy, situation)
    barred: Barred = {}
    reachable: list[Judged] = []
    for offer in offers:
        bar = rules.out_of_reach(offer)
        if bar is None:
            reachable.append((offer, rules.standings.of(offer.spec)))
        else:
            barred.setdefault(bar, []).append(offer)
    ranked = _ranked(reachable, rules, barred)
    return _decision(ranked, rules, barred)


def _ranked(reachable: Sequence[Judged], rules: Rules, barred: Barred) -> list[_Placed]:
    strong = strong_from(reachable, rules)
    rank, bar_of = ranker(rules, enough_for(rules, strong)), barrier_for(rules, strong)
    placed: list[_Placed] = []
    for offer, standing in reachable:
        bar = bar_of(offer, standing)
        if bar is None:
            placed.append((rank(offer, standing), offer))
        else:
            barred.setdefault(bar, []).append(offer)
    return sorted(placed, key=itemgetter(0))


def _decision(ranked: Sequence[_Placed], rules: Rules, barred: Barred) -> Decision:
    counts = {bar: len(barred[bar]) for bar in BARS if bar in barred}
    others = _alternatives(ranked[1:], barred)
    if not ranked:
        return Decision(None, (), others, nobody_reason(rules, barred), None, counts)
    offers = [offer for _, offer in ranked]
    first = offers[0]
    return Decision(
        first,
        fallbacks_of(offers, rules.policy.fallback_models),
        others,
        chosen_reason(first, rules, len(ranked) - 1, barred),
        first.estimated_micros,
        counts,
    )


def _alternatives(lower: Iterable[_Placed], barred: Mapping[Bar, Sequence[Offer]]) -> tuple[Alternative, ...]:
    """First those that could have answered, best first; then the barred by name."""
    could = [Alternative(offer.spec.name, -rank[4], RANKS_LOWER) for rank, offer in lower]
    not_allowed = [
        Alternative(offer.spec.name, None, bar.value) for bar, offers in barred.items() for offer in offers
    ]
    return (*could, *sorted(not_allowed))
