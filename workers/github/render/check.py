"""The check run: the truth as a title, the report with all findings in full, every file, a tally for programs."""

from __future__ import annotations

from workers.domain.finding import Finding
from workers.domain.review import Review
from workers.github.checks import CheckOutput
from workers.github.fences import BODY_MAX_BYTES, cap
from workers.github.render.blocks import bounded, paragraphs
from workers.github.render.files import full_ledger
from workers.github.render.headline import blocking, coverage, title
from workers.github.render.rendering import Rendering
from workers.github.render.summary import full_report
from workers.github.render.tally import tally_block
from workers.github.values import Annotation, AnnotationLevel

ANNOTATIONS_MAX = 50
NOTICES_MAX = 50
NOTICES_MAX_BYTES = 8_000
NOTICE_MAX_CHARS = 1_000
REPORT_CUT = "*Cut here: there is no more room in a check run.*"


def check_output(review: Review, rendering: Rendering) -> CheckOutput:
    """The report with every finding in full as summary; notices, every file and the JSON block as text."""
    summary = cap(full_report(review, rendering, BODY_MAX_BYTES), BODY_MAX_BYTES, REPORT_CUT)
    return CheckOutput(title=title(review, rendering), summary=summary, text=_text(review, rendering))


def check_annotations(review: Review, rendering: Rendering) -> tuple[Annotation, ...]:
    """The blocking findings at their lines (line 1 for a whole file), at most fifty."""
    return tuple(_annotation(finding, rendering) for finding in blocking(review.findings)[:ANNOTATIONS_MAX])


def _text(review: Review, rendering: Rendering) -> str:
    """Notices, every file, and the JSON block, for which there is always room."""
    block = tally_block(review, rendering)
    room = BODY_MAX_BYTES - len(block.encode()) - 2
    notices = (f"- ⚠️ {rendering.sanitiser.line(notice, NOTICE_MAX_CHARS)}" for notice in review.notices)
    told = bounded(notices, count_max=NOTICES_MAX, max_bytes=NOTICES_MAX_BYTES)
    left = room - len(told.encode()) - 2
    files = full_ledger(review.coverage, coverage(review), rendering, left)
    return paragraphs(cap(paragraphs(told, files), room, REPORT_CUT), block)


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
