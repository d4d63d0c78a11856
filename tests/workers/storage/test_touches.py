"""Who touched a thread last is known, by events and by what we did ourselves."""

from __future__ import annotations

from dataclasses import replace

from tests.fakes.clock import Clock
from workers.domain.threads import Touch
from workers.domain.work import ThreadSeen
from workers.storage.database import Database
from workers.storage.touches import TouchStore

SEEN = ThreadSeen(1, 10, 3, 77, True, 5, "mona")


async def test_the_last_touch_of_each_thread_of_a_pull_request_comes_back(database: Database) -> None:
    store = TouchStore(database, Clock())
    for seen in (
        SEEN,
        replace(SEEN, resolved=False, actor_id=6),
        replace(SEEN, comment_id=78),
        replace(SEEN, comment_id=79, number=4),
        replace(SEEN, repo_id=11),
    ):
        await store.note(seen)
    assert await store.of_pull(10, 3) == {77: Touch(False, 6), 78: Touch(True, 5)}
