"""Open pull requests that no event told of are wanted; closed ones whose review still waits are cancelled."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import structlog

from workers.domain.errors import TransientError, UserError
from workers.domain.work import Cancel, Priority, Want, WorkKey
from workers.github.client import Clients
from workers.github.listings import OpenPull, is_closed, list_open_pulls
from workers.github.permissions import REVIEW
from workers.github.rest import RestClient
from workers.jobs.turns import Held, Outcome
from workers.storage.known import KnownStore, Unswept

log = structlog.get_logger()

PIPELINE = "review"
CAUSE = "sweep"
REPOSITORIES_MAX = 100
CANDIDATES_MAX = 5_000
WAITING_MAX = 20
OVERLAP_S = 600.0
QUIET_S = 60.0
"""What changed a moment ago has its event still under way."""
WAITED_S = 600.0
FIRST_LOOK_S = 3 * 86_400.0
"""How far back a repository is looked at that never was: as far as GitHub delivers again."""


@dataclass(frozen=True, slots=True)
class OpenPulls:
    """A round: the repositories that were looked at longest ago, at most 100."""

    clients: Clients
    known: KnownStore
    now: Callable[[], float]
    interval_s: float

    async def __call__(self, held: Held) -> Outcome:
        """One round; what is left is looked at in the next, which comes at once.

        An installation that can't be read now holds up no other, and waits for the next round.
        """
        began_at, swept, failed = self.now(), 0, set[int]()
        for place in await self.known.unswept(self.interval_s, CANDIDATES_MAX):
            if swept == REPOSITORIES_MAX:
                return Outcome(0.0, began_at)
            if place.installation_id not in failed:
                await held.hold()
                done = await self._try_sweep(place)
                swept += done
                failed |= set() if done else {place.installation_id}
        return Outcome(self.interval_s, began_at)

    async def _try_sweep(self, place: Unswept) -> bool:
        """Whether it is done: also with what GitHub refuses for good, which healing will find to be gone."""
        client = self.clients.client(place.installation_id, place.repo_id, REVIEW)
        try:
            await self._sweep(client, place)
        except TransientError as error:
            log.warning("open pull requests are read later", repo_id=place.repo_id, error=str(error))
            return False
        except UserError as error:
            log.warning("open pull requests can't be read", repo_id=place.repo_id, error=str(error))
        await self.known.swept(place.repo_id)
        return True

    async def _sweep(self, client: RestClient, place: Unswept) -> None:
        now = self.now()
        since = max(place.swept_at - OVERLAP_S, place.installed_at, now - FIRST_LOOK_S)
        pulls = await list_open_pulls(client, place.full_name, since)
        wants = [_want(place, one) for one in pulls if one.updated_at <= now - QUIET_S]
        for want in await self.known.want_unknown(wants):
            log.warning("no event told of this head", key=str(want.key), head_sha=want.head_sha)
        await self._cancel_closed(client, place)

    async def _cancel_closed(self, client: RestClient, place: Unswept) -> None:
        waiting = await self.known.waiting(place, WAITED_S, WAITING_MAX)
        closed = [number for number in waiting if await is_closed(client, place.full_name, number)]
        cancels = [Cancel(place.installation_id, place.repo_id, number, CAUSE) for number in closed]
        await self.known.cancel_closed(cancels, waiting)


def _want(place: Unswept, pull: OpenPull) -> Want:
    key = WorkKey(place.installation_id, place.repo_id, pull.number, PIPELINE)
    return Want(key, place.full_name, Priority.SWEEP, CAUSE, head_sha=pull.head_sha)
