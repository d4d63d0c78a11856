"""What a reviewer's vote is worth: learned from outcomes, shrunk, and less where reviewers err together."""

from __future__ import annotations

import math
from collections.abc import Collection, Mapping, Sequence, Set
from dataclasses import dataclass, field

SHRINK = 4
"""Outcomes that a reviewer of whom nothing is known is thought to have behind it, at the others' rates."""
WORTH_MIN = 0.1
OVERLAP_PRIOR = 0.25
OVERLAP_SHRINK = 4


@dataclass(frozen=True, slots=True)
class Outcome:
    """One statement of the past: who made it, and whether it was right (accepted, fixed, or labelled so)."""

    speakers: frozenset[str]
    valid: bool


@dataclass(frozen=True, slots=True)
class Weights:
    """`votes` and `silences` are log-odds that a reviewer's vote, or none of it, adds; `overlap` is 0 to 1 for a pair."""

    votes: Mapping[str, float]
    silences: Mapping[str, float] = field(default_factory=dict)
    overlap: Mapping[frozenset[str], float] = field(default_factory=dict)

    def log_odds(self, speakers: Set[str], asked: Collection[str]) -> float:
        """What the votes of `speakers` and the silence of the others who were `asked` add up to."""
        said = sum(self.votes.get(name, 0.0) for name in speakers)
        return said + sum(self.silences.get(name, 0.0) for name in asked if name not in speakers)

    def discounted(self, speakers: Set[str]) -> float:
        """The worth of the votes, best first, each less by its largest overlap with one that was counted."""
        counted: list[str] = []
        total = 0.0
        for name in sorted(speakers, key=lambda name: (-self.votes.get(name, 0.0), name)):
            shared = max((self.overlap.get(frozenset((name, other)), 0.0) for other in counted), default=0.0)
            total += max(self.votes.get(name, 0.0), WORTH_MIN) * (1.0 - shared)
            counted.append(name)
        return total


def learned(outcomes: Sequence[Outcome], reviewers: Sequence[str]) -> Weights:
    """Weights of `reviewers`, each drawn towards all of them by `SHRINK` outcomes. No outcome: all weigh nothing."""
    right = [outcome.speakers for outcome in outcomes if outcome.valid]
    wrong = [outcome.speakers for outcome in outcomes if not outcome.valid]
    hit, slip = _rates(right, reviewers), _rates(wrong, reviewers)
    return Weights(
        {name: math.log(hit[name] / slip[name]) for name in reviewers},
        {name: math.log((1 - hit[name]) / (1 - slip[name])) for name in reviewers},
        _overlaps(wrong, reviewers),
    )


def _rates(statements: Sequence[frozenset[str]], reviewers: Sequence[str]) -> dict[str, float]:
    """How often each makes such a statement: inside 0 to 1, never at its ends."""
    said = {name: sum(name in speakers for speakers in statements) for name in reviewers}
    usual = (sum(said.values()) + 1) / (len(statements) * len(reviewers) + 2)
    return {name: (said[name] + SHRINK * usual) / (len(statements) + SHRINK) for name in reviewers}


def _overlaps(wrong: Sequence[frozenset[str]], reviewers: Sequence[str]) -> dict[frozenset[str], float]:
    """Being right together is no sign of copying; being wrong together is."""
    said = {name: sum(name in speakers for speakers in wrong) for name in reviewers}
    overlaps = {}
    for place, one in enumerate(reviewers):
        for other in reviewers[place + 1 :]:
            both = sum(one in speakers and other in speakers for speakers in wrong)
            least = min(said[one], said[other])
            overlaps[frozenset((one, other))] = (both + OVERLAP_PRIOR * OVERLAP_SHRINK) / (
                least + OVERLAP_SHRINK
            )
    return overlaps
