"""The sample repository and a running Quorum beside it."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.demo import stand_in
from tests.journeys.world import World, opened
from tests.sample import Sample, build


@pytest.fixture
def shop(tmp_path: Path) -> Sample:
    """The sample pull request's repository."""
    return build(tmp_path / "git")


@pytest.fixture
async def world(shop: Sample, sqlite_url: str, valkey: str, tmp_path: Path) -> AsyncIterator[World]:
    """Quorum on SQLite, with a model that knows the sample."""
    async with opened(
        tmp_path, shop.repository, database_url=sqlite_url, redis_url=valkey, answer=stand_in.ANSWER
    ) as world:
        yield world
