"""Labels that say the truth of the head: put on after a review, and off as soon as it may be true no longer."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from config.labels import BLOCKING, CLEAN, FINDINGS, LABELS, PARTIAL, Label
from workers.domain.review import Review, Verdict
from workers.github.errors import RefusedError
from workers.github.labels import add_label, read_labels, remove_label
from workers.jobs.afterwards import Posted
from workers.jobs.refusals import Refusals

_OF_VERDICT = {
    Verdict.CLEAN: frozenset({CLEAN}),
    Verdict.FINDINGS: frozenset({FINDINGS}),
    Verdict.BLOCKING: frozenset({BLOCKING}),
    Verdict.PARTIAL: frozenset({PARTIAL}),
}
_PASSING = frozenset({CLEAN, FINDINGS})
"""What says that a head was read as a whole and that nothing blocks."""


def labels_of(review: Review) -> frozenset[Label]:
    """The labels of ours that a reviewed head is to have; what was read in part may block besides."""
    found = _OF_VERDICT.get(review.verdict, frozenset())
    blocks = any(finding.severity.blocks for finding in review.findings)
    return found | {BLOCKING} if blocks else found


@dataclass(frozen=True, slots=True)
class Labelling:
    """After a review: exactly those of our labels that are true. Read first, so twice is the same as once."""

    refusals: Refusals
    name: str = "labels"

    async def __call__(self, posted: Posted) -> None:
        """Bring our labels to what the review says, if the repository wants labels."""
        await _see_to(self.refusals, posted, wanted=labels_of(posted.review), ours=LABELS)


@dataclass(frozen=True, slots=True)
class Unlabelling:
    """Before a review: a head that nobody has read yet must not look like a clean one.

    That something blocks stays until a review says otherwise: a push alone lifts no block.
    """

    refusals: Refusals
    name: str = "labels of the last head"

    async def __call__(self, posted: Posted) -> None:
        """Take off what only a review may say; costs no call where the pull request had none of it."""
        there = {name.lower() for name in posted.posting.pull.labels}
        if any(label.name in there for label in _PASSING):
            await _see_to(self.refusals, posted, wanted=(), ours=_PASSING)


async def _see_to(
    refusals: Refusals, posted: Posted, *, wanted: Collection[Label], ours: Collection[Label]
) -> None:
    if not posted.config.review.output.labels:
        return
    try:
        await _bring(posted, wanted, ours)
    except RefusedError as error:
        refusals.tell("labels", posted.posting.pull.repo_id, error)


async def _bring(posted: Posted, wanted: Collection[Label], ours: Collection[Label]) -> None:
    """First what is not true is taken off, then what is true is put on."""
    posting, pull = posted.posting, posted.posting.pull
    there = {name.lower() for name in await read_labels(posted.client, pull.full_name, pull.number)}
    for label in ours:
        if label.name in there and label not in wanted:
            await posting.lease.check()
            await remove_label(posted.client, pull.full_name, pull.number, label.name)
    for label in ours:
        if label in wanted and label.name not in there:
            await posting.lease.check()
            await add_label(posted.client, pull.full_name, pull.number, label)
