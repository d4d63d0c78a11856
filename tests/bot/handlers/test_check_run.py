"""`check_run`: re-runs, and the buttons of our own check runs."""

from __future__ import annotations

from typing import Any

import pytest

from bot.handlers.handler import Rules
from tests.bot.handlers.wishing import KEY, NAME, wishes
from tests.bot.payloads import (
    APP_ID,
    HEAD_SHA,
    INSTALLATION_ID,
    REPO_ID,
    Payload,
    check_run,
    listed,
    user,
)
from workers.domain.command import CommandSeen, Source
from workers.domain.work import Priority, Want, Wish, WorkKey

OTHERS = APP_ID + 1
CHECK_RUN_ID = 128620228
ELSEWHERE = [
    "",
    "nonsense",
    "a:b:c:d",
    f"{INSTALLATION_ID + 1}:{REPO_ID}:2:review:1",
    f"{INSTALLATION_ID}:{REPO_ID + 1}:2:review:1",
    f"{INSTALLATION_ID}:{REPO_ID}:-2:review:1",
    f"{INSTALLATION_ID}:{REPO_ID}:{2**63}:review:1",
]


def forced(number: int) -> Want:
    key = WorkKey(INSTALLATION_ID, REPO_ID, number, "review")
    return Want(key, NAME, Priority.COMMAND, "check_run.rerequested", head_sha=HEAD_SHA, forced=True)


def pressed(
    identifier: Any, *pulls: Payload, external_id: str = f"{KEY}:17", app_id: int = APP_ID, **more: Any
) -> Payload:
    payload = check_run("requested_action", app_id, external_id, *pulls)
    return payload | {"requested_action": {"identifier": identifier}} | more


def command(name: str, arguments: str = "", number: int = 2, *, from_bot: bool = False) -> tuple[Wish, ...]:
    seen = CommandSeen(
        INSTALLATION_ID, REPO_ID, number, NAME, Source.BUTTON, CHECK_RUN_ID, 21031067, "octocat", name, arguments,
        from_bot=from_bot,
    )  # fmt: skip
    key = WorkKey(INSTALLATION_ID, REPO_ID, number, "command")
    return seen, Want(key, NAME, Priority.COMMAND, f"command.{name}", forced=True)


def test_a_re_run_forces_the_listed_pull_requests() -> None:
    payload = check_run("rerequested", APP_ID, "", listed(2), listed(5))
    assert wishes("check_run", payload) == (forced(2), forced(5))


def test_a_re_run_is_of_the_pull_request_that_its_check_run_names() -> None:
    payload = check_run("rerequested", APP_ID, f"{KEY}:17", listed(2), listed(5))
    assert wishes("check_run", payload) == (forced(2),)


@pytest.mark.parametrize("external_id", [str(KEY), f"{KEY}:17"])
def test_a_re_run_on_a_fork_is_found_by_its_external_id(external_id: str) -> None:
    assert wishes("check_run", check_run("rerequested", APP_ID, external_id)) == (forced(2),)


def test_pull_requests_of_other_repositories_are_not_ours_to_review() -> None:
    payload = check_run("rerequested", APP_ID, str(KEY), listed(9, REPO_ID + 1))
    assert wishes("check_run", payload) == (forced(2),)


@pytest.mark.parametrize("external_id", ELSEWHERE)
def test_an_external_id_of_elsewhere_is_not_followed(external_id: str) -> None:
    assert wishes("check_run", check_run("rerequested", APP_ID, external_id)) == ()
    assert wishes("check_run", pressed("review", external_id=external_id)) == ()


@pytest.mark.parametrize("action", ["created", "completed", "requested_action"])
def test_our_own_checks_do_not_go_round_in_circles(action: str) -> None:
    assert wishes("check_run", check_run(action, APP_ID, str(KEY), listed(2))) == ()


def test_checks_of_other_apps_are_ignored() -> None:
    assert wishes("check_run", check_run("rerequested", OTHERS, str(KEY), listed(2))) == ()
    assert wishes("check_run", pressed("review", app_id=OTHERS)) == ()


def test_without_an_app_id_no_check_is_ours() -> None:
    assert wishes("check_run", check_run("rerequested", 1, str(KEY), listed(2)), Rules(0, 10.0)) == ()


@pytest.mark.parametrize(
    ("identifier", "wanted"),
    [
        ("review", command("review")),
        ("review-full", command("review", "full")),
        ("pause", command("pause")),
        ("resume", command("resume")),
    ],
)
def test_a_button_is_a_command(identifier: str, wanted: tuple[Wish, ...]) -> None:
    assert wishes("check_run", pressed(identifier)) == wanted


def test_a_button_without_an_external_id_is_of_the_first_listed_pull_request() -> None:
    payload = pressed("pause", listed(9, REPO_ID + 1), listed(5), listed(6), external_id="")
    assert wishes("check_run", payload) == command("pause", number=5)


def test_a_button_is_of_the_pull_request_that_its_check_run_names() -> None:
    assert wishes("check_run", pressed("pause", listed(5))) == command("pause")


def test_a_bot_may_press_and_is_known_as_one() -> None:
    payload = pressed("pause", sender=user() | {"type": "Bot"})
    assert wishes("check_run", payload) == command("pause", from_bot=True)


@pytest.mark.parametrize("identifier", ["", "config", "review full", "REVIEW", "/quorum review"])
def test_a_button_that_we_never_made_is_not_followed(identifier: str) -> None:
    assert wishes("check_run", pressed(identifier)) == ()


def test_a_button_that_nobody_pressed_is_not_followed() -> None:
    assert wishes("check_run", pressed("review", sender=None)) == ()
