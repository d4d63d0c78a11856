"""The truth about a head in one line: what was found, on which commit, how much of it was read."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from config.commands import PREFIX
from workers.domain.finding import Finding, State
from workers.domain.review import Review, Verdict
from workers.github.render.blocks import count
from workers.github.render.counted import more, with_thread
from workers.github.render.rendering import Rendering

SHORT_SHA_CHARS = 7
REASONS_MAX = 3

ICONS = {
    Verdict.CLEAN: "🟢",
    Verdict.FINDINGS: "🟡",
    Verdict.BLOCKING: "🔴",
    Verdict.PARTIAL: "🟠",
    Verdict.SKIPPED: "⚪",
    Verdict.FAILED: "⛔",
}


def blocking(findings: Sequence[Finding]) -> tuple[Finding, ...]:
    """The critical and high ones."""
    return tuple(finding for finding in findings if finding.severity.blocks)


def headline(review: Review, rendering: Rendering) -> str:
    """Line 1 of the summary: "🔴 2 blocking · 🟡 3 · +4 more — reviewed `5f3c2e1`, 41/43 files (2 omitted: …)"."""
    sha = f"`{review.head_sha[:SHORT_SHA_CHARS]}`"
    reason = stated_reason(review, rendering)
    if review.verdict in {Verdict.SKIPPED, Verdict.FAILED}:
        return f"{ICONS[review.verdict]} **Not reviewed**: {reason} — {sha}"
    told = tally(review, rendering)
    found = told or f"{ICONS[Verdict.CLEAN]} **No findings**"
    if review.verdict is Verdict.PARTIAL:
        found = f"{ICONS[Verdict.PARTIAL]} **Partly reviewed**: {reason}" + (f" · {told}" if told else "")
    return f"{found} — reviewed {sha}, {coverage(review)}"


def title(review: Review, rendering: Rendering) -> str:
    """The same for a check run, which shows plain text and has the commit beside it."""
    reason = stated_reason(review, rendering)
    if review.verdict in {Verdict.SKIPPED, Verdict.FAILED}:
        return f"Not reviewed: {reason}"
    if review.verdict is Verdict.PARTIAL:
        return f"Partly reviewed: {reason}" + (f"; {_counts(review, rendering)}" if review.findings else "")
    said = f"{_counts(review, rendering)} in {coverage(review)}"
    return said[0].upper() + said[1:]


def _counts(review: Review, rendering: Rendering) -> str:
    counted = with_thread(review.findings, rendering)
    worst = len(blocking(counted))
    found = [f"{worst:,} blocking"] if worst else []
    found += [count(len(counted), "finding")] if counted else []
    rest = more(review, rendering)
    return ", ".join([*found, *([rest] if rest else [])]) or "no findings"


def how_to_ask(review: Review) -> str:
    """How a review that a rule left out is had all the same; "" for any other, also one that has nothing to read."""
    if review.verdict is not Verdict.SKIPPED or review.coverage:
        return ""
    return f"To have it reviewed all the same, comment `{PREFIX} review`, or press *Review now* in the check run."


def tally(review: Review, rendering: Rendering) -> str:
    """ "🔴 2 blocking · 🟡 3 · 1 disputed · +4 more": each that is counted has a thread; "" when nothing was found."""
    counted = with_thread(review.findings, rendering)
    worst = len(blocking(counted))
    other = len(counted) - worst
    disputed = sum(finding.state is State.DISPUTED for finding in counted)
    parts = [f"🔴 **{worst:,} blocking**"] if worst else []
    parts += [f"🟡 **{other:,}**" if worst else f"🟡 **{count(other, 'finding')}**"] if other else []
    parts += [f"{disputed:,} disputed"] if disputed else []
    rest = more(review, rendering)
    # what was read in part has its sign already
    alone = not counted and review.verdict is not Verdict.PARTIAL
    parts += [f"{ICONS[review.verdict]} **{rest}**" if alone else rest] if rest else []
    return " · ".join(parts)


def coverage(review: Review) -> str:
    """ "40/43 files (2 omitted: generated; 1 read by none)"."""
    total = len(review.coverage)
    reasons = Counter(str(entry.omitted) for entry in review.coverage if entry.omitted is not None)
    unread = sum(entry.omitted is None and not entry.read_by for entry in review.coverage)
    missing = [_omitted(reasons)] if reasons else []
    missing += [f"{unread:,} read by none"] if unread else []
    said = f"{total - reasons.total() - unread:,}/{count(total, 'file')}"
    return f"{said} ({'; '.join(missing)})" if missing else said


def _omitted(reasons: Counter[str]) -> str:
    named = [
        why if len(reasons) == 1 else f"{number:,} {why}" for why, number in reasons.most_common(REASONS_MAX)
    ]
    named += ["others"] if len(reasons) > REASONS_MAX else []
    return f"{reasons.total():,} omitted: {', '.join(named)}"


def stated_reason(review: Review, rendering: Rendering) -> str:
    """The review's reason as the end of a sentence."""
    return rendering.sanitiser.line(review.reason).rstrip(".") or "no reason was given"
