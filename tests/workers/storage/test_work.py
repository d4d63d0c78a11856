"""Claims: who gets what, and what becomes of it."""

from __future__ import annotations

import asyncio

import pytest

from tests.workers.storage.wanting import LEASE_S, Desk, key, tokens, want
from workers.domain.errors import LeaseLostError, SupersededError
from workers.domain.work import Claim, InstallationSeen, Priority
from workers.storage.database import Database
from workers.storage.installations import note
from workers.storage.work import WorkStore


@pytest.fixture
def desk(database: Database) -> Desk:
    return Desk(database)


async def _claim(desk: Desk) -> Claim:
    claim = await desk.store.claim()
    assert claim is not None
    return claim


async def _note(desk: Desk, state: str, installation_id: int = 1) -> None:
    async with desk.database.transaction() as conn:
        await conn.run_sync(note, [InstallationSeen(installation_id, 5, "octo", state)])


async def test_the_installation_with_fewest_running_goes_first(desk: Desk) -> None:
    await desk.want(*(want(number) for number in range(1, 4)))
    desk.clock.advance(1)
    await desk.want(want(9, installation_id=2))
    assert await desk.claimed() == [1, 9, 2, 3]


async def test_priority_goes_before_age(desk: Desk) -> None:
    await desk.want(want(1, priority=Priority.PUSH))
    desk.clock.advance(1)
    await desk.want(want(2, priority=Priority.COMMAND), want(3, priority=Priority.PUSH))
    assert await desk.claimed() == [2, 1, 3]


async def test_a_claim_carries_what_the_event_said(desk: Desk) -> None:
    await desk.want(want(7, head_sha="abc", forced=True))
    claim = await _claim(desk)
    assert claim == Claim(key(7), 1, claim.token, "octo/repo", "push", True, 0, 0, "abc")


async def test_work_at_the_same_key_never_runs_twice_at_once(desk: Desk) -> None:
    await desk.want(want())
    assert await desk.claimed() == [1]
    await desk.want(want())
    assert await desk.claimed() == []


async def test_claims_at_once_get_different_rows(desk: Desk) -> None:
    await desk.want(*(want(number) for number in range(12)))
    claims = await asyncio.gather(*(desk.store.claim() for _ in range(12)))
    assert sorted(claim.key.number for claim in claims if claim) == list(range(12))


@pytest.mark.parametrize("state", ["suspended", "deleted"])
async def test_work_of_an_inactive_installation_waits(desk: Desk, state: str) -> None:
    await desk.want(want(1), want(2, installation_id=2))
    await _note(desk, state)
    assert await desk.claimed() == [2]
    await _note(desk, "active")
    assert await desk.claimed() == [1]


async def test_a_beat_keeps_the_lease(desk: Desk) -> None:
    await desk.want(want())
    claim = await _claim(desk)
    for _ in range(3):
        desk.clock.advance(LEASE_S * 0.9)
        assert await desk.store.beat(claim) == 1
    assert await desk.store.claim() is None


async def test_an_expired_lease_is_taken_over_and_counts_a_crash(desk: Desk) -> None:
    await desk.want(want())
    first = await _claim(desk)
    desk.clock.advance(LEASE_S)
    second = await _claim(desk)
    assert (second.generation, second.crashes) == (first.generation, 1)


@pytest.mark.parametrize("act", ["beat", "verify", "finish", "retry", "crash"])
async def test_a_worker_that_lost_its_lease_changes_nothing(desk: Desk, act: str) -> None:
    await desk.want(want())
    paused = await _claim(desk)
    desk.clock.advance(LEASE_S)
    current = await _claim(desk)
    arguments = {"finish": ["sha"], "retry": ["error"], "crash": ["error"]}.get(act, [])
    with pytest.raises(LeaseLostError):
        await getattr(desk.store, act)(paused, *arguments)
    await desk.store.verify(current)


async def test_releasing_a_lost_lease_leaves_the_new_holder_alone(desk: Desk) -> None:
    await desk.want(want())
    paused = await _claim(desk)
    desk.clock.advance(LEASE_S)
    current = await _claim(desk)
    await desk.store.release(paused)
    await desk.store.verify(current)


async def test_a_newer_want_fences_the_older_run(desk: Desk) -> None:
    await desk.want(want())
    claim = await _claim(desk)
    await desk.store.verify(claim)
    await desk.want(want())
    with pytest.raises(SupersededError):
        await desk.store.verify(claim)


async def test_finished_work_is_not_claimed_again(desk: Desk) -> None:
    await desk.want(want())
    await desk.store.finish(await _claim(desk), "sha")
    desk.clock.advance(10 * LEASE_S)
    assert await desk.store.claim() is None


async def test_work_wanted_during_a_run_is_claimed_after_it(desk: Desk) -> None:
    await desk.want(want())
    claim = await _claim(desk)
    await desk.want(want())
    await desk.store.finish(claim, "sha")
    assert (await _claim(desk)).generation == 2


