"""Tells a pull request, once, how far its repository's budget is used."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from config.repository import CostTracking
from workers.domain.budget import MICROS_PER_USD, Limit, Period, Spender
from workers.domain.work import Claim
from workers.jobs.budgets import RepositoryBudgets
from workers.storage.alerts import Alert, AlertStore

CHANNEL = "pull request"
SPANS = {Period.DAY: "today's", Period.MONTH: "this month's"}


@dataclass(frozen=True, slots=True)
class BudgetNotes:
    """What is said of the repository's own limits, each percentage once a period. `now` gives epoch seconds."""

    budgets: RepositoryBudgets
    alerts: AlertStore
    now: Callable[[], float]

    async def of(self, claim: Claim, tracking: CostTracking) -> tuple[str, ...]:
        """A sentence for each limit of which more than before is used; the highest percentage that is passed."""
        key, now = claim.key, self.now()
        spender = Spender(key.installation_id, key.repo_id, claim.token)
        said = []
        for one in await self.budgets.used(spender, tracking, now):
            percent = _passed(one.limit, one.micros, tracking.alert_at)
            if percent is not None and await self._first(one.limit, key.repo_id, percent, now):
                said.append(_sentence(one.limit, one.micros, percent))
        return tuple(said)

    async def _first(self, limit: Limit, repo_id: int, percent: int, now: float) -> bool:
        subject = f"{limit.period} {percent}"
        return await self.alerts.claim(Alert(limit.payer, repo_id, limit.period.label(now), subject, CHANNEL))


def _passed(limit: Limit, micros: int, percents: Sequence[int]) -> int | None:
    return max((one for one in percents if micros * 100 >= limit.micros * one), default=None)


def _sentence(limit: Limit, micros: int, percent: int) -> str:
    spent, whole = micros / MICROS_PER_USD, limit.micros / MICROS_PER_USD
    return (
        f"{percent} % of {SPANS[limit.period]} budget of this repository is used: "
        f"${spent:,.2f} of ${whole:,.2f} ({limit.origin})."
    )
