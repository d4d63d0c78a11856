"""What each event asks for."""

from __future__ import annotations

import pytest

from bot.handlers.handler import Rules
from bot.handlers.registry import HANDLERS
from tests.bot.payloads import (
    APP_ID,
    HEAD_SHA,
    INSTALLATION_ID,
    REPO_ID,
    Payload,
    check_run,
    check_suite,
    dump,
    installation,
    listed,
    ping,
    pull_request,
)
from workers.domain.work import Cancel, InstallationSeen, Priority, Want, Wish, WorkKey

RULES = Rules(APP_ID, 10.0)
KEY = WorkKey(INSTALLATION_ID, REPO_ID, 2, "review")
NAME = "octo-org/hello-world"
OTHERS = APP_ID + 1


def wishes(event: str, payload: Payload, rules: Rules = RULES) -> tuple[Wish, ...]:
    handler = HANDLERS[event]
    return handler.wishes(handler.read(dump(payload)), rules)


def forced(number: int, cause: str) -> Want:
    key = WorkKey(INSTALLATION_ID, REPO_ID, number, "review")
    return Want(key, NAME, Priority.COMMAND, cause, head_sha=HEAD_SHA, forced=True)


@pytest.mark.parametrize("action", ["opened", "reopened", "ready_for_review"])
def test_an_opened_pull_request_is_wanted_at_once(action: str) -> None:
    want = Want(KEY, NAME, Priority.OPENED, f"pull_request.{action}", head_sha=HEAD_SHA)
    assert wishes("pull_request", pull_request(action)) == (want,)


def test_a_draft_is_wanted_too() -> None:
    payload = pull_request()
    payload["pull_request"]["draft"] = True
    assert len(wishes("pull_request", payload)) == 1


def test_a_push_is_debounced() -> None:
    want = Want(KEY, NAME, Priority.PUSH, "pull_request.synchronize", 10.0, head_sha=HEAD_SHA)
    assert wishes("pull_request", pull_request("synchronize")) == (want,)


def test_another_base_is_wanted() -> None:
    payload = pull_request("edited", changes={"base": {"ref": {"from": "old"}, "sha": {"from": "f" * 40}}})
    assert wishes("pull_request", payload) == (
        Want(KEY, NAME, Priority.PUSH, "pull_request.edited", head_sha=HEAD_SHA),
    )


@pytest.mark.parametrize("changes", [{}, {"title": {"from": "old"}}, {"body": {"from": None}}])
def test_another_title_is_not(changes: Payload) -> None:
    assert wishes("pull_request", pull_request("edited", changes=changes)) == ()


def test_a_closed_pull_request_cancels() -> None:
    cancel = Cancel(INSTALLATION_ID, REPO_ID, 2, "pull_request.closed")
    assert wishes("pull_request", pull_request("closed")) == (cancel,)


@pytest.mark.parametrize("action", ["labeled", "assigned", "enqueued", "an_action_of_next_year", ""])
def test_other_actions_ask_for_nothing(action: str) -> None:
    assert wishes("pull_request", pull_request(action)) == ()


def test_a_re_run_forces_the_listed_pull_requests() -> None:
    payload = check_run("rerequested", APP_ID, "", listed(2), listed(5))
    cause = "check_run.rerequested"
    assert wishes("check_run", payload) == (forced(2, cause), forced(5, cause))


@pytest.mark.parametrize("external_id", [str(KEY), f"{KEY}:17"])
def test_a_re_run_on_a_fork_is_found_by_its_external_id(external_id: str) -> None:
    payload = check_run("rerequested", APP_ID, external_id)
    assert wishes("check_run", payload) == (forced(2, "check_run.rerequested"),)


def test_pull_requests_of_other_repositories_are_not_ours_to_review() -> None:
    payload = check_run("rerequested", APP_ID, str(KEY), listed(9, REPO_ID + 1))
    assert wishes("check_run", payload) == (forced(2, "check_run.rerequested"),)


@pytest.mark.parametrize(
    "external_id",
    [
        "",
        "nonsense",
        "a:b:c:d",
        f"{INSTALLATION_ID + 1}:{REPO_ID}:2:review:1",
        f"{INSTALLATION_ID}:{REPO_ID + 1}:2:review:1",
        f"{INSTALLATION_ID}:{REPO_ID}:-2:review:1",
        f"{INSTALLATION_ID}:{REPO_ID}:{2**63}:review:1",
    ],
)
def test_an_external_id_of_elsewhere_is_not_followed(external_id: str) -> None:
    assert wishes("check_run", check_run("rerequested", APP_ID, external_id)) == ()


@pytest.mark.parametrize("action", ["created", "completed", "requested_action"])
def test_our_own_checks_do_not_go_round_in_circles(action: str) -> None:
    assert wishes("check_run", check_run(action, APP_ID, str(KEY), listed(2))) == ()


def test_checks_of_other_apps_are_ignored() -> None:
    assert wishes("check_run", check_run("rerequested", OTHERS, str(KEY), listed(2))) == ()
    assert wishes("check_suite", check_suite("rerequested", OTHERS, listed(2))) == ()


def test_without_an_app_id_no_check_is_ours() -> None:
    assert wishes("check_run", check_run("rerequested", 1, str(KEY), listed(2)), Rules(0, 10.0)) == ()


def test_a_re_run_suite_forces_its_pull_requests() -> None:
    payload = check_suite("rerequested", APP_ID, listed(2))
    assert wishes("check_suite", payload) == (forced(2, "check_suite.rerequested"),)


@pytest.mark.parametrize("action", ["requested", "completed"])
def test_a_new_suite_asks_for_nothing(action: str) -> None:
    assert wishes("check_suite", check_suite(action, APP_ID, listed(2))) == ()


@pytest.mark.parametrize(
    ("action", "suspended_at", "state"),
    [
        ("created", None, "active"),
        ("unsuspend", None, "active"),
        ("new_permissions_accepted", None, "active"),
        ("new_permissions_accepted", "2026-01-01T00:00:00Z", "suspended"),
        ("suspend", "2026-01-01T00:00:00Z", "suspended"),
        ("deleted", None, "deleted"),
    ],
)
def test_an_installation_is_seen(action: str, suspended_at: str | None, state: str) -> None:
    permissions = (("checks", "write"), ("metadata", "read"))
    seen = InstallationSeen(INSTALLATION_ID, 6, "octo-org", state, permissions)
    assert wishes("installation", installation(action, suspended_at)) == (seen,)


def test_a_ping_asks_for_nothing() -> None:
    assert wishes("ping", ping()) == ()
