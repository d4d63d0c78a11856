"""The threads of a review: one for each finding that is worth one, each begun once over all rounds."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial

import structlog

from workers.domain.change import ChangedFile, PullRequest
from workers.domain.finding import Finding
from workers.domain.review import Review
from workers.github.client import InstallationClient
from workers.github.earlier import threads_of
from workers.github.errors import UnprocessableError
from workers.github.markdown import Rendering, file_comment, inline, model_readers, review_body
from workers.github.markers import finding_marker, review_marker
from workers.github.placement import FILE_MAX, INLINE_MAX, place
from workers.github.reviews import (
    COMMENT,
    find_review,
    find_review_comment,
    post_file_comment,
    post_review,
)
from workers.github.values import FileComment, InlineComment, Posted
from workers.storage.lease import Lease
from workers.storage.ledger import EffectLedger

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Threads:
    """Begins the threads of one run on its pull request. `bot_id` is our own user's."""

    client: InstallationClient
    ledger: EffectLedger
    lease: Lease
    pull: PullRequest
    bot_id: int
    rendering: Rendering

    async def known(self) -> Mapping[str, int]:
        """Fingerprint → the comment that begins its thread, as GitHub tells."""
        return await threads_of(self.client, self.pull.full_name, self.pull.number, self.bot_id)

    async def begin(self, review: Review, files: Sequence[ChangedFile], event: str) -> Mapping[str, int]:
        """Begin those that are missing; returns all that there are then, which is what may be counted.

        What GitHub doesn't take at its line is said on its file, and what it doesn't take there either has no thread.
        """
        known = await self.known()
        fresh = [one for one in review.findings[: review.thread_count] if one.fingerprint not in known]
        if not fresh:
            return known
        readers = model_readers(review)
        comments = [self._comment(one, readers.get(one.path, ())) for one in fresh]
        worst = sum(one.severity.blocks for one in fresh)  # they come first: no limit leaves one of them out
        placed = place(comments, files, inline_max=max(INLINE_MAX, worst), file_max=max(FILE_MAX, worst))
        for at in range(0, len(placed.inline), INLINE_MAX):
            part = placed.inline[at : at + INLINE_MAX]
            await self._post_review(review, part, len(placed.files) if at == 0 else 0, event)
            event = COMMENT
        for comment in placed.files:
            await self._post_file_comment(comment)
        begun = await self.known()
        refused = [one for one in placed.inline if one.fingerprint not in begun][: max(FILE_MAX, worst)]
        for one in refused:
            await self._post_file_comment(FileComment(one.path, one.plain_body or one.body, one.fingerprint))
        return await self.known() if refused else begun

    async def _post_review(
        self, review: Review, comments: Sequence[InlineComment], file_count: int, event: str
    ) -> None:
        name, number, part = self.pull.full_name, self.pull.number, comments[0].fingerprint
        marker = review_marker(self.rendering.work_key, self.rendering.generation, part)
        body = review_body(
            review, self.rendering, inline_count=len(comments), file_count=file_count, part=part
        )

        async def send() -> str:
            return str((await self._sent(body, comments, event)).id)

        async def find() -> str | None:
            posted = await find_review(self.client, name, number, marker, self.bot_id)
            return str(posted.id) if posted else None

        await self.ledger.once(self.lease, "review", part, send=send, find=find)

    async def _sent(self, body: str, comments: Sequence[InlineComment], event: str) -> Posted:
        """What is said is not lost because changes can't be requested here."""
        post = partial(
            post_review, self.client, self.pull.full_name, self.pull.number, self.pull.head_sha, body
        )
        try:
            return await post(comments, event=event)
        except UnprocessableError as error:
            if event == COMMENT:
                raise
            log.warning("changes can't be requested here", error=str(error))
            return await post(comments)

    async def _post_file_comment(self, comment: FileComment) -> None:
        """Comment on the file; where GitHub takes none there is one thread less, and that is not counted."""
        name, number, head_sha = self.pull.full_name, self.pull.number, self.pull.head_sha

        async def send() -> str:
            return str((await post_file_comment(self.client, name, number, head_sha, comment)).id)

        async def find() -> str | None:
            marker = finding_marker(comment.fingerprint)
            posted = await find_review_comment(self.client, name, number, marker, self.bot_id)
            return str(posted.id) if posted else None

        try:
            await self.ledger.once(self.lease, "file-comment", comment.fingerprint, send=send, find=find)
        except UnprocessableError as error:
            log.warning("no comment on this file", path=comment.path, error=str(error))

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
