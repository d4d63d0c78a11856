"""The sample repository and a running Quorum beside it."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio
import redis

from tests.databases import Valkey
from tests.demo import stand_in
from tests.journeys.shared_world import Services
from tests.journeys.stage import Stage, staged
from tests.journeys.world import World
from tests.sample import Sample, build


@pytest.fixture(scope="session")
def built_shop(tmp_path_factory: pytest.TempPathFactory) -> Sample:
    """Built once: git is slow to start."""
    return build(tmp_path_factory.mktemp("shop"))


@pytest.fixture
def shop(built_shop: Sample, tmp_path: Path) -> Sample:
    """The sample pull request's repository."""
    return Sample(built_shop.repository.copy(tmp_path / "git" / "shop"), built_shop.base, built_shop.head)


@pytest.fixture(scope="module")
def services(request: pytest.FixtureRequest, sqlite_template: Path, valkey_server: Valkey) -> Services:
    """SQLite, or the database that a module's tests are parametrised with, and an empty Valkey."""
    is_postgres = getattr(request, "param", "sqlite") == "postgresql"
    given = request.getfixturevalue("postgres").migrated() if is_postgres else ""
    with redis.Redis.from_url(valkey_server.url) as client:
        client.flushall()
    return Services(sqlite_template, valkey_server.url, given)


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def stage(tmp_path_factory: pytest.TempPathFactory, services: Services) -> AsyncIterator[Stage]:
    """A running Quorum whose model knows the sample."""
    folder = tmp_path_factory.mktemp("stage")
    stores = {"QUORUM_DATABASE_URL": services.database(folder), "QUORUM_REDIS_URL": services.valkey_url}
    async with staged(folder, stores, stand_in.ANSWER) as stage:
        yield stage


@pytest_asyncio.fixture(loop_scope="module")
async def world(stage: Stage, shop: Sample) -> AsyncIterator[World]:
    """An account with the sample's repository, on the stage of the module."""
    async with stage.world(shop.repository) as world:
        yield world
