"""What a want does to its row."""

from __future__ import annotations

from typing import Any

import pytest
import sqlalchemy as sa

from tests.workers.storage.wanting import Desk, want
from workers.domain.errors import SupersededError
from workers.domain.work import Priority
from workers.storage.database import Database


@pytest.fixture
def desk(database: Database) -> Desk:
    return Desk(database)


async def _row(desk: Desk, number: int = 1) -> sa.Row[Any]:
    async with desk.database.reading() as conn:
        return (
            await conn.execute(sa.text("SELECT * FROM work WHERE number = :number"), {"number": number})
        ).one()


async def test_ten_wants_are_one_run_of_the_last_generation(desk: Desk) -> None:
    for number in range(10):
        await desk.want(want(head_sha=f"sha{number}"))
    claim = await desk.store.claim()
    assert claim is not None
    assert (claim.generation, claim.head_sha) == (10, "sha9")
    await desk.store.finish(claim, "sha9")
    assert await desk.store.claim() is None


async def test_ten_wants_in_one_batch_are_ten_generations(desk: Desk) -> None:
    await desk.want(*(want(head_sha=f"sha{number}") for number in range(10)))
    row = await _row(desk)
    assert (row.wanted_gen, row.head_sha_hint) == (10, "sha9")


async def test_a_delayed_want_is_not_claimed_before_its_time(desk: Desk) -> None:
    await desk.want(want(delay_s=10))
    desk.clock.advance(9.9)
    assert await desk.store.claim() is None
    desk.clock.advance(0.1)
    assert await desk.store.claim() is not None


async def test_each_delayed_want_starts_the_delay_anew(desk: Desk) -> None:
    start = desk.clock()
    await desk.want(want(delay_s=10))
    desk.clock.advance(6)
    await desk.want(want(delay_s=10))
    assert (await _row(desk)).not_before == start + 16


async def test_wants_never_delay_work_beyond_a_minute(desk: Desk) -> None:
    start = desk.clock()
    for _ in range(12):
        await desk.want(want(delay_s=10))
        desk.clock.advance(6)
    assert (await _row(desk)).not_before == start + 60


async def test_an_undelayed_want_makes_waiting_work_ready(desk: Desk) -> None:
    await desk.want(want(delay_s=10))
    await desk.want(want())
    assert await desk.claimed() == [1]


async def test_a_push_during_a_run_opens_a_new_delay(desk: Desk) -> None:
    """Else a push to a long-running review would start the next one at once, and each further push again."""
    await desk.want(want())
    assert await desk.store.claim() is not None
    desk.clock.advance(300)
    await desk.want(want(delay_s=10))
    assert (await _row(desk)).not_before == desk.clock() + 10


async def test_the_most_urgent_priority_wins_while_work_waits(desk: Desk) -> None:
    await desk.want(want(priority=Priority.COMMAND))
    await desk.want(want(priority=Priority.PUSH))
    assert (await _row(desk)).priority == Priority.COMMAND


async def test_priority_starts_anew_after_work_is_done(desk: Desk) -> None:
    await desk.want(want(priority=Priority.COMMAND))
    claim = await desk.store.claim()
    assert claim is not None
    await desk.store.finish(claim, "sha")
    await desk.want(want(priority=Priority.SWEEP))
    assert (await _row(desk)).priority == Priority.SWEEP


async def test_a_forced_want_stays_forced_until_it_is_done(desk: Desk) -> None:
    await desk.want(want(forced=True))
    await desk.want(want())
    claim = await desk.store.claim()
    assert claim is not None
    assert claim.forced
    await desk.store.finish(claim, "sha")
    await desk.want(want())
    claim = await desk.store.claim()
    assert claim is not None
    assert not claim.forced


async def test_a_want_leaves_a_running_lease_alone(desk: Desk) -> None:
    await desk.want(want())
    claim = await desk.store.claim()
    assert claim is not None
    await desk.want(want())
    assert await desk.store.claim() is None
    assert await desk.store.beat(claim) == 2


async def test_a_hint_without_a_head_keeps_the_last_one(desk: Desk) -> None:
    await desk.want(want(head_sha="abc"))
    await desk.want(want())
    assert (await _row(desk)).head_sha_hint == "abc"


async def test_cancelled_work_is_not_claimed(desk: Desk) -> None:
    await desk.want(want(1), want(2), want(1, pipeline="describe"))
    await desk.cancel(1)
    assert await desk.claimed() == [2]


async def test_running_work_notices_that_it_was_cancelled(desk: Desk) -> None:
    await desk.want(want())
    claim = await desk.store.claim()
    assert claim is not None
    await desk.cancel()
    with pytest.raises(SupersededError):
        await desk.store.verify(claim)
    await desk.store.release(claim)
    assert await desk.store.claim() is None


async def test_a_want_after_a_cancel_is_claimed(desk: Desk) -> None:
    await desk.want(want())
    await desk.cancel()
    await desk.want(want())
    assert await desk.claimed() == [1]


async def test_cancelling_what_was_never_wanted_is_harmless(desk: Desk) -> None:
    await desk.cancel(77)
    assert await desk.store.claim() is None


async def test_nothing_to_write_is_nothing_written(desk: Desk) -> None:
    await desk.want()
    assert await desk.store.ready(10) == 0


async def test_a_cancel_leaves_commands_to_be_answered(desk: Desk) -> None:
    """A comment may close the pull request and give a command at once."""
    await desk.want(want(1), want(1, pipeline="command"))
    await desk.cancel(1)
    claim = await desk.store.claim()
    assert claim is not None
    assert claim.key.pipeline == "command"
    assert await desk.store.claim() is None
