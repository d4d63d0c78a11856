from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.workers.jobs.desk import Desk, opened_desk


@pytest.fixture
async def desk(tmp_path: Path, sqlite_url: str) -> AsyncIterator[Desk]:
    async with opened_desk(tmp_path / "git", sqlite_url) as desk:
        yield desk
