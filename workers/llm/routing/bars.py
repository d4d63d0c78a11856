"""What keeps a model that is at hand from one task: rules that no preference outweighs."""

from __future__ import annotations

from collections.abc import Callable
from math import inf

from workers.llm.routing.beliefs import Standing
from workers.llm.routing.rules import Rules
from workers.llm.routing.values import Bar, Offer

Barrier = Callable[[Offer, Standing], Bar | None]
"""The first rule that a model breaks, or None."""


def barrier_for(rules: Rules, strong_quality: float) -> Barrier:
    """Made once for a decision, then asked for every model."""
    away, risky, least = rules.away, rules.wanted.risky, rules.least_quality
    floor = max(least, strong_quality) if risky else least
    room, limits = _room(rules), _limits(rules)

    def bar_of(offer: Offer, standing: Standing) -> Bar | None:
        if away and offer.spec.name in away:
            return Bar.SET_ASIDE if offer.spec.name in rules.situation.set_aside else Bar.UNHEALTHY
        if standing.least_quality < floor:
            return Bar.RISK if risky and standing.least_quality < strong_quality else Bar.QUALITY
        return room(offer, standing) or (limits(offer, standing) if limits else None)

    return bar_of


def _room(rules: Rules) -> Barrier:
    needed, answer = rules.needed_tokens, rules.wanted.output_max_tokens
    least = rules.policy.constraints.min_context_tokens or 0

    def room(offer: Offer, _: Standing) -> Bar | None:
        spec = offer.spec
        if needed > spec.context_tokens:
            return Bar.WINDOW
        if answer > spec.output_max_tokens:
            return Bar.ANSWER
        return Bar.CONTEXT if spec.context_tokens < least else None

    return room


def _limits(rules: Rules) -> Barrier | None:
    """Money before time; None where neither is limited."""
    most_ms = rules.policy.constraints.max_latency_ms
    money = _money(rules)

    def limits(offer: Offer, standing: Standing) -> Bar | None:
        bar = money(offer, standing) if money else None
        if bar is None and most_ms is not None and rules.seconds(standing) * 1000 > most_ms:
            return Bar.LATENCY
        return bar

    return money if most_ms is None else limits


def _money(rules: Rules) -> Barrier | None:
    most, left = rules.policy.constraints.max_cost_micros, rules.situation.left_micros
    if most is None and left is None:
        return None
    most_micros = inf if most is None else most
    left_micros = (
        inf if left is None else max(left, 0)
    )  # what costs nothing may be asked when nothing is left
    unknown = None if rules.policy.allow_unknown_prices else Bar.UNKNOWN_PRICE

    def money(offer: Offer, _: Standing) -> Bar | None:
        worst = offer.worst_micros
        if worst is None:
            return unknown
        if worst > most_micros:
            return Bar.COST
        return Bar.BUDGET if worst > left_micros else None

    return money
