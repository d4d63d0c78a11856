"""`GET /orchestrator/current-spend` and `/orchestrator/spend`: what was spent, by whom, and of which budget."""

from __future__ import annotations

from pydantic import Field

from bot.admin.desk import Desk
from bot.admin.shape import Nothing, Shape, dollars
from workers.domain.months import month_of, month_span
from workers.storage.receipts import ReceiptBook, Saving
from workers.storage.reports import Line, Reports


class CurrentSpend(Shape):
    """This month (UTC) so far, in US dollars; budget null: no limit. What remains is what the budget
    counts: calls of unknown cost by their estimate.
    """

    current_month: str
    spend: float = Field(description="Of calls with a known cost.")
    budget: float | None
    budget_remaining: float | None
    calls_of_unknown_cost: int


class SpendRequest(Shape):
    """Which month; unset: the present one."""

    month: str | None = Field(None, max_length=7, description="E.g. `2026-11`.")


class SpendLine(Shape):
    """What was spent under one name, in US dollars."""

    name: str
    spend: float
    calls: int
    input_tokens: int
    output_tokens: int
    calls_of_unknown_cost: int


class SavingShown(Shape):
    """One workflow: of the `compared` runs whose cost, premium cost and quality are all known, what they cost in US
    dollars, what the same tokens cost on the premium model, and how good they were (0 to 1).
    """

    workflow: str
    runs: int
    compared: int
    cost: float
    premium_cost: float
    saved: float | None = Field(description="Part of the premium cost, e.g. 0.85; null: nothing to compare.")
    quality: float | None = Field(description="Mean of the compared runs; null: there are none.")
    validated: int
    validations: int


class SpendAnswer(Shape):
    """A month's spending; the tables hold the 100 dearest lines, the total holds all."""

    month: str
    total: SpendLine
    by_model: list[SpendLine]
    by_repository: list[SpendLine]
    by_workflow: list[SpendLine]
    savings: list[SavingShown]


async def current_spend(desk: Desk, _: Nothing) -> CurrentSpend:
    """The present month against the operator's budget."""
    month = month_of(desk.now())
    total = await desk.reports.total(*month_span(month))
    budget = desk.settings.budget_month_usd
    left = None if budget is None else max(0.0, round(budget - dollars(total.counted_micros), 6))
    return CurrentSpend(
        current_month=month,
        spend=dollars(total.known_micros),
        budget=budget,
        budget_remaining=left,
        calls_of_unknown_cost=total.unpriced,
    )


async def spend(desk: Desk, wanted: SpendRequest) -> SpendAnswer:
    """Raises UserError for what is no month."""
    return await spend_of(desk.reports, desk.receipts, wanted.month or month_of(desk.now()))


async def spend_of(reports: Reports, book: ReceiptBook, month: str) -> SpendAnswer:
    """A month as it is shown. Raises UserError for what is no month."""
    span = month_span(month)
    found = await reports.spend(*span)
    savings = await book.savings(*span)
    return SpendAnswer(
        month=month,
        total=_line(found.total),
        by_model=[_line(one) for one in found.by_model],
        by_repository=[_line(one) for one in found.by_repository],
        by_workflow=[_line(one) for one in found.by_workflow],
        savings=[_saving(one) for one in savings],
    )


def _line(one: Line) -> SpendLine:
    return SpendLine(
        name=one.name,
        spend=dollars(one.known_micros),
        calls=one.calls,
        input_tokens=one.input_tokens,
        output_tokens=one.output_tokens,
        calls_of_unknown_cost=one.unpriced,
    )


def _saving(one: Saving) -> SavingShown:
    return SavingShown(
        workflow=one.workflow,
        runs=one.runs,
        compared=one.compared,
        cost=dollars(one.cost_micros),
        premium_cost=dollars(one.premium_micros),
        saved=one.share,
        quality=one.quality,
        validated=one.passed,
        validations=one.checked,
    )
