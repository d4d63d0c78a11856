"""What can be asked of the models without asking any: which there are, which a task would go to, what that would cost."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from config.catalogue import ModelSpec, ProviderSpec
from workers.llm.estimate import Recommendation, Tier
from workers.llm.workflows import Stage


@dataclass(frozen=True, slots=True)
class Capability:
    """A model, and whether it may be asked: `why_not` is "" when it may. Prices are US dollars per million tokens, None
    is unknown.
    """

    spec: ModelSpec
    provider: ProviderSpec
    input_usd_per_million: float | None
    output_usd_per_million: float | None
    why_not: str


class Adviser(Protocol):
    """Catalogue, router and price list in one."""

    def models(self) -> Sequence[Capability]:
        """Every model of the catalogue, by name."""
        ...

    def recommend(self, tier: Tier, stage: Stage) -> Recommendation:
        """Who would be asked for `stage` on `tier`."""
        ...

    def price(self, model: str, input_tokens: int, output_tokens: int) -> int | None:
        """Micro-dollars of a call, or None when nobody knows the price."""
        ...
