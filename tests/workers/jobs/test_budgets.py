"""What stands against a repository's own budgets."""

from __future__ import annotations

from collections.abc import Sequence

from config.repository import CostTracking
from config.settings import Settings
from workers.domain.budget import Payer, Period, Spender
from workers.domain.spend import Account, Used
from workers.jobs.budgets import RepositoryBudgets, run_limit_micros

NOW = 1_763_000_000.0  # 2025-11-13
SPENDER = Spender(installation_id=1, repo_id=10, run="")


class Ledger:
    """Every account has spent a dollar."""

    def __init__(self) -> None:
        self.asked: list[Account] = []

    async def spent(self, accounts: Sequence[Account]) -> list[int]:
        self.asked += accounts
        return [1_000_000] * len(accounts)


async def used(settings: Settings, tracking: CostTracking, ledger: Ledger) -> tuple[Used, ...]:
    return await RepositoryBudgets(ledger, settings).used(SPENDER, tracking, NOW)


async def test_without_limits_nothing_is_read() -> None:
    ledger = Ledger()
    assert (await used(Settings(), CostTracking(), ledger), ledger.asked) == ((), [])


async def test_what_is_left_is_the_limit_less_what_was_spent() -> None:
    (one,) = await used(Settings(), CostTracking(monthly_budget_usd=5.0), Ledger())
    assert (one.limit.period, one.left_micros) == (Period.MONTH, 4_000_000)


async def test_more_than_the_limit_leaves_nothing() -> None:
    (one,) = await used(Settings(), CostTracking(daily_budget_usd=0.5), Ledger())
    assert one.left_micros == 0


async def test_the_budgets_of_others_are_not_shown() -> None:
    settings = Settings(budget_month_usd=100, budget_installation_month_usd=50, budget_run_usd=1)
    assert await used(settings, CostTracking(), Ledger()) == ()


async def test_the_tighter_of_the_operators_and_the_repositorys_counts() -> None:
    ledger = Ledger()
    settings = Settings(budget_repository_month_usd=2)
    (one,) = await used(settings, CostTracking(monthly_budget_usd=5.0), ledger)
    assert one.limit.origin == "QUORUM_BUDGET_REPOSITORY_MONTH_USD"
    assert ledger.asked == [Account(Payer.REPOSITORY, 10, Period.MONTH, "2025-11")]


def test_a_run_may_cost_the_least_that_anybody_allows() -> None:
    settings = Settings(budget_run_usd=1, budget_month_usd=0.1)
    assert run_limit_micros(settings, CostTracking(per_run_usd=0.5)) == 500_000
    assert run_limit_micros(settings, CostTracking(enabled=False, per_run_usd=0.5)) == 1_000_000
    assert run_limit_micros(Settings(), CostTracking()) is None
