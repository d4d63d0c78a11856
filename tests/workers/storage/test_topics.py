"""What is delivered as pull requests, remembered."""

from __future__ import annotations

import pytest
import sqlalchemy as sa

from tests.fakes.clock import Clock
from workers.domain.delivery import Remembered
from workers.storage.database import Database
from workers.storage.topics import COMMIT, TopicStore

SHA = "a" * 40


@pytest.fixture
def store(database: Database) -> TopicStore:
    return TopicStore(database, Clock(50.0))


async def test_the_last_word_about_a_topic_is_remembered(store: TopicStore) -> None:
    assert await store.read(10, "docs@main") is None
    await store.save(10, "docs@main", Remembered("quorum/docs/main/1", SHA))
    known = Remembered("quorum/docs/main/1", SHA, 7, "closed", "people closed it")
    await store.save(10, "docs@main", known)
    assert await store.read(10, "docs@main") == known
    assert await store.read(11, "docs@main") is None


async def test_a_commit_is_ours_when_the_ledger_of_this_repository_says_so(
    store: TopicStore, database: Database
) -> None:
    def plant(conn: sa.Connection) -> None:
        conn.execute(
            sa.text("INSERT INTO effect VALUES (:key, 1, :kind, 'k', 'done', :sha, 1.0)"),
            [
                {"key": "1:10:4:docs", "kind": COMMIT, "sha": SHA},
                {"key": "1:11:4:docs", "kind": COMMIT, "sha": "b" * 40},
                {"key": "1:10:5:docs", "kind": "pull", "sha": "c" * 40},
            ],
        )

    await database.write(plant)
    assert await store.made(1, 10, SHA)
    for sha in ("b" * 40, "c" * 40):
        assert not await store.made(1, 10, sha)
    assert not await store.made(2, 10, SHA)
