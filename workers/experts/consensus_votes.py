"""Statements to clusters, clusters to votes, votes to the probability that a cluster is right."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from workers.experts.weights import Weights

Likeness = Sequence[Sequence[float]]


@dataclass(frozen=True, slots=True)
class Statement:
    """What one reviewer said: `place` is 0 for the first of its statements; `noise` 0 to 1 is how noisy it sounds."""

    reviewer: str
    text: str
    place: int
    noise: float


@dataclass(frozen=True, slots=True)
class Judge:
    """A logistic regression over `signs`: what each adds to the log-odds that a cluster is right."""

    intercept: float
    weights: Mapping[str, float]

    def probability(self, found: Mapping[str, float]) -> float:
        """0 to 1; a sign without a weight adds nothing."""
        log_odds = self.intercept + sum(self.weights.get(name, 0.0) * value for name, value in found.items())
        return 1.0 / (1.0 + math.exp(-max(-50.0, min(50.0, log_odds))))


def clustered(likeness: Likeness, alike_min: float) -> tuple[tuple[int, ...], ...]:
    """Places of statements that say one thing together: the two nearest clusters joined while they are near enough.

    Nearness is the mean of all pairs, so that chains of near statements don't run together. Every place is in one.
    """
    clusters: list[tuple[int, ...]] = [(place,) for place in range(len(likeness))]
    while joined := _nearest(clusters, likeness, alike_min):
        one, other = joined
        clusters[one] = tuple(sorted(clusters[one] + clusters[other]))
        del clusters[other]
    return tuple(clusters)


def _nearest(
    clusters: Sequence[tuple[int, ...]], likeness: Likeness, alike_min: float
) -> tuple[int, int] | None:
    best, found = alike_min, None
    for one, mine in enumerate(clusters):
        for other in range(one + 1, len(clusters)):
            near = _mean_likeness(mine, clusters[other], likeness)
            if near >= best and (found is None or near > best):
                best, found = near, (one, other)
    return found


def _mean_likeness(mine: Sequence[int], theirs: Sequence[int], likeness: Likeness) -> float:
    return sum(likeness[one][other] for one in mine for other in theirs) / (len(mine) * len(theirs))


def spokesman(cluster: Sequence[int], statements: Sequence[Statement], likeness: Likeness) -> int:
    """The place of the statement that speaks for all: nearest to the others, and the least noisy among equals."""
    return max(
        cluster,
        key=lambda place: (
            _mean_likeness((place,), cluster, likeness) - 0.2 * statements[place].noise,
            -place,
        ),
    )


def borda(ballots: Mapping[str, Sequence[int]]) -> dict[int, float]:
    """Borda count of clusters: a reviewer that ranks n gives its first n/n, its last 1/n, and nothing to others."""
    points: dict[int, float] = defaultdict(float)
    for ballot in ballots.values():
        ranked = list(dict.fromkeys(ballot))
        for place, cluster in enumerate(ranked):
            points[cluster] += (len(ranked) - place) / len(ranked)
    return dict(points)


def signs(
    clusters: Sequence[Sequence[int]],
    statements: Sequence[Statement],
    weights: Weights,
    asked: Sequence[str],
) -> list[dict[str, float]]:
    """For each cluster what speaks for and against it; "talk" is how much its speakers say (log of statements)."""
    points = borda(_ballots(clusters, statements))
    said = {name: sum(one.reviewer == name for one in statements) for name in asked}
    return [
        _signs_of([statements[place] for place in cluster], points.get(index, 0.0), said, weights, asked)
        for index, cluster in enumerate(clusters)
    ]


def _signs_of(
    members: Sequence[Statement],
    points: float,
    said: Mapping[str, int],
    weights: Weights,
    asked: Sequence[str],
) -> dict[str, float]:
    speakers = {one.reviewer for one in members}
    return {
        "votes": len(speakers),
        "log-odds of votes": weights.log_odds(speakers, asked),
        "discounted votes": weights.discounted(speakers),
        "best vote": max(weights.votes.get(name, 0.0) for name in speakers),
        "borda": points,
        "noise": sum(one.noise for one in members) / len(members),
        "talk": math.log(sum(said[name] for name in speakers) / len(speakers)),
    }


def _ballots(clusters: Sequence[Sequence[int]], statements: Sequence[Statement]) -> dict[str, list[int]]:
    """Each reviewer's clusters in the order in which it spoke of them."""
    spoken = sorted(
        (statements[place].reviewer, statements[place].place, index)
        for index, cluster in enumerate(clusters)
        for place in cluster
    )
    ballots: dict[str, list[int]] = defaultdict(list)
    for reviewer, _, index in spoken:
        ballots[reviewer].append(index)
    return ballots
