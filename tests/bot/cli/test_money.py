"""`quorum estimate`, `recommend` and `spend` as processes of their own."""

from __future__ import annotations

import asyncio
import json
import os
from pathlib import Path
from subprocess import CompletedProcess

import pytest

from bot.admin.spend import spend_of
from bot.cli.columns import usd
from bot.cli.estimate import usage_of
from bot.cli.spend import text
from tests import warm
from tests.workers.storage.spending import named, receipted, spent
from workers.domain.errors import UserError
from workers.storage.database import Database
from workers.storage.receipts import ReceiptBook
from workers.storage.reports import Reports

CLOUD = {"QUORUM_PROVIDERS": "anthropic", "ANTHROPIC_API_KEY": "sk-not-shown"}


def quorum(*words: str, **environ: str) -> CompletedProcess[str]:
    return warm.quorum(*words, environ=os.environ | environ, folder=Path.cwd())


def test_an_estimate_adds_up_workflows_and_models() -> None:
    done = quorum("estimate", "--usage", "review=10", "docs=2", "--json", **CLOUD)
    found = json.loads(done.stdout)
    assert found["total_cost"] == pytest.approx(sum(found["by_task"].values()))
    assert found["total_cost"] == pytest.approx(sum(found["by_model"].values()))
    assert "sk-not-shown" not in done.stdout + done.stderr


def test_without_models_the_cost_is_unknown_and_not_nothing() -> None:
    done = quorum("estimate", QUORUM_PROVIDERS="")
    assert (done.returncode, "total  unknown" in done.stdout) == (0, True)


def test_a_recommendation_has_model_and_reason() -> None:
    found = json.loads(quorum("recommend", "review/security", "--tier", "premium", "--json", **CLOUD).stdout)
    assert list(found["tiers"]) == ["premium"]
    assert found["tiers"]["premium"]["model"] in found["tiers"]["premium"]["reason"]


def test_an_unknown_task_is_the_users_mistake() -> None:
    done = quorum("recommend", "reviw", **CLOUD)
    assert (done.returncode, "Did you mean `review`?" in done.stderr) == (2, True)


def test_a_months_spending_is_read_from_the_database(database_url: str) -> None:
    async def fill() -> None:
        database = Database.connect(database_url)
        await spent(database, cost_micros=2_500_000)
        await database.close()

    asyncio.run(fill())
    done = quorum("spend", "--month", "2026-11", QUORUM_DATABASE_URL=database_url)
    assert (done.returncode, done.stdout) == (0, "2026-11 (UTC): $0.00 for 0 calls\n")
    found = quorum("spend", "--month", "2000-01", "--json", QUORUM_DATABASE_URL=database_url)
    assert json.loads(found.stdout)["total"]["calls"] == 0


def test_what_is_no_month_is_the_users_mistake(sqlite_url: str) -> None:
    done = quorum("spend", "--month", "November", QUORUM_DATABASE_URL=sqlite_url)
    assert (done.returncode, "2026-11" in done.stderr) == (2, True)


async def test_a_month_shows_each_view_and_no_saving_without_its_quality(database: Database) -> None:
    at = 1_795_219_200.0
    await named(database)
    await spent(database, cost_micros=2_500_000, at=at)
    await spent(database, cost_micros=None, at=at)
    await receipted(database, at=at)
    await receipted(database, at=at, workflow="docs", quality=None)
    shown = text(await spend_of(Reports(database), ReceiptBook(database), "2026-11"))
    assert "$2.50 for 2 calls, and 1 of unknown cost" in shown
    assert "octo/repo" in shown
    assert "review: 90% saved at quality 0.90, 1 of 1 validated" in shown
    assert "docs: 1 runs; nothing to compare" in shown


@pytest.mark.parametrize(
    "word", ["review", "review=", "review=-1", "review=1.5", "review=99999999", "review=²"]
)
def test_usage_that_can_not_be_read_is_refused(word: str) -> None:
    with pytest.raises(UserError):
        usage_of([word])


def test_a_workflow_named_twice_is_refused() -> None:
    with pytest.raises(UserError):
        usage_of(["review=1", "review=2"])


@pytest.mark.parametrize(
    ("value", "shown"), [(None, "unknown"), (0.0, "$0.00"), (0.0123, "$0.0123"), (1234.5, "$1,234.50")]
)
def test_unknown_money_is_said_and_small_money_is_seen(value: float | None, shown: str) -> None:
    assert usd(value) == shown
