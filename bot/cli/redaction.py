"""A Review fit to be printed: without credentials, hidden characters and what acts where the output is pasted.

Output ends up in logs of CI, in comments of other bots, and is uploaded.
"""

from __future__ import annotations

from dataclasses import replace

from workers.domain.finding import Finding
from workers.domain.hidden import revealed
from workers.domain.review import Review
from workers.domain.secrets import redact
from workers.github.prose import decode_references


def redacted(review: Review) -> Review:
    """`review` with every quoted credential replaced by a placeholder, and nothing hidden in any text."""
    return replace(
        review,
        reason=_clean(review.reason),
        findings=tuple(map(_redacted, review.findings)),
        notices=tuple(map(_clean, review.notices)),
        walkthrough=_clean(review.walkthrough),
    )


def _redacted(finding: Finding) -> Finding:
    return replace(
        finding,
        title=_clean(finding.title),
        description=_clean(finding.description),
        recommendation=_clean(finding.recommendation),
        evidence=redact(revealed(finding.evidence)).text,
        suggestion=_safe(finding.suggestion),
    )


def _safe(suggestion: str | None) -> str | None:
    """Programs apply it as it is, so one that hides something is none."""
    return None if suggestion is None or revealed(suggestion) != suggestion else redact(suggestion).text


def _clean(text: str) -> str:
    lines = text.replace("\r\n", "\n").replace("\r", "\n")
    return redact(decode_references(revealed(lines))).text
