"""The memory of a pull request."""

from __future__ import annotations

import asyncio

import pytest

from tests.fakes.clock import Clock
from workers.domain.memory import Paused, PullMemory, Said
from workers.storage.database import Database
from workers.storage.pulls import PullStore


@pytest.fixture
def store(database: Database) -> PullStore:
    return PullStore(database, Clock(50.0))


async def test_nothing_is_remembered_of_a_new_pull_request(store: PullStore) -> None:
    assert await store.read(10, 1) == PullMemory()


async def test_a_pause_is_remembered_with_who_asked_for_it(store: PullStore) -> None:
    await store.pause(10, 1, "mona")
    assert (await store.read(10, 1)).paused == Paused("mona", 50.0)
    assert (await store.read(10, 2)).paused is None


async def test_a_pause_by_itself_has_no_actor(store: PullStore) -> None:
    await store.pause(10, 1, "")
    assert (await store.read(10, 1)).paused == Paused("", 50.0)


async def test_resuming_counts_pushes_anew_and_keeps_what_was_said(store: PullStore) -> None:
    said = Said("head", "base", "approve")
    await store.said(10, 1, said)
    await store.count_push(10, 1)
    await store.pause(10, 1, "mona")
    await store.resume(10, 1)
    assert await store.read(10, 1) == PullMemory(said=said)


async def test_resuming_what_is_not_known_is_nothing(store: PullStore) -> None:
    await store.resume(10, 1)
    assert await store.read(10, 1) == PullMemory()


async def test_what_was_said_last_counts(store: PullStore) -> None:
    await store.said(10, 1, Said("a", "base", "comment"))
    await store.said(10, 1, Said("b", "base", "skipped", "a draft"))
    assert (await store.read(10, 1)).said == Said("b", "base", "skipped", "a draft")


async def test_every_push_counts(store: PullStore) -> None:
    counts = await asyncio.gather(*(store.count_push(10, 1) for _ in range(5)))
    assert sorted(counts) == [1, 2, 3, 4, 5]
    assert (await store.read(10, 1)).pushes == 5
