"""The command job: carries out what people asked for on a pull request, oldest first, each once."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

import structlog

from workers.domain.change import PullRequest
from workers.domain.command import Command, Progress
from workers.domain.errors import UserError
from workers.domain.work import Claim
from workers.github.client import Clients, InstallationClient
from workers.github.collaborators import NONE, Permissions, allows
from workers.github.permissions import COMMAND
from workers.github.pull_requests import read_claimed
from workers.github.reactions import Reaction, react
from workers.github.render.answers import refused_text
from workers.jobs.answering import Answering
from workers.jobs.closer import Closer
from workers.jobs.commands.act import Given, Outcome, Stores, Thinking
from workers.jobs.commands.registry import ACTS
from workers.jobs.rules import RuleBook, Rules
from workers.storage.lease import Lease

log = structlog.get_logger()

HOUR_S = 3600.0
REPLIES_PER_HOUR_MAX = 30
"""Of one pull request: more commands are still carried out, and answered by reactions alone."""
REFUSALS_PER_HOUR_MAX = 1
"""Of one person: nobody makes us write a comment for each of theirs."""


@dataclass(frozen=True, slots=True)
class Visit:
    """One run of the job, once everything is read."""

    client: InstallationClient
    claim: Claim
    pull: PullRequest
    rules: Rules
    bot_id: int


@dataclass(frozen=True, slots=True)
class CommandJob:
    """Carries out the commands that wait on one pull request."""

    clients: Clients
    rulebook: RuleBook
    permissions: Permissions
    stores: Stores
    thinking: Thinking
    closer: Closer
    answering: Answering
    now: Callable[[], float]
    replies_per_hour_max: int = field(default=REPLIES_PER_HOUR_MAX)

    async def __call__(self, lease: Lease) -> str:
        """Carry out every wanted command; returns the head sha that was seen."""
        key = lease.claim.key
        client = self.clients.client(key.installation_id, key.repo_id, COMMAND)
        pull = await read_claimed(client, lease.claim)
        rules = await self.rulebook.read(client, key.installation_id, pull)
        bot = await self.clients.identity.bot(client)
        visit = Visit(client, lease.claim, pull, rules, bot.id)
        for command in await self.stores.commands.wanted(key.repo_id, key.number):
            # A newer command does not interrupt this one: it is wanted still when this run has ended.
            async with lease.writing():
                await self._see_through(visit, command)
        return pull.head_sha

    async def _see_through(self, visit: Visit, command: Command) -> None:
        try:
            await self._carry_out(visit, command)
        except UserError as error:  # a locked conversation, say: there is no place to answer in
            log.warning("a command could not be answered", id=command.id, error=str(error))
            await self.stores.commands.end(command.id, Progress.REFUSED)

    async def _carry_out(self, visit: Visit, command: Command) -> None:
        seen = command.seen
        if self._is_none_of_ours(visit, command):
            await self.stores.commands.end(command.id, Progress.IGNORED)
        elif why := await self._why_not(visit, command):
            await self._refuse(visit, command, why)
        elif seen.problem:
            await self._react(visit, command, "eyes")
            await self._settle(visit, command, Outcome(self._clean(visit, seen.problem), Progress.REFUSED))
        else:
            await self._react(visit, command, "eyes")
            await self._settle(visit, command, await self._act(visit, command))

    def _is_none_of_ours(self, visit: Visit, command: Command) -> bool:
        """Whether it may not even be answered: our own words, a bot that nobody allowed, a prefix that is not ours."""
        seen, rules = command.seen, visit.rules.config.commands
        stranger = seen.from_bot and seen.actor_id not in rules.bots
        return seen.actor_id == visit.bot_id or stranger or (seen.bare and not rules.bare)

    async def _why_not(self, visit: Visit, command: Command) -> str:
        """Why the writer may not give this command; "" when they may. Without GitHub's answer nobody may."""
        seen = command.seen
        needed = visit.rules.config.commands.needed(seen.name or "help")
        try:
            level = await self.permissions.level(
                visit.client, visit.pull.full_name, seen.repo_id, seen.actor, seen.actor_id
            )
        except UserError as error:  # refused for good: what GitHub does not tell is no permission
            log.warning("a permission can't be learned", actor_id=seen.actor_id, error=str(error))
            level = NONE
        return "" if allows(level, needed) else f"it needs the permission `{needed}` in this repository"

    async def _act(self, visit: Visit, command: Command) -> Outcome:
        sanitiser = self.answering.sanitiser(visit.client, visit.pull)
        given = Given(
            command,
            visit.pull,
            visit.rules,
            visit.client,
            self.stores,
            self.thinking,
            self.closer,
            visit.claim,
            sanitiser,
            visit.bot_id,
            await self._may_reply(command),
            self.now(),
        )
        try:
            outcome = await ACTS[command.seen.name](given)
        except UserError as error:
            return Outcome(self._clean(visit, str(error)), Progress.REFUSED)
        log.info("command", name=command.seen.name, progress=str(outcome.progress))
        return outcome

    async def _settle(self, visit: Visit, command: Command, outcome: Outcome) -> None:
        replied = bool(outcome.text) and await self._may_reply(command)
        if replied:
            await self.answering.reply(visit.client, visit.pull, command, outcome.text)
        if outcome.progress is Progress.WAITING:
            return
        await self._react(visit, command, "confused" if outcome.progress is Progress.REFUSED else "rocket")
        await self.stores.commands.end(command.id, outcome.progress, replied=replied)

    async def _refuse(self, visit: Visit, command: Command, why: str) -> None:
        seen = command.seen
        log.info("command refused", name=seen.name, actor_id=seen.actor_id)
        told = await self.stores.commands.refusals_since(
            seen.repo_id, seen.number, seen.actor_id, self.now() - HOUR_S
        )
        text = "" if told >= REFUSALS_PER_HOUR_MAX else refused_text(seen.actor, why)
        await self._settle(visit, command, Outcome(text, Progress.REFUSED))

    async def _may_reply(self, command: Command) -> bool:
        seen = command.seen
        since = self.now() - HOUR_S
        count = await self.stores.commands.replies_since(seen.repo_id, seen.number, since)
        return count < self.replies_per_hour_max

    async def _react(self, visit: Visit, command: Command, content: Reaction) -> None:
        await react(visit.client, visit.pull.full_name, command.seen.source, command.seen.source_id, content)

    def _clean(self, visit: Visit, text: str) -> str:
        return self.answering.sanitiser(visit.client, visit.pull).clean(text)
