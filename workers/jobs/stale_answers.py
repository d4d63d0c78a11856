"""Comments that still say how far work is although nobody is at it, and nobody will be, are ended as what they are."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import structlog

from workers.domain.command import Progress, Source
from workers.domain.errors import TransientError, UserError
from workers.github.client import Clients, InstallationClient
from workers.github.markers import command_marker
from workers.github.permissions import COMMAND
from workers.github.replies import PROGRESS, Placed, find_reply, read_reply, rewrite_reply
from workers.jobs.turns import Held, Outcome
from workers.jobs.underway import EFFECT
from workers.storage.commands import CommandStore
from workers.storage.stale import StaleCheck, StaleStore

log = structlog.get_logger()

ENDED = "progress-ended"
ANSWERS_MAX = 100
OLD_S = 600.0
FORGOTTEN = "This was cut off, and nobody is at it any more: it was **not done**. Ask again."


@dataclass(frozen=True, slots=True)
class StaleAnswers:
    """A round: the hundred that were begun longest ago, at least ten minutes. Most became answers, and are done with."""

    clients: Clients
    stale: StaleStore
    commands: CommandStore
    now: Callable[[], float]
    interval_s: float

    async def __call__(self, held: Held) -> Outcome:
        """One round."""
        began_at = self.now()
        for one in await self.stale.checks(EFFECT, ENDED, older_than_s=OLD_S, limit=ANSWERS_MAX):
            await held.hold()
            await self._try_end(one)
        return Outcome(self.interval_s, began_at)

    async def _try_end(self, one: StaleCheck) -> None:
        """What GitHub refuses for good (a repository that is gone, an archived one) is not tried again."""
        client = self.clients.client(one.key.installation_id, one.key.repo_id, COMMAND)
        try:
            await self._end(client, one)
        except TransientError as error:
            log.warning("an answer still says how far its work is", key=str(one.key), error=str(error))
            return
        except UserError as error:
            log.warning("an answer can't be ended", key=str(one.key), error=str(error))
        await self.commands.end(_command(one), Progress.REFUSED)
        await self.stale.close(one, ENDED)

    async def _end(self, client: InstallationClient, one: StaleCheck) -> None:
        marker = command_marker(_command(one))
        there = await self._there(client, one, marker)
        if there is not None and PROGRESS in there.posted.body:
            await rewrite_reply(client, one.full_name, there.place, f"{FORGOTTEN}\n\n{marker}")
            log.warning("a forgotten answer was ended", key=str(one.key))

    async def _there(self, client: InstallationClient, one: StaleCheck, marker: str) -> Placed | None:
        if one.remote_id:
            return await read_reply(client, one.full_name, one.remote_id)
        bot = await self.clients.identity.bot(client)
        return await find_reply(client, one.full_name, one.key.number, Source.THREAD, marker, bot.id)


def _command(one: StaleCheck) -> str:
    """The command whose answer it is: progress is an effect for each."""
    return one.head_sha
