"""A pull request is skipped for a reason that is said, and only for one that the rules name."""

from __future__ import annotations

from dataclasses import replace

import pytest

from config.repository import IgnoreRules, RepositoryConfig, ReviewRules
from workers.domain.change import PullRequest
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
    changed_files=1,
)


def test_an_ordinary_pull_request_is_reviewed() -> None:
    assert why_skip(PULL, RepositoryConfig()) is None


def test_a_closed_one_is_left_alone() -> None:
    assert why_skip(replace(PULL, state="closed"), RepositoryConfig()) == "the pull request is closed"


def test_a_draft_waits_unless_drafts_are_wanted() -> None:
    draft = replace(PULL, draft=True)
    assert "draft" in (why_skip(draft, RepositoryConfig()) or "")
    assert why_skip(draft, RepositoryConfig(review=ReviewRules(drafts=True))) is None


def test_reviews_can_be_off() -> None:
    off = RepositoryConfig(review=ReviewRules(enabled=False))
    assert "review.enabled" in (why_skip(PULL, off) or "")


@pytest.mark.parametrize(
    ("rules", "named"),
    [
        (IgnoreRules(authors=("Mona",)), "ignore.authors"),
        (IgnoreRules(titles=("^Add",)), "ignore.titles"),
        (IgnoreRules(labels=("feature",)), "ignore.labels"),
        (IgnoreRules(branches=("mai*",)), "ignore.branches"),
    ],
)
def test_the_rule_that_skips_is_named(rules: IgnoreRules, named: str) -> None:
    assert named in (why_skip(PULL, RepositoryConfig(ignore=rules)) or "")
