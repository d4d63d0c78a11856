"""The docs job: read a branch, have its modules documented, deliver the pages as a pull request.

Documentation is of what a base branch holds now: that of the pull request where somebody asks, the default branch after
a push. Nothing is ever pushed to anybody's own branch.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

import structlog

from config.settings import Settings
from workers.bootstrap.models import RunModels
from workers.domain.change import PullRequest
from workers.domain.delivery import BARRED, Delivered, Proposal, Remembered
from workers.domain.errors import UserError
from workers.domain.receipt import receipt_of
from workers.domain.secrets import redact
from workers.github.branches import read_branch
from workers.github.client import Clients, InstallationClient
from workers.github.contents import read_snapshot
from workers.github.leaks import LiveSecrets
from workers.github.permissions import COMMAND
from workers.github.pull_requests import read_claimed
from workers.github.render.documented import PagesMade, answer_text, proposal_text, title_of
from workers.github.repository import read_repository
from workers.github.sanitise import Sanitiser
from workers.jobs.asked import Asked
from workers.jobs.budgets import run_limit_micros
from workers.jobs.delivering import Delivering, Standing
from workers.jobs.docs_visit import Spot, Visit, pages_made
from workers.jobs.documenting import (
    Structure,
    Told,
    Wanted,
    folder_of,
    read_pages,
    read_sources,
    write_pages,
)
from workers.jobs.reading import needed, snapshot_limits
from workers.jobs.rules import RuleBook
from workers.jobs.showing import Errand, Showing, Steps
from workers.pipelines.docs import DocsLimits, Documented, document
from workers.pipelines.house import Patterns
from workers.storage.lease import Lease
from workers.storage.receipts import ReceiptBook
from workers.telemetry import phase

log = structlog.get_logger()

REFUSED = "refused"
TIME_FOR_WRITING = 0.4
"""Of a job's time: what was begun then has as long again to end."""
NO_MODEL = "No model was asked: pages hold what the code itself says."


