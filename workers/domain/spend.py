"""Accounts: whose spending of which period is counted, and the ledger that can always say what it was."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Protocol

from workers.domain.budget import Limit, Payer, Period, Spender

COUNTED = (Period.DAY, Period.MONTH)


@dataclass(frozen=True, slots=True)
class Account:
    """What one payer spends in one period. A run's has the run's name as `label` and is the operator's: one a run."""

    payer: Payer
    payer_id: int
    period: Period
    label: str

    def __str__(self) -> str:
        return f"{self.period}:{self.payer}:{self.payer_id}:{self.label}"

    def bounds(self) -> tuple[float, float]:
        """From when (inclusive) until when (exclusive) a day or a month lasts, in epoch seconds."""
        if self.period is Period.DAY:
            start = datetime.strptime(self.label, "%Y-%m-%d").replace(tzinfo=UTC)
            return start.timestamp(), (start + timedelta(days=1)).timestamp()
        start = datetime.strptime(self.label, "%Y-%m").replace(tzinfo=UTC)
        return start.timestamp(), (start + timedelta(days=32)).replace(day=1).timestamp()


@dataclass(frozen=True, slots=True)
class Used:
    """A limit, and the micro-dollars that stand against it; a call of unknown cost counts as estimated."""

    limit: Limit
    micros: int

    @property
    def left_micros(self) -> int:
        """What may be spent still."""
        return max(0, self.limit.micros - self.micros)


class SpendLedger(Protocol):
    """The calls that were recorded: the truth that counters are rebuilt from."""

    async def spent(self, accounts: Sequence[Account]) -> list[int]:
        """Micro-dollars of each account, in order. A call of unknown cost counts as estimated, or 0.

        Raises TransientError when the ledger can't be read.
        """
        ...


def account(payer: Payer, spender: Spender, period: Period, now: float) -> Account:
    """The account that a limit on `payer` and `period` counts, at `now` (epoch seconds)."""
    if period is Period.RUN:
        return Account(Payer.OPERATOR, 0, period, spender.run)
    return Account(payer, spender.id_of(payer), period, period.label(now))


def accounts_of(spender: Spender, now: float) -> tuple[Account, ...]:
    """Every account that a call of `spender` is counted in, limited or not: limits come and go."""
    labels = [(period, period.label(now)) for period in COUNTED]
    payers = [(payer, spender.id_of(payer)) for payer in Payer if payer is not Payer.USER or spender.user_id]
    counted = (Account(*payer, *label) for payer in payers for label in labels)
    return (account(Payer.OPERATOR, spender, Period.RUN, now), *counted)
