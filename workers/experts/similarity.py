"""Whether two findings speak of the same defect: same place, same kind, common words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from workers.analysis.quoting import squeezed
from workers.domain.finding import Finding
from workers.experts.core import core
from workers.experts.similarity_text import Frequencies, likeness
from workers.experts.telling_words import words

FAR_LINES = 1_000_000
"""Between what is on no line and quotes different code."""
APART = -100.0
"""No mean of likenesses outweighs it: what is kept apart is not joined by a chain of others either."""


@dataclass(frozen=True, slots=True)
class Nearness:
    """How near two findings must be: lines apart, and the share of common words on the same and on near lines."""

    lines_max: int = 3
    words_min_same_line: float = 0.2
    words_min_near: float = 0.34
    alike_min: float = 0.2
    """Of the measured likeness of texts (`make bench NAME=consensus`): nine in ten pairs above it mean one thing."""


def alike(findings: Sequence[Finding], nearness: Nearness) -> list[list[float]]:
    """How alike any two findings of one path are, 0 to 1; `APART` where their places or speakers keep them apart."""
    near = likeness([f"{one.title}. {one.description}" for one in findings], Frequencies())
    return [
        [_alike(one, other, near[i][j], nearness) for j, other in enumerate(findings)]
        for i, one in enumerate(findings)
    ]


def _alike(one: Finding, other: Finding, likeness: float, nearness: Nearness) -> float:
    if one is other or same_defect(one, other, nearness):
        return 1.0
    return likeness if _by_two_models(one, other) and _near(one, other, nearness) else APART


def _by_two_models(one: Finding, other: Finding) -> bool:
    """Tools' texts are of their rules: alike for every place."""
    speakers = _speakers(one), _speakers(other)
    return all(kind == "model" for of in speakers for kind, _ in of) and not speakers[0] & speakers[1]


def _near(one: Finding, other: Finding, nearness: Nearness) -> bool:
    return (one.line is None) == (other.line is None) and distance(one, other) <= nearness.lines_max


def same_defect(one: Finding, other: Finding, nearness: Nearness) -> bool:
    """Compare two findings of one path; both must be anchored, or neither."""
    if one.path != other.path or (one.line is None) != (other.line is None):
        return False
    apart = distance(one, other)
    if apart > nearness.lines_max:
        return False
    if one.rule == other.rule:
        return apart == 0
    if _speakers(one) & _speakers(other) and (apart > 0 or not _about(one) & _about(other)):
        return False  # one source that speaks of two places means two things, if its quotes overlap
    if one.aspect is not other.aspect and not words(one.rule) & words(other.rule):
        return False
    loosely = apart == 0 and not _speakers(one) & _speakers(other)
    least = nearness.words_min_same_line if loosely else nearness.words_min_near
    return common_share(one, other) >= least


def _speakers(finding: Finding) -> frozenset[tuple[str, str]]:
    return frozenset((source.kind, source.name) for source in finding.sources)


def _about(finding: Finding) -> frozenset[int]:
    """The lines that its words point at; 0 where it has none."""
    first = finding.start_line or finding.line or 0
    count = (finding.line or 0) - first + 1
    return frozenset(first + at for at in core(finding, finding.evidence.split("\n")[:count]))


def distance(one: Finding, other: Finding) -> int:
    """Lines between the two; 0 when they overlap or one has no line, unless neither has and they quote different code."""
    if one.line is None and other.line is None:
        quotes = {squeezed(one.evidence), squeezed(other.evidence)} - {""}
        return FAR_LINES if len(quotes) > 1 else 0
    if one.line is None or other.line is None:
        return 0
    one_start, other_start = one.start_line or one.line, other.start_line or other.line
    return max(0, max(one_start, other_start) - min(one.line, other.line))


def common_share(one: Finding, other: Finding) -> float:
    """Common words over the words of the shorter text (overlap coefficient), 0 to 1."""
    mine = words(f"{one.rule} {one.title} {one.description}")
    theirs = words(f"{other.rule} {other.title} {other.description}")
    least = min(len(mine), len(theirs))
    return len(mine & theirs) / least if least else 0.0
