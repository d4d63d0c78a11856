"""How likely a statement is noise among others: its words, who else says it, how much its speaker says before it."""

from __future__ import annotations

import math
from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass

from workers.experts.noise import NoiseModel

PLACE_MAX = 99
"""Further down it makes no difference."""


@dataclass(frozen=True, slots=True)
class Spoken:
    """One statement on a change; `place` is 0 for the one that its speaker puts first."""

    speaker: Hashable
    text: str
    place: int


@dataclass(frozen=True, slots=True)
class Among:
    """A logistic regression over `signs` and the log-odds of the words: what each adds to those of being noise.

    It was told as much noise as sense: how much of either there is, differs from reviewer to reviewer.
    """

    words: NoiseModel
    words_weight: float
    intercept: float
    weights: Mapping[str, float]

    def score(self, at: int, spoken: Sequence[Spoken], near: Sequence[float]) -> float:
        """The probability, 0 to 1, that the one at a place is noise; `near` is how alike it is to each of `spoken`."""
        return self.probability(self.words.log_odds(spoken[at].text), signs(at, spoken, near))

    def probability(self, words: float, found: Mapping[str, float]) -> float:
        """Of one with these log-odds of its words and these signs."""
        added = sum(weight * found[name] for name, weight in self.weights.items())
        log_odds = self.intercept + self.words_weight * words + added
        return 1.0 / (1.0 + math.exp(-max(-50.0, min(50.0, log_odds))))


def signs(at: int, spoken: Sequence[Spoken], near: Sequence[float]) -> dict[str, float]:
    """What shows beside its words how noisy the one at a place is.

    "agreement" is how alike the nearest statement of each other speaker is, summed up; "place" is the logarithm of how
    much its speaker says before it. How much one says in all told no more than that.
    """
    return {
        "agreement": _agreement(at, spoken, near),
        "place": math.log(1 + min(spoken[at].place, PLACE_MAX)),
    }


def _agreement(at: int, spoken: Sequence[Spoken], near: Sequence[float]) -> float:
    nearest: dict[Hashable, float] = {}
    for other, value in zip(spoken, near, strict=True):
        if other.speaker != spoken[at].speaker:
            nearest[other.speaker] = max(nearest.get(other.speaker, 0.0), value)
    return sum(nearest.values())
