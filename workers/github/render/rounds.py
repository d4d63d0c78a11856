"""What a round changed: fixed, still open, new. Said only where there was a round before."""

from __future__ import annotations

from collections.abc import Sequence

from workers.domain.adjudication import Adjudication, Converged, Fate
from workers.domain.review import Review
from workers.github.render.blocks import bounded, count, fold, paragraphs
from workers.github.render.places import location
from workers.github.render.rendering import Rendering

SHOWN_MAX = 30
MAX_BYTES = 4_000


def since_last_round(review: Review, rendering: Rendering) -> str:
    """One line of counts, and the fixed ones folded; "" in a first round, or when nothing was said before."""
    if review.progress is None or not review.progress.rulings:
        return ""
    fixed = _became(review.progress, Fate.FIXED)
    return paragraphs(_counts(review.progress, len(fixed)), _fixed(fixed, review, rendering))


def _became(progress: Converged, fate: Fate) -> list[Adjudication]:
    return [one for one in progress.rulings if one.now is fate and one.before is not fate]


def _counts(progress: Converged, fixed: int) -> str:
    still = sum(one.now in (Fate.OPEN, Fate.ACCEPTED) for one in progress.rulings)
    parts = {
        "fixed": fixed,
        "still open": still,
        "new": len(progress.fresh),
        "gone with their code": len(_became(progress, Fate.OUTDATED)),
    }
    said = [f"**{number:,}** {what}" for what, number in parts.items() if number]
    return f"Since the last round: {', '.join(said)}." if said else ""


def _fixed(fixed: Sequence[Adjudication], review: Review, rendering: Rendering) -> str:
    if not fixed:
        return ""
    lines = (
        f"- {location(one.finding, review.head_sha, rendering)} {rendering.sanitiser.line(one.finding.title, 120)}"
        for one in fixed
    )
    shown = bounded(lines, count_max=SHOWN_MAX, max_bytes=MAX_BYTES)
    return fold(f"Fixed: {count(len(fixed), 'finding')}", shown)
