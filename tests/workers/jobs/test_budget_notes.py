"""A repository is told of its budget on the pull request that passes a mark, once."""

from __future__ import annotations

import pytest

from config.repository import CostTracking
from config.settings import Settings
from tests.fakes.clock import Clock
from tests.workers.storage.spending import spent
from tests.workers.storage.wanting import key
from workers.domain.work import Claim
from workers.jobs.budget_notes import BudgetNotes
from workers.jobs.budgets import RepositoryBudgets
from workers.storage.alerts import AlertStore
from workers.storage.database import Database
from workers.storage.spend import SpendSums

TRACKED = CostTracking(monthly_budget_usd=1.0, daily_budget_usd=100.0)
CLAIM = Claim(key(), 1, "run", "octo/repo", "push", False, 0, 0)
NOW = 1_795_000_000.0


@pytest.fixture
def notes(database: Database) -> BudgetNotes:
    clock = Clock(NOW)
    budgets = RepositoryBudgets(SpendSums(database), Settings())
    return BudgetNotes(budgets, AlertStore(database, clock), clock)


async def test_nothing_is_said_below_the_first_mark(database: Database, notes: BudgetNotes) -> None:
    await spent(database, cost_micros=790_000, at=NOW)
    assert await notes.of(CLAIM, TRACKED) == ()


async def test_each_mark_is_said_once(database: Database, notes: BudgetNotes) -> None:
    await spent(database, cost_micros=850_000, at=NOW)
    assert await notes.of(CLAIM, TRACKED) == (
        "80 % of this month's budget of this repository is used: $0.85 of $1.00 "
        "(orchestration.cost_tracking.monthly_budget_usd).",
    )
    assert await notes.of(CLAIM, TRACKED) == ()
    await spent(database, cost_micros=150_000, at=NOW)
    [said] = await notes.of(CLAIM, TRACKED)
    assert said.startswith("100 % of this month's budget")


async def test_the_repository_chooses_its_marks(database: Database, notes: BudgetNotes) -> None:
    await spent(database, cost_micros=300_000, at=NOW)
    [said] = await notes.of(CLAIM, CostTracking(monthly_budget_usd=1.0, alert_at=(25, 50)))
    assert said.startswith("25 % of this month's budget")


async def test_without_a_budget_nothing_is_said(database: Database, notes: BudgetNotes) -> None:
    await spent(database, cost_micros=10_000_000, at=NOW)
    assert await notes.of(CLAIM, CostTracking()) == ()


async def test_what_others_spent_is_not_this_repository_s(database: Database, notes: BudgetNotes) -> None:
    await spent(database, repo_id=11, cost_micros=10_000_000, at=NOW)
    assert await notes.of(CLAIM, TRACKED) == ()
