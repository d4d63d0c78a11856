"""`GET /orchestrator/capabilities`: every model, what it is good at, what it costs, and whether it may be asked."""

from __future__ import annotations

from pydantic import Field

from bot.admin.desk import Desk
from bot.admin.shape import Nothing, Shape
from workers.llm.advice import Capability
from workers.llm.estimate import TIERS
from workers.llm.workflows import TASKS, WORKFLOWS


class ModelCapability(Shape):
    """One model."""

    name: str
    provider: str
    family: str
    quality: float = Field(
        ge=0, le=10, description="The catalogue's opinion, until outcomes have been measured."
    )
    strengths: list[str]
    speed: str
    local: bool
    free: bool
    context_tokens: int
    output_max_tokens: int
    input_usd_per_million: float | None = Field(description="null: unknown, never 0.")
    output_usd_per_million: float | None = Field(description="null: unknown, never 0.")
    usable: bool
    why_not: str | None = Field(description="What is missing before it may be asked; null when it may.")


class Capabilities(Shape):
    """What there is to choose from."""

    models: list[ModelCapability]
    tiers: list[str]
    workflows: list[str] = Field(description="What costs can be estimated for.")
    task_types: list[str] = Field(description="What models can be recommended for.")


async def capabilities(desk: Desk, _: Nothing) -> Capabilities:
    """The catalogue in force."""
    models = [_shown(one) for one in desk.adviser.models()]
    return Capabilities(models=models, tiers=list(TIERS), workflows=list(WORKFLOWS), task_types=sorted(TASKS))


def _shown(one: Capability) -> ModelCapability:
    spec = one.spec
    return ModelCapability(
        name=spec.name,
        provider=one.provider.name,
        family=spec.family,
        quality=spec.quality,
        strengths=list(spec.strengths),
        speed=spec.speed,
        local=one.provider.local,
        free=spec.free,
        context_tokens=spec.context_tokens,
        output_max_tokens=spec.output_max_tokens,
        input_usd_per_million=one.input_usd_per_million,
        output_usd_per_million=one.output_usd_per_million,
        usable=not one.why_not,
        why_not=one.why_not or None,
    )
