"""`cost`: what the reviews of this pull request used, from the ledger of calls."""

from __future__ import annotations

from datetime import UTC, datetime

from workers.domain.budget import Spender
from workers.github.render.answers import cost_text
from workers.jobs.commands.act import Given, Outcome


async def show_cost(given: Given) -> Outcome:
    """Say tokens and dollars by stage and model, what the repository used this month (UTC), and what it may use still."""
    seen = given.command.seen
    spent = await given.stores.calls.of_pull(seen.repo_id, seen.number)
    month = await given.stores.calls.of_month(seen.repo_id, month_start(given.now))
    spender = Spender(seen.installation_id, seen.repo_id, run="")
    tracking = given.rules.config.orchestration.cost_tracking
    budgets = await given.stores.budgets.used(spender, tracking, given.now)
    rows = [(row.stage, row.model, row.usage) for row in spent]
    return Outcome(cost_text(rows, month, given.sanitiser, budgets))


def month_start(now: float) -> float:
    """The first moment of the calendar month of `now`, both in epoch seconds, UTC."""
    date = datetime.fromtimestamp(now, UTC)
    return date.replace(day=1, hour=0, minute=0, second=0, microsecond=0).timestamp()
