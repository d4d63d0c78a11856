"""Replies to commands: one for each, found again by its marker, where the command was given."""

from __future__ import annotations

from dataclasses import dataclass

from workers.domain.change import PullRequest
from workers.domain.command import Command
from workers.github.client import Clients, InstallationClient
from workers.github.leaks import LiveSecrets
from workers.github.markers import command_marker
from workers.github.replies import PROGRESS, Placed, find_reply, reply, rewrite_reply
from workers.github.sanitise import Sanitiser


@dataclass(frozen=True, slots=True)
class Answering:
    """Writes replies in our name."""

    clients: Clients
    secrets: LiveSecrets

    def sanitiser(self, client: InstallationClient, pull: PullRequest) -> Sanitiser:
        """What cleans the words of others in a reply on `pull`."""
        return Sanitiser(f"{client.web_url}/{pull.full_name}", self.secrets)

    async def reply(self, client: InstallationClient, pull: PullRequest, command: Command, text: str) -> None:
        """Answer `command` once, however often this is called; a lost answer is found before it is sent again.

        A comment that only said how far the work is becomes the answer.
        """
        body = f"{text}\n\n{command_marker(command.id)}"
        there = await self._find(client, pull, command)
        if there is not None and PROGRESS in there.posted.body:
            await rewrite_reply(client, pull.full_name, there.place, body)
        elif there is None:
            seen = command.seen
            await reply(client, pull.full_name, pull.number, seen.source, seen.thread_id, body)

    async def close(self, client: InstallationClient, pull: PullRequest, command: Command, text: str) -> None:
        """End what says how far the work is, where it stands still, with `text`; the answer stands elsewhere."""
        there = await self._find(client, pull, command)
        if there is not None and PROGRESS in there.posted.body:
            body = f"{text}\n\n{command_marker(command.id)}"
            await rewrite_reply(client, pull.full_name, there.place, body)

    async def _find(self, client: InstallationClient, pull: PullRequest, command: Command) -> Placed | None:
        bot = await self.clients.identity.bot(client)
        source, marker = command.seen.source, command_marker(command.id)
        return await find_reply(client, pull.full_name, pull.number, source, marker, bot.id)
