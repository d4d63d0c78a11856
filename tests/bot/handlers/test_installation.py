"""`installation`, and what else says where the app may work and for whom."""

from __future__ import annotations

import pytest

from bot.handlers.repositories import REPOSITORIES_MAX
from tests.bot.handlers.wishing import NAME, wishes
from tests.bot.payloads import (
    INSTALLATION_ID,
    REPO_ID,
    brief,
    installation,
    installation_repositories,
    installation_target,
    ping,
)
from workers.domain.work import AccountSeen, InstallationSeen, RepositorySeen

PERMISSIONS = (("checks", "write"), ("metadata", "read"))
HERE = RepositorySeen(INSTALLATION_ID, REPO_ID, NAME, "active")


def installed(state: str) -> InstallationSeen:
    return InstallationSeen(INSTALLATION_ID, 6, "octo-org", state, PERMISSIONS)


@pytest.mark.parametrize(
    ("action", "suspended_at", "state"),
    [
        ("unsuspend", None, "active"),
        ("new_permissions_accepted", None, "active"),
        ("new_permissions_accepted", "2026-01-01T00:00:00Z", "suspended"),
        ("suspend", "2026-01-01T00:00:00Z", "suspended"),
        ("deleted", None, "deleted"),
    ],
)
def test_an_installation_is_seen(action: str, suspended_at: str | None, state: str) -> None:
    assert wishes("installation", installation(action, suspended_at)) == (installed(state),)


def test_a_new_installation_is_seen_with_its_repositories() -> None:
    payload = installation() | {"repositories": [brief(), brief(5, "octo-org/other")]}
    other = RepositorySeen(INSTALLATION_ID, 5, "octo-org/other", "active")
    assert wishes("installation", payload) == (installed("active"), HERE, other)


@pytest.mark.parametrize("repositories", [None, []])
def test_a_new_installation_without_repositories_is_seen(repositories: list[object] | None) -> None:
    assert wishes("installation", installation() | {"repositories": repositories}) == (installed("active"),)


def test_repositories_are_taken_up_and_given_back() -> None:
    payload = installation_repositories("added", [brief()], [brief(5, "octo-org/other")])
    gone = RepositorySeen(INSTALLATION_ID, 5, "octo-org/other", "removed")
    assert wishes("installation_repositories", payload) == (gone, HERE)


def test_so_many_repositories_of_one_delivery_are_noted() -> None:
    many = [brief(number) for number in range(1, REPOSITORIES_MAX + 2)]
    assert (
        len(wishes("installation_repositories", installation_repositories("added", many))) == REPOSITORIES_MAX
    )


def test_an_account_is_called_otherwise() -> None:
    assert wishes("installation_target", installation_target()) == (AccountSeen(6, "octo-inc"),)


def test_an_enterprise_is_called_by_its_slug() -> None:
    payload = installation_target() | {"account": {"id": 9, "slug": "octo-corp"}}
    assert wishes("installation_target", payload) == (AccountSeen(9, "octo-corp"),)


def test_a_ping_asks_for_nothing() -> None:
    assert wishes("ping", ping()) == ()
