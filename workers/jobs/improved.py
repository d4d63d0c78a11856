"""The one review that carries the suggestions of a run, posted once."""

from __future__ import annotations

from dataclasses import dataclass, replace

from workers.domain.change import ChangedFile, PullRequest
from workers.domain.improvement import Improvement, Improvements, LeftOut
from workers.github.client import InstallationClient
from workers.github.markers import improve_marker
from workers.github.placement import place
from workers.github.render.improved import improve_body, improvement_comment, improvement_words
from workers.github.render.rendering import Rendering
from workers.github.reviews import find_review, post_review
from workers.github.values import InlineComment
from workers.storage.lease import Lease
from workers.storage.ledger import EffectLedger

UNFIT = "it can't be posted as it is"
NO_PLACE = "GitHub takes no comment on these lines"


@dataclass(frozen=True, slots=True)
class Improved:
    """The writes of one run of the improve job. `bot_id` is our own user's."""

    client: InstallationClient
    ledger: EffectLedger
    lease: Lease
    pull: PullRequest
    bot_id: int
    rendering: Rendering

    async def posted(self) -> str:
        """The id of the review that an earlier try of this generation has posted; "" when none has."""
        found = await self._find()
        return found or ""

    async def post(self, found: Improvements) -> str:
        """Post what is offered; returns the review's id."""
        comments = [self._comment(one) for one in found.offered]
        body = improve_body(len(comments), self.pull.head_sha, self.rendering)

        async def send() -> str:
            name, number = self.pull.full_name, self.pull.number
            posted = await post_review(self.client, name, number, self.pull.head_sha, body, comments)
            return str(posted.id)

        return await self.ledger.once(
            self.lease, "improvements", self.pull.head_sha, send=send, find=self._find
        )

    def postable(self, found: Improvements, files: tuple[ChangedFile, ...]) -> Improvements:
        """`found` without what GitHub or the sanitiser would not let through as it is; that is named with the rest."""
        kept: list[Improvement] = []
        left: list[LeftOut] = []
        for one in found.offered:
            if why := self._why_not(one, files):
                left.append(LeftOut(one.path, one.title, why, sound=True))
            else:
                kept.append(one)
        return replace(found, offered=tuple(kept), left=(*found.left, *left))

    def url(self, review_id: str) -> str:
        """The review's page."""
        page = f"{self.client.web_url}/{self.pull.full_name}/pull/{self.pull.number}"
        return f"{page}#pullrequestreview-{review_id}"

    def _why_not(self, one: Improvement, files: tuple[ChangedFile, ...]) -> str:
        if not self.rendering.sanitiser.verbatim(one.suggestion):
            return UNFIT
        comment = self._comment(one)
        return "" if place([comment], files).inline == (comment,) else NO_PLACE

    def _comment(self, one: Improvement) -> InlineComment:
        return InlineComment(
            one.path,
            one.line,
            improvement_comment(one, self.rendering.sanitiser),
            one.fingerprint,
            start_line=one.start_line,
            plain_body=improvement_words(one, self.rendering.sanitiser),
        )

    async def _find(self) -> str | None:
        marker = improve_marker(self.rendering.work_key, self.rendering.generation)
        found = await find_review(self.client, self.pull.full_name, self.pull.number, marker, self.bot_id)
        return str(found.id) if found else None
