"""Check runs that still say *in progress* although nobody is at them, and nobody will be, are ended as what they are."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import structlog

from workers.domain.errors import TransientError, UserError
from workers.github.checks import CheckOutput, check_is_open, find_check, finish_check
from workers.github.client import Clients
from workers.github.permissions import REVIEW
from workers.github.rest import RestClient
from workers.jobs.posting import CHECK_BEGUN, CHECK_ENDED, CHECK_NAME
from workers.jobs.turns import Held, Outcome
from workers.storage.stale import StaleCheck, StaleStore

log = structlog.get_logger()

CHECKS_MAX = 100
OLD_S = 600.0
CONCLUSION = "cancelled"
FORGOTTEN = CheckOutput(
    title="Not finished: the run was cut off",
    summary=(
        "This run ended without a review, and **nothing was said about this commit**. The pull request was closed "
        "meanwhile, or the review was given up. Push again or press *Re-run* for another one."
    ),
)


@dataclass(frozen=True, slots=True)
class StaleChecks:
    """A round: the hundred that were begun longest ago, at least ten minutes."""

    clients: Clients
    stale: StaleStore
    app_id: int
    now: Callable[[], float]
    interval_s: float

    async def __call__(self, held: Held) -> Outcome:
        """One round."""
        began_at = self.now()
        for check in await self.stale.checks(CHECK_BEGUN, CHECK_ENDED, older_than_s=OLD_S, limit=CHECKS_MAX):
            await held.hold()
            await self._try_end(check)
        return Outcome(self.interval_s, began_at)

    async def _try_end(self, check: StaleCheck) -> None:
        """What GitHub refuses for good (a repository that is gone) is not tried again."""
        client = self.clients.client(check.key.installation_id, check.key.repo_id, REVIEW)
        try:
            await self._end(client, check)
        except TransientError as error:
            log.warning("a check run is still open", key=str(check.key), error=str(error))
            return
        except UserError as error:
            log.warning("a check run can't be ended", key=str(check.key), error=str(error))
        await self.stale.close(check, CHECK_ENDED)

    async def _end(self, client: RestClient, check: StaleCheck) -> None:
        check_id = int(check.remote_id) if check.remote_id else await self._find(client, check)
        if check_id is not None and await check_is_open(client, check.full_name, check_id):
            await finish_check(client, check.full_name, check_id, CONCLUSION, FORGOTTEN)
            log.warning("a forgotten check run was ended", key=str(check.key), head_sha=check.head_sha)

    async def _find(self, client: RestClient, check: StaleCheck) -> int | None:
        external_id = f"{check.key}:{check.generation}"
        found = await find_check(
            client, check.full_name, check.head_sha, CHECK_NAME, external_id, self.app_id
        )
        return found.id if found else None
