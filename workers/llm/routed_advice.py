"""Advice from the router that also decides for real, on the catalogue and the prices in force."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from config.catalogue import Catalogue, ModelSpec, ProviderSpec
from workers.llm.advice import Capability
from workers.llm.estimate import Alternative, Recommendation, Tier
from workers.llm.pricing import PriceTag, price_tag
from workers.llm.routing.route import route
from workers.llm.routing.values import Offer, Policy, Situation, Wanted
from workers.llm.workflows import COMPLEXITY, Stage

ALTERNATIVES_MAX = 10


@dataclass(frozen=True, slots=True)
class Priced:
    """A model, what it costs (None: unknown), and why it may not be asked ("": it may)."""

    spec: ModelSpec
    provider: ProviderSpec
    tag: PriceTag | None
    obstacle: str


def priced(
    catalogue: Catalogue, providers: Mapping[str, ProviderSpec], obstacles: Mapping[str, str]
) -> Sequence[Priced]:
    """Every model with its price, by name. The first look into the price list takes half a second."""
    return [
        Priced(model, providers[model.provider], price_tag(model, providers[model.provider]), obstacle)
        for _, model in sorted(catalogue.models.items())
        for obstacle in [obstacles.get(model.provider, "")]
    ]


class RoutedAdviser:
    """Decides as a run would on a usual case; `left_micros` is the money of a fresh budget, None without one."""

    def __init__(self, models: Iterable[Priced], policy: Policy, left_micros: int | None) -> None:
        self._models = {one.spec.name: one for one in models}
        self._policy = policy
        usable = frozenset(name for name, one in self._models.items() if not one.obstacle)
        self._situation = Situation(usable, left_micros=left_micros)

    def models(self) -> Sequence[Capability]:
        """Every model of the catalogue, by name."""
        return [_capability(one) for one in self._models.values()]

    def recommend(self, tier: Tier, stage: Stage) -> Recommendation:
        """Who would be asked for `stage` on `tier`; the ten best of the others."""
        wanted = Wanted(
            stage.kind,
            COMPLEXITY,
            input_tokens=stage.input_tokens,
            output_max_tokens=stage.output_tokens,
        )
        offers = [_offer(one, stage) for one in self._models.values()]
        found = route(wanted, offers, replace(self._policy, tier=tier), self._situation)
        others = tuple(Alternative(one.model, one.why) for one in found.alternatives[:ALTERNATIVES_MAX])
        return Recommendation(found.primary.spec.name if found.primary else None, found.reason, others)

    def price(self, model: str, input_tokens: int, output_tokens: int) -> int | None:
        """Micro-dollars of a call without cached tokens, or None when nobody knows the price."""
        found = self._models.get(model)
        return found.tag.cost(input_tokens, 0, 0, output_tokens) if found and found.tag else None


def _offer(one: Priced, stage: Stage) -> Offer:
    if one.tag is None:
        return Offer(one.spec, one.provider)
    worst = one.tag.worst_case(stage.input_tokens, stage.output_tokens)
    return Offer(one.spec, one.provider, worst, one.tag.cost(stage.input_tokens, 0, 0, stage.output_tokens))


def _capability(one: Priced) -> Capability:
    rates = one.tag.rates() if one.tag else None
    return Capability(
        one.spec,
        one.provider,
        float(rates.input.base) if rates else None,
        float(rates.output.base) if rates else None,
        one.obstacle,
    )
