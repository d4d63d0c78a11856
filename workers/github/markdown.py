"""A Review as the texts that people read: one summary, one review, comments, a check run. Pure."""

from __future__ import annotations

from workers.domain.review import Review
from workers.github.fences import BODY_MAX_BYTES, cap
from workers.github.markers import review_marker, summary_marker
from workers.github.render.blocks import count
from workers.github.render.check import check_annotations, check_output
from workers.github.render.comment import file_comment, inline
from workers.github.render.conclusion import check_actions, conclusion
from workers.github.render.headline import SHORT_SHA_CHARS
from workers.github.render.rendering import Rendering
from workers.github.render.summary import report
from workers.github.render.tally import tally
from workers.github.render.votes import model_readers

__all__ = [
    "Rendering",
    "check_actions",
    "check_annotations",
    "check_output",
    "conclusion",
    "file_comment",
    "inline",
    "model_readers",
    "review_body",
    "summary",
    "tally",
]

MARKER_MAX_BYTES = 200


def summary(review: Review, rendering: Rendering) -> str:
    """The one comment that is edited in place: at most 25 visible lines and 60,000 bytes, marker included."""
    room = BODY_MAX_BYTES - MARKER_MAX_BYTES
    return f"{cap(report(review, rendering, room), room)}\n\n{summary_marker(rendering.work_key)}"


def review_body(
    review: Review, rendering: Rendering, *, inline_count: int, file_count: int = 0, part: str = ""
) -> str:
    """The body of a review that carries comments, the first about `part`: short, never empty (GitHub refuses that)."""
    parts = [count(inline_count, "comment") + " below"] if inline_count else []
    parts += [count(file_count, "comment") + " on whole files"] if file_count else []
    told = " and ".join(parts) or "no comments at lines"
    line = f"Reviewed `{review.head_sha[:SHORT_SHA_CHARS]}`: {told}. The summary comment holds the rest."
    return f"{line}\n\n{review_marker(rendering.work_key, rendering.generation, part)}"
