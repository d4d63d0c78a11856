"""Everything a review writes on its pull request, each as an effect that happens once."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial

import structlog

from config.repository import ReviewRules
from workers.domain.change import ChangedFile, PullRequest
from workers.domain.errors import TransientError, UserError
from workers.domain.finding import Finding, Severity
from workers.domain.review import Review
from workers.github.checks import CheckOutput, find_check, finish_check, start_check
from workers.github.client import InstallationClient
from workers.github.comments import upsert_comment
from workers.github.earlier import threads_of
from workers.github.errors import UnprocessableError
from workers.github.markdown import (
    Rendering,
    check_actions,
    check_annotations,
    check_output,
    conclusion,
    file_comment,
    inline,
    model_readers,
    review_body,
    summary,
)
from workers.github.markers import finding_marker, review_marker, summary_marker
from workers.github.placement import Placement, place
from workers.github.reviews import (
    COMMENT,
    find_review,
    find_review_comment,
    post_file_comment,
    post_review,
)
from workers.github.sanitise import thread_url
from workers.github.values import FileComment, InlineComment, Posted
from workers.storage.lease import Lease
from workers.storage.ledger import EffectLedger
from workers.storage.leftovers import Leftovers

log = structlog.get_logger()

FILE_COMMENT_FLOOR = Severity.MEDIUM
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

    async def post(self, review: Review, files: tuple[ChangedFile, ...], event: str = COMMENT) -> None:
        """One review with the new inline comments, posted with `event`, comments on files, and the summary."""
        known = await self._threads()
        fresh = [finding for finding in worth_a_thread(review) if finding.fingerprint not in known]
        readers = model_readers(review)
        comments = (self._comment(finding, readers.get(finding.path, ())) for finding in fresh)
        placement = place(comments, files)
        if placement.inline:
            await self._post_review(review, placement, event)
        for comment in placement.files:
            await self._post_file_comment(comment)
        await self._post_summary(review, await self._threads() if fresh else known)

    async def _threads(self) -> Mapping[str, int]:
        return await threads_of(self.client, self.pull.full_name, self.pull.number, self.author.bot_id)

    async def _post_review(self, review: Review, placement: Placement, event: str) -> None:
        name, number, head_sha = self.pull.full_name, self.pull.number, self.pull.head_sha
        marker = review_marker(self.rendering.work_key, self.rendering.generation)
        body = review_body(
            review, self.rendering, inline_count=len(placement.inline), file_count=len(placement.files)
        )

        async def send() -> str:
            return str((await self._sent(body, placement, event)).id)

        async def find() -> str | None:
            posted = await find_review(self.client, name, number, marker, self.author.bot_id)
            return str(posted.id) if posted else None

        await self.ledger.once(self.lease, "review", head_sha, send=send, find=find)

    async def _sent(self, body: str, placement: Placement, event: str) -> Posted:
        """What is said is not lost because changes can't be requested here."""
        post = partial(
            post_review, self.client, self.pull.full_name, self.pull.number, self.pull.head_sha, body
        )
        try:
            return await post(placement.inline, event=event)
        except UnprocessableError as error:
            if event == COMMENT:
                raise
            log.warning("changes can't be requested here", error=str(error))
            return await post(placement.inline)

    async def _post_file_comment(self, comment: FileComment) -> None:
        name, number, head_sha = self.pull.full_name, self.pull.number, self.pull.head_sha

        async def send() -> str:
            return str((await post_file_comment(self.client, name, number, head_sha, comment)).id)

        async def find() -> str | None:
            marker = finding_marker(comment.fingerprint)
            posted = await find_review_comment(self.client, name, number, marker, self.author.bot_id)
            return str(posted.id) if posted else None

        await self.ledger.once(self.lease, "file-comment", comment.fingerprint, send=send, find=find)

    async def _post_summary(self, review: Review, threads: Mapping[str, int]) -> None:
        home, number = self.rendering.repository_url, self.pull.number
        urls = {mark: thread_url(home, number, comment_id) for mark, comment_id in threads.items() if home}
        body = summary(review, replace(self.rendering, threads=urls))

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

    def _comment(self, finding: Finding, readers: Sequence[str]) -> InlineComment | FileComment:
        plain = file_comment(finding, self.rendering, readers)
        if finding.line is None:
            return FileComment(finding.path, plain, finding.fingerprint)
        return InlineComment(
            finding.path,
            finding.line,
            inline(finding, self.rendering, readers),
            finding.fingerprint,
            start_line=finding.start_line,
            plain_body=plain,
        )

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


def worth_a_thread(review: Review) -> Iterator[Finding]:
    """The findings that get a comment of their own: the ones at lines, and those about whole files unless minor."""
    yield from review.findings[: review.inline_count]
    for finding in review.findings[review.inline_count :]:
        if finding.line is None and finding.severity.rank <= FILE_COMMENT_FLOOR.rank:
            yield finding


async def _nothing() -> None:
    """Nothing to read back."""
