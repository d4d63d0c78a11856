"""What a round changed: fixed, declined, still open, new. Said only where there was a round before."""

from __future__ import annotations

from collections.abc import Sequence

from workers.domain.adjudication import Adjudication, Converged, Fate
from workers.domain.review import Review
from workers.github.render.blocks import bounded, count, fold
from workers.github.render.counted import has_thread, with_thread
from workers.github.render.places import location
from workers.github.render.rendering import Rendering

SHOWN_MAX = 30
REASON_MAX_CHARS = 90
MAX_BYTES = 3_000
OPEN = (Fate.OPEN, Fate.ACCEPTED)


def since_last_round(review: Review, rendering: Rendering) -> str:
    """One line of counts, of what has a thread; "" in a first round, or when nothing was said before."""
    progress = review.progress
    if progress is None or not progress.rulings:
        return ""
    rulings = [one for one in progress.rulings if has_thread(one.finding, rendering)]
    # In every round: who wonders why nothing is said of it any more finds out.
    declined = [one for one in rulings if one.now is Fate.DECLINED]
    parts = {
        "fixed": len(_became(rulings, Fate.FIXED)),
        f"declined{_reason(declined, rendering)}": len(declined),
        "still open": sum(one.now in OPEN and one.before.stands for one in rulings),
        "back": sum(one.now in OPEN and not one.before.stands for one in rulings),
        "new": _new(review, progress, rendering),
        "gone with their code": len(_became(rulings, Fate.OUTDATED)),
    }
    said = [f"**{number:,}** {what}" for what, number in parts.items() if number]
    return f"Since the last round: {', '.join(said)}." if said else ""


def fixed_fold(review: Review, rendering: Rendering) -> str:
    """The findings that this round found mended, folded; "" without any."""
    fixed = _became(review.progress.rulings, Fate.FIXED) if review.progress is not None else []
    return _fixed(fixed, review, rendering)


def _new(review: Review, progress: Converged, rendering: Rendering) -> int:
    """Of the new ones those that have a thread; where nobody looked for threads, all of them."""
    if rendering.threads is None:
        return len(progress.fresh)
    return sum(one.fingerprint in progress.fresh for one in with_thread(review.findings, rendering))


def _became(rulings: Sequence[Adjudication], fate: Fate) -> list[Adjudication]:
    return [one for one in rulings if one.now is fate and one.before is not fate]


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
    rest = sum(not has_thread(one.finding, rendering) for one in fixed)
    unthreaded = f", {rest:,} without a thread" if rest else ""
    return fold(f"Fixed: {count(len(fixed), 'finding')}{unthreaded}", shown)
