"""The seventh expert: how good the others' output is as a whole, and what speaks against it."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from workers.domain.finding import Finding
from workers.experts.meta_parts import (
    Part,
    actionability,
    calibration,
    duplication,
    evidence,
    noise,
    said_by_models,
)
from workers.experts.meta_sanitising import sanitised
from workers.experts.similarity import Nearness

WEIGHTS: Mapping[str, float] = {"calibration": 0.40, "actionability": 0.35, "duplication": 0.25}
"""What each side counts among the statements that stand.

A severity that is not earned stops somebody's merge: most. Advice that can't be followed costs a reader: next.
Repetitions are merged before anybody reads them: least.
"""
REASONS_MAX = 2


@dataclass(frozen=True, slots=True)
class Assessment:
    """`score` is 0 to 1, and None when models said nothing: silence is no quality, and no fault."""

    score: float | None
    parts: tuple[Part, ...] = ()

    def passes(self, threshold: float) -> bool:
        """Whether the review is as good as it must be."""
        return self.score is None or self.score >= threshold

    def sentence(self, threshold: float) -> str:
        """Such as "quality 0.61 of 0.85: 3 of 8 statements had no place in the change"; the dearest reasons first."""
        if self.score is None:
            return "nothing was said"
        # Rounded down: what fails must not look as if it had passed.
        figures = f"quality {math.floor(self.score * 100) / 100:.2f} of {threshold:.2f}"
        costly = sorted((part for part in self.parts if part.cost > 0), key=lambda part: -part.cost)
        return ": ".join((figures, *filter(None, ["; ".join(part.reason for part in costly[:REASONS_MAX])])))


@dataclass(frozen=True, slots=True)
class Sifted:
    """What is left to publish, by reason what is not, and how good the whole is."""

    findings: tuple[Finding, ...]
    rejected: Mapping[str, int]
    assessment: Assessment


def sifted(
    findings: Sequence[Finding], rejected: Mapping[str, int], *, nearness: Nearness, english: bool = True
) -> Sifted:
    """`findings` without what is none, and the assessment of all that was said; `assess` says what it is given."""
    clean = sanitised(findings)
    reasons = dict(Counter(rejected) + Counter(clean.dropped))
    return Sifted(
        clean.findings, reasons, assess(clean.findings, reasons, nearness=nearness, english=english)
    )


def assess(
    findings: Sequence[Finding], rejected: Mapping[str, int], *, nearness: Nearness, english: bool = True
) -> Assessment:
    """What models said on a change: their `findings` before they are merged, and by reason what became none.

    A statement without a place in the change, or that is no finding, is worth nothing, however it is worded; one that
    stands is worth as much as its sides. The score is the mean. Findings of tools count neither way. Where models were
    asked for another language than English, nothing is held against words that can't be read here.
    """
    said = said_by_models(findings, rejected, nearness)
    if not said.count:
        return Assessment(None)
    proven, idle = evidence(said), noise(said)
    standing = 1.0 - (said.unproven + said.idle) / said.count
    sides = (calibration(said, nearness), actionability(said, english=english), duplication(said))
    score = standing * sum(WEIGHTS[side.name] * side.score for side in sides)
    return Assessment(
        score,
        (
            replace(proven, cost=1.0 - proven.score),
            replace(idle, cost=1.0 - idle.score),
            *(replace(side, cost=standing * WEIGHTS[side.name] * (1.0 - side.score)) for side in sides),
        ),
    )
