"""Who doubts a finding, in one line each: who, what, why."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from workers.domain.finding import Doubt, Finding
from workers.domain.review import Review
from workers.github.render.blocks import bounded, count, fold, paragraphs
from workers.github.render.places import location
from workers.github.render.rendering import Rendering

WHY_MAX_CHARS = 300
DOUBTS_MAX = 4
SHOWN_MAX = 50
MAX_BYTES = 4_000


def doubted(finding: Finding, rendering: Rendering) -> str:
    """Under a finding: who disagrees and why, in one line each; "" when nobody does."""
    return "  \n".join(f"**Doubted** by {_doubt(doubt, rendering)}" for doubt in finding.doubts[:DOUBTS_MAX])


def doubts_fold(review: Review, rendering: Rendering) -> str:
    """One line for each finding that somebody disproved: those that several had found, and those that are no findings.

    "" without any.
    """
    disputed = [finding for finding in review.findings if finding.doubts]
    parts = {"Disputed": disputed, "Refuted, and not counted": review.refuted}
    said = {name: found for name, found in parts.items() if found}
    if not said:
        return ""
    names = " · ".join(f"{name}: {count(len(found), 'statement')}" for name, found in said.items())
    return fold(names, paragraphs(*(_listed(name, found, review, rendering) for name, found in said.items())))


def _listed(name: str, findings: Sequence[Finding], review: Review, rendering: Rendering) -> str:
    lines = _lines(findings, review.head_sha, rendering)
    shown = bounded(lines, count_max=SHOWN_MAX, max_bytes=MAX_BYTES, total=len(findings))
    return f"**{name}**\n\n{shown}"


def _lines(findings: Iterable[Finding], head_sha: str, rendering: Rendering) -> Iterable[str]:
    for finding in findings:
        what = rendering.sanitiser.line(finding.title, 120)
        who = ", ".join(rendering.sanitiser.line(one.name, 60) for one in finding.sources)
        why = "; ".join(_doubt(doubt, rendering) for doubt in finding.doubts)
        yield f"- {location(finding, head_sha, rendering)} {what} ({who}) — {why}"


def _doubt(doubt: Doubt, rendering: Rendering) -> str:
    line = rendering.sanitiser.line
    return f"{line(doubt.by.name, 60)}: {line(doubt.why, WHY_MAX_CHARS)}"
