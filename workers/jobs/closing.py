"""After a review: threads of ours whose findings are gone close themselves."""

from __future__ import annotations

from dataclasses import dataclass

from workers.domain.adjudication import Converged, Fate
from workers.experts.closing import GONE, fates_of
from workers.jobs.afterwards import Posted
from workers.jobs.closer import Closer
from workers.jobs.closer_values import Place


@dataclass(frozen=True, slots=True)
class CloseThreads:
    """The step; nothing is asked of GitHub before there is a finding of an earlier round."""

    closer: Closer

    @property
    def name(self) -> str:
        """What it is, in the log."""
        return "threads"

    async def __call__(self, posted: Posted) -> None:
        """Say in each thread what this round made of its finding, and resolve it, unless the rules turn that off."""
        progress = posted.review.progress
        if not posted.config.review.output.resolve_threads or progress is None or not progress.rulings:
            return
        known = [(one.finding.fingerprint, one.now) for one in progress.rulings]
        known += [(one.fingerprint, Fate.OPEN) for one in progress.findings]
        await self.closer.tidy(_place(posted), fates_of(known), closing=GONE, just=_just(progress))


def _just(progress: Converged) -> frozenset[str]:
    """The findings that this head made go away."""
    return frozenset(
        one.finding.fingerprint for one in progress.rulings if one.now in GONE and one.before not in GONE
    )


def _place(posted: Posted) -> Place:
    posting = posted.posting
    key = posting.lease.claim.key
    return Place(
        posted.client,
        key.installation_id,
        key.repo_id,
        posting.pull.full_name,
        key.number,
        posting.pull.head_sha,
        posting.author.bot_id,
        posting.lease.check,
    )
