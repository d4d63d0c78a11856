"""A signed webhook becomes a posted review."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.demo import stand_in
from tests.fakes.github import Pull
from tests.journeys.warmed import WarmProcess
from tests.journeys.world import World, opened
from tests.sample import Sample

pytestmark = pytest.mark.asyncio(loop_scope="module")


def open_sample(world: World, **how: object) -> Pull:
    return world.github.open_pull(world.repository, head="export", title="Export orders", **how)  # type: ignore[arg-type]


async def test_a_model_s_finding_stands_on_the_line_that_it_quotes(world: World) -> None:
    """Lines are computed from quotes; an invented quote is dropped, and that is said."""
    pull = open_sample(world)
    await world.reviewed(pull)
    by_line = {(one["path"], one["line"]): one["body"] for one in world.github.review_comments(pull)}
    assert "ten times too high" in by_line["shop/orders.py", 44]
    assert (
        "```suggestion\n    return order.total_cents * percent // 100\n```" in by_line["shop/orders.py", 44]
    )
    assert "confirmed" in by_line["shop/database.py", 18]
    assert "Loads everything into memory" not in world.said(pull)
    assert "evidence not found" in world.said(pull)


async def test_without_a_model_the_review_is_static_and_says_so(
    shop: Sample, sqlite_url: str, valkey: str, tmp_path: Path
) -> None:
    async with opened(
        tmp_path, shop.repository, database_url=sqlite_url, redis_url=valkey, answer=None, process=WarmProcess
    ) as world:
        pull = open_sample(world)
        await world.reviewed(pull)
        assert "Static analysis only" in world.github.issue_comments(pull)[0]["body"]
        assert world.github.review_comments(pull)
        assert not world.models.requests


async def test_a_push_is_reviewed_without_saying_anything_twice(world: World) -> None:
    """The second review has comments on what is new only; the summary is edited in place."""
    pull = open_sample(world)
    await world.reviewed(pull)
    before = world.github.review_comments(pull)
    world.git.checkout("export")
    sha = world.git.commit(
        {"shop/run.py": '"""Runs."""\nimport os\n\n\ndef run(a):\n    os.system("x " + a)\n'}
    )
    world.github.push(pull, sha)
    await world.reviewed(pull)
    after = world.github.review_comments(pull)[len(before) :]
    assert {comment["path"] for comment in after} >= {"shop/run.py"}
    marks = re.findall(r"fp=([0-9a-f]{16})", world.said(pull))
    assert len(marks) == len(set(marks)), "no finding has two comments"
    [summary] = world.github.issue_comments(pull)
    assert sha[:7] in summary["body"]
    linked = set(re.findall(r"#discussion_r(\d+)\)", summary["body"]))
    assert linked & {str(comment["id"]) for comment in after}, "new findings link to their threads"
    assert linked <= {str(comment["id"]) for comment in world.github.review_comments(pull)}


async def test_ten_pushes_become_one_review_of_the_last_head(world: World) -> None:
    pull = open_sample(world, draft=True)
    await world.reviewed(pull)
    world.git.checkout("export")
    for number in range(10):
        world.github.push(pull, world.git.commit({"n.py": f'"""Number."""\nNUMBER = {number}\n'}))
    pull.draft = False
    await world.reviewed(pull)
    reviewed = {one["commit_id"] for one in world.github.reviews(pull)}
    assert reviewed == {pull.head_sha}
    assert len(world.github.issue_comments(pull)) == 1


async def test_a_bad_file_is_reported_by_line_and_key(world: World) -> None:
    """The base's file that can't be used: defaults stay in force, the summary names line, key and fix."""
    world.git.checkout("main")
    base = world.git.commit({".github/quorum.yml": "review:\n  inlinemax: 3\n"}, "Configure Quorum")
    pull = world.github.open_pull(world.repository, head="export", base=base, title="Export")
    await world.reviewed(pull)
    [summary] = world.github.issue_comments(pull)
    assert "line 2" in summary["body"]
    assert "inlinemax" in summary["body"]
    assert "inline_max" in summary["body"]


async def test_a_pull_request_is_judged_by_the_rules_it_found(world: World) -> None:
    """A file that the pull request brings is validated there and applied nowhere."""
    world.git.checkout("export")
    head = world.git.commit({".github/quorum.yml": "review:\n  enabled: false\n  nonsense: 1\n"})
    pull = world.github.open_pull(world.repository, head=head, title="Switch reviews off")
    await world.reviewed(pull)
    assert world.github.reviews(pull), "the pull request can't switch its own review off"
    assert "nonsense" in world.github.issue_comments(pull)[0]["body"]


async def test_a_required_check_fails_for_blocking_findings(world: World) -> None:
    world.git.checkout("main")
    world.git.commit({".github/quorum.yml": "review:\n  required: true\n"}, "Require Quorum")
    world.git.checkout("export")
    world.git.git("rebase", "--quiet", "main")
    pull = open_sample(world)
    run = await world.reviewed(pull)
    assert run.conclusion == "failure"
    assert run.annotations


async def test_the_re_run_button_reviews_again(world: World) -> None:
    pull = open_sample(world)
    run = await world.reviewed(pull)
    comments = world.github.review_comments(pull)
    world.github.rerequest(run)
    await world.wait(lambda: [one.status for one in world.check_runs(pull)] == ["completed", "completed"])
    assert world.github.review_comments(pull) == comments, "nothing is said twice"


async def test_secrets_reach_neither_model_nor_comments(world: World) -> None:
    secret = "ghp_" + "A1b2C3d4E5f6G7h8I9j0" + "K1l2M3n4O5p6Q7r8"
    world.git.checkout("export")
    head = world.git.commit({"shop/deploy.py": f'"""Deploys."""\nTOKEN = "{secret}"\n'})
    pull = world.github.open_pull(world.repository, head=head, title=f"Deploy with {secret}")
    await world.reviewed(pull)
    assert world.models.requests
    assert secret not in world.models.sent
    assert secret not in world.said(pull)
    assert secret not in world.stack.worker.text() + world.stack.web.text()
    assert any(one["path"] == "shop/deploy.py" for one in world.github.review_comments(pull))


async def test_what_has_no_line_becomes_a_comment_on_the_file(world: World) -> None:
    """A statement about a file as a whole has a thread too, unless it is minor."""
    about_the_file = {**stand_in.DISCOUNT, "quote": "percent", "title": "Discounts are not rounded"}
    world.models.default = {"findings": [about_the_file]}
    pull = open_sample(world)
    await world.reviewed(pull)
    whole = [one for one in world.github.review_comments(pull) if one.get("subject_type") == "file"]
    assert [one["path"] for one in whole] == ["shop/orders.py"]
