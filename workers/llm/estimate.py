"""What work will cost before it is done, by task and by model; and how far such estimates have been off."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Literal, Protocol

from workers.domain.errors import UserError
from workers.domain.receipt import Receipt
from workers.llm.workflows import WORKFLOWS, Stage

Tier = Literal["budget", "balanced", "premium"]
TIERS: tuple[Tier, ...] = ("budget", "balanced", "premium")
RUNS_MAX = 1_000_000
"""Of one task in one estimate."""


@dataclass(frozen=True, slots=True)
class Alternative:
    """A model that could be asked as well, and why it is not the first choice."""

    model: str
    why_not: str


@dataclass(frozen=True, slots=True)
class Recommendation:
    """Which model a task would go to; `model` None: to none, `reason` says why."""

    model: str | None
    reason: str
    alternatives: tuple[Alternative, ...] = ()


class Recommender(Protocol):
    """The router, as far as it is asked for advice."""

    def __call__(self, tier: Tier, stage: Stage) -> Recommendation:
        """Who would be asked for `stage` on `tier`."""
        ...


class PriceOf(Protocol):
    """What a call costs."""

    def __call__(self, model: str, input_tokens: int, output_tokens: int) -> int | None:
        """Micro-dollars, or None when nobody knows the price."""
        ...


@dataclass(frozen=True, slots=True)
class Cost:
    """Micro-dollars of what has a price; `unknown` names the models without one, `nobody` the tasks without a model."""

    micros: int = 0
    unknown: frozenset[str] = frozenset()
    nobody: frozenset[str] = frozenset()

    def __add__(self, other: Cost) -> Cost:
        return Cost(self.micros + other.micros, self.unknown | other.unknown, self.nobody | other.nobody)

    @property
    def known(self) -> bool:
        """Whether nothing is missing from `micros`."""
        return not self.unknown and not self.nobody


@dataclass(frozen=True, slots=True)
class Estimate:
    """The cost of all, of each task, and of each model that would be asked."""

    total: Cost
    by_task: Mapping[str, Cost]
    by_model: Mapping[str, Cost]


def estimate(tier: Tier, usage: Mapping[str, int], recommend: Recommender, price: PriceOf) -> Estimate:
    """The cost of `usage` (workflow → how often) on `tier`. Raises UserError for what is no workflow or no count."""
    by_task: dict[str, Cost] = {}
    by_model: defaultdict[str, Cost] = defaultdict(Cost)
    for task, runs in usage.items():
        by_task[task] = Cost()
        for stage in _stages(task, runs):
            model = recommend(tier, stage).model
            cost = _cost(task, stage, runs, model, price)
            by_task[task] += cost
            if model is not None:
                by_model[model] += cost
    return Estimate(sum(by_task.values(), Cost()), by_task, dict(by_model))


def _stages(task: str, runs: int) -> tuple[Stage, ...]:
    if task not in WORKFLOWS:
        raise UserError(f"There is no such workflow; there are {', '.join(WORKFLOWS)}.")
    if not 0 <= runs <= RUNS_MAX:
        raise UserError(f"{task}: how often must be from 0 to {RUNS_MAX:,}.")
    return WORKFLOWS[task] if runs else ()


def _cost(task: str, stage: Stage, runs: int, model: str | None, price: PriceOf) -> Cost:
    if model is None:
        return Cost(nobody=frozenset({task}))
    each = price(model, stage.input_tokens, stage.output_tokens)
    return Cost(unknown=frozenset({model})) if each is None else Cost(each * runs)


@dataclass(frozen=True, slots=True)
class Calibration:
    """What runs cost over what they were estimated to, over `n` runs that have both; None: nothing to compare."""

    ratio: float | None
    n: int


def calibration(receipts: Iterable[Receipt]) -> Calibration:
    """The ratio of all actual to all estimated costs: above 1, estimates are too low."""
    pairs = [
        (one.cost_micros, one.estimated_micros)
        for one in receipts
        if one.cost_micros is not None and one.estimated_micros is not None
    ]
    estimated = sum(thought for _, thought in pairs)
    return Calibration(sum(cost for cost, _ in pairs) / estimated if estimated else None, len(pairs))
