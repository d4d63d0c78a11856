"""What was said on a pull request before, and the texts that it was said of."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from workers.domain.adjudication import Past, Round
from workers.domain.change import ChangedFile
from workers.domain.finding import Finding
from workers.domain.review import Review
from workers.domain.work import WorkKey
from workers.github.client import InstallationClient
from workers.github.contents import read_blob
from workers.storage.findings import FindingStore

OLD_TEXTS_MAX = 100
"""Files beyond that count as not read in the last round."""


async def read_past(
    client: InstallationClient,
    full_name: str,
    store: FindingStore,
    key: WorkKey,
    files: Iterable[ChangedFile],
    file_max_bytes: int,
) -> Past | None:
    """The earlier rounds; None before the first. Old texts are read by their blobs, which outlive a force-push."""
    last, earlier = await store.read(key.repo_id, key.number)
    if last is None:
        return None
    texts = {}
    for path, sha in list(_other_blobs(last, files).items())[:OLD_TEXTS_MAX]:
        text = await read_blob(client, full_name, sha, file_max_bytes)
        if text is not None:
            texts[path] = text
    return Past(last, earlier, texts)


def _other_blobs(last: Round, files: Iterable[ChangedFile]) -> Mapping[str, str]:
    """path → blob of what the last round read and reads otherwise now."""
    present = {file.path: file.blob_sha for file in files}
    return {
        path: one.blob_sha
        for path, one in last.files.items()
        if one.blob_sha and one.blob_sha != present.get(path)
    }


async def keep_round(store: FindingStore, key: WorkKey, generation: int, review: Review) -> None:
    """Remember what was said, and what became of what was said before."""
    if review.progress is None:
        return
    done = Round(generation, review.head_sha, review.base_sha, review.read)
    await store.keep(key.repo_id, key.number, done, review.progress.told(_marks(review.findings)))


def _marks(findings: Iterable[Finding]) -> frozenset[str]:
    return frozenset(finding.fingerprint for finding in findings)
