from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from tests.workers.github.scripted import FakeTime, Scripted, of, speaking_to
from workers.github.client import InstallationClient


@pytest.fixture
def time() -> FakeTime:
    return FakeTime()


@pytest.fixture
def github() -> Scripted:
    return Scripted()


@pytest.fixture
async def client(github: Scripted, time: FakeTime) -> AsyncIterator[InstallationClient]:
    async with speaking_to(github, time) as clients:
        yield of(clients)
