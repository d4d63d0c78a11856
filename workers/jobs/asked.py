"""Commands that wait for work: answered by a reaction when it is done, with a reply where there is something to say."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import structlog

from workers.domain.change import PullRequest
from workers.domain.command import Command, Progress
from workers.domain.errors import UserError
from workers.domain.work import WorkKey
from workers.github.client import InstallationClient
from workers.github.reactions import Reaction, react
from workers.jobs.answering import Answering
from workers.storage.commands import CommandStore

log = structlog.get_logger()

REACTIONS: Mapping[Progress, Reaction] = {Progress.DONE: "rocket", Progress.REFUSED: "confused"}


@dataclass(frozen=True, slots=True)
class Asked:
    """The commands that asked for what a job does."""

    commands: CommandStore
    answering: Answering

    async def first_of(self, key: WorkKey, generation: int) -> int:
        """The numeric id of the person whose command is the oldest that waits for this work; 0: nobody's does."""
        waiting = await self.commands.awaiting(key, generation)
        return waiting[0].seen.actor_id if waiting else 0

    async def waiting(self, key: WorkKey, generation: int) -> list[Command]:
        """The commands that wait for this work, oldest first."""
        return await self.commands.awaiting(key, generation)

    async def fulfil(
        self,
        client: InstallationClient,
        key: WorkKey,
        generation: int,
        pull: PullRequest,
        text: str = "",
        elsewhere: str = "",
    ) -> None:
        """The work is done: say so to everybody who asked for it, with `text` (clean) if there is more to say.

        `elsewhere` (clean) ends a comment that still says how far the work is, where `text` is said somewhere else.
        """
        for command in await self.commands.awaiting(key, generation):
            await self._end(client, pull, command, Progress.DONE, text, elsewhere)

    async def refuse(
        self, client: InstallationClient, key: WorkKey, generation: int, pull: PullRequest, why: str
    ) -> None:
        """It won't be done: say why."""
        for command in await self.commands.awaiting(key, generation):
            await self._end(client, pull, command, Progress.REFUSED, why)

    async def give_up(self, client: InstallationClient, key: WorkKey, pull: PullRequest, why: str) -> None:
        """The commands that wait on `pull` could not be carried out: say so."""
        for command in await self.commands.wanted(key.repo_id, key.number):
            await self._end(client, pull, command, Progress.REFUSED, why)

    async def _end(
        self,
        client: InstallationClient,
        pull: PullRequest,
        command: Command,
        progress: Progress,
        text: str = "",
        elsewhere: str = "",
    ) -> None:
        seen = command.seen
        try:
            if text:
                await self.answering.reply(client, pull, command, text)
            elif elsewhere:
                await self.answering.close(client, pull, command, elsewhere)
            await react(client, pull.full_name, seen.source, seen.source_id, REACTIONS[progress])
        except UserError as error:  # a locked conversation, say: there is no place to answer in
            log.warning("a command could not be answered", id=command.id, error=str(error))
        await self.commands.end(command.id, progress, replied=bool(text))
