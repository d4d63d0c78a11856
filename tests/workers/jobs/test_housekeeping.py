"""Tidying up goes on whatever happens to one turn of it."""

from __future__ import annotations

import asyncio

import pytest

from workers.jobs.housekeeping import keep_house
from workers.storage.database import StorageUnavailableError


async def test_a_database_that_is_away_is_tried_again_next_time() -> None:
    turns: list[float] = []

    async def retain() -> None:
        if not turns:
            raise StorageUnavailableError("away")

    async def sleep(seconds: float) -> None:
        turns.append(seconds)
        if len(turns) == 3:
            raise asyncio.CancelledError

    with pytest.raises(asyncio.CancelledError):
        await keep_house(retain, interval_s=60.0, sleep=sleep)
    assert turns == [60.0, 60.0, 60.0]
