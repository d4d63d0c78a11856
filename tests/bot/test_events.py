"""Event models against full payloads and against JSON of another shape."""

from __future__ import annotations

import pytest
from pydantic import ValidationError

from bot.events.checks import CheckRunEvent
from bot.events.comments import IssueCommentEvent
from bot.events.installation import InstallationEvent
from bot.events.model import Event
from bot.events.pull_request import PullRequestEvent
from bot.events.repository import PushEvent
from bot.handlers.registry import HANDLERS
from tests.bot.payloads import (
    EVERY,
    HEAD_SHA,
    INSTALLATION_ID,
    REPO_ID,
    Payload,
    check_run,
    dump,
    installation,
    issue_comment,
    pull_request,
    push,
)


@pytest.mark.parametrize("name", sorted(HANDLERS))
def test_every_event_reads_a_full_payload(name: str) -> None:
    assert isinstance(HANDLERS[name].read(dump(EVERY[name])), Event)


@pytest.mark.parametrize("name", sorted(HANDLERS))
@pytest.mark.parametrize(
    "raw", [b"", b"null", b"[]", b"{", b"\xff\xfe", b"1" * 5000, b"[" * 5000, b'{"action": 1}']
)
def test_another_shape_is_a_validation_error(name: str, raw: bytes) -> None:
    with pytest.raises(ValidationError):
        HANDLERS[name].read(raw)


def test_the_few_fields_are_read() -> None:
    event = PullRequestEvent.model_validate_json(dump(pull_request("synchronize", 7)))
    assert (event.action, event.number, event.pull_request.head.sha) == ("synchronize", 7, HEAD_SHA)
    assert (event.installation_id, event.repo_id) == (INSTALLATION_ID, REPO_ID)


@pytest.mark.parametrize(
    "wrong",
    [
        {"number": 2**63},
        {"number": 0},
        {"number": "2"},
        {"number": True},
        {"installation": None},
        {"repository": {"id": 1, "full_name": "a/b\x00"}},
        {"repository": {"id": 1, "full_name": "a" * 257}},
        {"pull_request": {"head": {"sha": "main"}}},
    ],
)
def test_what_the_database_could_not_hold_is_another_shape(wrong: Payload) -> None:
    with pytest.raises(ValidationError):
        PullRequestEvent.model_validate_json(dump(pull_request() | wrong))


def test_a_check_without_an_app_or_an_id_is_read() -> None:
    payload = check_run()
    payload["check_run"] |= {"app": None, "external_id": None}
    event = CheckRunEvent.model_validate_json(dump(payload))
    assert (event.check_run.app, event.check_run.external_id) == (None, None)


def test_an_enterprise_has_a_slug_for_a_login() -> None:
    payload = installation()
    payload["installation"]["account"] = {"id": 9, "slug": "octo-corp"}
    assert InstallationEvent.model_validate_json(dump(payload)).installation.account.login == "octo-corp"


def test_a_comment_whose_writer_is_gone_is_read() -> None:
    event = IssueCommentEvent.model_validate_json(dump(issue_comment(user=None, body=None)))
    assert (event.comment.user, event.comment.body) == (None, None)


def test_a_branch_may_be_called_at_length() -> None:
    ref = f"refs/heads/{'b' * 255}"
    assert PushEvent.model_validate_json(dump(push(ref, head_commit=None))).ref == ref
