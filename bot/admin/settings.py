"""`GET /settings/category/orchestrator` and `POST /settings`: what is in force, who says so, and where to change it.

Settings come from the environment and are read once, so that what runs is what is deployed: nothing is written here.
"""

from __future__ import annotations

from typing import Any

from pydantic import Field

from bot.admin.desk import Desk
from bot.admin.problem import Mistake, ProblemError
from bot.admin.shape import Nothing, Shape, dollars
from config.layers import DEFAULT_ORIGIN, effective
from workers.domain.months import month_of, month_span
from workers.llm.estimate import Tier

VARIABLES = {
    "enabled": "QUORUM_ENABLED",
    "quality_tier": "QUORUM_TIER",
    "monthly_budget": "QUORUM_BUDGET_MONTH_USD",
    "prefer_local": "QUORUM_PREFER_LOCAL",
    "cost_tracking_enabled": "QUORUM_ORCHESTRATION_COST_TRACKING_ENABLED",
}
_KEYS = {
    "enabled": "orchestration.enabled",
    "quality_tier": "orchestration.tier",
    "prefer_local": "orchestration.prefer_local",
    "cost_tracking_enabled": "orchestration.cost_tracking.enabled",
}


class OrchestratorSettings(Shape):
    """What is in force where no repository says otherwise; the budget is the operator's, null: no limit."""

    enabled: bool
    quality_tier: Tier
    monthly_budget: float | None
    prefer_local: bool
    cost_tracking_enabled: bool
    current_month: str
    current_month_spend: float


class Origin(Shape):
    """Who has set a value, and which variable of the environment sets it."""

    origin: str
    variable: str


class SettingsAnswer(Shape):
    """The values, and where each comes from."""

    orchestrator: OrchestratorSettings
    origins: dict[str, Origin]


class OrchestratorChange(Shape):
    """Wanted values; what is left out stays."""

    enabled: bool | None = None
    quality_tier: Tier | None = None
    monthly_budget: float | None = Field(None, gt=0, le=1e9)
    prefer_local: bool | None = None
    cost_tracking_enabled: bool | None = None


class SettingsRequest(Shape):
    """Wanted settings."""

    orchestrator: OrchestratorChange


async def read_settings(desk: Desk, _: Nothing) -> SettingsAnswer:
    """What is in force."""
    found = effective((), desk.rules)
    rules = found.config.orchestration
    month = month_of(desk.now())
    total = await desk.reports.total(*month_span(month))
    shown = OrchestratorSettings(
        enabled=rules.enabled and _has_models(desk),
        quality_tier=rules.tier,
        monthly_budget=desk.settings.budget_month_usd,
        prefer_local=rules.prefer_local,
        cost_tracking_enabled=rules.cost_tracking.enabled,
        current_month=month,
        current_month_spend=dollars(total.known_micros),
    )
    said = {name: found.origins[key] for name, key in _KEYS.items()}
    said["monthly_budget"] = _budget_origin(desk)
    origins = {name: Origin(origin=said[name], variable=variable) for name, variable in VARIABLES.items()}
    return SettingsAnswer(orchestrator=shown, origins=origins)


async def change_settings(desk: Desk, wanted: SettingsRequest) -> SettingsAnswer:
    """What is in force, when that is what is wanted; else 409, which says what to set where."""
    present = await read_settings(desk, Nothing())
    values = present.orchestrator.model_dump()
    changes = wanted.orchestrator.model_dump(exclude_unset=True)
    other = {name: value for name, value in changes.items() if value != values[name]}
    if other:
        mistakes = [
            Mistake(where=f"orchestrator.{name}", what=_how(desk, name, value))
            for name, value in other.items()
        ]
        raise ProblemError(
            409, "Settings come from the environment: set what `errors` says and restart Quorum.", mistakes
        )
    return present


def _how(desk: Desk, name: str, value: Any) -> str:
    if name == "enabled" and value and not _has_models(desk):
        return "Name the models that may be asked: set QUORUM_PROVIDERS, or QUORUM_MODEL."
    if value is None:
        return f"Unset {VARIABLES[name]}."
    return f"Set {VARIABLES[name]}={str(value).lower() if isinstance(value, bool) else value}."


def _has_models(desk: Desk) -> bool:
    return bool(desk.settings.model or desk.settings.providers)


def _budget_origin(desk: Desk) -> str:
    unset = desk.settings.budget_month_usd is None
    return DEFAULT_ORIGIN if unset else f"environment {VARIABLES['monthly_budget']}"
