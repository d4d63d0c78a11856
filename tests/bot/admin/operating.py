"""The web application with the operator's interface, on a free loopback port; models and prices by hand."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

import httpx

from bot.admin.desk import Desk
from bot.admin.guard import Guard
from bot.admin.registry import routes
from bot.app import create_app
from bot.health import Health
from bot.metrics import Metrics
from config.catalogue import ModelSpec, ProviderSpec
from config.operator import OperatorRules
from tests.bot.serving import settings_of
from tests.fakes.clock import Clock
from tests.fakes.listener import listening
from workers.llm.advice import Capability
from workers.llm.estimate import Alternative, Recommendation, Tier
from workers.llm.workflows import Stage
from workers.storage.database import Database
from workers.storage.intake import Intake
from workers.storage.outlook import Counts
from workers.storage.receipts import ReceiptBook
from workers.storage.reports import Reports

TOKEN = "a-token-of-the-operator"
BEARER = {"authorization": f"Bearer {TOKEN}"}
NOVEMBER_21 = 1_795_219_200.0
"""2026-11-21, UTC."""

LOCAL = ProviderSpec(name="ollama", local=True)
CLOUD = ProviderSpec(name="anthropic", api_key_env="ANTHROPIC_API_KEY")


def spec(name: str, provider: str, **more: Any) -> ModelSpec:
    values = {"family": name, "quality": 7, "context_tokens": 100_000, "strengths": ("security",)}
    return ModelSpec.model_validate({"name": name, "provider": provider} | values | more)


@dataclass(frozen=True)
class ScriptedAdviser:
    """A free local model for the budget tier, a priced one for balanced, one of unknown price for premium."""

    by_tier: Mapping[str, str | None] = field(
        default_factory=lambda: {"budget": "small", "balanced": "big", "premium": "mystery"}
    )

    def models(self) -> Sequence[Capability]:
        return (
            Capability(spec("big", "anthropic"), CLOUD, 3.0, 15.0, ""),
            Capability(spec("mystery", "anthropic"), CLOUD, None, None, "ANTHROPIC_API_KEY is not set"),
            Capability(spec("small", "ollama", free=True), LOCAL, 0.0, 0.0, ""),
        )

    def recommend(self, tier: Tier, stage: Stage) -> Recommendation:
        return Recommendation(self.by_tier[tier], f"for {stage.kind}", (Alternative("other", "dearer"),))

    def price(self, model: str, input_tokens: int, output_tokens: int) -> int | None:
        return {"small": 0, "big": 3 * input_tokens + 15 * output_tokens}.get(model)


async def _nothing() -> None:
    raise NotImplementedError


async def _counts() -> Counts:
    raise NotImplementedError


@dataclass(frozen=True)
class Operated:
    """A running application."""

    client: httpx.AsyncClient
    database: Database
    clock: Clock


@asynccontextmanager
async def operating(
    url: str, rules: OperatorRules | None = None, *, clock: Clock | None = None, **more: Any
) -> AsyncIterator[Operated]:
    """Serve with the database at `url`; `more` are settings. The client sends the operator's token."""
    settings = settings_of(admin_token=TOKEN, **more)
    database = Database.connect(url)
    clock = clock or Clock(NOVEMBER_21)
    desk = Desk(
        settings,
        rules or OperatorRules(),
        ScriptedAdviser(),
        Reports(database),
        ReceiptBook(database),
        clock,
    )
    served = routes(desk, Guard(settings.admin_token, clock))
    intake = Intake(database, clock)
    app = create_app(settings, intake, _nothing, Health({}, {}), Metrics(_counts), served)
    try:
        async with (
            listening(app) as base_url,
            httpx.AsyncClient(base_url=base_url, headers=BEARER, trust_env=False, timeout=20) as client,
        ):
            yield Operated(client, database, clock)
    finally:
        await intake.close()
        await database.close()
