"""Statements that one model makes again, in the same words or in others."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import islice

from workers.domain.finding import Finding
from workers.experts.similarity import Nearness, distance, same_defect

COMPARED_MAX = 10
"""Statements of a model on one place that each further one is compared with: a flood must not cost its square."""


def repeats(findings: Sequence[Finding], nearness: Nearness) -> int:
    """How many of `findings` their model had said before."""
    first: list[Finding] = []
    for finding in findings:
        if not is_repeat(finding, first, nearness):
            first.append(finding)
    return len(findings) - len(first)


def is_repeat(finding: Finding, others: Iterable[Finding], nearness: Nearness) -> bool:
    """By the same model, asked from the same side. From two sides it is asked twice, and may well answer twice."""
    near = islice((one for one in others if _is_near(one, finding)), COMPARED_MAX)
    return any(same_defect(one, finding, nearness) for one in near)


def _is_near(one: Finding, other: Finding) -> bool:
    if one.path != other.path or one.aspect is not other.aspect or distance(one, other):
        return False
    names = {source.name for source in one.sources} & {source.name for source in other.sources}
    return bool(names)
