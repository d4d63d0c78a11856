"""How much of its own budgets a repository has used, from the ledger of calls, and what one run may cost."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from config.repository import CostTracking
from config.settings import Settings
from workers.domain.budget import Limit, Payer, Period, Spender
from workers.domain.spend import COUNTED, SpendLedger, Used, account
from workers.llm.money import limits_of


@dataclass(frozen=True, slots=True)
class RepositoryBudgets:
    """Reads what stands against the limits of a repository; those of its installation and the operator are not shown."""

    ledger: SpendLedger
    settings: Settings

    async def used(self, spender: Spender, tracking: CostTracking, now: float) -> tuple[Used, ...]:
        """Each limit of the spender's repository on a day or month, at `now` (epoch seconds). Raises TransientError."""
        limits = tuple(_own(limits_of(self.settings, tracking)))
        accounts = [account(limit.payer, spender, limit.period, now) for limit in limits]
        spent = await self.ledger.spent(accounts) if accounts else []
        return tuple(Used(limit, micros) for limit, micros in zip(limits, spent, strict=True))


def run_limit_micros(settings: Settings, tracking: CostTracking) -> int | None:
    """The least of the limits on a run, in millionths of a US dollar; None: nobody set one."""
    limits = (one.micros for one in limits_of(settings, tracking) if one.period is Period.RUN)
    return min(limits, default=None)


def _own(limits: Sequence[Limit]) -> Iterator[Limit]:
    for limit in limits:
        if limit.payer is Payer.REPOSITORY and limit.period in COUNTED:
            yield limit
