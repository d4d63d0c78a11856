"""The review job: read a pull request, let the pipeline think, write what it found."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

import structlog

from config.settings import Settings
from workers.domain.change import Hunk, PullRequest
from workers.domain.errors import LeaseLostError, SupersededError, UserError
from workers.domain.review import Review, Verdict
from workers.github.client import Clients, InstallationClient
from workers.github.leaks import LiveSecrets
from workers.github.markdown import Rendering
from workers.github.permissions import REVIEW
from workers.github.pull_requests import read_pull, read_state
from workers.github.sanitise import Sanitiser
from workers.jobs.posting import Author, Posting
from workers.jobs.reading import Rules, read_request, read_rules
from workers.pipelines.review import ReviewRequest
from workers.pipelines.skip import why_skip
from workers.storage.lease import Lease
from workers.storage.ledger import EffectLedger
from workers.storage.leftovers import Leftovers
from workers.telemetry import phase

log = structlog.get_logger()

ABANDON_TIMEOUT_S = 5.0


class Reviewer(Protocol):
    """The thinking."""

    async def review(self, request: ReviewRequest, progress: Callable[[str], None]) -> Review:
        """Review a change."""
        ...


@dataclass(frozen=True, slots=True)
class ReviewJob:
    """Brings one pull request's review up to its present head."""

    clients: Clients
    ledger: EffectLedger
    leftovers: Leftovers
    reviewer: Reviewer
    settings: Settings
    secrets: LiveSecrets
    parse_patch: Callable[[str], tuple[Hunk, ...]]
    now: Callable[[], float]

    async def __call__(self, lease: Lease) -> str:
        """Do the claimed generation; returns the head sha that was reviewed (or needs no review)."""
        key = lease.claim.key
        client = self.clients.client(key.installation_id, key.repo_id, REVIEW)
        pull = await read_pull(client, lease.claim.full_name, key.number, key.repo_id)
        if pull.state != "open":
            log.info("nothing to review", state=pull.state)
            return pull.head_sha
        posting = await self._posting(client, lease, pull)
        check_id = await posting.start_check()
        rules = await read_rules(client, pull)
        try:
            await self._review(client, posting, check_id, rules)
        except UserError as error:
            await self._explain(posting, check_id, rules, error)
            raise
        except SupersededError:
            await self._abandon(posting, check_id)
            raise
        except asyncio.CancelledError:
            if lease.superseded:
                await self._abandon(posting, check_id)
            raise
        return pull.head_sha

    async def _review(
        self, client: InstallationClient, posting: Posting, check_id: int, rules: Rules
    ) -> None:
        pull, required = posting.pull, rules.config.review.required
        if why := why_skip(pull, rules.config):
            await posting.end_check(check_id, _empty(pull, rules, Verdict.SKIPPED, why), required=required)
            return
        with phase("read"):
            request = await read_request(client, pull, rules, self.settings, self.parse_patch)
        with phase("think"):
            review = await self.reviewer.review(request, _tell)
        with phase("write"):
            async with posting.lease.writing():
                await _still_wanted(client, pull)
                await posting.post(review, request.change.files)
                await posting.end_check(check_id, review, required=required)

    async def _posting(self, client: InstallationClient, lease: Lease, pull: PullRequest) -> Posting:
        bot = await self.clients.identity.bot(client)
        sanitiser = Sanitiser(f"{client.web_url}/{pull.full_name}", self.secrets)
        rendering = Rendering(sanitiser, str(lease.claim.key), lease.claim.generation)
        author = Author(self.settings.app_id, bot.id)
        return Posting(client, self.ledger, self.leftovers, lease, pull, author, rendering, self.now)

    async def _explain(self, posting: Posting, check_id: int, rules: Rules, error: UserError) -> None:
        log.info("review refused", error=str(error))
        review = _empty(posting.pull, rules, Verdict.FAILED, str(error))
        try:
            await posting.end_check(check_id, review, required=rules.config.review.required)
        except (UserError, LeaseLostError) as second:
            log.warning("the refusal could not be shown", error=str(second))

    async def _abandon(self, posting: Posting, check_id: int) -> None:
        try:
            async with asyncio.timeout(ABANDON_TIMEOUT_S):
                await posting.abandon_check(check_id)
        except TimeoutError:
            log.warning("a check run stays open for now", check_id=check_id)


def _empty(pull: PullRequest, rules: Rules, verdict: Verdict, reason: str) -> Review:
    return Review(
        head_sha=pull.head_sha,
        base_sha=pull.base_sha,
        verdict=verdict,
        reason=reason,
        findings=(),
        coverage=(),
        notices=rules.notices,
        config_origin=rules.origin,
    )


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
