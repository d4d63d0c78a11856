"""How long a decision among 45 models takes."""

from __future__ import annotations

import statistics
import time

from config.catalogue import ModelSpec, ProviderSpec
from workers.domain.profile import Moments
from workers.llm.routing.beliefs import Beliefs
from workers.llm.routing.route import route
from workers.llm.routing.values import Offer, Policy, Situation, Wanted

MODELS = 45
BATCHES, DECISIONS, APART_S = 10, 100, 0.2
KINDS = ("review", "review/security", "docs")


def decision_ms() -> float:
    """Median of a decision with profiles, a budget and an outage, in the quietest of ten batches. They are spread over
    two seconds: a neighbour on the machine is busy for longer than a batch takes.
    """
    offers = [_offer(number) for number in range(MODELS)]
    beliefs = Beliefs(
        {
            (offer.spec.name, kind, measure): Moments(10, 0.8, 0.4)
            for offer in offers
            for kind in KINDS
            for measure in ("quality", "seconds", "success")
        }
    )
    names = frozenset(offer.spec.name for offer in offers)
    situation = Situation(names, frozenset({"m3"}), beliefs, 1_000_000)
    wanted, policy = Wanted("review/security", input_tokens=5_000), Policy()
    medians = []
    for _ in range(BATCHES):
        time.sleep(APART_S)
        medians.append(
            statistics.median(_timed_ms(wanted, offers, policy, situation) for _ in range(DECISIONS))
        )
    return min(medians)


def _offer(number: int) -> Offer:
    provider = ProviderSpec(name=f"p{number % 8}", api_key_env="KEY", local=number % 8 == 0)
    spec = ModelSpec(
        name=f"m{number}",
        provider=provider.name,
        family=f"f{number % 9}",
        quality=5 + number % 10 / 2,
        strengths=("security",),
        context_tokens=100_000,
    )
    return Offer(spec, provider, number * 1_000, number * 500)


def _timed_ms(wanted: Wanted, offers: list[Offer], policy: Policy, situation: Situation) -> float:
    started = time.perf_counter()
    route(wanted, offers, policy, situation)
    return (time.perf_counter() - started) * 1_000
