"""What the tiers cost on the three workflows, at today's list prices with the shipped catalogue, and how good they are.

Quality is the catalogue's prior, an opinion, not a measurement; it is weighed by the tokens of each stage.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from config.catalogue import Catalogue
from config.catalogue_file import load_catalogue, shipped_text
from tests.bench.result import Result
from workers.llm.pricing import PriceTag, price_tag
from workers.llm.routing.route import route
from workers.llm.routing.values import Decision, Offer, Policy, Situation, Tier, Wanted
from workers.llm.workflows import COMPLEXITY, WORKFLOWS, Stage

GOALS = {"review": 0.15, "docs": 0.10, "tests": 0.05}
TIERS: Sequence[Tier] = ("budget", "balanced", "premium")


@dataclass(frozen=True, slots=True)
class Bill:
    """A workflow on a tier: micro-dollars, prior quality (0 to 10), and who answers each stage."""

    micros: int
    quality: float
    models: tuple[str, ...]


async def run(data: str | None) -> list[Result]:
    """Every cloud model of known price has its key; local and free ones are off, or every saving would be whole."""
    catalogue = load_catalogue(shipped_text(), None, "the shipped catalogue")
    tags = _paid(catalogue)
    results = [Result("models of known price", len(tags), "models")]
    for workflow in GOALS:
        results += _compared(workflow, catalogue, tags)
    return results


def _paid(catalogue: Catalogue) -> dict[str, PriceTag]:
    tags = {
        name: tag
        for name, model in catalogue.models.items()
        if not catalogue.provider_of(model).local and not model.free
        for tag in [price_tag(model, catalogue.provider_of(model))]
        if tag is not None
    }
    return {name: tag for name, tag in tags.items() if tag.worst_case(1_000, 1_000)}


def _compared(workflow: str, catalogue: Catalogue, tags: dict[str, PriceTag]) -> Iterator[Result]:
    bills = {tier: _bill(WORKFLOWS[workflow], tier, catalogue, tags) for tier in TIERS}
    for tier, bill in bills.items():
        yield Result(f"{workflow}, {tier}: cost", bill.micros, "micro-dollars")
        yield Result(f"{workflow}, {tier}: prior quality", round(bill.quality, 2), "of 10")
        yield Result(f"{workflow}, {tier}: models", ", ".join(bill.models), "stage by stage")
    share, goal = round(bills["balanced"].micros / bills["premium"].micros, 4), GOALS[workflow]
    kept = bills["balanced"].quality / bills["premium"].quality
    yield Result(f"{workflow}, balanced of all-premium: cost", share, "share", f"<= {goal}", share <= goal)
    yield Result(f"{workflow}, balanced of all-premium: prior quality", round(kept, 3), "share")


def _bill(stages: Sequence[Stage], tier: Tier, catalogue: Catalogue, tags: dict[str, PriceTag]) -> Bill:
    decisions = [_decided(stage, tier, catalogue, tags) for stage in stages]
    tokens = [stage.input_tokens + stage.output_tokens for stage in stages]
    asked = [one.primary for one in decisions if one.primary]
    weighed = sum(offer.spec.quality * count for offer, count in zip(asked, tokens, strict=True))
    return Bill(
        sum(one.estimated_micros or 0 for one in decisions),
        weighed / sum(tokens),
        tuple(offer.spec.name for offer in asked),
    )


def _decided(stage: Stage, tier: Tier, catalogue: Catalogue, tags: dict[str, PriceTag]) -> Decision:
    offers = []
    for name, tag in tags.items():
        spec = catalogue.models[name]
        worst = tag.worst_case(stage.input_tokens, stage.output_tokens)
        typical = tag.cost(stage.input_tokens, 0, 0, stage.output_tokens)
        offers.append(Offer(spec, catalogue.provider_of(spec), worst, typical))
    wanted = Wanted(
        stage.kind,
        COMPLEXITY,
        input_tokens=stage.input_tokens,
        output_max_tokens=stage.output_tokens,
    )
    return route(wanted, offers, Policy(tier=tier), Situation(frozenset(tags)))
