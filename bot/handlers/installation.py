"""`installation`: who installed the app, with which permissions, and whether it may still work there."""

from __future__ import annotations

from bot.events import InstallationEvent
from bot.handlers.handler import Handler, Rules
from workers.domain.work import InstallationSeen, Wish


def _seen(event: InstallationEvent, state: str) -> tuple[Wish, ...]:
    seen = event.installation
    permissions = tuple(sorted(seen.permissions.items()))
    return (InstallationSeen(seen.id, seen.account.id, seen.account.login, state, permissions),)


def _present(event: InstallationEvent, _: Rules) -> tuple[Wish, ...]:
    return _seen(event, "active" if event.installation.suspended_at is None else "suspended")


def _active(event: InstallationEvent, _: Rules) -> tuple[Wish, ...]:
    return _seen(event, "active")


def _suspended(event: InstallationEvent, _: Rules) -> tuple[Wish, ...]:
    return _seen(event, "suspended")


def _deleted(event: InstallationEvent, _: Rules) -> tuple[Wish, ...]:
    return _seen(event, "deleted")


HANDLER = Handler(
    "installation",
    InstallationEvent,
    {
        "created": _active,
        "unsuspend": _active,
        "new_permissions_accepted": _present,
        "suspend": _suspended,
        "deleted": _deleted,
    },
)
