"""A Review as the texts that people read: one summary, one review, comments, a check run. Pure."""

from __future__ import annotations

from collections.abc import Sequence

from workers.domain.finding import Finding
from workers.domain.review import Review
from workers.github.checks import CheckOutput
from workers.github.fences import BODY_MAX_BYTES, cap
from workers.github.markers import review_marker, summary_marker
from workers.github.render.blocks import bounded, count, fold, paragraphs
from workers.github.render.check import check_annotations, tally
from workers.github.render.check import check_output as _check_output
from workers.github.render.conclusion import check_actions, conclusion
from workers.github.render.doubts import disputes, refuted_fold
from workers.github.render.findings import file_comment, findings_list, findings_table, inline
from workers.github.render.headline import SHORT_SHA_CHARS, coverage, headline, how_to_ask
from workers.github.render.ledger import coverage_fold
from workers.github.render.receipt import cost_fold, tools_fold
from workers.github.render.rendering import Rendering
from workers.github.render.rounds import since_last_round

__all__ = [
    "Rendering",
    "check_actions",
    "check_annotations",
    "check_output",
    "conclusion",
    "file_comment",
    "inline",
    "review_body",
    "summary",
    "tally",
]

ROWS_MAX = 9
NOTICES_MAX = 4
NOTICES_MAX_BYTES = 3_000
WALKTHROUGH_MAX_BYTES = 8_000
MARKER_MAX_BYTES = 200


def summary(review: Review, rendering: Rendering) -> str:
    """The one comment that is edited in place: at most 25 visible lines and 60,000 bytes, marker included."""
    marker = summary_marker(rendering.work_key)
    return f"{cap(_report(review, rendering), BODY_MAX_BYTES - MARKER_MAX_BYTES)}\n\n{marker}"


def review_body(review: Review, rendering: Rendering, *, inline_count: int, file_count: int = 0) -> str:
    """The body of the review that carries the comments: short, never empty (GitHub would refuse that)."""
    parts = [count(inline_count, "comment") + " below"] if inline_count else []
    parts += [count(file_count, "comment") + " on whole files"] if file_count else []
    told = " and ".join(parts) or "no comments at lines"
    line = f"Reviewed `{review.head_sha[:SHORT_SHA_CHARS]}`: {told}. The summary comment holds the rest."
    return f"{line}\n\n{review_marker(rendering.work_key, rendering.generation)}"


def check_output(review: Review, rendering: Rendering) -> CheckOutput:
    """Title, summary and text of the check run; its annotations are `check_annotations(review, rendering)`."""
    return _check_output(review, _report(review, rendering), rendering)


def _report(review: Review, rendering: Rendering) -> str:
    shown, rest = review.findings[:ROWS_MAX], review.findings[ROWS_MAX:]
    return paragraphs(
        headline(review, rendering),
        how_to_ask(review),
        since_last_round(review, rendering),
        findings_table(shown, review.head_sha, rendering) if shown else "",
        _notices(review.notices, rendering),
        _more(review, rest, rendering),
        disputes(review, rendering),
        refuted_fold(review, rendering),
        _walkthrough(review, rendering),
        coverage_fold(review.coverage, coverage(review), rendering),
        cost_fold(review, rendering),
        tools_fold(review.tools, rendering),
        _origin(review, rendering),
    )


def _notices(notices: Sequence[str], rendering: Rendering) -> str:
    lines = (f"> ⚠️ {rendering.sanitiser.line(notice, 400)}  " for notice in notices)
    return bounded(
        lines, count_max=NOTICES_MAX, max_bytes=NOTICES_MAX_BYTES, more="> … and {} more in the check run"
    )


def _more(review: Review, rest: Sequence[Finding], rendering: Rendering) -> str:
    if not rest:
        return ""
    return fold(f"{count(len(rest), 'more finding')}", findings_list(rest, review.head_sha, rendering))


def _walkthrough(review: Review, rendering: Rendering) -> str:
    if not review.walkthrough.strip():
        return ""
    told = cap(rendering.sanitiser.clean(review.walkthrough), WALKTHROUGH_MAX_BYTES, "*Shortened.*")
    return fold("Walkthrough", told)


def _origin(review: Review, rendering: Rendering) -> str:
    base = f" · base `{review.base_sha[:SHORT_SHA_CHARS]}`" if review.base_sha else ""
    kept = (
        f" · {count(review.suppressed, 'finding')} below the floor or beyond the cap"
        if review.suppressed
        else ""
    )
    origin = rendering.sanitiser.line(review.config_origin, 120)
    return f"<sub>Configuration: {origin}{base} · {review.seconds:.1f} s{kept}</sub>"
