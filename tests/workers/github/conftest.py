from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.workers.github.octo import Octo, opened
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


@pytest.fixture
async def octo(tmp_path: Path) -> AsyncIterator[Octo]:
    async with opened(tmp_path) as octo:
        yield octo
