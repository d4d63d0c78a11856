"""A head that is wanted again is a review of the pull requests that were spoken of at it, and of no others."""

from __future__ import annotations

from tests.workers.storage.wanting import Desk, key
from workers.domain.memory import Said
from workers.domain.work import HeadAgain
from workers.storage.database import Database
from workers.storage.deliveries import grant
from workers.storage.pulls import PullStore


async def test_only_what_stands_at_the_head_is_wanted_and_by_force(database: Database) -> None:
    desk = Desk(database)
    pulls = PullStore(database, desk.clock)
    for repo_id, number, head in ((10, 1, "aaa"), (10, 2, "bbb"), (11, 3, "aaa")):
        await pulls.said(repo_id, number, Said(head, "base", "skipped"))
    again = HeadAgain(1, 10, "octo/shop", "aaa", "check_suite.rerequested")
    await database.write(lambda conn: grant(conn, [again], desk.clock()))
    claim = await desk.store.claim()
    assert claim is not None
    assert (claim.key, claim.forced) == (key(), True)
    assert await desk.claimed() == []
