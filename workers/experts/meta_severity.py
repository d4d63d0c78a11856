"""Severities that would stop a merge, and whether they are earned."""

from __future__ import annotations

from collections.abc import Sequence

from workers.domain.finding import Aspect, Finding, Severity
from workers.experts.meta_repeats import is_repeat
from workers.experts.meta_wording import wording
from workers.experts.similarity import Nearness
from workers.experts.telling_words import words

CONFIDENCE_MIN = 0.5
CRITICAL_MIN = 2
"""Criticals that nobody wonders about; beyond them, at most half of the statements are."""
CONTRADICTION_MIN_RANKS = 2
_MILD = frozenset({Aspect.TESTS, Aspect.DOCUMENTATION})
"""Sides whose sheets call nothing worse than medium."""
_STYLE = words("naming style formatting readability typo maintainability duplication docstring lint")
"""Kinds of defect of which nobody dies; "format" is none of them: format strings are dangerous."""


def unearned(findings: Sequence[Finding], nearness: Nearness) -> int:
    """How many of the blocking severities are not earned."""
    severe = [one for one in findings if one.severity.blocks]
    critical = sum(one.severity is Severity.CRITICAL for one in severe)
    too_many = critical - max(CRITICAL_MIN, len(findings) // 2)
    return max(
        too_many, sum(_is_unearned(one) or _is_contradicted(one, findings, nearness) for one in severe)
    )


def _is_unearned(finding: Finding) -> bool:
    """No code behind it, its own doubt, or a matter in which nothing is that bad."""
    worded = wording(finding)
    return (
        not finding.evidence.strip()
        or finding.confidence < CONFIDENCE_MIN
        or finding.aspect in _MILD
        or bool(words(finding.rule) & _STYLE)
        or (worded.hedges and not worded.tells_failure)
    )


def _is_contradicted(finding: Finding, others: Sequence[Finding], nearness: Nearness) -> bool:
    """Whether the same model calls the same defect far milder elsewhere."""
    milder = (one for one in others if one.severity.rank - finding.severity.rank >= CONTRADICTION_MIN_RANKS)
    return is_repeat(finding, milder, nearness)
