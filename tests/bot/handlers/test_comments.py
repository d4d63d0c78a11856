"""Comments below pull requests and in their threads: which of them are commands, and whose."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from bot.handlers.handler import Rules
from tests.bot.handlers.wishing import NAME, wishes
from tests.bot.payloads import (
    APP_ID,
    INSTALLATION_ID,
    REPO_ID,
    issue_comment,
    review_comment,
    review_thread,
    user,
)
from workers.domain.command import CommandSeen, Source
from workers.domain.work import Priority, ThreadSeen, Want, WorkKey

KEY = WorkKey(INSTALLATION_ID, REPO_ID, 2, "command")
SEEN = CommandSeen(
    INSTALLATION_ID, REPO_ID, 2, NAME, Source.COMMENT, 492700400, 21031067, "octocat", "review", "full"
)
FULL = "/quorum review full"
BOT = user("helper[bot]", 99) | {"type": "Bot"}
OURS = user("quorum[bot]", 98) | {"type": "Bot"}


def want(name: str) -> Want:
    return Want(KEY, NAME, Priority.COMMAND, f"command.{name}", forced=True)


def test_a_command_below_a_pull_request_is_seen_and_wanted() -> None:
    assert wishes("issue_comment", issue_comment(FULL)) == (SEEN, want("review"))


def test_what_is_wrong_is_seen_too() -> None:
    seen, wanted = wishes("issue_comment", issue_comment("/quorum revew"))
    assert isinstance(seen, CommandSeen)
    assert (seen.name, "Did you mean `review`?" in seen.problem, wanted) == ("", True, want("unknown"))


def test_a_command_without_its_prefix_is_marked() -> None:
    assert wishes("issue_comment", issue_comment("/review full")) == (
        replace(SEEN, bare=True),
        want("review"),
    )


def test_a_bots_command_is_marked() -> None:
    seen = replace(SEEN, actor_id=99, actor="helper[bot]", from_bot=True)
    app = {"id": APP_ID + 1, "slug": "helper"}
    payload = issue_comment(FULL, user=BOT, performed_via_github_app=app)
    assert wishes("issue_comment", payload) == (seen, want("review"))


@pytest.mark.parametrize(
    "comment",
    [
        {"user": OURS},
        {"user": BOT, "performed_via_github_app": {"id": APP_ID}},
        {"user": user(), "performed_via_github_app": {"id": APP_ID}},
        {"user": user() | {"type": "Organization"}},
        {"user": user() | {"type": "Mannequin"}},
        {"user": None},
        {"body": None},
        {"body": "Thanks!"},
        {"body": "> /quorum review"},
    ],
)
def test_what_is_no_command_of_somebody_else_asks_for_nothing(comment: dict[str, Any]) -> None:
    assert wishes("issue_comment", issue_comment(FULL, **comment)) == ()
    assert wishes("pull_request_review_comment", review_comment(FULL, **comment)) == ()


def test_a_comment_on_an_issue_is_none_of_our_business() -> None:
    payload = issue_comment(FULL)
    del payload["issue"]["pull_request"]
    assert wishes("issue_comment", payload) == ()


@pytest.mark.parametrize("action", ["edited", "deleted", "pinned"])
def test_a_comment_commands_only_once(action: str) -> None:
    assert wishes("issue_comment", issue_comment(FULL, action)) == ()
    assert wishes("pull_request_review_comment", review_comment(FULL, action)) == ()


@pytest.mark.parametrize(("reply", "thread_id"), [({}, 284312630), ({"in_reply_to_id": 77}, 77)])
def test_a_command_in_a_thread_knows_its_first_comment(reply: dict[str, Any], thread_id: int) -> None:
    seen = replace(
        SEEN,
        source=Source.THREAD,
        source_id=284312630,
        name="dismiss",
        arguments="wrong",
        thread_id=thread_id,
    )
    payload = review_comment("/quorum dismiss wrong", **reply)
    assert wishes("pull_request_review_comment", payload) == (seen, want("dismiss"))


def test_without_a_slug_and_an_app_a_bots_command_is_left_to_the_worker() -> None:
    assert len(wishes("issue_comment", issue_comment(FULL, user=OURS), Rules(0, 10.0))) == 2


@pytest.mark.parametrize(("action", "resolved"), [("resolved", True), ("unresolved", False)])
def test_a_thread_is_seen_by_its_first_comment(action: str, resolved: bool) -> None:
    seen = ThreadSeen(INSTALLATION_ID, REPO_ID, 2, 284312630, resolved, 21031067, "octocat")
    assert wishes("pull_request_review_thread", review_thread(action)) == (seen,)


def test_a_thread_without_comments_is_none() -> None:
    payload = review_thread() | {"thread": {"comments": []}}
    assert wishes("pull_request_review_thread", payload) == ()
