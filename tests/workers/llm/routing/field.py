"""A small field of models for the router's tests."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from config.catalogue import ModelSpec, ProviderSpec
from workers.llm.routing.beliefs import Beliefs
from workers.llm.routing.route import route
from workers.llm.routing.values import Decision, Offer, Policy, Situation, Wanted

CLOUD = ProviderSpec(name="cloud", api_key_env="CLOUD_KEY")
OTHER = ProviderSpec(name="other", api_key_env="OTHER_KEY")
HOME = ProviderSpec(name="home", local=True, base_url_env="HOME_HOST")


def offer(name: str, quality: float, micros: int | None, *, at: ProviderSpec = CLOUD, **more: Any) -> Offer:
    """A model of a window of 100,000 tokens and a family of its own."""
    values = {"family": name, "context_tokens": 100_000, "speed": "fast", **more}
    return Offer(ModelSpec(name=name, provider=at.name, quality=quality, **values), at, micros, micros)


FIELD = (
    offer("best", 9.5, 80_000, strengths=("security", "logic"), speed="slow"),
    offer("good", 9.0, 20_000, strengths=("security",), family="house", speed="medium"),
    offer("fair", 8.0, 4_000, strengths=("logic",), at=OTHER),
    offer("cheap", 6.5, 400, family="house", speed="very_fast"),
    offer("home", 6.2, 0, at=HOME, free=True, strengths=("documentation",), speed="slow"),
    offer("tiny", 4.0, 0, at=HOME, free=True, strengths=("security",)),
)


def decide(
    wanted: Wanted | None = None,
    policy: Policy | None = None,
    *,
    offers: Iterable[Offer] = FIELD,
    **situation: Any,
) -> Decision:
    """The decision among `offers`, all of which can be asked unless `situation` says otherwise."""
    offers = tuple(offers)
    usable = situation.pop("usable", frozenset(one.spec.name for one in offers))
    beliefs = Beliefs(situation.pop("profiles", None))
    return route(
        wanted or Wanted("review"),
        offers,
        policy or Policy(),
        Situation(usable, beliefs=beliefs, **situation),
    )


def name_of(decision: Decision) -> str | None:
    """The chosen model's name."""
    return decision.primary.spec.name if decision.primary else None
