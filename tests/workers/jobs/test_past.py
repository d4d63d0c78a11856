"""What is remembered of earlier rounds, read for the next one."""

from __future__ import annotations

from dataclasses import replace

from tests.workers.experts.changes import finding
from tests.workers.github.octo import NAME
from tests.workers.jobs.desk import Desk
from workers.domain.adjudication import Converged, Past, ReadFile
from workers.domain.review import Review, Verdict
from workers.jobs.past import keep_round, read_past
from workers.storage.findings import FindingStore

BYTES_MAX = 1_000_000


async def past_of(desk: Desk) -> Past | None:
    store, files = FindingStore(desk.database, desk.clock), await desk.octo.read_files()
    return await read_past(desk.octo.client, NAME, store, desk.key, files, BYTES_MAX)


async def test_the_next_round_has_the_texts_that_changed_meanwhile(desk: Desk) -> None:
    """Old texts come by their blobs; what is as it was is not read again."""
    assert await past_of(desk) is None
    files = {one.path: ReadFile(one.blob_sha or "") for one in await desk.octo.read_files()}
    told = replace(finding(), fingerprint="f1"), replace(finding(), fingerprint="f2")
    progress = Converged(told, frozenset({"f1", "f2"}))
    review = Review("a", "b", Verdict.FINDINGS, "", told[:1], (), progress=progress, read=files)
    await keep_round(FindingStore(desk.database, desk.clock), desk.key, 1, review)
    desk.push()
    past = await past_of(desk)
    assert past is not None
    assert [one.finding.fingerprint for one in past.earlier] == ["f1"], "only what was said"
    assert list(past.texts) == ["app.py"]
    assert "line 10 changed" in past.texts["app.py"]
