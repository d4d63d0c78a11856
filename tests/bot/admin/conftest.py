"""A running interface, on each kind of database or on SQLite alone."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from tests.bot.admin.operating import Operated, operating


@pytest.fixture
async def operated(database_url: str) -> AsyncIterator[Operated]:
    async with operating(database_url, budget_month_usd=50) as running:
        yield running


@pytest.fixture
async def simple(sqlite_url: str) -> AsyncIterator[Operated]:
    async with operating(sqlite_url) as running:
        yield running
