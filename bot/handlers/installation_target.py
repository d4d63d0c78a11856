"""`installation_target`: an account with the app is called otherwise."""

from __future__ import annotations

from bot.events.installation import InstallationTargetEvent
from bot.handlers.handler import Handler, Rules
from workers.domain.work import AccountSeen, Wish


def _renamed(event: InstallationTargetEvent, _: Rules) -> tuple[Wish, ...]:
    return (AccountSeen(event.account.id, event.account.login),) if event.account.login else ()


HANDLER = Handler("installation_target", InstallationTargetEvent, {"renamed": _renamed})
