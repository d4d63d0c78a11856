"""The coverage ledger: what became of each file, the unread ones first."""

from __future__ import annotations

from collections.abc import Sequence

from workers.domain.review import Coverage
from workers.github.fences import code_span
from workers.github.render.blocks import bounded, fold
from workers.github.render.rendering import Rendering

LINES_MAX = 200
LINES_MAX_BYTES = 16_000


def coverage_fold(entries: Sequence[Coverage], said: str, rendering: Rendering) -> str:
    """One line a file, bounded; `said` is the coverage in short, for the visible line."""
    if not entries:
        return ""
    unread_first = sorted(entries, key=lambda one: (one.omitted is None, not one.detail))
    lines = (_line(one, rendering) for one in unread_first)
    return fold(f"Coverage: {said}", bounded(lines, count_max=LINES_MAX, max_bytes=LINES_MAX_BYTES))


def _line(entry: Coverage, rendering: Rendering) -> str:
    line = rendering.sanitiser.line
    if entry.omitted is not None:
        what = f"**omitted**: {entry.omitted}"
    else:
        what = (
            f"read by {', '.join(line(name, 60) for name in entry.read_by)}"
            if entry.read_by
            else "**read by none**"
        )
    detail = f" ({line(entry.detail)})" if entry.detail else ""
    return f"- {code_span(rendering.sanitiser.path(entry.path))}: {what}{detail}"
