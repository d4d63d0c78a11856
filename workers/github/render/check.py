"""The check run: the truth as a title, the whole report as text, a tally for programs at its end."""

from __future__ import annotations

import json
from collections.abc import Iterator

from workers.domain.finding import Finding, Severity, State
from workers.domain.review import Review
from workers.domain.usage import Usage
from workers.github.checks import CheckOutput
from workers.github.fences import BODY_MAX_BYTES, cap, fenced
from workers.github.render.blocks import paragraphs
from workers.github.render.findings import entry
from workers.github.render.headline import blocking, title
from workers.github.render.rendering import Rendering
from workers.github.values import Annotation, AnnotationLevel

ANNOTATIONS_MAX = 50
REPORT_CUT = "*Cut here: there is no more room in a check run.*"
TALLY_VERSION = 1


def check_output(review: Review, summary: str, rendering: Rendering) -> CheckOutput:
    """What the check run shows; `summary` is the summary comment's text."""
    return CheckOutput(title=title(review, rendering), summary=summary, text=_report(review, rendering))


def check_annotations(review: Review, rendering: Rendering) -> tuple[Annotation, ...]:
    """The blocking findings at their lines (line 1 for a whole file), at most fifty."""
    return tuple(_annotation(finding, rendering) for finding in blocking(review.findings)[:ANNOTATIONS_MAX])


def tally(review: Review) -> dict[str, object]:
    """Numbers for programs that read the check run. Keys are only ever added."""
    usage = sum((call.usage for call in review.calls), Usage())
    omitted = sum(entry.omitted is not None for entry in review.coverage)
    return {
        "quorum": TALLY_VERSION,
        "head_sha": review.head_sha,
        "base_sha": review.base_sha,
        "verdict": str(review.verdict),
        "findings": {str(severity): review.count(severity) for severity in Severity},
        "disputed": sum(finding.state is State.DISPUTED for finding in review.findings),
        "suppressed": review.suppressed,
        "files": {
            "changed": len(review.coverage),
            "read": len(review.coverage) - omitted,
            "omitted": omitted,
        },
        "model_calls": usage.calls,
        "cost_micro_usd": usage.cost_micros,
    }


def _report(review: Review, rendering: Rendering) -> str:
    block = fenced([json.dumps(tally(review), indent=2)], "json")
    notices = "\n".join(f"- ⚠️ {rendering.sanitiser.line(notice, 1_000)}" for notice in review.notices)
    room = BODY_MAX_BYTES - len(block.encode()) - 2
    return paragraphs(cap(paragraphs(notices, *_entries(review, rendering, room)), room, REPORT_CUT), block)


def _entries(review: Review, rendering: Rendering, room: int) -> Iterator[str]:
    """The findings in full, until one more than fits."""
    used = 0
    for finding in review.findings:
        text = entry(finding, review.head_sha, rendering)
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
