"""The review job: read a pull request, let the pipeline think, write what it found."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, replace

import structlog

from config.settings import Settings
from workers.domain.change import ChangedFile, Hunk, PullRequest
from workers.domain.errors import LeaseLostError, SupersededError, UserError
from workers.domain.memory import Said
from workers.domain.outcome import Record
from workers.domain.receipt import receipt_of
from workers.domain.review import Review, Verdict
from workers.domain.work import Claim, Priority, Want
from workers.github.client import Clients, InstallationClient
from workers.github.leaks import LiveSecrets
from workers.github.markdown import Rendering
from workers.github.permissions import ISSUES, REVIEW
from workers.github.pull_requests import read_claimed, read_state
from workers.github.sanitise import Sanitiser
from workers.jobs.afterwards import Afterwards, Posted, do_all
from workers.jobs.asked import Asked
from workers.jobs.budget_notes import BudgetNotes
from workers.jobs.budgets import run_limit_micros
from workers.jobs.hearing import Hearing
from workers.jobs.past import keep_round, read_past
from workers.jobs.posting import Author, Posting
from workers.jobs.reading import read_request
from workers.jobs.requesting import event_of
from workers.jobs.review_run import Memory, OpenModels, Reviewer, Run, said_already, unreviewed
from workers.jobs.rules import RuleBook
from workers.pipelines.review import ReviewRequest
from workers.pipelines.skip import why_skip
from workers.storage.lease import Lease
from workers.storage.ledger import EffectLedger
from workers.storage.leftovers import Leftovers
from workers.telemetry import phase

log = structlog.get_logger()

ABANDON_TIMEOUT_S = 5.0
KINDS = {Verdict.PARTIAL: "partial", Verdict.FAILED: "failed", Verdict.SKIPPED: "ignored"}


@dataclass(frozen=True, slots=True)
class ReviewJob:
    """Brings one pull request's review up to its present head."""

    clients: Clients
    ledger: EffectLedger
    leftovers: Leftovers
    reviewer: Reviewer
    models: OpenModels
    notes: BudgetNotes
    want: Callable[[Want], Awaitable[None]]
    rulebook: RuleBook
    memory: Memory
    asked: Asked
    settings: Settings
    secrets: LiveSecrets
    parse_patch: Callable[[str], tuple[Hunk, ...]]
    now: Callable[[], float]
    afterwards: Sequence[Afterwards] = ()
    hearing: Hearing | None = None
    """None: nobody is heard, and nothing of what people said is known."""
    beforehand: Sequence[Afterwards] = ()

    async def __call__(self, lease: Lease) -> str:
        """Do the claimed generation; returns the head sha that was reviewed (or needs no review)."""
        key = lease.claim.key
        client = self.clients.client(key.installation_id, key.repo_id, REVIEW)
        pull = await read_claimed(client, lease.claim)
        if pull.state != "open":
            log.info("nothing to review", state=pull.state)
            await self.asked.refuse(
                client, key, lease.claim.generation, pull, f"The pull request is {pull.state}."
            )
            return pull.head_sha
        posting = await self._posting(client, lease, pull)
        memory = await self.memory.pulls.read(key.repo_id, key.number)
        rules = await self.rulebook.read(client, key.installation_id, pull)
        skip = (
            None if lease.claim.forced else why_skip(pull, rules.config, memory, own_id=posting.author.bot_id)
        )
        if not lease.claim.forced and said_already(memory.said, pull, skip):
            log.info("nothing new to say", head_sha=pull.head_sha)
            await posting.end_leftovers()
            return pull.head_sha
        check_id = await posting.start_check()
        again_at = await self._see_through(client, Run(posting, rules, memory, skip, check_id))
        await self.asked.fulfil(client, key, lease.claim.generation, pull)
        if again_at is not None:
            await self._want_again(lease.claim, again_at)
        return pull.head_sha

    async def _want_again(self, claim: Claim, again_at: float) -> None:
        """There was no money for a model: the same head is reviewed once more when there is."""
        delay_s = max(0.0, again_at - self.now())
        log.info("to be reviewed when the budget renews", delay_s=round(delay_s))
        await self.want(
            Want(claim.key, claim.full_name, Priority.PUSH, "the budget renews", delay_s, forced=True)
        )

    async def _see_through(self, client: InstallationClient, run: Run) -> float | None:
        """Review, and leave no check run open whatever happens; when there will be money for it, if there was none."""
        try:
            return await self._review(client, run)
        except UserError as error:
            await self._explain(run, error)
            claim = run.posting.lease.claim
            await self.asked.refuse(client, claim.key, claim.generation, run.pull, str(error))
            raise
        except SupersededError:
            await self._abandon(run)
            raise
        except asyncio.CancelledError:
            if run.posting.lease.superseded:
                await self._abandon(run)
            raise

    async def _review(self, client: InstallationClient, run: Run) -> float | None:
        unread = unreviewed(run.pull, run.rules, Verdict.SKIPPED, "nobody has read it yet")
        await do_all(self.beforehand, Posted(client, run.posting, run.rules.config, unread, (), None))
        if run.skip is not None:
            review = unreviewed(run.pull, run.rules, Verdict.SKIPPED, run.skip.reason)
            await self._end(run, review, kind=run.skip.kind)
            return None
        key = run.posting.lease.claim.key
        with phase("read"):
            dismissed = await self.memory.dismissals.dismissed(key.repo_id, key.number)
            request = await read_request(
                client,
                self.clients.client(key.installation_id, key.repo_id, ISSUES),
                run.pull,
                run.rules,
                self.settings,
                self.parse_patch,
                self.rulebook.operator,
                {mark: f"{one.actor}: {one.reason}" for mark, one in dismissed.items()},
            )
            records = await self._heard(client, run, request.change.files)
            past = await read_past(
                client,
                run.pull.full_name,
                self.memory.findings,
                key,
                request.change.files,
                self.settings.file_max_bytes,
            )
            request = replace(request, past=past, records=records)
        with phase("think"):
            review = await self._thought(run, request)
        with phase("write"):
            async with run.posting.lease.writing():
                await _still_wanted(client, run.pull)
                files = request.change.files
                output, bot_id = run.rules.config.review.output, run.posting.author.bot_id
                event = event_of(review, output, run.pull, bot_id)
                run = replace(run, posting=await run.posting.post(review, files, event))
                await keep_round(self.memory.findings, key, run.posting.lease.claim.generation, review)
                posted = Posted(client, run.posting, run.rules.config, review, files, past)
                await do_all(self.afterwards, posted)
                await self._end(run, review, kind=KINDS.get(review.verdict, ""))
                await self._count(run)
        return review.again_at

    async def _heard(
        self, client: InstallationClient, run: Run, files: Sequence[ChangedFile]
    ) -> tuple[Record, ...]:
        """What people said since the last round is kept; what this repository makes of findings comes back."""
        if self.hearing is None:
            return ()
        bot_id = run.posting.author.bot_id
        return tuple(await self.hearing.before_round(client, run.pull, run.rules.config, bot_id, files))

    async def _thought(self, run: Run, request: ReviewRequest) -> Review:
        """Think, in the name of whoever asked; what it cost is kept, whatever comes of it."""
        claim = run.posting.lease.claim
        user_id = await self.asked.first_of(claim.key, claim.generation)
        async with self.models.open(claim, run.pull.head_sha, run.rules.config, user_id) as models:
            review = await self.reviewer.review(request, models, _tell)
        receipt = receipt_of(
            claim,
            "review",
            review.calls,
            quality=review.quality,
            validated=review.validated,
            at=self.now(),
        )
        await self.memory.receipts.keep(claim.key.installation_id, receipt)
        tracking = run.rules.config.orchestration.cost_tracking
        notes, limit = await self.notes.of(claim, tracking), run_limit_micros(self.settings, tracking)
        return replace(review, notices=(*review.notices, *notes), run_limit_micros=limit)

    async def _end(self, run: Run, review: Review, *, kind: str) -> None:
        paused = run.memory.paused is not None
        await run.posting.end_check(run.check_id, review, run.rules.config.review, kind=kind, paused=paused)
        reason = review.reason if review.verdict is Verdict.SKIPPED else ""
        said = Said(run.pull.head_sha, run.pull.base_sha, str(review.verdict), reason)
        await self.memory.pulls.said(run.pull.repo_id, run.pull.number, said)

    async def _count(self, run: Run) -> None:
        """Pause after too many pushes that nobody asked to have reviewed."""
        most = run.rules.config.review.auto_pause_pushes
        if run.forced or not most:
            return
        key = run.posting.lease.claim.key
        if await self.memory.pulls.count_push(key.repo_id, key.number) >= most:
            log.info("reviews pause themselves", after_pushes=most)
            await self.memory.pulls.pause(key.repo_id, key.number, "")

    async def _posting(self, client: InstallationClient, lease: Lease, pull: PullRequest) -> Posting:
        bot = await self.clients.identity.bot(client)
        sanitiser = Sanitiser(f"{client.web_url}/{pull.full_name}", self.secrets)
        rendering = Rendering(sanitiser, str(lease.claim.key), lease.claim.generation)
        author = Author(self.settings.app_id, bot.id)
        return Posting(client, self.ledger, self.leftovers, lease, pull, author, rendering, self.now)

    async def _explain(self, run: Run, error: UserError) -> None:
        log.info("review refused", error=str(error))
        review = unreviewed(run.pull, run.rules, Verdict.FAILED, str(error))
        try:
            await self._end(run, review, kind="failed")
        except (UserError, LeaseLostError) as second:
            log.warning("the refusal could not be shown", error=str(second))

    async def _abandon(self, run: Run) -> None:
        try:
            async with asyncio.timeout(ABANDON_TIMEOUT_S):
                await run.posting.abandon_check(run.check_id)
        except TimeoutError:
            log.warning("a check run stays open for now", check_id=run.check_id)


async def _still_wanted(client: InstallationClient, pull: PullRequest) -> None:
    """Nothing is said about a head that is no longer one, or to a pull request that was closed.

    The row stays wanted, so the present state comes next.
    """
    present = await read_state(client, pull.full_name, pull.number)
    if present.state != "open":
        raise SupersededError(f"The pull request was {present.state} meanwhile.")
    if present.head_sha != pull.head_sha:
        raise SupersededError(
            f"The head moved from {pull.head_sha[:12]} to {present.head_sha[:12]} meanwhile."
        )


def _tell(step: str) -> None:
    log.info("review progress", step=step)
