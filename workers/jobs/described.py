"""Where a description is written: into our block of the body, or into one comment that is edited in place."""

from __future__ import annotations

from dataclasses import dataclass

from workers.domain.change import PullRequest
from workers.github.bodies import read_body, write_block
from workers.github.client import InstallationClient
from workers.github.comments import find_comment, upsert_comment
from workers.github.description import Block, Seal, about_of, block_of, found_in, is_sealed
from workers.github.markers import about_marker, described_marker
from workers.storage.lease import Lease
from workers.storage.ledger import EffectLedger

BODY = "body"
MOVED = "The description stands in the pull request's body now."


@dataclass(frozen=True, slots=True)
class Described:
    """The writes of one run of the describe job. `bot_id` is our own user's."""

    client: InstallationClient
    ledger: EffectLedger
    lease: Lease
    pull: PullRequest
    bot_id: int
    seal: Seal

    async def stands(self, mode: str) -> bool:
        """Whether this very head was described on this base, where `mode` wants it, and nobody touched it."""
        name, number = self.pull.full_name, self.pull.number
        if mode == BODY:
            found = found_in(await read_body(self.client, name, number))
            if found is None:
                return False
            if isinstance(found, Block):
                return is_sealed(found, self._about, self.seal)
        comment = await find_comment(self.client, name, number, self._marker, self.bot_id)
        return comment is not None and about_marker(self._about) in comment.body

    async def write(self, mode: str, text: str) -> str:
        """Write `text` (clean); says why it is not in the body though it should be, and where it is, "" otherwise."""
        why = await self._into_body(text) if mode == BODY else None
        if why == "":
            await self._retire_comment()
            return ""
        said = f"Written here, not into the body, because {why}.\n\n{text}" if why else text
        comment_id = await self._comment(said)
        url = f"{self.client.web_url}/{self.pull.full_name}/pull/{self.pull.number}#issuecomment-{comment_id}"
        return f"Described in [a comment]({url}), because {why}." if why else ""

    async def _into_body(self, text: str) -> str:
        """ "" when it is there, else why the body was left alone."""

        async def send() -> str:
            block = block_of(text, self._about, self.seal)
            kept = await write_block(self.client, self.pull.full_name, self.pull.number, block)
            return kept.why if kept else ""

        # The block is put in its own place, so writing it again is its own reading back.
        return await self.ledger.once(
            self.lease, "description-body", self.pull.head_sha, send=send, find=_nothing
        )

    async def _retire_comment(self) -> None:
        """What an earlier run said in a comment is not true of this head."""
        name, number = self.pull.full_name, self.pull.number
        if await find_comment(self.client, name, number, self._marker, self.bot_id):
            await self._comment(MOVED)

    async def _comment(self, text: str) -> str:
        async def send() -> str:
            posted = await upsert_comment(
                self.client,
                self.pull.full_name,
                self.pull.number,
                bot_id=self.bot_id,
                marker=self._marker,
                body=f"{text}\n\n{about_marker(self._about)}\n{self._marker}",
            )
            return str(posted.id)

        # Upserting looks for our comment first.
        return await self.ledger.once(
            self.lease, "description-comment", self.pull.head_sha, send=send, find=_nothing
        )

    @property
    def _marker(self) -> str:
        return described_marker(str(self.lease.claim.key))

    @property
    def _about(self) -> str:
        return about_of(self.pull.head_sha, self.pull.base_sha)


async def _nothing() -> None:
    """Nothing to read back."""
