"""`repository`: it is called otherwise, is somebody else's, is shut, is gone."""

from __future__ import annotations

from bot.events.repository import RepositoryChangeEvent
from bot.handlers.handler import Handler, Rules
from workers.domain.work import RepositorySeen, Wish


def _seen(event: RepositoryChangeEvent, state: str) -> tuple[Wish, ...]:
    found = event.repository
    branch = found.default_branch or ""
    return (RepositorySeen(event.installation_id, found.id, found.full_name, state, branch),)


def _present(event: RepositoryChangeEvent, _: Rules) -> tuple[Wish, ...]:
    # What is archived can be renamed, handed on and made private all the same.
    return _seen(event, "archived" if event.repository.archived else "active")


def _archived(event: RepositoryChangeEvent, _: Rules) -> tuple[Wish, ...]:
    return _seen(event, "archived")


def _unarchived(event: RepositoryChangeEvent, _: Rules) -> tuple[Wish, ...]:
    return _seen(event, "active")


def _deleted(event: RepositoryChangeEvent, _: Rules) -> tuple[Wish, ...]:
    return _seen(event, "deleted")


def _edited(event: RepositoryChangeEvent, rules: Rules) -> tuple[Wish, ...]:
    moved = event.changes is not None and event.changes.default_branch is not None
    return _present(event, rules) if moved else ()


HANDLER = Handler(
    "repository",
    RepositoryChangeEvent,
    {
        "renamed": _present,
        "transferred": _present,
        "archived": _archived,
        "unarchived": _unarchived,
        "deleted": _deleted,
        "edited": _edited,
        "privatized": _present,
        "publicized": _present,
    },
)
