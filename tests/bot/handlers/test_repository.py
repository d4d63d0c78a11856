"""`repository`: its name, owner and state."""

from __future__ import annotations

import pytest

from tests.bot.handlers.wishing import NAME, wishes
from tests.bot.payloads import INSTALLATION_ID, REPO_ID, repository_event
from workers.domain.work import RepositorySeen


def seen(state: str, name: str = NAME, branch: str = "main") -> tuple[RepositorySeen, ...]:
    return (RepositorySeen(INSTALLATION_ID, REPO_ID, name, state, branch),)


@pytest.mark.parametrize(
    ("action", "state"),
    [
        ("renamed", "active"),
        ("transferred", "active"),
        ("privatized", "active"),
        ("publicized", "active"),
        ("archived", "archived"),
        ("unarchived", "active"),
        ("deleted", "deleted"),
    ],
)
def test_a_repository_is_seen(action: str, state: str) -> None:
    assert wishes("repository", repository_event(action)) == seen(state)


def test_it_has_its_new_name() -> None:
    payload = repository_event("renamed", full_name="octo-inc/hello")
    assert wishes("repository", payload) == seen("active", "octo-inc/hello")


@pytest.mark.parametrize("action", ["renamed", "transferred", "privatized", "publicized"])
def test_what_is_archived_stays_so(action: str) -> None:
    assert wishes("repository", repository_event(action, archived=True)) == seen("archived")


def test_another_default_branch_is_seen() -> None:
    changes = {"default_branch": {"from": "master"}}
    payload = repository_event("edited", changes, default_branch="trunk")
    assert wishes("repository", payload) == seen("active", branch="trunk")


@pytest.mark.parametrize("changes", [None, {}, {"description": {"from": None}}])
def test_another_description_is_not(changes: dict[str, object] | None) -> None:
    assert wishes("repository", repository_event("edited", changes)) == ()
