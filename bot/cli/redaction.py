"""A Review without the credentials that its quotes may hold: output ends up in logs of CI, and is uploaded."""

from __future__ import annotations

from dataclasses import replace

from workers.domain.finding import Finding
from workers.domain.review import Review
from workers.domain.secrets import redact


def redacted(review: Review) -> Review:
    """`review` with every quoted credential replaced by a placeholder."""
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
        evidence=_clean(finding.evidence),
        suggestion=None if finding.suggestion is None else _clean(finding.suggestion),
    )


def _clean(text: str) -> str:
    return redact(text).text
