"""What became of findings is kept after each round, and learned from when the pull request ends."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

import structlog

from workers.domain.adjudication import Adjudication, Fate
from workers.domain.change import PullRequest
from workers.domain.errors import UserError
from workers.domain.outcome import How, Outcome, Person
from workers.experts.questions import STAGE
from workers.github.client import Clients, InstallationClient
from workers.github.contents import read_file
from workers.github.permissions import HEARING
from workers.github.pull_requests import read_claimed
from workers.github.values import Blob
from workers.jobs import turns
from workers.jobs.afterwards import Posted
from workers.jobs.hearing import Hearing, Reading
from workers.jobs.rules import RuleBook
from workers.storage.lease import Lease
from workers.storage.outcomes import OutcomeStore

log = structlog.get_logger()

SETTLED_AFTER_S = 14 * 86_400.0
"""What has stood for so long is learned from, whether the pull request ends or not."""


@dataclass(frozen=True, slots=True)
class RoundOutcomes:
    """The step after a posted review: what it found fixed or gone is kept, unless people said more."""

    hearing: Hearing

    @property
    def name(self) -> str:
        """In the log."""
        return "outcomes"

    async def __call__(self, posted: Posted) -> None:
        """Twice is the same as once."""
        progress, pull, store = posted.review.progress, posted.posting.pull, self.hearing.outcomes
        if progress is None or not progress.rulings:
            return
        author = await self.hearing.author(posted.client, pull, posted.config)
        known = await store.known(pull.repo_id, pull.number)
        became = became_of(progress.rulings, known, author, self.hearing.now())
        await store.keep(pull.repo_id, pull.number, tuple(became))


def became_of(
    rulings: Iterable[Adjudication], known: Mapping[str, Outcome], author: Person, now: float
) -> Iterable[Outcome]:
    """What a round adds to what is known: only where the code alone speaks, and where it says something else."""
    for ruling in rulings:
        mark = ruling.finding.fingerprint
        before = known.get(mark)
        if before is not None and before.how is not How.ROUND:
            continue
        fate = ruling.now if ruling.now in (Fate.FIXED, Fate.OUTDATED) else Fate.OPEN
        if fate is not (before.fate if before is not None else Fate.OPEN):
            yield Outcome(mark, fate, How.ROUND, now, author.id, author.called, weighs=author.writes)


@dataclass(frozen=True, slots=True)
class LastHearing:
    """The job of a pull request that was closed: people are heard once more, and what they said is learned from."""

    clients: Clients
    rulebook: RuleBook
    hearing: Hearing

    async def __call__(self, lease: Lease) -> str:
        """Hear and settle; returns the head sha. Where nothing was said nobody is asked, not even GitHub."""
        key, hearing = lease.claim.key, self.hearing
        last, _ = await hearing.findings.read(key.repo_id, key.number)
        if last is None:
            return lease.claim.head_sha
        client = self.clients.client(key.installation_id, key.repo_id, HEARING)
        pull = await read_claimed(client, lease.claim)
        if pull.state == "open":  # again: the next end is the end
            return pull.head_sha
        rules = await self.rulebook.read(client, key.installation_id, pull)
        bot = await self.clients.identity.bot(client)
        await hearing.hear(client, pull, rules.config, bot.id, _reading(client, pull))
        settled = await hearing.outcomes.settle(key.repo_id, key.number, STAGE)
        log.info("outcomes", counted=settled.counted, bounded=settled.bounded)
        return pull.head_sha


@dataclass(frozen=True, slots=True)
class Settling:
    """The duty of learning from what has stood for long: not every pull request ends, and not every end is told."""

    outcomes: OutcomeStore
    now: Callable[[], float]
    interval_s: float

    async def __call__(self, held: turns.Held) -> turns.Outcome:
        """Some hundreds a turn."""
        await held.hold()
        settled = await self.outcomes.settle_before(self.now() - SETTLED_AFTER_S, STAGE)
        if settled.counted or settled.bounded:
            log.info("outcomes", counted=settled.counted, bounded=settled.bounded)
        return turns.Outcome(self.interval_s, held.done_until)


def _reading(client: InstallationClient, pull: PullRequest) -> Reading:
    async def read(path: str) -> Blob | None:
        try:
            return await read_file(client, pull.full_name, path, pull.head_sha)
        except UserError:  # no text any more
            return None

    return read
