"""What was spent, by each view."""

from __future__ import annotations

import pytest

from tests.workers.storage.spending import named, spent
from workers.domain.budget import Payer
from workers.storage.database import Database
from workers.storage.reports import Line, Owed, Reports


@pytest.fixture
def reports(database: Database) -> Reports:
    return Reports(database)


async def test_a_span_is_summed_by_model_repository_and_workflow(
    database: Database, reports: Reports
) -> None:
    await named(database)
    await spent(database)
    await spent(database, model="big", cost_micros=30, pipeline="docs", repo_id=11)
    found = await reports.spend(0.0, 2000.0)
    assert found.total == Line("", 2, 200, 40, 40, 0, 40)
    assert [(line.name, line.known_micros) for line in found.by_model] == [("big", 30), ("small", 10)]
    assert [line.name for line in found.by_repository] == ["repository 11", "octo/repo"]
    assert [line.name for line in found.by_workflow] == ["docs", "review"]


async def test_an_unknown_cost_is_counted_apart(database: Database, reports: Reports) -> None:
    await spent(database)
    await spent(database, cost_micros=None, estimated_micros=7)
    assert await reports.total(0.0, 2000.0) == Line("", 2, 200, 40, 10, 1, 17)


async def test_the_end_of_a_span_belongs_to_the_next(database: Database, reports: Reports) -> None:
    await spent(database)
    assert (await reports.total(0.0, 1000.0)).calls == 0
    assert (await reports.total(1000.0, 2000.0)).calls == 1


async def test_nothing_spent_is_nothing(reports: Reports) -> None:
    found = await reports.spend(0.0, 2000.0)
    assert (found.total, found.by_model) == (Line("", 0, 0, 0, 0, 0, 0), [])


@pytest.mark.parametrize(
    ("payer", "owed"),
    [
        (Payer.OPERATOR, [Owed(0, "", 35, 1)]),
        (Payer.INSTALLATION, [Owed(2, "", 20, 0), Owed(1, "octo", 15, 1)]),
        (Payer.REPOSITORY, [Owed(20, "", 20, 0), Owed(10, "octo/repo", 15, 1)]),
        (Payer.USER, [Owed(7, "", 20, 0)]),
    ],
)
async def test_payers_that_have_spent_enough_are_told_the_dearest_first(
    database: Database, reports: Reports, payer: Payer, owed: list[Owed]
) -> None:
    await named(database)
    await spent(database, cost_micros=15)
    await spent(database, cost_micros=None)
    await spent(database, cost_micros=20, installation_id=2, repo_id=20, user_id=7)
    await spent(database, cost_micros=9, installation_id=3, repo_id=30, at=5000.0)
    assert await reports.owing(payer, 0.0, 2000.0, 15) == owed
