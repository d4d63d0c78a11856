"""What keeps a model that is at hand from one task: rules that no preference outweighs."""

from __future__ import annotations

from workers.llm.routing.beliefs import Standing
from workers.llm.routing.rules import Rules
from workers.llm.routing.values import Bar, Offer


def bar_of(offer: Offer, standing: Standing, rules: Rules, strong_quality: float) -> Bar | None:
    """The first rule that it breaks, or None."""
    if rules.away and offer.spec.name in rules.away:
        return Bar.SET_ASIDE if offer.spec.name in rules.situation.set_aside else Bar.UNHEALTHY
    if rules.wanted.risky and standing.least_quality < strong_quality:
        return Bar.RISK
    if standing.least_quality < rules.least_quality:
        return Bar.QUALITY
    return _room(offer, rules) or (_limits(offer, standing, rules) if rules.limited else None)


def _room(offer: Offer, rules: Rules) -> Bar | None:
    spec = offer.spec
    if rules.needed_tokens > spec.context_tokens:
        return Bar.WINDOW
    if rules.wanted.output_max_tokens > spec.output_max_tokens:
        return Bar.ANSWER
    least = rules.policy.constraints.min_context_tokens
    return Bar.CONTEXT if least is not None and spec.context_tokens < least else None


def _limits(offer: Offer, standing: Standing, rules: Rules) -> Bar | None:
    return _money(offer, rules) or _time(standing, rules)


def _money(offer: Offer, rules: Rules) -> Bar | None:
    most, left = rules.policy.constraints.max_cost_micros, rules.situation.left_micros
    if most is None and left is None:
        return None
    worst = offer.worst_micros
    if worst is None:
        return None if rules.policy.allow_unknown_prices else Bar.UNKNOWN_PRICE
    if most is not None and worst > most:
        return Bar.COST
    # What costs nothing may be asked when nothing is left.
    return Bar.BUDGET if left is not None and worst > max(left, 0) else None


def _time(standing: Standing, rules: Rules) -> Bar | None:
    most = rules.policy.constraints.max_latency_ms
    return Bar.LATENCY if most is not None and rules.seconds(standing) * 1000 > most else None
