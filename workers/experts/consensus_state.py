"""What a vote is called, and how far models agree over a whole change."""

from __future__ import annotations

from collections.abc import Sequence, Set
from itertools import combinations
from statistics import fmean

from workers.domain.finding import State

CONFIRMING_MIN = 2


def state_of(supporters: int, refuters: int = 0) -> State:
    """The state of a statement that `supporters` independent sources made and `refuters` disproved with evidence.

    A veto is stronger than one voice and is shown beside several: those who look for reasons to agree find them, so a
    majority for a statement never hides that somebody disproved it.
    """
    if refuters:
        return State.DISPUTED if supporters >= CONFIRMING_MIN else State.REFUTED
    return State.CONFIRMED if supporters >= CONFIRMING_MIN else State.SINGLE


def consistency(votes: Sequence[Set[str]], models: Sequence[str]) -> float | None:
    """How far `models` say the same, 0 to 1: shared statements over all statements, the mean of all pairs.

    `votes` holds who made each statement. Two that are both silent agree. None: fewer than two models.
    """
    pairs = list(combinations(models, 2))
    return fmean(_agreement(votes, *pair) for pair in pairs) if pairs else None


def _agreement(votes: Sequence[Set[str]], one: str, other: str) -> float:
    either = [speakers for speakers in votes if one in speakers or other in speakers]
    both = sum(one in speakers and other in speakers for speakers in either)
    return both / len(either) if either else 1.0
