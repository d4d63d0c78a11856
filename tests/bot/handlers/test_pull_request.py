"""`pull_request`: what is wanted, when, and what is not."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.bot.handlers.wishing import KEY, NAME, wishes
from tests.bot.payloads import HEAD_SHA, INSTALLATION_ID, REPO_ID, Payload, pull_request
from workers.domain.work import Cancel, Priority, Want

TITLE = {"title": {"from": "WIP: old"}}
BASE = {"base": {"ref": {"from": "old"}, "sha": {"from": "f" * 40}}}


@pytest.mark.parametrize("action", ["opened", "reopened", "ready_for_review"])
def test_an_opened_pull_request_is_wanted_at_once(action: str) -> None:
    want = Want(KEY, NAME, Priority.OPENED, f"pull_request.{action}", head_sha=HEAD_SHA)
    assert wishes("pull_request", pull_request(action)) == (want,)


def test_a_draft_is_wanted_too() -> None:
    payload = pull_request()
    payload["pull_request"]["draft"] = True
    assert len(wishes("pull_request", payload)) == 1


@pytest.mark.parametrize("action", ["synchronize", "unlabeled", "converted_to_draft"])
def test_what_comes_in_bursts_is_debounced_and_not_forced(action: str) -> None:
    want = Want(KEY, NAME, Priority.PUSH, f"pull_request.{action}", 10.0, head_sha=HEAD_SHA)
    assert wishes("pull_request", pull_request(action)) == (want,)


@pytest.mark.parametrize(("name", "count"), [("wip", 1), ("quorum: clean", 0), ("Quorum: Blocking", 0)])
def test_a_label_of_ours_that_is_taken_off_asks_for_nothing(name: str, count: int) -> None:
    assert len(wishes("pull_request", pull_request("unlabeled", label={"name": name}))) == count


@pytest.mark.parametrize("changes", [BASE, BASE | TITLE])
def test_another_base_is_wanted_at_once(changes: Payload) -> None:
    want = Want(KEY, NAME, Priority.PUSH, "pull_request.edited", head_sha=HEAD_SHA)
    assert wishes("pull_request", pull_request("edited", changes=changes)) == (want,)


def test_another_title_is_debounced_and_not_forced() -> None:
    want = Want(KEY, NAME, Priority.PUSH, "pull_request.edited", 10.0, head_sha=HEAD_SHA)
    assert wishes("pull_request", pull_request("edited", changes=TITLE)) == (want,)


@pytest.mark.parametrize("changes", [None, {}, {"body": {"from": None}}])
def test_another_description_asks_for_nothing(changes: Payload | None) -> None:
    assert wishes("pull_request", pull_request("edited", changes=changes)) == ()


def test_a_bots_pull_request_is_wanted_as_anybodys() -> None:
    payload = pull_request()
    payload["sender"] |= {"login": "quorum[bot]", "type": "Bot"}
    assert len(wishes("pull_request", payload)) == 1


def test_a_closed_pull_request_cancels_and_people_are_heard_once_more() -> None:
    cancel = Cancel(INSTALLATION_ID, REPO_ID, 2, "pull_request.closed")
    key = replace(KEY, pipeline="outcomes")
    last = Want(key, NAME, Priority.SWEEP, "pull_request.closed", head_sha=HEAD_SHA)
    assert wishes("pull_request", pull_request("closed")) == (cancel, last)


@pytest.mark.parametrize("action", ["labeled", "assigned", "enqueued", "an_action_of_next_year", ""])
def test_other_actions_ask_for_nothing(action: str) -> None:
    assert wishes("pull_request", pull_request(action)) == ()