@dataclass(frozen=True, slots=True)
class DocsJob:
    """Brings the documentation of a branch up to its present code; `now` in epoch seconds."""

    clients: Clients
    delivering: Delivering
    models: RunModels
    receipts: ReceiptBook
    rulebook: RuleBook
    asked: Asked
    showing: Showing
    settings: Settings
    secrets: LiveSecrets
    structure: Structure
    patterns: Patterns
    new_boundary: Callable[[], str]
    now: Callable[[], float]

    async def __call__(self, lease: Lease) -> str:
        """Do the claimed generation; returns the sha that was documented, "" where nothing can be."""
        key = lease.claim.key
        client = self.clients.client(key.installation_id, key.repo_id, COMMAND)
        pull = await read_claimed(client, lease.claim) if key.number else None
        if pull is None:
            return await self._pushed(lease, client)
        waiting = await self.asked.waiting(key, lease.claim.generation)
        if not waiting:
            log.info("nobody waits for documentation any more")
            return pull.head_sha
        try:
            async with self.showing.shown(Errand(client, lease, pull, waiting[0])) as steps:
                visit = await self._visit(lease, client, pull.full_name, pull.base_ref, pull, steps)
                text = await self._document(visit)
        except UserError as error:
            clean = Sanitiser(f"{client.web_url}/{pull.full_name}", self.secrets).clean(str(error))
            await self.asked.refuse(client, key, lease.claim.generation, pull, clean)
            raise
        await self.asked.fulfil(client, key, lease.claim.generation, pull, text)
        return visit.spot.base_sha

    async def _pushed(self, lease: Lease, client: InstallationClient) -> str:
        """After a push: quietly, and only where the repository wants it and nobody has refused it since.

        Nobody waits for it, so nothing says how far it is: a check run would stand open on the default branch.
        """
        repository = await read_repository(client, lease.claim.key.repo_id)
        if repository.archived:
            return ""
        visit = await self._visit(
            lease, client, repository.full_name, repository.default_branch, None, Steps()
        )
        if not visit.rules.config.write.docs.on_push:
            log.info("documentation is not wanted after a push")
            return visit.spot.base_sha
        known = await self.delivering.topics.read(visit.spot.repo_id, visit.topic.key)
        if known is not None and known.state == REFUSED:
            log.info("documentation was refused before; a command tries again", why=known.why)
            return visit.spot.base_sha
        await self._document(visit)
        return visit.spot.base_sha

    async def _visit(
        self,
        lease: Lease,
        client: InstallationClient,
        full_name: str,
        base_ref: str,
        pull: PullRequest | None,
        steps: Steps,
    ) -> Visit:
        repo_id = lease.claim.key.repo_id
        sha = await read_branch(client, full_name, base_ref)
        if sha is None:
            raise UserError(f"The branch `{base_ref}` is gone.")
        spot = Spot(repo_id, full_name, base_ref, sha, pull)
        rules = await self.rulebook.read(client, lease.claim.key.installation_id, spot)
        sanitiser = Sanitiser(f"{client.web_url}/{full_name}", self.secrets)
        steps.limit_micros = run_limit_micros(self.settings, rules.config.orchestration.cost_tracking)
        return Visit(lease, client, spot, rules, sanitiser, steps)

    async def _document(self, visit: Visit) -> str:
        """Bring the pages up to the code; what to answer. What people have stopped costs nothing."""
        standing = await self.delivering.standing(visit.place, visit.topic)
        if standing.outcome in BARRED:
            async with visit.lease.writing():
                told = await self.delivering.bar(visit.lease, visit.place, visit.topic, standing)
            return answer_text(told, None, visit.sanitiser)
        with phase("read"):
            read = await self._read(visit, standing)
        with phase("think"):
            read, documented = await self._thought(visit, read)
        made = pages_made(visit, read, documented)
        with phase("write"):
            async with visit.lease.writing():
                told = await self._deliver(visit, read, documented, made)
        log.info("documented", outcome=str(told.outcome), pages=len(made.pages), number=told.number)
        return answer_text(told, made, visit.sanitiser)

    async def _read(self, visit: Visit, standing: Standing) -> Told:
        spot, config, limits = visit.spot, visit.rules.config, snapshot_limits(self.settings)
        snapshot = needed(await read_snapshot(visit.client, spot.full_name, spot.base_sha, (), limits))
        folder = folder_of(config)
        overlay = await self.delivering.overlay(visit.place, spot.base_sha, standing, (folder,))
        pages = await read_pages(visit.client, spot.full_name, snapshot, overlay, folder)
        key, generation = visit.lease.claim.key, visit.lease.claim.generation
        waiting = await self.asked.waiting(key, generation)
        named = [one.seen.arguments.split() for one in waiting]
        paths = tuple(dict.fromkeys(path for some in named for path in some)) if all(named) else ()
        wanted = Wanted(
            config,
            snapshot.files.get(".gitattributes", ""),
            self.settings.file_max_bytes,
            paths,
            urgent=bool(waiting),
        )
        read = await read_sources(snapshot, pages, wanted, self.structure, overlay.objector())
        incomplete = () if snapshot.complete else (snapshot.detail,)
        offered = tuple(path for path, sha in overlay.offered.items() if sha is not None)
        notices = (*visit.rules.notices, *incomplete, *read.notices)
        return replace(read, offered=offered, notices=notices)

    async def _thought(self, visit: Visit, read: Told) -> tuple[Told, Documented]:
        """Documented in the name of whoever asked; what it cost is kept, whatever comes of it."""
        claim, config = visit.lease.claim, visit.rules.config
        if not read.request.sources or not config.orchestration.enabled:
            return read, await self._plain(read)
        user_id = await self.asked.first_of(claim.key, claim.generation)
        async with self.models.open(claim, visit.spot.base_sha, config, user_id) as models:
            if models is None:
                return read, await self._plain(read)
            until = self.now() + self.settings.job_timeout_s * TIME_FOR_WRITING
            read, made = await write_pages(
                read,
                models,
                patterns=self.patterns,
                new_boundary=self.new_boundary,
                now=self.now,
                until=until,
                told_of=visit.tell,
            )
        validated = None if made.passed is None else made.passed == 1.0
        receipt = receipt_of(
            claim, "docs", made.calls, quality=made.quality, validated=validated, at=self.now()
        )
        await self.receipts.keep(claim.key.installation_id, receipt)
        return read, made

    async def _plain(self, read: Told) -> Documented:
        made = await document(
            read.request,
            None,
            boundary="",
            limits=DocsLimits(),
            progress=_ignore,
            patterns=self.patterns,
        )
        return replace(made, notices=(*made.notices, NO_MODEL)) if read.request.sources else made

    async def _deliver(self, visit: Visit, read: Told, documented: Documented, made: PagesMade) -> Delivered:
        written = {row.path for row in made.pages}
        files = {
            page.path: redact(self.secrets.redact(page.text)).text
            for page in documented.pages
            if page.path in written
        }
        title = visit.sanitiser.line(title_of(made))
        proposal = Proposal(
            visit.topic,
            visit.spot.base_sha,
            title,
            proposal_text(made, visit.sanitiser),
            title,
            files,
            (read.request.folder,),
        )
        try:
            return await self.delivering.deliver(visit.lease, visit.place, proposal)
        except UserError as error:
            branch = visit.topic.branch()
            known = await self.delivering.topics.read(visit.spot.repo_id, visit.topic.key)
            refused = replace(known or Remembered(branch), state=REFUSED, why=str(error))
            await self.delivering.topics.save(visit.spot.repo_id, visit.topic.key, refused)
            raise


def _ignore(_: str) -> None:
    """Without a model nothing takes long."""
