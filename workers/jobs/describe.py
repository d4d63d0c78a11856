"""The describe job: read a pull request, tell what it does, write that where the repository wants it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

import structlog

from config.settings import Settings
from workers.bootstrap.models import RunModels
from workers.domain.change import Hunk, PullRequest
from workers.domain.description import Description
from workers.domain.errors import UserError
from workers.domain.receipt import receipt_of
from workers.domain.task import Models
from workers.experts.voice import voice_of
from workers.github.client import Clients, InstallationClient
from workers.github.description import PURPOSE, sealing
from workers.github.leaks import LiveSecrets
from workers.github.permissions import COMMAND, ISSUES
from workers.github.pull_requests import read_claimed
from workers.github.render.described import description_text
from workers.github.sanitise import Sanitiser
from workers.jobs.asked import Asked
from workers.jobs.described import Described
from workers.jobs.present import still_there
from workers.jobs.reading import read_change
from workers.jobs.rules import RuleBook, Rules
from workers.pipelines.coverage import classified, without_ignored
from workers.pipelines.describe import DescribeLimits, DescribeRequest, describe
from workers.storage.lease import Lease
from workers.storage.ledger import EffectLedger
from workers.storage.receipts import ReceiptBook
from workers.telemetry import phase

log = structlog.get_logger()

OFF = "off"
TURNED_OFF = "`orchestration.enabled` is off"


@dataclass(frozen=True, slots=True)
class DescribeJob:
    """Brings one pull request's description up to its present head; `now` in epoch seconds."""

    clients: Clients
    ledger: EffectLedger
    models: RunModels
    receipts: ReceiptBook
    rulebook: RuleBook
    asked: Asked
    settings: Settings
    secrets: LiveSecrets
    parse_patch: Callable[[str], tuple[Hunk, ...]]
    new_boundary: Callable[[], str]
    now: Callable[[], float]

    async def __call__(self, lease: Lease) -> str:
        """Do the claimed generation; returns the head sha that was seen."""
        claim, key = lease.claim, lease.claim.key
        client = self.clients.client(key.installation_id, key.repo_id, COMMAND)
        pull = await read_claimed(client, claim)
        if pull.state != "open":
            await self.asked.refuse(client, key, claim.generation, pull, f"The pull request is {pull.state}.")
            return pull.head_sha
        try:
            said = await self._describe(client, lease, pull)
        except UserError as error:
            await self.asked.refuse(client, key, claim.generation, pull, str(error))
            raise
        await self.asked.fulfil(client, key, claim.generation, pull, said)
        return pull.head_sha

    async def _describe(self, client: InstallationClient, lease: Lease, pull: PullRequest) -> str:
        rules = await self.rulebook.read(client, lease.claim.key.installation_id, pull)
        mode = rules.config.write.description.mode
        bot, key = await self.clients.identity.bot(client), await self.clients.derive(PURPOSE)
        written = Described(client, self.ledger, lease, pull, bot.id, sealing(key))
        if not lease.claim.forced and (mode == OFF or await written.stands(mode)):
            log.info("nothing to describe", mode=mode)
            return ""
        with phase("read"):
            request = await self._read(client, lease, pull, rules)
        with phase("think"):
            described = await self._thought(lease, pull, rules, request)
        text = description_text(described, Sanitiser(f"{client.web_url}/{pull.full_name}", self.secrets))
        with phase("write"):
            async with lease.writing():
                await still_there(client, pull)
                return await written.write(mode, text)

    async def _read(
        self, client: InstallationClient, lease: Lease, pull: PullRequest, rules: Rules
    ) -> DescribeRequest:
        key = lease.claim.key
        issues = self.clients.client(key.installation_id, key.repo_id, ISSUES)
        change, snapshot = await read_change(client, issues, pull, self.settings, self.parse_patch)
        ignored = rules.config.ignore.path_filter()
        files = classified(change.files, change.attributes, self.settings.file_max_bytes)
        return DescribeRequest(
            replace(change, files=without_ignored(files, ignored)),
            snapshot,
            ignored,
            diagram=rules.config.write.description.diagram,
            voice=voice_of(rules.config),
        )

    async def _thought(
        self, lease: Lease, pull: PullRequest, rules: Rules, request: DescribeRequest
    ) -> Description:
        """Described in the name of whoever asked; what it cost is kept, whatever comes of it."""
        claim = lease.claim
        if not rules.config.orchestration.enabled:
            return replace(await self._told(request, None), unasked=TURNED_OFF)
        user_id = await self.asked.first_of(claim.key, claim.generation)
        async with self.models.open(claim, pull.head_sha, rules.config, user_id) as models:
            described = await self._told(request, models)
        if described.calls:
            receipt = receipt_of(
                claim,
                "describe",
                described.calls,
                quality=described.quality,
                validated=described.validated,
                at=self.now(),
            )
            await self.receipts.keep(claim.key.installation_id, receipt)
        return described

    async def _told(self, request: DescribeRequest, models: Models | None) -> Description:
        return await describe(request, models, boundary=self.new_boundary(), limits=DescribeLimits())
