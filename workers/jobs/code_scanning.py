"""What a review found, for code scanning, where the repository wants it."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass

import structlog

from workers.analysis.cwe import weakness
from workers.domain.errors import RateLimitedError, TransientError
from workers.github.client import Clients
from workers.github.code_scanning import packed, upload
from workers.github.errors import RefusedError
from workers.github.permissions import CODE_SCANNING
from workers.github.render.sarif import Writer
from workers.github.sanitise import Sanitiser
from workers.jobs.afterwards import Posted
from workers.jobs.posting import Posting
from workers.jobs.refusals import Refusals

log = structlog.get_logger()

CATEGORY = "quorum/review/"
TEXT_MAX_CHARS = 4_000


@dataclass(frozen=True, slots=True)
class CodeScanning:
    """Uploads each posted review, at most once for a generation, with a token that may do nothing else."""

    clients: Clients
    version: str
    refusals: Refusals
    name: str = "code scanning"

    async def __call__(self, posted: Posted) -> None:
        """Upload, if the repository wants it. A copy of what stands on the pull request is worth no second review:
        what may pass by itself is left to the next one.
        """
        if not posted.config.review.output.code_scanning:
            return
        try:
            await self._upload(posted)
        except RefusedError as error:
            self.refusals.tell(self.name, posted.posting.pull.repo_id, error)
        except RateLimitedError:
            raise
        except TransientError as error:
            log.warning("not handed over to code scanning this time", error=str(error))

    async def _upload(self, posted: Posted) -> None:
        posting, pull = posted.posting, posted.posting.pull
        writer = writer_of(posting, self.version)
        sarif = await asyncio.to_thread(packed, posted.review, writer)
        installation_id = posting.lease.claim.key.installation_id
        client = self.clients.client(installation_id, pull.repo_id, CODE_SCANNING)

        async def send() -> str:
            ref = f"refs/pull/{pull.number}/head"
            return await upload(client, pull.full_name, head_sha=pull.head_sha, ref=ref, sarif=sarif)

        await posting.ledger.once(posting.lease, "code-scanning", pull.head_sha, send=send, find=_nothing)


def writer_of(posting: Posting, version: str) -> Writer:
    """Writes what may be posted: every text through the sanitiser."""
    sanitiser: Sanitiser = posting.rendering.sanitiser

    def say(text: str) -> str:
        return sanitiser.message(text, TEXT_MAX_CHARS)

    return Writer(version, say, weakness, CATEGORY, everywhere=True)


async def _nothing() -> None:
    """Sent twice is the same as once."""
