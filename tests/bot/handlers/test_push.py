"""`push`: the default branch alone, and never what we pushed ourselves."""

from __future__ import annotations

from typing import Any

import pytest

from bot.handlers.handler import Rules
from tests.bot.handlers.wishing import NAME, wishes
from tests.bot.payloads import APP_ID, HEAD_SHA, INSTALLATION_ID, REPO_ID, push, user
from workers.domain.work import Priority, Want, WorkKey

WANT = Want(
    WorkKey(INSTALLATION_ID, REPO_ID, 0, "docs"), NAME, Priority.PUSH, "push", 10.0, head_sha=HEAD_SHA
)
STRANGER = {"name": "x", "email": "x@example.com"}
OURS = STRANGER | {"username": "quorum[bot]"}


def test_a_push_to_the_default_branch_wants_documentation() -> None:
    assert wishes("push", push()) == (WANT,)


@pytest.mark.parametrize("ref", ["refs/heads/feature", "refs/tags/main", "refs/heads/main/old", "main"])
def test_other_branches_and_tags_ask_for_nothing(ref: str) -> None:
    assert wishes("push", push(ref)) == ()


def test_a_branch_that_is_deleted_asks_for_nothing() -> None:
    assert wishes("push", push(deleted=True, after="0" * 40, head_commit=None)) == ()


@pytest.mark.parametrize(
    "more",
    [
        {"sender": user("quorum[bot]") | {"type": "Bot"}},
        {"head_commit": {"author": OURS, "committer": STRANGER}},
        {"head_commit": {"author": STRANGER, "committer": OURS}},
    ],
)
def test_our_own_pushes_do_not_go_round_in_circles(more: dict[str, Any]) -> None:
    assert wishes("push", push(**more)) == ()


@pytest.mark.parametrize(
    "more",
    [
        {"sender": None},
        {"sender": user("quorum")},
        {"head_commit": None},
        {"head_commit": {"author": STRANGER, "committer": None}},
        {"sender": user("another[bot]") | {"type": "Bot"}},
    ],
)
def test_pushes_of_others_are_wanted(more: dict[str, Any]) -> None:
    assert wishes("push", push(**more)) == (WANT,)


PAGES = {"added": ["docs/box.md"], "removed": ["docs/lid.md"], "modified": ["README.md"]}
CODE = {"added": [], "removed": ["lid.py"], "modified": []}


@pytest.mark.parametrize(
    ("more", "wanted"),
    [
        ({"commits": [PAGES]}, ()),
        ({"commits": [PAGES, CODE]}, (WANT,)),
        ({"commits": []}, (WANT,)),
        ({"commits": [PAGES], "forced": True}, (WANT,)),
        ({"commits": [PAGES] * 2_048}, (WANT,)),
    ],
)
def test_what_touches_markdown_alone_leaves_no_page_behind(
    more: dict[str, Any], wanted: tuple[Want, ...]
) -> None:
    assert wishes("push", push(**more)) == wanted


def test_without_a_slug_no_push_is_ours() -> None:
    payload = push(sender=user("[bot]"))
    assert wishes("push", payload, Rules(APP_ID, 10.0)) == (WANT,)
