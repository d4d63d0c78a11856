"""Labels of ours say the truth of the head, and nobody else's are touched."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import pytest
from structlog.testing import capture_logs

from config.labels import BLOCKING, CLEAN, FINDINGS, PARTIAL
from config.repository import OutputRules, RepositoryConfig, ReviewRules
from tests.workers.github.reviews_by_hand import FINDING, MINOR, review
from tests.workers.jobs.desk import Desk
from workers.domain.finding import Finding, Severity
from workers.domain.review import Verdict
from workers.jobs.afterwards import Posted
from workers.jobs.labelling import Labelling, Unlabelling, labels_of
from workers.jobs.refusals import Refusals

BLOCKER = replace(FINDING, severity=Severity.HIGH)
NAMES = ("quorum: clean", "quorum: findings", "quorum: blocking", "quorum: partial")


async def _posted(
    desk: Desk,
    verdict: Verdict = Verdict.CLEAN,
    findings: Sequence[Finding] = (),
    *,
    wanted: bool = True,
) -> Posted:
    rules = ReviewRules(output=OutputRules(labels=wanted))
    made = replace(review(verdict=verdict, findings=tuple(findings)), thread_count=0)
    posting = await desk.posting(await desk.lease())
    return Posted(posting.client, posting, RepositoryConfig(review=rules), made, (), None)


def _start_with(desk: Desk, *names: str) -> None:
    for name in names:
        desk.octo.github.label(desk.octo.pull, name)


@pytest.mark.parametrize(
    ("verdict", "findings", "names"),
    [
        (Verdict.CLEAN, (), {CLEAN}),
        (Verdict.FINDINGS, (MINOR,), {FINDINGS}),
        (Verdict.BLOCKING, (BLOCKER,), {BLOCKING}),
        (Verdict.PARTIAL, (MINOR,), {PARTIAL}),
        (Verdict.PARTIAL, (BLOCKER,), {PARTIAL, BLOCKING}),
        (Verdict.SKIPPED, (), set()),
        (Verdict.FAILED, (), set()),
    ],
)
def test_labels_of_a_review(verdict: Verdict, findings: tuple[Finding, ...], names: set[object]) -> None:
    assert labels_of(review(verdict=verdict, findings=findings)) == names


async def test_ours_become_true_and_others_stay(desk: Desk) -> None:
    _start_with(desk, "bug", "Quorum: Clean", "quorum: partial", "quorum: mine")
    await Labelling(Refusals())(await _posted(desk, Verdict.BLOCKING, [BLOCKER]))
    assert desk.octo.pull.labels == ("bug", "quorum: mine", "quorum: blocking")
    assert desk.octo.github.world.labels[desk.octo.repository.id, "quorum: blocking"]["color"] == "b60205"


async def test_what_is_true_already_costs_no_write(desk: Desk) -> None:
    for _ in range(2):
        await Labelling(Refusals())(await _posted(desk))
    assert [one.split(" ")[0] for one in desk.writes()] == ["POST", "POST"]


async def test_a_colour_that_people_chose_stays(desk: Desk) -> None:
    key = (desk.octo.repository.id, "quorum: clean")
    desk.octo.github.world.labels[key] = {"name": "quorum: clean", "color": "123456"}
    await Labelling(Refusals())(await _posted(desk))
    assert desk.octo.github.world.labels[key]["color"] == "123456"


async def test_unasked_for_nothing_happens(desk: Desk) -> None:
    _start_with(desk, "quorum: clean")
    for step in (Labelling(Refusals()), Unlabelling(Refusals())):
        await step(await _posted(desk, Verdict.BLOCKING, [BLOCKER], wanted=False))
    assert desk.writes() == []


async def test_a_head_that_nobody_read_is_not_clean_and_no_block_is_lifted(desk: Desk) -> None:
    _start_with(desk, *NAMES)
    await Unlabelling(Refusals())(await _posted(desk))
    assert desk.octo.pull.labels == ("quorum: blocking", "quorum: partial")


async def test_a_missing_permission_is_said_once(desk: Desk) -> None:
    step = Labelling(Refusals())
    posted = await _posted(desk)
    for token in desk.octo.github.world.tokens.values():
        token.permissions["pull_requests"] = "read"
    with capture_logs() as logs:
        for _ in range(2):
            await step(posted)
    assert len([one for one in logs if one["log_level"] == "warning"]) == 1
    assert desk.octo.pull.labels == ()
