"""What models have shown, on both databases."""

from __future__ import annotations

import asyncio

import pytest

from tests.fakes.clock import Clock
from workers.domain.profile import Moments, Observation, decay_of, observe
from workers.storage.database import Database
from workers.storage.profiles import FRESH_S, ProfileStore


@pytest.fixture
def clock() -> Clock:
    return Clock(1_000.0)


@pytest.fixture
def store(database: Database, clock: Clock) -> ProfileStore:
    return ProfileStore(database, clock)


async def test_observations_add_up_as_the_formula_says(store: ProfileStore) -> None:
    expected: Moments | None = None
    for value in (1.0, 0.0, 0.5, 0.25):
        await store.learn([Observation("small", "review", quality=value)])
        expected = observe(expected, value, decay_of("quality"))
    found = (await store.known())["small", "review", "quality"]
    assert expected is not None
    assert (found.weight, found.mean, found.m2) == pytest.approx(
        (expected.weight, expected.mean, expected.m2)
    )


async def test_each_measure_stands_alone_and_what_was_not_measured_is_absent(store: ProfileStore) -> None:
    await store.learn([Observation("small", "review", seconds=2.0, success=1.0)])
    assert {measure for _, _, measure in await store.known()} == {"seconds", "success"}


async def test_workers_do_not_undo_each_other(database: Database, clock: Clock) -> None:
    stores = [ProfileStore(database, clock) for _ in range(4)]
    await asyncio.gather(
        *(one.learn([Observation("small", "review", success=1.0)]) for one in stores for _ in range(5))
    )
    found = (await ProfileStore(database, clock).known())["small", "review", "success"]
    assert found.weight == pytest.approx(sum(0.9**number for number in range(20)))


async def test_profiles_are_read_anew_after_a_while(store: ProfileStore, clock: Clock) -> None:
    assert await store.known() == {}
    await store.learn([Observation("small", "review", success=1.0)])
    assert await store.known() == {}
    clock.advance(FRESH_S + 1)
    assert len(await store.known()) == 1
