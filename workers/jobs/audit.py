"""The audit job: read the repository at a pull request's head, score it, have it judged, say so in one comment."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import structlog

from config.settings import Settings
from workers.bootstrap.models import RunModels
from workers.domain.audit import Audit
from workers.domain.change import PullRequest
from workers.domain.errors import UserError
from workers.domain.receipt import receipt_of
from workers.domain.task import Models
from workers.experts.voice import voice_of
from workers.github.client import Clients, InstallationClient
from workers.github.comments import upsert_comment
from workers.github.contents import read_snapshot
from workers.github.leaks import LiveSecrets
from workers.github.markers import audit_marker
from workers.github.permissions import COMMAND
from workers.github.pull_requests import read_claimed
from workers.github.render.audited import audit_text
from workers.github.render.blocks import count
from workers.github.sanitise import Sanitiser
from workers.jobs.asked import Asked
from workers.jobs.auditing import tree_of
from workers.jobs.budgets import run_limit_micros
from workers.jobs.reading import needed, read_attributes, snapshot_limits
from workers.jobs.rules import RuleBook, Rules
from workers.jobs.showing import Errand, Showing, Steps
from workers.pipelines.audit import Audited, AuditLimits, audit
from workers.pipelines.auditing.document import summary
from workers.pipelines.auditing.gathering import Gathering, Structure, gathered
from workers.pipelines.review import Analyse
from workers.pipelines.scan import ScanRules
from workers.storage.lease import Lease
from workers.storage.ledger import EffectLedger
from workers.storage.receipts import ReceiptBook
from workers.telemetry import phase

log = structlog.get_logger()

TIME_FOR_ANALYSERS = 0.4
"""Of a job's time: what was begun then has as long again to end, and models have the rest."""
FILES_MAX = 3_000


@dataclass(frozen=True, slots=True)
class AuditJob:
    """Audits a pull request's present head; `now` in epoch seconds, `clock` in seconds of a running clock."""

    clients: Clients
    ledger: EffectLedger
    models: RunModels
    receipts: ReceiptBook
    rulebook: RuleBook
    asked: Asked
    showing: Showing
    settings: Settings
    secrets: LiveSecrets
    analyse: Analyse
    structure: Structure
    new_boundary: Callable[[], str]
    now: Callable[[], float]
    clock: Callable[[], float]

    async def __call__(self, lease: Lease) -> str:
        """Do the claimed generation; returns the head sha that was audited."""
        claim, key = lease.claim, lease.claim.key
        client = self.clients.client(key.installation_id, key.repo_id, COMMAND)
        pull = await read_claimed(client, claim)
        waiting = await self.asked.waiting(key, claim.generation)
        if not waiting:
            log.info("nobody waits for an audit any more")
            return pull.head_sha
        sanitiser = Sanitiser(f"{client.web_url}/{pull.full_name}", self.secrets)
        # What says how far it is becomes the audit's comment, unless this head has one already.
        errand = Errand(client, lease, pull, waiting[0], (audit_marker(str(key), pull.head_sha),))
        try:
            async with self.showing.shown(errand) as steps:
                text = await self._audit(client, lease, pull, sanitiser, steps)
            with phase("write"):
                async with lease.writing():
                    url = await self._write(client, lease, pull, text)
        except UserError as error:
            await self.asked.refuse(client, key, claim.generation, pull, sanitiser.clean(str(error)))
            raise
        await self.asked.fulfil(client, key, claim.generation, pull, elsewhere=f"The audit is [here]({url}).")
        return pull.head_sha

    async def _audit(
        self,
        client: InstallationClient,
        lease: Lease,
        pull: PullRequest,
        sanitiser: Sanitiser,
        steps: Steps,
    ) -> str:
        rules = await self.rulebook.read(client, lease.claim.key.installation_id, pull)
        steps.limit_micros = run_limit_micros(self.settings, rules.config.orchestration.cost_tracking)
        with phase("read"):
            audited = await self._read(client, pull, rules, steps)
        steps.tell(f"{count(len(audited.files), 'file')} analysed")
        with phase("think"):
            found = await self._thought(lease, pull, rules, audited)
        return audit_text(found, pull.head_sha, summary(found), sanitiser)

    async def _read(
        self, client: InstallationClient, pull: PullRequest, rules: Rules, steps: Steps
    ) -> Audited:
        limits = snapshot_limits(self.settings)
        snapshot = needed(await read_snapshot(client, pull.full_name, pull.head_sha, (), limits))
        scan = ScanRules(
            rules.config,
            rules.origin,
            rules.notices,
            await read_attributes(client, pull),
            self.settings.file_max_bytes,
        )
        until = self.clock() + self.settings.job_timeout_s * TIME_FOR_ANALYSERS
        gathering = Gathering(self.analyse, self.structure, self.clock, until, FILES_MAX)
        partial = () if snapshot.complete else (snapshot.detail,)
        return await gathered(tree_of(snapshot), scan, gathering, _telling(steps), partial)

    async def _thought(self, lease: Lease, pull: PullRequest, rules: Rules, audited: Audited) -> Audit:
        """Judged in the name of whoever asked; what it cost is kept, whatever comes of it."""
        claim = lease.claim
        if not rules.config.orchestration.enabled:
            return await self._judged(audited, None, rules)
        user_id = await self.asked.first_of(claim.key, claim.generation)
        async with self.models.open(claim, pull.head_sha, rules.config, user_id) as models:
            found = await self._judged(audited, models, rules)
        if found.calls:
            receipt = receipt_of(
                claim,
                "audit",
                found.calls,
                quality=found.quality,
                validated=found.validated,
                at=self.now(),
            )
            await self.receipts.keep(claim.key.installation_id, receipt)
        return found

    async def _judged(self, audited: Audited, models: Models | None, rules: Rules) -> Audit:
        return await audit(
            audited,
            models,
            boundary=self.new_boundary(),
            limits=AuditLimits(),
            voice=voice_of(rules.config),
            clock=self.clock,
        )

    async def _write(self, client: InstallationClient, lease: Lease, pull: PullRequest, text: str) -> str:
        """One comment a head: another audit of it is written over the one before. Returns its address."""
        marker = audit_marker(str(lease.claim.key), pull.head_sha)
        bot = await self.clients.identity.bot(client)

        async def send() -> str:
            body = f"{text}\n\n{marker}"
            posted = await upsert_comment(
                client, pull.full_name, pull.number, bot_id=bot.id, marker=marker, body=body
            )
            return str(posted.id)

        # Upserting looks for our comment first, so it is its own reading back.
        comment_id = await self.ledger.once(lease, "audit-comment", pull.head_sha, send=send, find=_nothing)
        return f"{client.web_url}/{pull.full_name}/pull/{pull.number}#issuecomment-{comment_id}"


async def _nothing() -> None:
    """Nothing to read back."""


def _telling(steps: Steps) -> Callable[[str], None]:
    def tell(step: str) -> None:
        log.info("audit progress", step=step)
        steps.tell(step)

    return tell
