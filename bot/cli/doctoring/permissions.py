"""Whether the App has the permissions and events that jobs and handlers use; `app.yml` is the same list."""

from __future__ import annotations

from collections.abc import Mapping

from bot.cli.doctoring import app
from bot.cli.doctoring.patient import Patient
from bot.cli.doctoring.verdict import Verdict, doubtful, failed, well
from bot.handlers.registry import HANDLERS
from workers.github import permissions

LEVELS = {"": 0, "read": 1, "write": 2, "admin": 3}
SPARED = {"contents": "write"}
"""One can do without: threads are then not resolved, and no pull requests opened."""
ALWAYS = frozenset({"installation", "installation_repositories", "installation_target", "ping"})
PAGE = "Add them on the App's settings page (Permissions & events)"


def wanted() -> dict[str, str]:
    """Each permission with the highest level that a job uses."""
    used = {one for name, job in vars(permissions).items() if name.isupper() for one in job}
    ranked = sorted(used - set(permissions.OPTIONAL), key=lambda one: LEVELS[one[1]])
    return dict(ranked)


def lacking(granted: Mapping[str, str]) -> list[str]:
    """What is missing of `wanted`, as `checks: write`; without what one can do without."""
    least = wanted() | dict.fromkeys(SPARED, "read")
    return [f"{name}: {level}" for name, level in least.items() if not _covers(granted.get(name, ""), level)]


async def look_at_permissions(patient: Patient) -> Verdict:
    """Those of the App; an installation's owner may not have accepted them yet."""
    granted = (await app.read(patient)).permissions
    if missing := lacking(granted):
        return failed(
            f"Missing permissions: {', '.join(missing)}. {PAGE}, then accept them for each installation."
        )
    if more := _beyond(granted):
        return doubtful(f"Nothing uses {', '.join(more)}: take them away on the App's settings page.")
    if spared := [
        f"{name}: {level}" for name, level in SPARED.items() if not _covers(granted.get(name, ""), level)
    ]:
        return doubtful(f"Without {', '.join(spared)} threads are not resolved and no pull requests opened.")
    return well("The App has the permissions that it uses, and no more.")


async def look_at_events(patient: Patient) -> Verdict:
    """Those that handlers take; some can't be unsubscribed."""
    missing = sorted(set(HANDLERS) - ALWAYS - set((await app.read(patient)).events))
    if missing:
        return failed(f"Missing events: {', '.join(missing)}. {PAGE}.")
    return well("The App is sent every event that it knows.")


def _beyond(granted: Mapping[str, str]) -> list[str]:
    most = wanted() | dict(permissions.OPTIONAL)
    return [f"{name}: {level}" for name, level in granted.items() if not _covers(most.get(name, ""), level)]


def _covers(level: str, least: str) -> bool:
    return LEVELS.get(level, 0) >= LEVELS.get(least, len(LEVELS))
