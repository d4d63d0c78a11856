"""What a run of the review job writes, and what it ends for runs before it."""

from __future__ import annotations

import pytest

from tests.fakes.github import CheckRun, Fault
from tests.workers.github.reviews_by_hand import review
from tests.workers.jobs.desk import Desk
from workers.domain.errors import LeaseLostError
from workers.github.errors import UnknownOutcomeError

START = ("POST", "/repos/.*/check-runs")
END = ("PATCH", "/repos/.*/check-runs/.*")


def _ended(run: CheckRun) -> tuple[str, str | None]:
    return run.status, run.conclusion


async def _superseded(desk: Desk) -> CheckRun:
    """A run that began and was overtaken by a push; its check run."""
    await (await desk.posting(await desk.lease())).start_check()
    (left,) = desk.octo.github.check_runs(desk.octo.sha)
    desk.push()
    return left


async def test_a_run_begins_with_a_check_in_progress(desk: Desk) -> None:
    lease = await desk.lease()
    check_id = await (await desk.posting(lease)).start_check()
    (run,) = desk.octo.github.check_runs(desk.octo.sha)
    assert (run.id, run.status, run.external_id) == (check_id, "in_progress", f"{desk.key}:1")


async def test_beginning_again_under_the_same_claim_makes_no_second_check(desk: Desk) -> None:
    posting = await desk.posting(await desk.lease())
    assert await posting.start_check() == await posting.start_check()
    assert len(desk.octo.github.check_runs(desk.octo.sha)) == 1


async def test_a_check_of_unknown_outcome_is_read_back(desk: Desk) -> None:
    posting = await desk.posting(await desk.lease())
    desk.octo.github.faults.add(Fault(START, "drop_after_commit"))
    with pytest.raises(UnknownOutcomeError):
        await posting.start_check()
    await posting.start_check()
    assert len(desk.octo.github.check_runs(desk.octo.sha)) == 1


async def test_the_leftover_of_a_superseded_generation_is_ended_as_cancelled(desk: Desk) -> None:
    left = await _superseded(desk)
    await (await desk.posting(await desk.lease())).start_check()
    (present,) = desk.octo.github.check_runs(desk.octo.sha)
    assert (_ended(left), present.status) == (("completed", "cancelled"), "in_progress")


async def test_a_leftover_is_ended_once(desk: Desk) -> None:
    left = await _superseded(desk)
    for _ in range(2):
        await (await desk.posting(await desk.lease())).start_check()
    assert desk.octo.writes(f"/check-runs/{left.id}") == 1


async def test_a_leftover_whose_answer_was_lost_is_found_and_ended(desk: Desk) -> None:
    desk.octo.github.faults.add(Fault(START, "drop_after_commit"))
    with pytest.raises(UnknownOutcomeError):
        await (await desk.posting(await desk.lease())).start_check()
    (left,) = desk.octo.github.check_runs(desk.octo.sha)
    desk.push()
    await (await desk.posting(await desk.lease())).start_check()
    assert _ended(left) == ("completed", "cancelled")


async def test_a_leftover_that_cannot_be_ended_now_is_ended_by_a_later_run(desk: Desk) -> None:
    left = await _superseded(desk)
    desk.octo.github.faults.add(Fault(END, "status", times=100))
    await (await desk.posting(await desk.lease())).start_check()
    desk.octo.github.faults.clear()
    await (await desk.posting(await desk.lease())).start_check()
    assert _ended(left) == ("completed", "cancelled")


async def test_a_run_that_writes_nothing_ends_its_check_as_cancelled(desk: Desk) -> None:
    posting = await desk.posting(await desk.lease())
    await posting.abandon_check(await posting.start_check())
    (run,) = desk.octo.github.check_runs(desk.octo.sha)
    assert _ended(run) == ("completed", "cancelled")


async def test_a_run_that_lost_its_lease_posts_nothing(desk: Desk) -> None:
    posting = await desk.posting(await desk.lease())
    await desk.lease()
    with pytest.raises(LeaseLostError):
        await posting.post(review(findings=(), inline_count=0), ())
    assert desk.writes() == []


async def test_posting_twice_under_one_claim_says_everything_once(desk: Desk) -> None:
    posting = await desk.posting(await desk.lease())
    for _ in range(2):
        await posting.post(review(findings=(), inline_count=0), ())
    assert len(desk.octo.github.issue_comments(desk.octo.pull)) == 1
    assert len(desk.writes()) == 1
