"""What lists of repositories in installations' events have in common."""

from __future__ import annotations

from bot.events.model import Repository
from workers.domain.work import RepositorySeen, Wish

REPOSITORIES_MAX = 10_000
"""More of one delivery would hold up the commits of all others. The rest is met when something happens there."""


def seen(installation_id: int, repositories: tuple[Repository, ...] | None, state: str) -> tuple[Wish, ...]:
    """That the installation's repositories are in `state`."""
    return tuple(
        RepositorySeen(installation_id, repository.id, repository.full_name, state)
        for repository in (repositories or ())[:REPOSITORIES_MAX]
    )
