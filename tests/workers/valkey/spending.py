"""A ledger in memory, spenders and limits for tests of the budget."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from redis.asyncio import Redis

from workers.domain.budget import Limit, Payer, Period, Reservation, Spender
from workers.domain.errors import TransientError
from workers.domain.spend import Account, accounts_of
from workers.valkey.budget import ValkeyBudget

NOON = 1_795_262_400.0  # 2026-11-21 12:00 UTC
SPENDER = Spender(installation_id=1, repo_id=10, run="run", user_id=7)
MONTH = Limit(Payer.OPERATOR, Period.MONTH, 1_000)
_ids = itertools.count()


def new_id() -> str:
    return f"id-{next(_ids)}"


@dataclass
class Rows:
    """A SpendLedger that counts how often it was read; `away`: it can't be."""

    rows: list[tuple[Spender, float, int]] = field(default_factory=list)
    reads: int = 0
    away: bool = False

    def add(self, spender: Spender, at: float, micros: int) -> None:
        self.rows.append((spender, at, micros))

    async def spent(self, accounts: Sequence[Account]) -> list[int]:
        if self.away:
            raise TransientError("The database is unavailable.")
        self.reads += 1
        return [
            sum(micros for spender, at, micros in self.rows if one in accounts_of(spender, at))
            for one in accounts
        ]


def budget_at(
    url: str, ledger: Rows, now: Callable[[], float], *, lease_s: float = 900.0
) -> tuple[ValkeyBudget, Redis]:
    redis = Redis.from_url(url)
    return ValkeyBudget(redis, ledger, now, new_id, lease_s=lease_s), redis


async def reserved(
    budget: ValkeyBudget, micros: int, *limits: Limit, spender: Spender = SPENDER
) -> Reservation:
    given = await budget.reserve(spender, limits or (MONTH,), micros)
    assert isinstance(given, Reservation), given
    return given


async def pay(budget: ValkeyBudget, ledger: Rows, held: Reservation, micros: int, at: float) -> None:
    """The row first, then the counter."""
    ledger.add(held.spender, at, micros)
    await budget.settle(held, micros)
