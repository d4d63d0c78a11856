"""Findings that somebody dropped."""

from __future__ import annotations

from dataclasses import replace

from workers.domain.command import Dismissal
from workers.storage.database import Database
from workers.storage.dismissals import DismissalStore

DROPPED = Dismissal("fingerprint", "a test file", 5, "mona", 9.0)


async def test_a_dismissal_comes_back_by_its_fingerprint(database: Database) -> None:
    store = DismissalStore(database)
    await store.dismiss(10, 1, DROPPED)
    assert await store.dismissed(10, 1) == {"fingerprint": DROPPED}


async def test_a_dismissal_is_of_one_pull_request(database: Database) -> None:
    store = DismissalStore(database)
    await store.dismiss(10, 1, DROPPED)
    assert await store.dismissed(10, 2) == {}


async def test_the_latest_reason_counts(database: Database) -> None:
    store = DismissalStore(database)
    await store.dismiss(10, 1, DROPPED)
    await store.dismiss(10, 1, replace(DROPPED, reason="by design"))
    assert (await store.dismissed(10, 1))["fingerprint"].reason == "by design"
