"""Requests for changes, where the repository wants them: made while something blocks, taken back when nothing does.

Never an approval: an App's approval could satisfy a branch's protection.
"""

from __future__ import annotations

from dataclasses import dataclass

from config.repository import OutputRules
from workers.domain.change import PullRequest
from workers.domain.review import Review
from workers.github.errors import RefusedError
from workers.github.markers import request_marker
from workers.github.requests import dismiss, is_dismissed, standing_requests
from workers.github.reviews import COMMENT, REQUEST_CHANGES, find_review, post_review
from workers.jobs.afterwards import Posted
from workers.jobs.posting import Posting
from workers.jobs.refusals import Refusals

NOTHING_BLOCKS = "Nothing blocks at {head}: Quorum takes its request for changes back. This is no approval."
BLOCKS = (
    "Changes are requested at `{head}`: {count} of high or critical severity, told in the summary comment."
)


def event_of(review: Review, rules: OutputRules, pull: PullRequest, bot_id: int) -> str:
    """The event that a review with comments is posted with; on our own pull request GitHub takes no request."""
    wanted = rules.request_changes and _blocking(review) and pull.author_id != bot_id
    return REQUEST_CHANGES if wanted else COMMENT


@dataclass(frozen=True, slots=True)
class Requesting:
    """Afterwards exactly one thing is true: something blocks and a request of ours stands, or neither."""

    refusals: Refusals
    name: str = "requests for changes"

    async def __call__(self, posted: Posted) -> None:
        """Make the request that no comment carried, or take back those that stand."""
        if not posted.config.review.output.request_changes:
            return
        try:
            await _see_to(posted)
        except RefusedError as error:
            self.refusals.tell(self.name, posted.posting.pull.repo_id, error)


async def _see_to(posted: Posted) -> None:
    posting, pull = posted.posting, posted.posting.pull
    standing = await standing_requests(posted.client, pull.full_name, pull.number, posting.author.bot_id)
    if not _blocking(posted.review):
        for review_id in standing:
            await _take_back(posting, review_id)
    elif not standing and pull.author_id != posting.author.bot_id:
        await _request(posting, _blocking(posted.review))


async def _request(posting: Posting, count: int) -> None:
    """What it is about is said already: a body alone."""
    pull, rendering = posting.pull, posting.rendering
    marker = request_marker(rendering.work_key, rendering.generation)
    said = BLOCKS.format(head=pull.head_sha[:12], count="1 finding" if count == 1 else f"{count} findings")
    body = f"{said}\n\n{marker}"

    async def send() -> str:
        made = await post_review(
            posting.client, pull.full_name, pull.number, pull.head_sha, body, (), event=REQUEST_CHANGES
        )
        return str(made.id)

    async def find() -> str | None:
        made = await find_review(posting.client, pull.full_name, pull.number, marker, posting.author.bot_id)
        return str(made.id) if made else None

    await posting.ledger.once(posting.lease, "request-changes", pull.head_sha, send=send, find=find)


async def _take_back(posting: Posting, review_id: int) -> None:
    pull = posting.pull

    async def send() -> str:
        said = NOTHING_BLOCKS.format(head=pull.head_sha[:12])
        await dismiss(posting.client, pull.full_name, pull.number, review_id, said)
        return str(review_id)

    async def find() -> str | None:
        gone = await is_dismissed(posting.client, pull.full_name, pull.number, review_id)
        return str(review_id) if gone else None

    await posting.ledger.once(posting.lease, "dismissal", str(review_id), send=send, find=find)


def _blocking(review: Review) -> int:
    return sum(finding.severity.blocks for finding in review.findings)
