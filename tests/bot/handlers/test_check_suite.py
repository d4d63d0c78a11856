"""`check_suite`: all checks again."""

from __future__ import annotations

import pytest

from tests.bot.handlers.wishing import KEY, NAME, wishes
from tests.bot.payloads import APP_ID, HEAD_SHA, INSTALLATION_ID, REPO_ID, check_suite, listed
from workers.domain.work import HeadAgain, Priority, Want


def test_a_re_run_suite_forces_its_pull_requests() -> None:
    cause = "check_suite.rerequested"
    want = Want(KEY, NAME, Priority.COMMAND, cause, head_sha=HEAD_SHA, forced=True)
    assert wishes("check_suite", check_suite("rerequested", APP_ID, listed(2))) == (want,)


def test_a_suite_of_a_fork_names_its_head_alone() -> None:
    again = HeadAgain(INSTALLATION_ID, REPO_ID, NAME, HEAD_SHA, "check_suite.rerequested")
    assert wishes("check_suite", check_suite("rerequested", APP_ID)) == (again,)


@pytest.mark.parametrize("action", ["requested", "completed"])
def test_a_new_suite_asks_for_nothing(action: str) -> None:
    assert wishes("check_suite", check_suite(action, APP_ID, listed(2))) == ()


def test_suites_of_other_apps_are_ignored() -> None:
    assert wishes("check_suite", check_suite("rerequested", APP_ID + 1, listed(2))) == ()
