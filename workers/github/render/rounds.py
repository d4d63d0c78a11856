"""What a round changed: fixed, declined, still open, new. Said only where there was a round before."""

from __future__ import annotations

from collections.abc import Sequence

from workers.domain.adjudication import Adjudication, Converged, Fate
from workers.domain.review import Review
from workers.github.render.blocks import bounded, count, fold
from workers.github.render.places import location
from workers.github.render.rendering import Rendering

SHOWN_MAX = 30
REASON_MAX_CHARS = 90
MAX_BYTES = 3_000
OPEN = (Fate.OPEN, Fate.ACCEPTED)


def since_last_round(review: Review, rendering: Rendering) -> str:
    """One line of counts; "" in a first round, or when nothing was said before."""
    progress = review.progress
    if progress is None or not progress.rulings:
        return ""
    # In every round: who wonders why nothing is said of it any more finds out.
    declined = [one for one in progress.rulings if one.now is Fate.DECLINED]
    parts = {
        "fixed": len(_became(progress, Fate.FIXED)),
        f"declined{_reason(declined, rendering)}": len(declined),
        "still open": sum(one.now in OPEN and one.before.stands for one in progress.rulings),
        "back": sum(one.now in OPEN and not one.before.stands for one in progress.rulings),
        "new": len(progress.fresh),
        "gone with their code": len(_became(progress, Fate.OUTDATED)),
    }
    said = [f"**{number:,}** {what}" for what, number in parts.items() if number]
    return f"Since the last round: {', '.join(said)}." if said else ""


def fixed_fold(review: Review, rendering: Rendering) -> str:
    """The findings that this round found mended, folded; "" without any."""
    fixed = _became(review.progress, Fate.FIXED) if review.progress is not None else []
    return _fixed(fixed, review, rendering)


def _became(progress: Converged, fate: Fate) -> list[Adjudication]:
    return [one for one in progress.rulings if one.now is fate and one.before is not fate]


def _reason(declined: Sequence[Adjudication], rendering: Rendering) -> str:
    """Who said so and in which words, where it is one."""
    reason = declined[0].reason.strip() if len(declined) == 1 else ""
    return f" {rendering.sanitiser.line(reason, REASON_MAX_CHARS)}" if reason else ""


def _fixed(fixed: Sequence[Adjudication], review: Review, rendering: Rendering) -> str:
    if not fixed:
        return ""
    lines = (
        f"- {location(one.finding, review.head_sha, rendering)} {rendering.sanitiser.line(one.finding.title, 120)}"
        for one in fixed
    )
    shown = bounded(lines, count_max=SHOWN_MAX, max_bytes=MAX_BYTES, total=len(fixed))
    return fold(f"Fixed: {count(len(fixed), 'finding')}", shown)
