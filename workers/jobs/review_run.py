"""One run of the review job: what it is given, what is remembered, and what it knows before anybody thinks."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from typing import Protocol

from config.repository import RepositoryConfig
from workers.domain.change import PullRequest
from workers.domain.memory import PullMemory, Said
from workers.domain.review import Review, Verdict
from workers.domain.task import Models
from workers.domain.work import Claim
from workers.jobs.posting import Posting
from workers.jobs.rules import Rules
from workers.pipelines.review import ReviewRequest
from workers.pipelines.skip import Skip
from workers.storage.dismissals import DismissalStore
from workers.storage.findings import FindingStore
from workers.storage.pulls import PullStore
from workers.storage.receipts import ReceiptBook

REVIEWED = frozenset({Verdict.CLEAN, Verdict.FINDINGS, Verdict.BLOCKING, Verdict.PARTIAL})


class Reviewer(Protocol):
    """The thinking."""

    async def review(
        self, request: ReviewRequest, models: Models | None, progress: Callable[[str], None]
    ) -> Review:
        """Review a change."""
        ...


class OpenModels(Protocol):
    """The door to models."""

    def open(
        self, claim: Claim, head_sha: str, config: RepositoryConfig, user_id: int = 0
    ) -> AbstractAsyncContextManager[Models | None]:
        """The models of one run; None when none can be asked."""
        ...


@dataclass(frozen=True, slots=True)
class Memory:
    """What is remembered between two runs."""

    pulls: PullStore
    receipts: ReceiptBook
    dismissals: DismissalStore
    findings: FindingStore


@dataclass(frozen=True, slots=True)
class Run:
    """One run of the job, once it is known what is to be done."""

    posting: Posting
    rules: Rules
    memory: PullMemory
    skip: Skip | None
    check_id: int = 0

    @property
    def pull(self) -> PullRequest:
        """The pull request, as it was read at the start."""
        return self.posting.pull

    @property
    def forced(self) -> bool:
        """Whether somebody asked for this review."""
        return self.posting.lease.claim.forced


def said_already(said: Said | None, pull: PullRequest, skip: Skip | None) -> bool:
    """Whether this very head was reviewed on this base, or skipped for the same reason."""
    if said is None or (said.head_sha, said.base_sha) != (pull.head_sha, pull.base_sha):
        return False
    return said.verdict in REVIEWED if skip is None else said.reason == skip.reason


def unreviewed(pull: PullRequest, rules: Rules, verdict: Verdict, reason: str) -> Review:
    """What is said of a head that nobody read."""
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
