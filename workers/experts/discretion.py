"""The last look at findings before they leave the experts: no credential goes along in what they quote or say."""

from __future__ import annotations

from dataclasses import replace

from workers.domain.finding import Finding
from workers.domain.secrets import redact_all


def discreet(finding: Finding) -> Finding:
    """`finding` with every credential in its texts replaced; a suggestion that holds one is dropped.

    One that is known from the quoted line is replaced in the words about it, too.
    """
    texts = (finding.evidence, finding.title, finding.description, finding.recommendation)
    *safe, suggestion = redact_all([*texts, finding.suggestion or ""])
    if not any(one.count for one in (*safe, suggestion)):
        return finding
    evidence, title, description, recommendation = (one.text for one in safe)
    return replace(
        finding,
        evidence=evidence,
        title=title,
        description=description,
        recommendation=recommendation,
        suggestion=None if suggestion.count else finding.suggestion,
    )
