"""`installation`: who installed the app, with which permissions, and whether it may still work there."""

from __future__ import annotations

from bot.events.installation import InstallationEvent
from bot.handlers.handler import Handler, Rules
from bot.handlers.repositories import seen
from workers.domain.work import InstallationSeen, Wish


def _seen(event: InstallationEvent, state: str) -> tuple[Wish, ...]:
    found = event.installation
    permissions = tuple(sorted(found.permissions.items()))
    return (InstallationSeen(found.id, found.account.id, found.account.login, state, permissions),)


def _present(event: InstallationEvent, _: Rules) -> tuple[Wish, ...]:
    return _seen(event, "active" if event.installation.suspended_at is None else "suspended")


def _created(event: InstallationEvent, rules: Rules) -> tuple[Wish, ...]:
    return _active(event, rules) + seen(event.installation_id, event.repositories, "active")


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
        "created": _created,
        "unsuspend": _active,
        "new_permissions_accepted": _present,
        "suspend": _suspended,
        "deleted": _deleted,
    },
)
