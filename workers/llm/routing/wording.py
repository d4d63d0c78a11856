"""A decision in one sentence, for people."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

from workers.llm.routing.rules import Rules
from workers.llm.routing.values import BARS, Bar, Offer

NAMES_MAX = 3
_TIERS = {
    "budget": "the cheapest that will do, free local models first",
    "premium": "the highest quality",
}
_STRATEGIES = {
    "quality": "the highest quality",
    "cost": "the most quality for the money",
    "latency": "the quickest",
    "balanced": "the best of quality, speed and cost",
    "success": "the most dependable",
}


def chosen_reason(offer: Offer, rules: Rules, others: int, barred: Mapping[Bar, Sequence[Offer]]) -> str:
    """Why `offer` answers, among how many, and what kept the rest out."""
    rule = _TIERS.get(rules.policy.tier) or _STRATEGIES[rules.strategy]
    task = "risky" if rules.wanted.risky else rules.wanted.band
    own = "the repository's choice, " if rules.is_favoured(offer) else ""
    field = f"among {others + 1} models" if others else "the only model that may be asked"
    out = f"; {_counted(barred)}" if barred else ""
    return f"{offer.spec.name} answers {rules.wanted.kind} ({task}): {own}{rule}, {field}{out}"


def nobody_reason(rules: Rules, barred: Mapping[Bar, Sequence[Offer]]) -> str:
    """Why nobody answers."""
    if not barred:
        return "no model: the catalogue is empty"
    need = f" (the task needs {rules.needed_tokens:,} tokens)" if Bar.WINDOW in barred else ""
    chosen = f" (which are {_some(rules.chosen)})" if Bar.NOT_CHOSEN in barred else ""
    return f"no model: {_counted(barred)}{need}{chosen}"


def _counted(barred: Mapping[Bar, Sequence[Offer]]) -> str:
    return ", ".join(f"{len(barred[bar])} {bar}{_names(bar, barred[bar])}" for bar in BARS if bar in barred)


def _names(bar: Bar, offers: Sequence[Offer]) -> str:
    """The variables that would bring a key or an address."""
    if bar is Bar.NO_KEY:
        variables = {offer.provider.api_key_env or "" for offer in offers}
    elif bar is Bar.NO_ADDRESS:
        variables = {offer.provider.base_url_env or "" for offer in offers}
    else:
        return ""
    known = variables - {""}
    return f" ({_some(known)})" if known else ""


def _some(names: Collection[str]) -> str:
    more = ", …" if len(names) > NAMES_MAX else ""
    return ", ".join(sorted(names)[:NAMES_MAX]) + more
