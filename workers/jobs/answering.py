"""Replies to commands: one for each, found again by its marker, where the command was given."""

from __future__ import annotations

from dataclasses import dataclass

from workers.domain.change import PullRequest
from workers.domain.command import Command
from workers.github.client import Clients, InstallationClient
from workers.github.leaks import LiveSecrets
from workers.github.markers import command_marker
from workers.github.replies import find_reply, reply
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
        """Answer `command` once, however often this is called; a lost answer is found before it is sent again."""
        seen, marker = command.seen, command_marker(command.id)
        bot = await self.clients.identity.bot(client)
        there = await find_reply(client, pull.full_name, pull.number, seen.source, marker, bot.id)
        if there is None:
            body = f"{text}\n\n{marker}"
            await reply(client, pull.full_name, pull.number, seen.source, seen.thread_id, body)
