"""Which of several comments that are taken for one is told, where some of them state a defect and some do not."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from statistics import fmean

from tests.bench._consensus_among import drawn, spoken
from tests.bench._consensus_data import Comment, Pull
from workers.experts.consensus_clusters import clustered
from workers.experts.consensus_votes import Statement, spokesman
from workers.experts.similarity import Nearness
from workers.experts.similarity_text import Frequencies, likeness


@dataclass(frozen=True, slots=True)
class Told:
    """How likely any of them states a defect, and whether ours does."""

    any: float
    ours: bool


def told(pulls: Sequence[Pull], size: int) -> tuple[float, float]:
    """Shares of such clusters of teams of one size in which one by chance, and ours, states a defect."""
    found = [
        one
        for team in drawn(pulls)
        if len(team) == size
        for pull in pulls
        for one in _of_team([each for each in pull.comments if each.reviewer in team])
    ]
    return fmean(one.any for one in found), fmean(one.ours for one in found)


def _of_team(comments: Sequence[Comment]) -> Iterator[Told]:
    near = likeness([one.text for one in comments], Frequencies())
    statements = [Statement(str(one.speaker), one.text, one.place, 0.5) for one in spoken(comments)]
    for cluster in clustered(near, Nearness().alike_min):
        right = [bool(comments[at].matches) for at in cluster]
        if len(set(right)) == 2:
            yield Told(fmean(right), bool(comments[spokesman(cluster, statements)].matches))
