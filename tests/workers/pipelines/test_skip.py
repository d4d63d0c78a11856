"""A pull request is skipped for a reason that is said, and only for one that the rules name."""

from __future__ import annotations

from dataclasses import replace

import pytest

from config.repository import IgnoreRules, RepositoryConfig, ReviewRules, SizeRules
from workers.domain.change import PullRequest
from workers.domain.memory import Paused, PullMemory
from workers.pipelines.skip import why_skip

PULL = PullRequest(
    repo_id=1,
    full_name="octo/shop",
    number=7,
    state="open",
    draft=False,
    title="Add a basket",
    body="",
    author="mona",
    author_id=2,
    labels=("feature",),
    base_ref="main",
    base_sha="b" * 40,
    head_ref="basket",
    head_sha="a" * 40,
    head_repo_id=1,
    changed_files=3,
    changed_lines=100,
)
NOTHING = PullMemory()


def skipped(pull: PullRequest, config: RepositoryConfig, memory: PullMemory = NOTHING) -> str:
    skip = why_skip(pull, config, memory, own_id=99)
    return f"{skip.kind}: {skip.reason}" if skip else ""


def test_an_ordinary_pull_request_is_reviewed() -> None:
    assert skipped(PULL, RepositoryConfig()) == ""


def test_a_draft_waits_unless_drafts_are_wanted() -> None:
    draft = replace(PULL, draft=True)
    assert skipped(draft, RepositoryConfig()).startswith("draft: ")
    assert skipped(draft, RepositoryConfig(review=ReviewRules(drafts=True))) == ""


def test_reviews_can_be_off() -> None:
    off = RepositoryConfig(review=ReviewRules(enabled=False))
    assert "review.enabled" in skipped(PULL, off)


def test_our_own_pull_requests_are_left_alone() -> None:
    assert "Quorum's own" in skipped(replace(PULL, author_id=99), RepositoryConfig())


@pytest.mark.parametrize(("actor", "said"), [("mona", "paused by mona"), ("", "auto_pause_pushes")])
def test_a_pause_says_who_made_it_and_how_it_ends(actor: str, said: str) -> None:
    reason = skipped(PULL, RepositoryConfig(), PullMemory(paused=Paused(actor, 1.0)))
    assert reason.startswith("paused: ")
    assert said in reason
    assert "/quorum resume" in reason


@pytest.mark.parametrize(
    ("rules", "named"),
    [
        (IgnoreRules(authors=("Mona",)), "ignore.authors"),
        (IgnoreRules(titles=("^Add",)), "ignore.titles"),
        (IgnoreRules(labels=("feature",)), "ignore.labels"),
        (IgnoreRules(branches=("mai*",)), "ignore.branches"),
        (
            IgnoreRules(size=SizeRules(files_max=2)),
            "it changes 3 files, more than the 2 of `ignore.size.files_max`",
        ),
        (IgnoreRules(size=SizeRules(lines_max=99)), "it changes 100 lines, more than the 99 of"),
    ],
)
def test_the_rule_that_skips_is_named(rules: IgnoreRules, named: str) -> None:
    reason = skipped(PULL, RepositoryConfig(ignore=rules))
    assert reason.startswith("ignored: ")
    assert named in reason
