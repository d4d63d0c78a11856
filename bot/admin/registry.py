"""Every path of the operator's interface, one row each."""

from __future__ import annotations

import re
from collections.abc import Sequence

from starlette.routing import BaseRoute, Route

from bot.admin.capabilities import Capabilities, capabilities
from bot.admin.desk import Desk
from bot.admin.endpoint import Door, Endpoint
from bot.admin.estimates import EstimateAnswer, EstimateRequest, estimate_cost
from bot.admin.guard import Guard
from bot.admin.openapi import description
from bot.admin.receipts import Receipts, ReceiptsRequest, receipts
from bot.admin.recommendations import RecommendationRequest, Recommendations, recommendations
from bot.admin.settings import SettingsAnswer, SettingsRequest, change_settings, read_settings
from bot.admin.spend import CurrentSpend, SpendAnswer, SpendRequest, current_spend, spend

ENDPOINTS: tuple[Endpoint, ...] = (
    Endpoint("GET", "/orchestrator/capabilities", "Models to choose from", capabilities, Capabilities),
    Endpoint(
        "POST",
        "/orchestrator/estimate-cost",
        "What work will cost",
        estimate_cost,
        EstimateAnswer,
        EstimateRequest,
    ),
    Endpoint(
        "GET",
        "/orchestrator/recommendations/{task_type}",
        "Which model a task would go to",
        recommendations,
        Recommendations,
        RecommendationRequest,
    ),
    Endpoint("GET", "/orchestrator/current-spend", "This month's spending", current_spend, CurrentSpend),
    Endpoint("GET", "/orchestrator/spend", "A month's spending", spend, SpendAnswer, SpendRequest),
    Endpoint("GET", "/orchestrator/receipts", "What runs have cost", receipts, Receipts, ReceiptsRequest),
    Endpoint(
        "GET", "/settings/category/orchestrator", "The settings in force", read_settings, SettingsAnswer
    ),
    Endpoint(
        "POST",
        "/settings",
        "How to change the settings",
        change_settings,
        SettingsAnswer,
        SettingsRequest,
        (409,),
    ),
)


def routes(desk: Desk, guard: Guard) -> Sequence[BaseRoute]:
    """What the web application serves to the operator."""
    rows = (*ENDPOINTS, description(ENDPOINTS))
    return [_route(row, Door(row, desk, guard)) for row in rows]


def _route(row: Endpoint, door: Door) -> Route:
    """Task types hold slashes, which clients may leave as they are."""
    route = Route(row.path.replace("{task_type}", "{task_type:path}"), door, methods=[row.method])
    route.path_regex = re.compile(route.path_regex.pattern, re.DOTALL)  # a line end is wrong, but not unknown
    return route
