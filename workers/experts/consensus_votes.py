"""Who speaks for a cluster, what speaks for it, and the probability that it is right."""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from workers.experts.weights import Weights


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


def spokesman(cluster: Sequence[int], statements: Sequence[Statement]) -> int:
    """The place of the statement that speaks for all: what who says least on this change says first.

    Who is sparing with words was, on labelled comments, more often to the point than who says much; neither how noisy
    a statement sounds nor how near it is to the others told more.
    """
    said = Counter(one.reviewer for one in statements)
    return min(cluster, key=lambda at: (said[statements[at].reviewer], statements[at].place, at))


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
