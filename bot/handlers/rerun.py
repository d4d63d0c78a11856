"""What re-runs of check runs and check suites have in common."""

from __future__ import annotations

from collections.abc import Iterable

from bot.events.checks import Check
from bot.events.model import RepositoryEvent
from bot.handlers.handler import Rules
from bot.handlers.pull_request import PIPELINE
from workers.domain.work import Priority, Want, Wish, WorkKey


def ours(check: Check, rules: Rules) -> bool:
    """Whether our own app made this check."""
    return check.app is not None and check.app.id == rules.app_id


def numbers(check: Check, repo_id: int) -> tuple[int, ...]:
    """The listed pull requests that are to be merged into this repository."""
    return tuple(ref.number for ref in check.pull_requests if ref.base.repo.id == repo_id)


def rerun(event: RepositoryEvent, pulls: Iterable[int], head_sha: str, cause: str) -> tuple[Wish, ...]:
    """A forced review of each pull request."""
    return tuple(
        Want(
            WorkKey(event.installation_id, event.repo_id, number, PIPELINE),
            event.repository.full_name,
            Priority.COMMAND,
            cause,
            head_sha=head_sha,
            forced=True,
        )
        for number in pulls
    )
