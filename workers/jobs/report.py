"""Tells a pull request's people that its work was given up: a check run that says so."""

from __future__ import annotations

from dataclasses import dataclass

import structlog

from workers.domain.errors import UserError
from workers.github.checks import CheckOutput, find_check, finish_check, start_check
from workers.github.client import Clients, InstallationClient
from workers.github.permissions import REVIEW
from workers.github.pull_requests import read_pull
from workers.jobs.asked import Asked
from workers.jobs.posting import CHECK_NAME
from workers.storage.work import Dead

log = structlog.get_logger()

GIVEN_UP = CheckOutput(
    title="Not reviewed: the review failed again and again",
    summary=(
        "Quorum gave up on this commit after repeated failures, so **it was not reviewed**. The operator's log "
        "has the reason. Push again or press *Re-run* to try once more."
    ),
)
COMMAND_GIVEN_UP = "This failed again and again, so it was not done. The operator's log has the reason."
REVIEWING = "review"
CONCLUSION = "action_required"
"""Never green and never neutral: GitHub counts neutral as passing, and nothing was reviewed."""


@dataclass(frozen=True, slots=True)
class DeadReport:
    """Ends the check run of dead work, or makes one; doing it twice changes nothing."""

    clients: Clients
    app_id: int
    asked: Asked

    async def __call__(self, dead: Dead) -> None:
        """Report `dead` on its pull request's present head. Where none can be made, the log says why."""
        key = dead.key
        client = self.clients.client(key.installation_id, key.repo_id, REVIEW)
        try:
            await self._report(client, dead)
        except UserError as error:
            log.warning("given-up work can't be shown on its pull request", key=str(key), error=str(error))

    async def _report(self, client: InstallationClient, dead: Dead) -> None:
        pull = await read_pull(client, dead.full_name, dead.key.number, dead.key.repo_id)
        if dead.key.pipeline == "command":  # no check run is about a command; its writer is told
            await self.asked.give_up(client, dead.key, pull, COMMAND_GIVEN_UP)
            return
        if dead.key.pipeline != REVIEWING:  # nor about what people only asked for
            await self.asked.refuse(client, dead.key, dead.generation, pull, COMMAND_GIVEN_UP)
            return
        external_id = f"{dead.key}:{dead.generation}"
        found = await find_check(client, pull.full_name, pull.head_sha, CHECK_NAME, external_id, self.app_id)
        run = found or await start_check(
            client, pull.full_name, pull.head_sha, CHECK_NAME, external_id, GIVEN_UP
        )
        await finish_check(client, pull.full_name, run.id, CONCLUSION, GIVEN_UP)
        await self.asked.refuse(client, dead.key, dead.generation, pull, GIVEN_UP.title)
