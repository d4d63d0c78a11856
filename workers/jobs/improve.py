"""The improve job: read a pull request, let models suggest, post what can be committed as one review."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

import structlog

from config.settings import Settings
from workers.bootstrap.models import RunModels
from workers.domain.change import Hunk, PullRequest
from workers.domain.errors import UserError
from workers.domain.improvement import Improvements, NoImprovements, Place
from workers.domain.receipt import receipt_of
from workers.experts.proposals import Objections
from workers.experts.voice import voice_of
from workers.github.client import Clients, InstallationClient
from workers.github.leaks import LiveSecrets
from workers.github.own_lines import own_lines
from workers.github.permissions import COMMAND, ISSUES
from workers.github.pull_requests import read_claimed
from workers.github.render.improved import improved_text, no_improvements_text
from workers.github.render.rendering import Rendering
from workers.github.sanitise import Sanitiser
from workers.jobs.asked import Asked
from workers.jobs.improved import Improved
from workers.jobs.present import still_there
from workers.jobs.reading import read_change
from workers.jobs.rules import RuleBook, Rules
from workers.pipelines.coverage import classified, without_ignored
from workers.pipelines.improve import ImproveLimits, ImproveRequest, improve
from workers.storage.findings import FindingStore
from workers.storage.lease import Lease
from workers.storage.ledger import EffectLedger
from workers.storage.receipts import ReceiptBook
from workers.telemetry import phase

log = structlog.get_logger()

TURNED_OFF = NoImprovements("no model", "`orchestration.enabled` is off, so no model is asked.")


@dataclass(frozen=True, slots=True)
class ImproveJob:
    """Suggests improvements of one pull request's present head; `now` in epoch seconds."""

    clients: Clients
    ledger: EffectLedger
    models: RunModels
    objections: Objections
    receipts: ReceiptBook
    findings: FindingStore
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
            await self._improve(client, lease, pull)
        except UserError as error:
            await self.asked.refuse(client, key, claim.generation, pull, str(error))
            raise
        return pull.head_sha

    async def _improve(self, client: InstallationClient, lease: Lease, pull: PullRequest) -> None:
        claim = lease.claim
        bot = await self.clients.identity.bot(client)
        sanitiser = Sanitiser(f"{client.web_url}/{pull.full_name}", self.secrets)
        rendering = Rendering(sanitiser, str(claim.key), claim.generation)
        writes = Improved(client, self.ledger, lease, pull, bot.id, rendering)
        if posted := await writes.posted():  # a run before this one came as far as that
            text = f"The suggestions are in [this review]({writes.url(posted)})."
            await self.asked.fulfil(client, claim.key, claim.generation, pull, text)
            return
        rules = await self.rulebook.read(client, claim.key.installation_id, pull)
        with phase("read"):
            request = await self._read(client, lease, pull, rules, bot.id)
        with phase("think"):
            got = await self._thought(lease, pull, rules, request)
        if isinstance(got, NoImprovements):
            why = no_improvements_text(got, sanitiser)
            await self.asked.refuse(client, claim.key, claim.generation, pull, why)
            return
        found = writes.postable(got, request.change.files)
        with phase("write"):
            async with lease.writing():
                await still_there(client, pull)
                url = writes.url(await writes.post(found)) if found.offered else ""
                text = improved_text(found, sanitiser, url)
                await self.asked.fulfil(client, claim.key, claim.generation, pull, text)

    async def _read(
        self, client: InstallationClient, lease: Lease, pull: PullRequest, rules: Rules, bot_id: int
    ) -> ImproveRequest:
        key = lease.claim.key
        issues = self.clients.client(key.installation_id, key.repo_id, ISSUES)
        change, _ = await read_change(client, issues, pull, self.settings, self.parse_patch)
        files = classified(change.files, change.attributes, self.settings.file_max_bytes)
        said = await own_lines(client, pull.full_name, pull.number, bot_id)
        return ImproveRequest(
            replace(change, files=without_ignored(files, rules.config.ignore.path_filter())),
            (*said, *await self._found(pull)),
            rules.config.review.risky_paths,
            voice_of(rules.config),
        )

    async def _found(self, pull: PullRequest) -> tuple[Place, ...]:
        """What the last review of this very head found, also what has no comment of its own."""
        last, earlier = await self.findings.read(pull.repo_id, pull.number)
        if last is None or last.head_sha != pull.head_sha:
            return ()
        found = [one.finding for one in earlier if one.fate.stands and one.finding.line is not None]
        return tuple(
            Place(one.path, one.start_line or one.line or 1, one.line or 1, one.title) for one in found
        )

    async def _thought(
        self, lease: Lease, pull: PullRequest, rules: Rules, request: ImproveRequest
    ) -> Improvements | NoImprovements:
        """Suggested in the name of whoever asked; what it cost is kept, whatever comes of it."""
        claim = lease.claim
        if not rules.config.orchestration.enabled:
            return TURNED_OFF
        user_id = await self.asked.first_of(claim.key, claim.generation)
        async with self.models.open(claim, pull.head_sha, rules.config, user_id) as models:
            got = await improve(
                request, models, self.objections, boundary=self.new_boundary(), limits=ImproveLimits()
            )
        if got.calls:
            receipt = receipt_of(
                claim, "improve", got.calls, quality=got.quality, validated=got.validated, at=self.now()
            )
            await self.receipts.keep(claim.key.installation_id, receipt)
        return got
