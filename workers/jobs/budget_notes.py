"""Tells a pull request, once, how far its repository's budget is used."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from config.repository import CostTracking
from config.settings import Settings
from workers.domain.budget import MICROS_PER_USD, Limit, Payer, Period, Spender
from workers.domain.spend import SpendLedger, account
from workers.domain.work import Claim
from workers.llm.money import limits_of
from workers.storage.alerts import Alert, AlertStore

CHANNEL = "pull request"
SPANS = {Period.DAY: "today's", Period.MONTH: "this month's"}


@dataclass(frozen=True, slots=True)
class BudgetNotes:
    """What is said of the repository's own limits, each percentage once a period. `now` gives epoch seconds."""

    ledger: SpendLedger
    alerts: AlertStore
    settings: Settings
    now: Callable[[], float]

    async def of(self, claim: Claim, tracking: CostTracking) -> tuple[str, ...]:
        """A sentence for each limit of which more than before is used; the highest percentage that is passed."""
        limits = tuple(_own(limits_of(self.settings, tracking)))
        key, now = claim.key, self.now()
        spender = Spender(key.installation_id, key.repo_id, claim.token)
        accounts = [account(limit.payer, spender, limit.period, now) for limit in limits]
        spent = await self.ledger.spent(accounts) if accounts else []
        said = []
        for limit, micros in zip(limits, spent, strict=True):
            percent = _passed(limit, micros, tracking.alert_at)
            if percent is not None and await self._first(limit, key.repo_id, percent, now):
                said.append(_sentence(limit, micros, percent))
        return tuple(said)

    async def _first(self, limit: Limit, repo_id: int, percent: int, now: float) -> bool:
        subject = f"{limit.period} {percent}"
        return await self.alerts.claim(Alert(limit.payer, repo_id, limit.period.label(now), subject, CHANNEL))


def _own(limits: Sequence[Limit]) -> Iterator[Limit]:
    for limit in limits:
        if limit.payer is Payer.REPOSITORY and limit.period in SPANS:
            yield limit


def _passed(limit: Limit, micros: int, percents: Sequence[int]) -> int | None:
    return max((one for one in percents if micros * 100 >= limit.micros * one), default=None)


def _sentence(limit: Limit, micros: int, percent: int) -> str:
    spent, whole = micros / MICROS_PER_USD, limit.micros / MICROS_PER_USD
    return (
        f"{percent} % of {SPANS[limit.period]} budget of this repository is used: "
        f"${spent:,.2f} of ${whole:,.2f} ({limit.origin})."
    )
