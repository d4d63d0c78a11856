"""Sums of the ledger of calls by payer and period."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from tests.workers.storage.spending import spent
from workers.domain.budget import Payer, Period, Spender
from workers.domain.spend import Account, accounts_of
from workers.storage.database import Database
from workers.storage.spend import SpendSums

NOON = datetime(2026, 11, 21, 12, tzinfo=UTC).timestamp()
SPENDER = Spender(installation_id=1, repo_id=10, run="run", user_id=7)


async def add(database: Database, at: float = NOON, **more: Any) -> None:
    await spent(database, **{"at": at, "user_id": 7, **more})


def day(payer: Payer, payer_id: int) -> Account:
    return Account(payer, payer_id, Period.DAY, "2026-11-21")


async def test_without_calls_nothing_was_spent(database: Database) -> None:
    accounts = accounts_of(SPENDER, NOON)
    assert await SpendSums(database).spent(accounts) == [0] * len(accounts)


async def test_nothing_asked_nothing_read(database: Database) -> None:
    assert await SpendSums(database).spent(()) == []


async def test_every_account_of_a_call_has_its_cost(database: Database) -> None:
    await add(database, run="run", cost_micros=5)
    await add(database, run="run", position=1, cost_micros=7)
    accounts = accounts_of(SPENDER, NOON)
    assert await SpendSums(database).spent(accounts) == [12] * len(accounts)


@pytest.mark.parametrize(
    ("other", "payer", "payer_id"),
    [
        ({"installation_id": 2}, Payer.INSTALLATION, 1),
        ({"repo_id": 20}, Payer.REPOSITORY, 10),
        ({"user_id": 8}, Payer.USER, 7),
    ],
)
async def test_payers_are_told_apart(
    database: Database, other: dict[str, Any], payer: Payer, payer_id: int
) -> None:
    await add(database, cost_micros=5)
    await add(database, cost_micros=70, **other)
    sums = await SpendSums(database).spent((day(payer, payer_id), day(Payer.OPERATOR, 0)))
    assert sums == [5, 75]


async def test_runs_are_told_apart(database: Database) -> None:
    await add(database, run="run", cost_micros=5)
    await add(database, run="next", cost_micros=70)
    assert await SpendSums(database).spent((Account(Payer.OPERATOR, 0, Period.RUN, "run"),)) == [5]


async def test_a_day_begins_and_ends_at_midnight(database: Database) -> None:
    midnight = datetime(2026, 11, 21, tzinfo=UTC).timestamp()
    for after_s, micros in ((-0.001, 1), (0, 10), (86_399.9, 100), (86_400, 1_000)):
        await add(database, midnight + after_s, cost_micros=micros)
    assert await SpendSums(database).spent((day(Payer.OPERATOR, 0),)) == [110]


async def test_december_ends_with_the_year(database: Database) -> None:
    await add(database, datetime(2026, 12, 31, 23, tzinfo=UTC).timestamp(), cost_micros=1)
    await add(database, datetime(2027, 1, 1, tzinfo=UTC).timestamp(), cost_micros=10)
    months = [Account(Payer.OPERATOR, 0, Period.MONTH, label) for label in ("2026-12", "2027-01")]
    assert await SpendSums(database).spent(months) == [1, 10]


async def test_an_unknown_cost_counts_as_it_was_estimated(database: Database) -> None:
    await add(database, cost_micros=None, estimated_micros=40)
    await add(database, cost_micros=None, estimated_micros=None)
    await add(database, cost_micros=0, estimated_micros=9_000)
    assert await SpendSums(database).spent((day(Payer.OPERATOR, 0),)) == [40]


async def test_large_sums_are_exact(database: Database) -> None:
    await add(database, cost_micros=2**53)
    await add(database, cost_micros=1)
    assert await SpendSums(database).spent((day(Payer.OPERATOR, 0),)) == [2**53 + 1]
