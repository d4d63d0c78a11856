"""`installation_repositories`: the app may work in more or in fewer repositories."""

from __future__ import annotations

from bot.events.installation import InstallationRepositoriesEvent
from bot.handlers.handler import Handler, Rules
from bot.handlers.repositories import seen
from workers.domain.work import Wish


def _changed(event: InstallationRepositoriesEvent, _: Rules) -> tuple[Wish, ...]:
    # Both lists are there with either action.
    gone = seen(event.installation_id, event.repositories_removed, "removed")
    return gone + seen(event.installation_id, event.repositories_added, "active")


HANDLER = Handler(
    "installation_repositories", InstallationRepositoriesEvent, {"added": _changed, "removed": _changed}
)
