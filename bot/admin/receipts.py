"""`GET /orchestrator/receipts`: what single runs have cost, beside the estimate, the premium cost, and their quality."""

from __future__ import annotations

from datetime import UTC, datetime

from pydantic import Field

from bot.admin.desk import Desk
from bot.admin.shape import Shape, dollars
from workers.domain.months import month_of, month_span
from workers.domain.receipt import Receipt
from workers.storage.receipts import RECEIPTS_MAX


class ReceiptsRequest(Shape):
    """Which receipts; unset: of any workflow and repository, of the present month."""

    month: str | None = Field(None, max_length=7, description="E.g. `2026-11`.")
    workflow: str = Field("", max_length=50)
    repository_id: int = Field(0, ge=0, lt=2**63, description="GitHub's number of the repository.")
    limit: int = Field(100, ge=1, le=RECEIPTS_MAX)


class ReceiptShown(Shape):
    """One run, in US dollars; null: unknown, or not measured."""

    run: str
    at: str = Field(description="When it ended, ISO 8601, UTC.")
    repository_id: int
    pull_request: int
    workflow: str
    calls: int
    cost: float | None
    estimated_cost: float | None
    premium_cost: float | None
    premium_model: str
    quality: float | None
    validated: bool | None


class Receipts(Shape):
    """Newest first."""

    month: str
    receipts: list[ReceiptShown]


async def receipts(desk: Desk, wanted: ReceiptsRequest) -> Receipts:
    """Raises UserError for what is no month."""
    month = wanted.month or month_of(desk.now())
    found = await desk.receipts.listed(
        *month_span(month), workflow=wanted.workflow, repo_id=wanted.repository_id, limit=wanted.limit
    )
    return Receipts(month=month, receipts=[_shown(one) for one in found])


def _shown(one: Receipt) -> ReceiptShown:
    return ReceiptShown(
        run=one.run,
        at=datetime.fromtimestamp(one.at, UTC).isoformat(timespec="seconds"),
        repository_id=one.repo_id,
        pull_request=one.number,
        workflow=one.workflow,
        calls=one.calls,
        cost=_known(one.cost_micros),
        estimated_cost=_known(one.estimated_micros),
        premium_cost=_known(one.premium_micros),
        premium_model=one.premium_model,
        quality=one.quality,
        validated=one.validated,
    )


def _known(micros: int | None) -> float | None:
    return None if micros is None else dollars(micros)
