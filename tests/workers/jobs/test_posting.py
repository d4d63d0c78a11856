"""What a run of the review job writes, and what it ends for runs before it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import pytest

from config.repository import ReviewRules
from tests.fakes.github import CheckRun, Fault
from tests.workers.github.reviews_by_hand import FINDING, review
from tests.workers.jobs.desk import Desk
from workers.domain.adjudication import Adjudication, Converged, Fate
from workers.domain.change import ChangedFile, FileStatus
from workers.domain.errors import LeaseLostError
from workers.domain.finding import Finding, Severity
from workers.domain.review import Review, Verdict
from workers.github.errors import UnknownOutcomeError
from workers.jobs.posting import Posting

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
        await posting.post(review(findings=(), thread_count=0), ())
    assert desk.writes() == []


async def test_posting_twice_under_one_claim_says_everything_once(desk: Desk) -> None:
    posting = await desk.posting(await desk.lease())
    for _ in range(2):
        await posting.post(review(findings=(), thread_count=0), ())
    assert len(desk.octo.github.issue_comments(desk.octo.pull)) == 1
    assert len(desk.writes()) == 1


def _found(number: int, severity: Severity, path: str, line: int | None) -> Finding:
    return replace(FINDING, severity=severity, path=path, line=line, fingerprint=f"{number:016x}")


async def _said(desk: Desk, findings: Sequence[Finding], threads: int) -> tuple[Posting, Review]:
    made = review(findings=tuple(findings), thread_count=threads, coverage=())
    posting = await desk.posting(await desk.lease())
    knowing = await posting.post(made, await desk.octo.read_files())
    await knowing.end_check(await knowing.start_check(), made, ReviewRules())
    return knowing, made


async def test_what_blocks_has_a_thread_however_much_of_it_there_is(desk: Desk) -> None:
    """More than one review takes, and more than ten on whole files."""
    worst = [_found(number, Severity.HIGH, "app.py", 10) for number in range(35)]
    worst += [_found(number, Severity.HIGH, "app.py", None) for number in range(35, 47)]
    knowing, _ = await _said(desk, worst, len(worst))
    subjects = [one["subject_type"] for one in desk.octo.github.review_comments(desk.octo.pull)]
    assert (subjects.count("line"), subjects.count("file")) == (35, 12)
    assert [one["state"] for one in desk.octo.github.reviews(desk.octo.pull)][:2] == ["COMMENTED"] * 2
    assert set(knowing.rendering.threads or ()) == {one.fingerprint for one in worst}


async def test_what_github_takes_at_no_line_is_said_on_its_file_and_what_it_takes_nowhere_is_not_counted(
    desk: Desk,
) -> None:
    findings = [_found(1, Severity.HIGH, "app.py", 10), _found(2, Severity.LOW, "app.py", None)]
    gone = _found(3, Severity.LOW, "gone.py", 1)
    files = (*await desk.octo.read_files(), ChangedFile("gone.py", FileStatus.MODIFIED))
    desk.octo.github.faults.add(Fault(("POST", "/repos/.*/pulls/1/reviews"), "status", status=422))
    made = review(findings=(*findings, gone), thread_count=3, coverage=())
    await (await desk.posting(await desk.lease())).post(made, files)
    shown = desk.octo.github.review_comments(desk.octo.pull)
    assert [(one["path"], one["subject_type"]) for one in shown] == [("app.py", "file"), ("app.py", "file")]
    (comment,) = desk.octo.github.issue_comments(desk.octo.pull)
    assert comment["body"].startswith("🔴 **1 blocking** · 🟡 **1** · +1 more — ")


async def test_what_had_no_thread_has_one_when_there_is_room_and_is_never_new_nor_lost(desk: Desk) -> None:
    worst, minor, last = (_found(number, Severity(name), "app.py", 10 + number) for number, name in enumerate(
        ("high", "medium", "low")
    ))  # fmt: skip
    _, made = await _said(desk, [worst, minor, last], 1)
    first = desk.octo.github.check_runs(desk.octo.sha)[0]
    assert str(first.output["title"]).startswith("1 blocking, 1 finding, +2 more in")
    rulings = [
        Adjudication(worst, Fate.OPEN, Fate.FIXED),
        Adjudication(minor, Fate.OPEN, Fate.OPEN),
        Adjudication(last, Fate.OPEN, Fate.FIXED),
    ]
    progress = Converged((minor,), frozenset(), rulings=tuple(rulings))
    later = replace(made, findings=(minor,), thread_count=1, verdict=Verdict.FINDINGS, progress=progress)
    await (await desk.posting(await desk.lease())).post(later, await desk.octo.read_files())
    (comment,) = desk.octo.github.issue_comments(desk.octo.pull)
    assert comment["body"].startswith("🟡 **1 finding** — ")
    assert "Since the last round: **1** fixed, **1** still open." in comment["body"]
    assert "<summary>Fixed: 2 findings, 1 without a thread</summary>" in comment["body"]
    assert len(desk.octo.github.review_comments(desk.octo.pull)) == 2
