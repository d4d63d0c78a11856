"""What becomes of a repository's work when it is renamed, moved, archived or gone."""

from __future__ import annotations

import pytest

from tests.workers.storage.telling import command, repository, rows, tell
from tests.workers.storage.wanting import Desk, key, want
from workers.domain.errors import SupersededError
from workers.domain.work import Claim, WorkKey
from workers.storage import tables
from workers.storage.commands import CommandStore
from workers.storage.database import Database

MOVED = WorkKey(2, 10, 1, "review")


@pytest.fixture
def desk(database: Database) -> Desk:
    return Desk(database)


async def _claim(desk: Desk) -> Claim:
    claim = await desk.store.claim()
    assert claim is not None
    return claim


async def test_the_latest_news_of_a_repository_is_stored(desk: Desk) -> None:
    await tell(desk.database, repository(branch="main"))
    await tell(desk.database, repository("archived", full_name="octo/old"))
    (row,) = await rows(desk.database, tables.repository)
    assert (row.id, row.full_name, row.state, row.default_branch) == (10, "octo/old", "archived", "main")


async def test_of_news_in_one_batch_the_last_counts(desk: Desk) -> None:
    await tell(desk.database, repository("archived"), repository("active"))
    (row,) = await rows(desk.database, tables.repository)
    assert row.state == "active"


@pytest.mark.parametrize("state", ["archived", "removed", "deleted"])
async def test_work_ends_with_its_repository(desk: Desk, state: str) -> None:
    await desk.want(want(1), want(2), want(3, installation_id=2))
    await tell(desk.database, repository(state))
    assert await desk.claimed() == [3]


async def test_a_run_in_a_repository_that_goes_away_stops(desk: Desk) -> None:
    await desk.want(want())
    claim = await _claim(desk)
    await tell(desk.database, repository("deleted"))
    with pytest.raises(SupersededError):
        await desk.store.verify(claim)


async def test_what_is_wanted_of_an_archived_repository_is_stored(desk: Desk) -> None:
    """GitHub decides what may be written there."""
    await tell(desk.database, repository("archived"))
    await tell(desk.database, want())
    assert await desk.claimed() == [1]


async def test_a_want_survives_the_end_of_its_repository_in_one_batch(desk: Desk) -> None:
    await tell(desk.database, want(), repository("archived"))
    assert await desk.claimed() == [1]


async def test_open_work_goes_by_the_new_name(desk: Desk) -> None:
    await desk.want(want())
    await tell(desk.database, repository(full_name="octo/renamed"))
    assert (await _claim(desk)).full_name == "octo/renamed"


async def test_news_of_a_repository_alone_leaves_its_work_as_it_is(desk: Desk) -> None:
    await desk.want(want())
    claim = await _claim(desk)
    await tell(desk.database, repository())
    await desk.store.verify(claim)


async def test_open_work_moves_to_the_new_installation(desk: Desk) -> None:
    await tell(desk.database, repository())
    await desk.want(want(head_sha="abc", forced=True))
    await tell(desk.database, repository(installation_id=2, full_name="new/repo"))
    claim = await _claim(desk)
    assert (claim.key, claim.full_name, claim.head_sha, claim.forced) == (MOVED, "new/repo", "abc", True)
    assert await desk.store.claim() is None


async def test_a_run_of_the_old_installation_stops(desk: Desk) -> None:
    await tell(desk.database, repository())
    await desk.want(want())
    claim = await _claim(desk)
    await tell(desk.database, repository(installation_id=2))
    with pytest.raises(SupersededError):
        await desk.store.verify(claim)
    assert (await _claim(desk)).key == MOVED


async def test_what_is_done_does_not_move(desk: Desk) -> None:
    await tell(desk.database, repository())
    await desk.want(want())
    await desk.store.finish(await _claim(desk), "sha")
    await tell(desk.database, repository(installation_id=2))
    assert await desk.store.claim() is None


async def test_moved_work_raises_the_generation_that_is_there(desk: Desk) -> None:
    await tell(desk.database, repository())
    await desk.want(want())
    await tell(desk.database, repository(installation_id=2))
    await tell(desk.database, repository(installation_id=1))
    claim = await _claim(desk)
    assert (claim.key, claim.generation) == (key(), 3)


async def test_the_old_installations_farewell_does_not_end_a_moved_repository(desk: Desk) -> None:
    await tell(desk.database, repository())
    await desk.want(want())
    await tell(desk.database, repository(installation_id=2))
    await tell(desk.database, repository("removed", installation_id=1))
    (row,) = await rows(desk.database, tables.repository)
    assert (row.installation_id, row.state) == (2, "active")
    assert (await _claim(desk)).key == MOVED


async def test_a_farewell_and_a_welcome_in_one_batch_lose_no_work(desk: Desk) -> None:
    await tell(desk.database, repository())
    await desk.want(want())
    await tell(desk.database, repository("removed"), repository(installation_id=2))
    assert (await _claim(desk)).key == MOVED


async def test_a_waiting_command_waits_for_any_review_at_the_new_installation(desk: Desk) -> None:
    store = CommandStore(desk.database, desk.clock)
    await tell(desk.database, repository(), command())
    for _ in range(3):
        await store.await_work("issue_comment:1", want())
    await tell(desk.database, repository(installation_id=2))
    assert [item.id for item in await store.awaiting(MOVED, 1)] == ["issue_comment:1"]
