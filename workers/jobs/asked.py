"""Commands that wait for a review: answered by a reaction when it is done, or by a sentence when it can't be."""

from __future__ import annotations

from dataclasses import dataclass

from workers.domain.change import PullRequest
from workers.domain.command import Progress
from workers.domain.work import WorkKey
from workers.github.client import InstallationClient
from workers.github.reactions import react
from workers.jobs.answering import Answering
from workers.storage.commands import CommandStore


@dataclass(frozen=True, slots=True)
class Asked:
    """The commands that asked for what a review job does."""

    commands: CommandStore
    answering: Answering

    async def fulfil(
        self, client: InstallationClient, key: WorkKey, generation: int, pull: PullRequest
    ) -> None:
        """The review is posted: say so to everybody who asked for it."""
        for command in await self.commands.awaiting(key, generation):
            await react(client, pull.full_name, command.seen.source, command.seen.source_id, "rocket")
            await self.commands.end(command.id, Progress.DONE)

    async def refuse(
        self, client: InstallationClient, key: WorkKey, generation: int, pull: PullRequest, why: str
    ) -> None:
        """There will be no review: say why."""
        for command in await self.commands.awaiting(key, generation):
            await react(client, pull.full_name, command.seen.source, command.seen.source_id, "confused")
            await self.answering.reply(client, pull, command, why)
            await self.commands.end(command.id, Progress.REFUSED, replied=True)