async def test_released_work_is_ready_at_once_and_uncounted(desk: Desk) -> None:
    await desk.want(want())
    await desk.store.release(await _claim(desk))
    claim = await _claim(desk)
    assert (claim.attempts, claim.crashes) == (0, 0)


async def test_waits_between_tries_double(desk: Desk) -> None:
    await desk.want(want())
    waits = []
    for _ in range(4):
        await desk.store.retry(await _claim(desk), "502")
        due_s = await desk.store.next_due_s()
        assert due_s is not None
        waits.append(due_s)
        desk.clock.advance(due_s)
    assert waits == [30, 60, 120, 240]


async def test_jitter_lengthens_a_wait_by_a_quarter_at_most(desk: Desk) -> None:
    store = WorkStore(desk.database, now=desk.clock, new_token=tokens(), lease_s=LEASE_S, jitter=lambda: 1.0)
    await desk.want(want())
    await store.retry(await _claim(desk), "502")
    assert await store.next_due_s() == 37.5


async def test_the_other_side_may_ask_for_a_longer_wait(desk: Desk) -> None:
    await desk.want(want())
    await desk.store.retry(await _claim(desk), "529", 100.0)
    assert await desk.store.next_due_s() == 100


async def test_eight_failures_give_a_generation_up(desk: Desk) -> None:
    await desk.want(want())
    for _ in range(8):
        await desk.store.retry(await _claim(desk), "502 again")
        desk.clock.advance(10_000)
    assert await desk.store.claim() is None
    (dead,) = await desk.store.unreported_dead()
    assert (dead.key, dead.generation, dead.error) == (key(), 1, "502 again")


async def test_a_new_want_starts_with_fresh_counts(desk: Desk) -> None:
    await desk.want(want())
    await desk.store.retry(await _claim(desk), "502")
    await desk.want(want())
    assert (await _claim(desk)).attempts == 0


async def test_a_failure_of_superseded_work_does_not_delay_the_newer_want(desk: Desk) -> None:
    await desk.want(want())
    claim = await _claim(desk)
    await desk.want(want())
    await desk.store.retry(claim, "502")
    assert (await _claim(desk)).generation == 2


async def test_the_third_crash_on_one_generation_gives_it_up(desk: Desk) -> None:
    await desk.want(want())
    for crashes in range(3):
        assert (await _claim(desk)).crashes == crashes
        desk.clock.advance(LEASE_S)
    assert await desk.store.claim() is None
    (dead,) = await desk.store.unreported_dead()
    assert dead.generation == 1


async def test_a_lease_that_ran_out_while_the_database_was_away_is_no_crash_of_the_work(desk: Desk) -> None:
    await desk.want(want())
    for _ in range(4):
        first = await _claim(desk)
        desk.clock.advance(LEASE_S)
        second = await _claim(desk)
        await desk.store.forgive(first)
        await desk.store.forgive(first)  # whose answer was lost: never less than none
        await desk.store.release(second)
    claim = await _claim(desk)
    assert (claim.attempts, claim.crashes) == (4, 0)


async def test_what_was_forgiven_meanwhile_does_not_come_back_with_a_failure(desk: Desk) -> None:
    await desk.want(want())
    for failure in ("retry", "retry", "crash"):
        first = await _claim(desk)
        desk.clock.advance(LEASE_S)
        second = await _claim(desk)
        await desk.store.forgive(first)
        await getattr(desk.store, failure)(second, "502")
        desk.clock.advance(10_000)
    claim = await _claim(desk)
    assert (claim.attempts, claim.crashes) == (5, 1)


async def test_work_that_always_costs_its_worker_the_lease_is_given_up_in_the_end(desk: Desk) -> None:
    """One that keeps the loop busy, say: each worker lives, and none gets it done."""
    await desk.want(want())
    last = await _claim(desk)
    for _ in range(7):
        desk.clock.advance(LEASE_S)
        following = await _claim(desk)
        await desk.store.forgive(last)
        last = following
    desk.clock.advance(LEASE_S)
    assert (await _claim(desk)).crashes == 1
    await desk.store.forgive(last)
    desk.clock.advance(LEASE_S)
    assert await desk.store.claim() is None
    assert [dead.error for dead in await desk.store.unreported_dead()] == [
        "Its lease ended 8 times before it was done."
    ]


async def test_nothing_of_a_newer_generation_is_forgiven_for_an_older_one(desk: Desk) -> None:
    await desk.want(want())
    first = await _claim(desk)
    await desk.want(want())
    desk.clock.advance(LEASE_S)
    await _claim(desk)
    desk.clock.advance(LEASE_S)
    await _claim(desk)
    await desk.store.forgive(first)
    desk.clock.advance(LEASE_S)
    assert (await _claim(desk)).crashes == 2


async def test_poisoned_work_does_not_hold_up_the_next(desk: Desk) -> None:
    await desk.want(want(1))
    for _ in range(3):
        await _claim(desk)
        desk.clock.advance(LEASE_S)
    await desk.want(want(2))
    assert await desk.claimed() == [2]


