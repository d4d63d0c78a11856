"""The check run: the truth as a title, the whole report as text, a tally for programs at its end."""

from __future__ import annotations

from collections.abc import Iterator

from workers.domain.finding import Finding
from workers.domain.review import Review
from workers.github.checks import CheckOutput
from workers.github.fences import BODY_MAX_BYTES, cap
from workers.github.render.blocks import paragraphs
from workers.github.render.comment import entry
from workers.github.render.files import full_ledger, room_for
from workers.github.render.headline import blocking, coverage, title
from workers.github.render.rendering import Rendering
from workers.github.render.tally import tally_block
from workers.github.render.votes import model_readers
from workers.github.values import Annotation, AnnotationLevel

ANNOTATIONS_MAX = 50
REPORT_CUT = "*Cut here: there is no more room in a check run.*"


def check_output(review: Review, summary: str, rendering: Rendering) -> CheckOutput:
    """What the check run shows; `summary` is the summary comment's text."""
    return CheckOutput(title=title(review, rendering), summary=summary, text=_report(review, rendering))


def check_annotations(review: Review, rendering: Rendering) -> tuple[Annotation, ...]:
    """The blocking findings at their lines (line 1 for a whole file), at most fifty."""
    return tuple(_annotation(finding, rendering) for finding in blocking(review.findings)[:ANNOTATIONS_MAX])


def _report(review: Review, rendering: Rendering) -> str:
    """Notices, findings, every file, and the JSON block, for which there is always room."""
    block = tally_block(review, rendering)
    room = BODY_MAX_BYTES - len(block.encode()) - 4
    notices = "\n".join(f"- ⚠️ {rendering.sanitiser.line(notice, 1_000)}" for notice in review.notices)
    files_bytes = min(room // 2, room_for(review.coverage))
    told = paragraphs(notices, *_entries(review, rendering, room - files_bytes))
    told = cap(told, room - files_bytes - 2, REPORT_CUT)
    left = room - len(told.encode()) - 2
    files = full_ledger(review.coverage, coverage(review), rendering, left)
    return paragraphs(cap(paragraphs(told, files), room, REPORT_CUT), block)


def _entries(review: Review, rendering: Rendering, room: int) -> Iterator[str]:
    """The findings in full, until one more than fits."""
    readers = model_readers(review)
    used = 0
    for finding in review.findings:
        text = entry(finding, review.head_sha, rendering, readers.get(finding.path, ()))
        yield text
        used += len(text.encode())
        if used > room:
            return


def _annotation(finding: Finding, rendering: Rendering) -> Annotation:
    plain = rendering.sanitiser.message
    end = finding.line or 1
    advice = f"\nFix: {finding.recommendation}" if finding.recommendation else ""
    return Annotation(
        path=finding.path,
        start_line=min(finding.start_line or end, end),
        end_line=end,
        level=AnnotationLevel.FAILURE,
        title=plain(f"{finding.severity} · {finding.aspect} · {finding.title}", 250),
        message=plain(finding.description + advice, 4_000),
    )
