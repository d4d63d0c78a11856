"""Requests for changes: one while something blocks, none when nothing does, and never an approval."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import pytest
from structlog.testing import capture_logs

from config.repository import OutputRules, RepositoryConfig, ReviewRules
from tests.fakes.github import Fault
from tests.fakes.github.values import Review as PostedReview
from tests.workers.github.octo import NAME
from tests.workers.github.reviews_by_hand import FINDING, MINOR, review
from tests.workers.jobs.desk import Desk
from workers.domain.finding import Finding, Severity
from workers.github.errors import UnknownOutcomeError
from workers.github.reviews import COMMENT, REQUEST_CHANGES
from workers.jobs.afterwards import Posted
from workers.jobs.refusals import Refusals
from workers.jobs.requesting import Requesting, event_of

BLOCKER = replace(FINDING, severity=Severity.HIGH, path="app.py", line=10)
WANTED, UNWANTED = OutputRules(request_changes=True), OutputRules()
DISMISSAL = ("PUT", "/repos/.*/dismissals")


async def _posted(desk: Desk, findings: Sequence[Finding], rules: OutputRules = WANTED) -> Posted:
    posting = await desk.posting(await desk.lease())
    made = review(findings=tuple(findings), thread_count=0)
    config = RepositoryConfig(review=ReviewRules(output=rules))
    return Posted(posting.client, posting, config, made, (), None)


def _states(desk: Desk) -> list[str]:
    return [one["state"] for one in desk.octo.github.reviews(desk.octo.pull)]


def _by(desk: Desk, login: str) -> PostedReview:
    """A request for changes of somebody else, with our words in it."""
    world = desk.octo.github.world
    made = PostedReview(
        world.next_id(), desk.octo.pull, world.user(login), "Changes are requested <!-- quorum:v1 request -->",
        "CHANGES_REQUESTED", desk.octo.sha, 1.0,
    )  # fmt: skip
    world.reviews[made.id] = made
    return made


@pytest.mark.parametrize(
    ("rules", "findings", "own", "event"),
    [
        (WANTED, (BLOCKER,), False, REQUEST_CHANGES),
        (WANTED, (MINOR,), False, COMMENT),
        (UNWANTED, (BLOCKER,), False, COMMENT),
        (WANTED, (BLOCKER,), True, COMMENT),
    ],
    ids=["blocks", "does not block", "not wanted", "our own pull request"],
)
async def test_the_event_of_a_review(
    desk: Desk, rules: OutputRules, findings: tuple[Finding, ...], own: bool, event: str
) -> None:
    pull = await desk.octo.read_pull()
    bot_id = pull.author_id if own else desk.octo.bot_id
    assert event_of(review(findings=findings), rules, pull, bot_id) == event


async def test_a_blocking_review_requests_changes_with_its_comments_and_once(desk: Desk) -> None:
    posted = await _posted(desk, [BLOCKER])
    made = replace(posted.review, thread_count=1)
    for _ in range(2):
        await posted.posting.post(made, await desk.octo.read_files(), REQUEST_CHANGES)
        await Requesting(Refusals())(posted)
    assert _states(desk) == ["CHANGES_REQUESTED"]
    assert len(desk.octo.github.review_comments(desk.octo.pull)) == 1


async def test_where_changes_cant_be_requested_the_comments_are_posted_all_the_same(desk: Desk) -> None:
    posted = await _posted(desk, [BLOCKER])
    desk.octo.pull.author = desk.octo.github.world.bot
    await posted.posting.post(
        replace(posted.review, thread_count=1), await desk.octo.read_files(), REQUEST_CHANGES
    )
    assert _states(desk) == ["COMMENTED"]
    assert len(desk.octo.github.review_comments(desk.octo.pull)) == 1


async def test_what_no_comment_carries_is_requested_by_a_body_and_once(desk: Desk) -> None:
    for _ in range(2):
        await Requesting(Refusals())(await _posted(desk, [BLOCKER]))
    (made,) = desk.octo.github.reviews(desk.octo.pull)
    assert made["state"] == "CHANGES_REQUESTED"
    assert "1 finding of high or critical severity" in made["body"]


async def test_a_request_whose_answer_was_lost_is_found(desk: Desk) -> None:
    posted = await _posted(desk, [BLOCKER])
    desk.octo.github.faults.add(Fault(("POST", ".*/reviews"), "status_after_commit"))
    with pytest.raises(UnknownOutcomeError):
        await Requesting(Refusals())(posted)
    await Requesting(Refusals())(posted)
    assert _states(desk) == ["CHANGES_REQUESTED"]


async def test_requests_of_ours_are_taken_back_when_nothing_blocks(desk: Desk) -> None:
    theirs = _by(desk, "mona")
    await Requesting(Refusals())(await _posted(desk, [BLOCKER]))
    assert _states(desk) == ["CHANGES_REQUESTED", "CHANGES_REQUESTED"]
    for _ in range(2):
        await Requesting(Refusals())(await _posted(desk, [MINOR]))
    assert (_states(desk), theirs.state) == (["CHANGES_REQUESTED", "DISMISSED"], "CHANGES_REQUESTED")
    dismissals = [one for one in desk.octo.github.requests if one.path.endswith("/dismissals")]
    assert [one.body["message"].endswith("This is no approval.") for one in dismissals] == [True]


async def test_a_dismissal_whose_answer_was_lost_is_no_trouble(desk: Desk) -> None:
    await Requesting(Refusals())(await _posted(desk, [BLOCKER]))
    desk.octo.github.faults.add(Fault(DISMISSAL, "status_after_commit"))
    await Requesting(Refusals())(await _posted(desk, []))
    assert _states(desk) == ["DISMISSED"]


async def test_where_the_branch_says_who_may_dismiss_the_request_stays_and_it_is_said_once(
    desk: Desk,
) -> None:
    await Requesting(Refusals())(await _posted(desk, [BLOCKER]))
    desk.octo.github.world.dismissals_restricted.add(desk.octo.repository.id)
    step = Requesting(Refusals())
    with capture_logs() as logs:
        for _ in range(2):
            await step(await _posted(desk, []))
    assert _states(desk) == ["CHANGES_REQUESTED"]
    assert len([one for one in logs if one["log_level"] == "warning"]) == 1


async def test_unasked_for_nothing_happens(desk: Desk) -> None:
    await Requesting(Refusals())(await _posted(desk, [BLOCKER], UNWANTED))
    assert desk.writes() == []


async def test_nothing_is_ever_approved(desk: Desk) -> None:
    for findings in ([BLOCKER], [], [MINOR]):
        await Requesting(Refusals())(await _posted(desk, findings))
    posts = [one.body for one in desk.octo.github.requests if one.path == f"/repos/{NAME}/pulls/1/reviews"]
    assert "APPROVE" not in str(posts)
