"""`quorum spend`: what a month has cost, from the database."""

from __future__ import annotations

import argparse
import asyncio
import time

from bot.admin.spend import SavingShown, SpendAnswer, SpendLine, spend_of
from bot.cli.columns import table, usd
from bot.cli.ledger import open_ledger
from config.settings import Settings
from workers.domain.months import month_of, month_span
from workers.storage.receipts import ReceiptBook
from workers.storage.reports import Reports

ROWS_MAX = 20


def run(settings: Settings, parsed: argparse.Namespace) -> int:
    """Print the month. Raises UserError for what is no month, TransientError for a database that is away."""
    month = parsed.month or month_of(time.time())
    month_span(month)
    found = asyncio.run(_read(settings, month))
    print(found.model_dump_json(indent=2) if parsed.json else text(found))
    return 0


async def _read(settings: Settings, month: str) -> SpendAnswer:
    async with open_ledger(settings) as database:
        return await spend_of(Reports(database), ReceiptBook(database), month)


def text(found: SpendAnswer) -> str:
    """As it is read on a terminal."""
    total = found.total
    head = f"{found.month} (UTC): {usd(total.spend)} for {total.calls:,} calls"
    if total.calls_of_unknown_cost:
        head += f", and {total.calls_of_unknown_cost:,} of unknown cost"
    views = {"model": found.by_model, "repository": found.by_repository, "workflow": found.by_workflow}
    parts = [head, *(_view(name, lines) for name, lines in views.items() if lines)]
    if found.savings:
        parts.append("\n".join(map(_saving, found.savings)))
    return "\n\n".join(parts)


def _view(name: str, lines: list[SpendLine]) -> str:
    rows = [(name, "spent", "calls", "tokens in", "tokens out", "of unknown cost")]
    for one in lines[:ROWS_MAX]:
        numbers = (one.calls, one.input_tokens, one.output_tokens, one.calls_of_unknown_cost)
        rows.append((one.name, usd(one.spend), *(f"{number:,}" for number in numbers)))  # type: ignore[arg-type]
    return table(rows)


def _saving(one: SavingShown) -> str:
    """Never without the quality of the same runs."""
    if one.saved is None or one.quality is None:
        return f"{one.workflow}: {one.runs} runs; nothing to compare: cost, premium cost or quality unknown"
    checked = f", {one.validated} of {one.validations} validated" if one.validations else ""
    return (
        f"{one.workflow}: {one.saved:.0%} saved at quality {one.quality:.2f}{checked}: {usd(one.cost)} instead of "
        f"{usd(one.premium_cost)} ({one.compared} of {one.runs} runs compared)"
    )
