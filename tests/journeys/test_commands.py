"""Commands, as people give them: in comments, in threads and by buttons, on both databases."""

from __future__ import annotations

import pytest

from tests.fakes.github import Pull
from tests.journeys.asking import READER, WRITER, asked, ended, introduce, replies
from tests.journeys.world import World

pytestmark = [
    pytest.mark.asyncio(loop_scope="module"),
    pytest.mark.parametrize("services", ["sqlite", "postgresql"], indirect=True),
]


@pytest.fixture(autouse=True)
def _introduced(world: World) -> None:
    introduce(world)


def open_draft(world: World) -> Pull:
    """A pull request that is not reviewed by itself."""
    return world.github.open_pull(world.repository, head="export", title="Export orders", draft=True)


def open_sample(world: World) -> Pull:
    return world.github.open_pull(world.repository, head="export", title="Export orders")


async def test_a_draft_is_reviewed_when_somebody_asks(world: World) -> None:
    """👀 at once, 🚀 when the review is posted; asked again, the same head is judged already, unless it is `full`."""
    pull = open_draft(world)
    await world.reviewed(pull)
    assert not world.github.reviews(pull)
    comment = world.github.comment(pull, WRITER, "/quorum review")
    assert await ended(world, comment.id) == ["eyes", "rocket"]
    assert len(world.github.reviews(pull)) == 1
    assert not replies(world, pull)
    calls = len(world.models.requests)
    found, [text] = await asked(world, pull, "/quorum review")
    assert found == ["eyes", "rocket"]
    assert pull.head_sha[:7] in text
    assert len(world.models.requests) == calls
    runs = len(world.check_runs(pull))
    found, texts = await asked(world, pull, "/quorum review full")
    assert (found, texts) == (["eyes", "rocket"], [])
    assert len(world.check_runs(pull)) == runs + 1
    assert len(world.models.requests) == calls, "an unchanged question has its answer already"

    found, [text] = await asked(world, pull, "/quorum cost")
    assert "fake-model" in text


async def test_who_may_only_read_gets_one_answer_and_nothing_done(world: World) -> None:
    pull = open_draft(world)
    await world.reviewed(pull)
    found, [text] = await asked(world, pull, "/quorum review", READER)
    assert found == ["confused"]
    assert "write" in text
    found, texts = await asked(world, pull, "/quorum pause", READER)
    assert (found, texts) == (["confused"], [])
    assert not world.github.reviews(pull)


async def test_pause_holds_pushes_and_resume_catches_up(world: World) -> None:
    pull = open_sample(world)
    await world.reviewed(pull)
    found, _ = await asked(world, pull, "/quorum pause")
    assert found == ["eyes", "rocket"]
    world.git.checkout("export")
    world.github.push(pull, world.git.commit({"shop/extra.py": '"""Extra."""\nEXTRA = 1\n'}))
    run = await world.reviewed(pull)
    assert "paused" in (run.output["title"] or "") + (run.output["summary"] or "")
    assert WRITER in (run.output["title"] or "") + (run.output["summary"] or "")
    before = len(world.github.reviews(pull))
    found, _ = await asked(world, pull, "/quorum resume")
    assert found == ["eyes", "rocket"]
    assert pull.head_sha[:7] in world.github.issue_comments(pull)[0]["body"]
    assert len(world.github.reviews(pull)) >= before


async def test_a_dismissed_finding_is_not_said_again(world: World) -> None:
    pull = open_sample(world)
    await world.reviewed(pull)
    first = next(one for one in world.github.review_comments(pull) if "fp=" in one["body"])
    title = first["body"].split("**")[1]
    comment = world.github.comment_on_review(
        pull, WRITER, "/quorum dismiss it is meant like this", in_reply_to=first["id"]
    )
    assert await ended(world, comment.id) == ["eyes", "rocket"]
    answer = world.github.review_comments(pull)[-1]
    assert "it is meant like this" in answer["body"]
    assert answer["in_reply_to_id"] == first["id"]
    found, _ = await asked(world, pull, "/quorum review full")
    assert found == ["eyes", "rocket"]
    assert "Dismissed, and not said again" in world.said(pull), title
    assert "it is meant like this" in world.github.issue_comments(pull)[0]["body"]


async def test_a_skipped_pull_request_has_a_button_that_reviews_it(world: World) -> None:
    pull = open_draft(world)
    run = await world.reviewed(pull)
    assert [action["identifier"] for action in run.actions] == ["review", "pause"]
    assert "/quorum review" in (run.output["summary"] or "")
    world.github.request_action(run, "review", by=READER)
    await world.wait(lambda: len(replies(world, pull)) == 1)
    assert not world.github.reviews(pull)
    world.github.request_action(run, "review", by=WRITER)
    await world.wait(lambda: len(world.github.reviews(pull)) == 1)
