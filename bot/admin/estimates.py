"""`POST /orchestrator/estimate-cost`: what work will cost on a tier, and how far such estimates have been off."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from bot.admin.desk import Desk
from bot.admin.shape import Shape, dollars
from workers.llm.advice import Adviser
from workers.llm.estimate import RUNS_MAX, Calibration, Cost, Tier, calibration, estimate

CALIBRATED_OVER_S = 30 * 86_400.0

Runs = Annotated[int, Field(ge=0, le=RUNS_MAX)]


class EstimateRequest(Shape):
    """How often which workflow will run."""

    quality_tier: Tier
    estimated_usage: dict[str, Runs] = Field(
        min_length=1, max_length=20, description="Workflow, e.g. `review`, and how often it will run."
    )


class CalibrationShown(Shape):
    """Actual over estimated cost of the runs of the last 30 days that have both; above 1: estimates are too low."""

    ratio: float | None
    runs: int


class EstimateAnswer(Shape):
    """US dollars; null where a part is unknown. `known_cost` is the sum of what is known."""

    total_cost: float | None
    known_cost: float
    by_task: dict[str, float | None]
    by_model: dict[str, float | None]
    unknown_prices: list[str] = Field(description="Models without a known price.")
    without_model: list[str] = Field(description="Workflows with a stage that no model may be asked for.")
    calibration: CalibrationShown


async def estimate_cost(desk: Desk, wanted: EstimateRequest) -> EstimateAnswer:
    """Raises UserError for an unknown workflow."""
    now = desk.now()
    recent = calibration(await desk.receipts.listed(now - CALIBRATED_OVER_S, now + 1.0))
    return estimated(desk.adviser, wanted, recent)


def estimated(adviser: Adviser, wanted: EstimateRequest, recent: Calibration) -> EstimateAnswer:
    """The estimate as it is shown. Raises UserError for an unknown workflow."""
    found = estimate(wanted.quality_tier, wanted.estimated_usage, adviser.recommend, adviser.price)
    return EstimateAnswer(
        total_cost=_whole(found.total),
        known_cost=dollars(found.total.micros),
        by_task={name: _whole(cost) for name, cost in found.by_task.items()},
        by_model={name: _whole(cost) for name, cost in found.by_model.items()},
        unknown_prices=sorted(found.total.unknown),
        without_model=sorted(found.total.nobody),
        calibration=CalibrationShown(ratio=recent.ratio, runs=recent.n),
    )


def _whole(cost: Cost) -> float | None:
    return dollars(cost.micros) if cost.known else None
