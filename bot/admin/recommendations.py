"""`GET /orchestrator/recommendations/{task_type}`: which model a task would go to on each tier, and why."""

from __future__ import annotations

from pydantic import Field

from bot.admin.desk import Desk
from bot.admin.shape import Shape
from config.explain import nearest
from workers.domain.errors import UserError
from workers.llm.advice import Adviser
from workers.llm.estimate import TIERS, Recommendation
from workers.llm.workflows import TASKS, Stage


class RecommendationRequest(Shape):
    """The type of the task."""

    task_type: str = Field(max_length=100, description="E.g. `review`, or `review/security`.")


class AlternativeShown(Shape):
    """A model that could be asked as well."""

    model: str
    why_not: str


class RecommendationShown(Shape):
    """The choice on one tier; `model` null: nobody may be asked, `reason` says why."""

    model: str | None
    reason: str
    alternatives: list[AlternativeShown]


class Recommendations(Shape):
    """The choice on every tier."""

    task_type: str
    tiers: dict[str, RecommendationShown]


async def recommendations(desk: Desk, wanted: RecommendationRequest) -> Recommendations:
    """Raises UserError for an unknown type."""
    return recommended(desk.adviser, wanted.task_type)


def recommended(adviser: Adviser, task_type: str) -> Recommendations:
    """The choice of `adviser` on every tier. Raises UserError for an unknown type."""
    stage = _stage(task_type)
    tiers = {tier: _shown(adviser.recommend(tier, stage)) for tier in TIERS}
    return Recommendations(task_type=task_type, tiers=tiers)


def _stage(task_type: str) -> Stage:
    if task_type not in TASKS:
        known = sorted(TASKS)
        raise UserError(
            f"There is no such task type. {nearest(task_type, known)} There are {', '.join(known)}."
        )
    return TASKS[task_type]


def _shown(found: Recommendation) -> RecommendationShown:
    others = [AlternativeShown(model=one.model, why_not=one.why_not) for one in found.alternatives]
    return RecommendationShown(model=found.model, reason=found.reason, alternatives=others)
