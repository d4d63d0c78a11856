"""Receipts, and savings beside their quality."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.workers.storage.spending import receipted
from workers.storage.database import Database
from workers.storage.receipts import ReceiptBook, Saving


@pytest.fixture
def book(database: Database) -> ReceiptBook:
    return ReceiptBook(database)


async def test_receipts_are_listed_newest_first_and_as_they_were_written(
    database: Database, book: ReceiptBook
) -> None:
    await receipted(database, run="old")
    await receipted(database, run="new", at=1500.0, cost_micros=None, quality=None, validated=None)
    new, old = await book.listed(0.0, 2000.0)
    assert (new.run, new.cost_micros, new.quality, new.validated) == ("new", None, None, None)
    assert (old.run, old.cost_micros, old.quality, old.validated) == ("old", 10, 0.9, True)


async def test_receipts_are_found_by_workflow_and_repository(database: Database, book: ReceiptBook) -> None:
    await receipted(database, run="docs", workflow="docs")
    await receipted(database, run="other", repo_id=11)
    assert [one.run for one in await book.listed(0.0, 2000.0, workflow="docs")] == ["docs"]
    assert [one.run for one in await book.listed(0.0, 2000.0, repo_id=11)] == ["other"]
    assert len(await book.listed(0.0, 2000.0, limit=1)) == 1


async def test_a_saving_is_of_the_runs_whose_quality_is_known(database: Database, book: ReceiptBook) -> None:
    await receipted(database)
    await receipted(database, cost_micros=30, quality=0.7, validated=0)
    await receipted(database, quality=None, cost_micros=1, premium_micros=10_000)
    await receipted(database, cost_micros=None)
    await receipted(database, premium_micros=None)
    (found,) = await book.savings(0.0, 2000.0)
    assert replace(found, quality=None) == Saving("review", 5, 2, 40, 200, None, 1, 2)
    assert found.quality == pytest.approx(0.8)
    assert found.share == pytest.approx(0.8)


async def test_without_quality_nothing_was_saved_that_could_be_told(
    database: Database, book: ReceiptBook
) -> None:
    await receipted(database, quality=None)
    (found,) = await book.savings(0.0, 2000.0)
    assert (found.runs, found.compared, found.share, found.quality) == (1, 0, None, None)