async def test_a_bug_counts_as_a_crash(desk: Desk) -> None:
    await desk.want(want())
    for _ in range(3):
        await desk.store.crash(await _claim(desk), "KeyError: 'x'")
        desk.clock.advance(10_000)
    assert await desk.store.claim() is None
    assert [dead.error for dead in await desk.store.unreported_dead()] == ["KeyError: 'x'"]


async def test_a_newer_want_revives_given_up_work(desk: Desk) -> None:
    await desk.want(want())
    for _ in range(3):
        await desk.store.crash(await _claim(desk), "boom")
        desk.clock.advance(10_000)
    await desk.want(want())
    claim = await _claim(desk)
    assert (claim.generation, claim.crashes) == (2, 0)


async def test_crashes_of_an_older_generation_do_not_count(desk: Desk) -> None:
    await desk.want(want())
    for _ in range(2):
        await _claim(desk)
        desk.clock.advance(LEASE_S)
    await desk.want(want())
    assert (await _claim(desk)).crashes == 0


async def test_a_last_failure_of_superseded_work_buries_nothing(desk: Desk) -> None:
    await desk.want(want())
    for _ in range(2):
        await desk.store.crash(await _claim(desk), "boom")
        desk.clock.advance(10_000)
    claim = await _claim(desk)
    await desk.want(want())
    await desk.store.crash(claim, "boom")
    assert await desk.store.unreported_dead() == []
    assert (await _claim(desk)).generation == 2


async def test_dead_work_is_handed_to_one_reporter_and_again_after_a_minute(desk: Desk) -> None:
    await desk.want(want())
    for _ in range(3):
        await desk.store.crash(await _claim(desk), "boom")
        desk.clock.advance(10_000)
    (dead,) = await desk.store.unreported_dead()
    assert await desk.store.unreported_dead() == []
    desk.clock.advance(60)
    assert await desk.store.unreported_dead() == [dead]
    await desk.store.mark_reported(dead)
    desk.clock.advance(60)
    assert await desk.store.unreported_dead() == []


async def test_parking_holds_back_the_whole_installation(desk: Desk) -> None:
    await desk.want(want(1), want(2), want(3, installation_id=2))
    claim = await _claim(desk)
    await desk.store.park(claim, desk.clock() + 60, "secondary rate limit")
    assert await desk.claimed() == [3]
    assert await desk.store.next_due_s() == LEASE_S
    desk.clock.advance(60)
    assert sorted(await desk.claimed()) == [1, 2, 3]


async def test_parking_counts_nothing(desk: Desk) -> None:
    await desk.want(want())
    await desk.store.park(await _claim(desk), desk.clock() + 60, "limit")
    desk.clock.advance(60)
    claim = await _claim(desk)
    assert (claim.attempts, claim.crashes) == (0, 0)


async def test_a_shorter_parking_does_not_end_a_longer_one(desk: Desk) -> None:
    await desk.want(want(1), want(2))
    first, second = await _claim(desk), await _claim(desk)
    await desk.store.park(first, desk.clock() + 600, "primary")
    await desk.store.park(second, desk.clock() + 60, "secondary")
    desk.clock.advance(61)
    assert await desk.store.claim() is None


async def test_next_due_is_the_soonest_of_delays_and_leases(desk: Desk) -> None:
    assert await desk.store.next_due_s() is None
    await desk.want(want(1))
    await _claim(desk)
    assert await desk.store.next_due_s() == LEASE_S
    await desk.want(want(2, delay_s=10))
    assert await desk.store.next_due_s() == 10


async def test_the_figures(desk: Desk) -> None:
    await desk.want(want(1), want(2), want(3), want(4, delay_s=30))
    await _claim(desk)
    desk.clock.advance(5)
    counts = await desk.store.counts()
    assert (counts.wanted, counts.ready, counts.running, counts.oldest_s) == (4, 2, 1, 5.0)
    assert await desk.store.ready(limit=1) == 1


async def test_work_of_a_pipeline_that_nobody_here_knows_waits_for_who_does(desk: Desk) -> None:
    await desk.want(want(1, pipeline="of-next-year"))
    await desk.want(want(2), want(3, pipeline="command"))
    assert await desk.store.ready(limit=9) == 2
    assert sorted(await desk.claimed()) == [2, 3]
    newer = WorkStore(
        desk.database,
        now=desk.clock,
        new_token=tokens(),
        lease_s=LEASE_S,
        jitter=lambda: 0.0,
        pipelines=("of-next-year",),
    )
    claim = await newer.claim()
    assert claim is not None
    assert claim.key == key(1, pipeline="of-next-year")


async def test_nobody_wakes_for_a_pipeline_that_is_not_known(desk: Desk) -> None:
    await desk.want(want(1, pipeline="of-next-year", delay_s=10))
    assert await desk.store.next_due_s() is None
