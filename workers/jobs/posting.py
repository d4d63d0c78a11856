"""Everything a review writes on its pull request, each as an effect that happens once."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

import structlog

from config.repository import ReviewRules
from workers.domain.change import ChangedFile, PullRequest
from workers.domain.errors import TransientError, UserError
from workers.domain.review import Review
from workers.github.checks import CheckOutput, find_check, finish_check, start_check
from workers.github.client import InstallationClient
from workers.github.comments import upsert_comment
from workers.github.markdown import (
    Rendering,
    check_actions,
    check_annotations,
    check_output,
    conclusion,
    summary,
)
from workers.github.markers import summary_marker
from workers.github.reviews import COMMENT
from workers.github.sanitise import thread_url
from workers.jobs.posting_threads import Threads
from workers.storage.lease import Lease
from workers.storage.ledger import EffectLedger
from workers.storage.leftovers import Leftovers

log = structlog.get_logger()

CHECK_NAME = "Quorum"
CHECK_BEGUN, CHECK_ENDED = "check", "check-end"
STARTED = CheckOutput(title="Reviewing", summary="The review of this commit is under way.")
ABANDONED = CheckOutput(
    title="Not finished: something newer is wanted",
    summary="This run ended without a review; a newer one takes its place.",
)


@dataclass(frozen=True, slots=True)
class Author:
    """Who we are at GitHub: only texts of this user and check runs of this app are ours."""

    app_id: int
    bot_id: int


@dataclass(frozen=True, slots=True)
class Posting:
    """The writes of one run of the review job for one head."""

    client: InstallationClient
    ledger: EffectLedger
    leftovers: Leftovers
    lease: Lease
    pull: PullRequest
    author: Author
    rendering: Rendering
    now: Callable[[], float]

    async def start_check(self) -> int:
        """Say *in progress* on the head, and end what earlier runs left open. Returns the check run's id."""
        found = await self.ledger.once(
            self.lease,
            CHECK_BEGUN,
            self.pull.head_sha,
            send=self._create_check,
            find=lambda: self._find_check(self.pull.head_sha, self.lease.claim.generation),
        )
        await self.end_leftovers()
        return int(found)

    async def end_check(
        self, check_id: int, review: Review, rules: ReviewRules, *, kind: str = "", paused: bool = False
    ) -> None:
        """Say the truth about the head. `kind` is the key of `review.conclusions` that fits what was not done."""

        async def send() -> str:
            await finish_check(
                self.client,
                self.pull.full_name,
                check_id,
                conclusion(
                    review.verdict,
                    rules.required,
                    kind=kind,
                    rules=rules.conclusions,
                    blocking=any(one.severity.blocks for one in review.findings),
                ),
                check_output(review, self.rendering),
                check_annotations(review, self.rendering),
                actions=check_actions(review.verdict, paused),
            )
            return str(check_id)

        # Sent again it goes on where it was cut off, so there is nothing to read back.
        await self.ledger.once(self.lease, CHECK_ENDED, self.pull.head_sha, send=send, find=_nothing)

    async def abandon_check(self, check_id: int) -> None:
        """End the check run of a run that will write nothing; best effort, a later run ends it otherwise."""
        await self._cancel_check(check_id)

    async def post(self, review: Review, files: tuple[ChangedFile, ...], event: str = COMMENT) -> Posting:
        """The threads, the first of them with `event`, then the summary; returns the posting that knows the threads."""
        threads = Threads(self.client, self.ledger, self.lease, self.pull, self.author.bot_id, self.rendering)
        begun = await threads.begin(review, files, event)
        home, number = self.rendering.repository_url, self.pull.number
        urls = {mark: thread_url(home, number, comment_id) for mark, comment_id in begun.items()}
        knowing = replace(self, rendering=replace(self.rendering, threads=urls))
        await knowing._post_summary(review)
        return knowing

    async def _post_summary(self, review: Review) -> None:
        body = summary(review, self.rendering)

        async def send() -> str:
            posted = await upsert_comment(
                self.client,
                self.pull.full_name,
                self.pull.number,
                bot_id=self.author.bot_id,
                marker=summary_marker(self.rendering.work_key),
                body=body,
            )
            return str(posted.id)

        # Upserting looks for our comment first, so it is its own reading back.
        await self.ledger.once(self.lease, "summary", self.pull.head_sha, send=send, find=_nothing)

    async def _create_check(self) -> str:
        external_id = self._external_id(self.lease.claim.generation)
        run = await start_check(
            self.client, self.pull.full_name, self.pull.head_sha, CHECK_NAME, external_id, STARTED
        )
        return str(run.id)

    async def _find_check(self, head_sha: str, generation: int) -> str | None:
        run = await find_check(
            self.client,
            self.pull.full_name,
            head_sha,
            CHECK_NAME,
            self._external_id(generation),
            self.author.app_id,
        )
        return str(run.id) if run else None

    def _external_id(self, generation: int) -> str:
        return f"{self.lease.claim.key}:{generation}"

    async def end_leftovers(self) -> None:
        """End the check runs that earlier runs left open."""
        claim = self.lease.claim
        for left in await self.leftovers.unended(
            claim, self.pull.head_sha, begun=CHECK_BEGUN, ended=CHECK_ENDED
        ):
            check_id = left.remote_id or await self._find_check(left.key, left.generation)
            await self.lease.check()
            if check_id is None or await self._cancel_check(int(check_id)):
                await self.leftovers.close(claim, left, CHECK_ENDED, self.now())

    async def _cancel_check(self, check_id: int) -> bool:
        try:
            await finish_check(self.client, self.pull.full_name, check_id, "cancelled", ABANDONED)
        except (UserError, TransientError) as error:
            log.warning("a check run stays open for now", check_id=check_id, error=str(error))
            return isinstance(error, UserError)  # refused for good: nobody needs to try again
        return True


async def _nothing() -> None:
    """Nothing to read back."""
