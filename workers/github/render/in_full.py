"""The findings in full, folded: as many whole ones as fit, and how many do not."""

from __future__ import annotations

from workers.domain.review import Review
from workers.github.render.blocks import bounded, count, fold
from workers.github.render.comment import entry
from workers.github.render.counted import without_thread
from workers.github.render.rendering import Rendering
from workers.github.render.votes import model_readers


def findings_fold(review: Review, rendering: Rendering, max_bytes: int) -> str:
    """What the comments say, and where; "" without findings."""
    total = len(review.findings)
    if not total:
        return ""
    readers = model_readers(review)
    entries = (
        f"{entry(finding, review.head_sha, rendering, readers.get(finding.path, ()))}\n"
        for finding in review.findings
    )
    more = "*… and {} more: the JSON below counts all of them.*"
    shown = bounded(entries, count_max=total, max_bytes=max_bytes, more=more, total=total)
    rest = len(without_thread(review.findings, rendering))
    unthreaded = f", {rest:,} of them without a thread" if rest else ""
    return fold(f"{count(total, 'finding')} in full{unthreaded}", shown)
