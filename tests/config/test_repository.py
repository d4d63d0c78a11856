"""Which pull requests and files the rules skip."""

from __future__ import annotations

import pytest

from config.repository import IgnoreRules

RULES = IgnoreRules(
    authors=("Renovate[bot]",),
    titles=("(?i)^wip",),
    labels=("No Review",),
    branches=("release/*",),
    paths=("docs/",),
)


def reason(
    author: str = "ann", title: str = "Add", labels: tuple[str, ...] = (), base_ref: str = "main"
) -> str | None:
    return RULES.reason(author=author, title=title, labels=labels, base_ref=base_ref)


def test_other_pull_requests_are_not_skipped() -> None:
    assert reason() is None


@pytest.mark.parametrize(
    ("said", "rule"),
    [
        (reason(author="renovate[bot]"), "ignore.authors"),
        (reason(title="WIP: x"), "ignore.titles"),
        (reason(labels=("bug", "no review")), "ignore.labels"),
        (reason(base_ref="release/2"), "ignore.branches"),
    ],
)
def test_reason_names_the_rule(said: str | None, rule: str) -> None:
    assert said is not None
    assert rule in said


def test_paths_are_left_out() -> None:
    left_out = RULES.path_filter()
    assert left_out("docs/a.md")
    assert not left_out("src/a.py")
