"""Installations and repositories as GitHub has them: what no event told is made up for."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

import structlog

from workers.domain.errors import TransientError, UserError
from workers.domain.work import InstallationSeen, RepositorySeen
from workers.github.client import Clients
from workers.github.errors import NotFoundError
from workers.github.listings import REPOSITORIES_MAX, list_installations, list_repositories
from workers.github.permissions import Permissions
from workers.github.rest import RestClient
from workers.jobs.turns import Held, Outcome
from workers.storage.known import KnownStore

log = structlog.get_logger()

INSTALLATIONS_MAX = 100
LIST: Permissions = (("metadata", "read"),)


@dataclass(frozen=True, slots=True)
class Healing:
    """A round: all installations, and the repositories of the hundred that were listed longest ago."""

    clients: Clients
    known: KnownStore
    now: Callable[[], float]
    interval_s: float

    async def __call__(self, held: Held) -> Outcome:
        """One round."""
        began_at = self.now()
        await self._heal_installations()
        for installation_id in await self.known.unlisted(INSTALLATIONS_MAX):
            await held.hold()
            await self._try_heal_repositories(installation_id)
        return Outcome(self.interval_s, began_at)

    async def _heal_installations(self) -> None:
        # The table is read first: what an event tells meanwhile is not missing there.
        known = await self.known.installations()
        listed = await list_installations(self.clients.app)
        seen = {one.seen.installation_id: one.seen for one in listed}
        gone = [one for one in vanished(known, seen) if await _is_gone(self.clients.app, one)]
        changed = changed_installations(known, seen.values())
        for one in (*changed, *gone):
            log.warning("no event told of this", installation_id=one.installation_id, state=one.state)
        times = {one.seen.installation_id: one.installed_at for one in listed}
        await self.known.heal([*changed, *gone], times)

    async def _try_heal_repositories(self, installation_id: int) -> None:
        try:
            await self._heal_repositories(installation_id)
        except (TransientError, UserError) as error:
            log.warning("repositories were not listed", installation_id=installation_id, error=str(error))
        await self.known.listed(installation_id)  # the others' turn comes first, whatever became of this one

    async def _heal_repositories(self, installation_id: int) -> None:
        known = await self.known.repositories(installation_id)
        client = self.clients.client(installation_id, None, LIST)
        listed = {one.repo_id: one for one in await list_repositories(client, installation_id)}
        await self.known.heal([*changed_repositories(known, listed), *left(known, listed)])


def vanished(
    known: Mapping[int, InstallationSeen], seen: Mapping[int, InstallationSeen]
) -> Iterator[InstallationSeen]:
    """Installations that GitHub does not list any more, as deleted ones."""
    for installation_id, one in known.items():
        if installation_id not in seen and one.state != "deleted":
            yield replace(one, state="deleted")


def changed_installations(
    known: Mapping[int, InstallationSeen], seen: Iterable[InstallationSeen]
) -> list[InstallationSeen]:
    """Those that are new, or otherwise than is known."""
    return [one for one in seen if known.get(one.installation_id) != one]


def changed_repositories(
    known: Mapping[int, RepositorySeen], listed: Mapping[int, RepositorySeen]
) -> list[RepositorySeen]:
    """Those that are new, or otherwise than is known."""
    return [one for repo_id, one in listed.items() if known.get(repo_id) != one]


def left(
    known: Mapping[int, RepositorySeen], listed: Mapping[int, RepositorySeen]
) -> Iterator[RepositorySeen]:
    """Those that the installation may not see any more; nobody knows of a listing that may have been cut."""
    if len(listed) >= REPOSITORIES_MAX:
        return
    for repo_id, one in known.items():
        if repo_id not in listed and one.state in ("active", "archived"):
            yield replace(one, state="removed")


async def _is_gone(app: RestClient, one: InstallationSeen) -> bool:
    try:
        await app.get(f"/app/installations/{one.installation_id}")
    except NotFoundError:
        return True
    return False
