"""Threads as events tell them."""

from __future__ import annotations

from dataclasses import replace

from tests.workers.storage.telling import rows, tell
from workers.domain.work import ThreadSeen
from workers.storage import tables
from workers.storage.database import Database

RESOLVED = ThreadSeen(1, 10, 1, 7, True, 5, "mona")


async def test_a_resolved_thread_is_known_with_who_resolved_it(database: Database) -> None:
    await tell(database, RESOLVED, at=9.0)
    (row,) = await rows(database, tables.thread)
    assert (row.comment_id, row.resolved, row.actor, row.at) == (7, 1, "mona", 9.0)


async def test_a_thread_that_was_opened_again_is_not_resolved(database: Database) -> None:
    await tell(database, RESOLVED)
    await tell(database, replace(RESOLVED, resolved=False, actor="hubot"))
    (row,) = await rows(database, tables.thread)
    assert (row.resolved, row.actor) == (0, "hubot")
