"""A team of reviewers on every pull request: what it publishes together, by votes that others' outcomes weigh."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from random import Random

from tests.bench._consensus_data import Comment, Published, Pull, merged_score
from tests.bench._consensus_noise import learned as learned_noise
from tests.bench._consensus_pairs import Pair, best_threshold, others_of, pairs_of
from workers.experts.consensus_clusters import clustered
from workers.experts.consensus_votes import Judge, Statement, signs, spokesman
from workers.experts.noise import NoiseModel
from workers.experts.similarity_text import frequencies, likeness
from workers.experts.weights import Outcome, Weights, learned

TEAM_SIZE = 5
STRENGTH = 0.1
OTHER_TEAMS = 8
OWN_SHARE = 1.0
OTHERS_SHARE = 0.1
CHOSEN = ("votes", "noise")
"""Of all signs these did best with teams of other reviewers, of which no figure is printed; more signs did no better."""

Team = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Ballot:
    """A cluster of one pull request: what would be published, who spoke, its members."""

    published: Published
    speakers: frozenset[str]
    members: tuple[int, ...]

    @property
    def valid(self) -> bool:
        """Whether any of its statements is of a known defect."""
        return bool(self.published.merged)


@dataclass(frozen=True, slots=True)
class Box:
    """The clusters of one pull request and the statements that they are made of."""

    statements: tuple[Statement, ...]
    ballots: tuple[Ballot, ...]


@dataclass(frozen=True, slots=True)
class Sign:
    """A cluster with all that speaks for and against it."""

    ballot: Ballot
    values: dict[str, float]


class Split:
    """What is learned from all folds but one, and asked of that one."""

    def __init__(self, pulls: Sequence[Pull], folds: Sequence[int], fold: int) -> None:
        self.pulls = pulls
        self.known = [number for number, of in enumerate(folds) if of != fold]
        self.asked = [number for number, of in enumerate(folds) if of == fold]
        self._folds = folds
        self._common = {n: frequencies(others_of(n, pulls, folds, fold)) for n in range(len(pulls))}
        self._alike_min = self._threshold()
        self._noise = {n: self._noise_model(n) for n in sorted({folds[n] for n in self.known})}
        self._noise_asked = learned_noise([one for n in self.known for one in pulls[n].comments])
        self.box = cache(self._box)

    def _threshold(self) -> float:
        pairs: list[Pair] = []
        for number in self.known:
            texts = [one.text for one in self.pulls[number].comments]
            pairs += pairs_of(self.pulls[number], likeness(texts, self._common[number]))
        return best_threshold(pairs)

    def _noise_model(self, fold: int) -> NoiseModel:
        """For pull requests of a known fold: from the other known folds, so that its scores are as good as new ones."""
        others = [number for number in self.known if self._folds[number] != fold]
        return learned_noise([one for number in others for one in self.pulls[number].comments])

    def _box(self, team: Team, number: int) -> Box:
        comments = [one for one in self.pulls[number].comments if one.reviewer in team]
        model = self._noise.get(self._folds[number], self._noise_asked)
        statements = _statements(comments, model)
        near = likeness([one.text for one in comments], self._common[number])
        ballots = (
            _ballot(cluster, comments, comments[spokesman(cluster, statements)])
            for cluster in clustered(near, self._alike_min)
        )
        return Box(statements, tuple(ballots))

    def signs(self, team: Team, number: int) -> list[Sign]:
        """Of the clusters of one pull request, its own outcomes never among what the votes are weighed by."""
        box = self.box(team, number)
        found = signs([one.members for one in box.ballots], box.statements, self._weights(team, number), team)
        return [Sign(ballot, values) for ballot, values in zip(box.ballots, found, strict=True)]

    def _weights(self, team: Team, number: int) -> Weights:
        known = (ballot for n in self.known if n != number for ballot in self.box(team, n).ballots)
        return learned([Outcome(one.speakers, one.valid) for one in known], team)


def _statements(comments: Sequence[Comment], model: NoiseModel) -> tuple[Statement, ...]:
    said: dict[str, int] = {}
    found = []
    for comment in comments:
        place = said[comment.reviewer] = said.get(comment.reviewer, -1) + 1
        found.append(Statement(comment.reviewer, comment.text, place, model.score(comment.text)))
    return tuple(found)


def _ballot(cluster: tuple[int, ...], comments: Sequence[Comment], told: Comment) -> Ballot:
    members = [comments[place] for place in cluster]
    merged = frozenset(match for one in members for match in one.matches)
    label = "repeat" if all(one.label == "repeat" for one in members) else told.label
    return Ballot(
        Published(told.pull, told.matches, merged, label),
        frozenset(one.reviewer for one in members),
        cluster,
    )


def other_teams(team: Team, reviewers: Sequence[str]) -> list[Team]:
    """Teams without any of `team`: how votes add up is much the same for all, and five reviewers' outcomes are few."""
    chance, free = Random(5), sorted(set(reviewers) - set(team))
    return [tuple(sorted(chance.sample(free, TEAM_SIZE))) for _ in range(OTHER_TEAMS)]


def judge_of(own: Sequence[Sign], others: Sequence[Sign], chosen: Sequence[str]) -> Judge:
    """The regression of being valid over the chosen signs; the team's own outcomes weigh most."""
    from sklearn.linear_model import LogisticRegression  # type: ignore[import-untyped]
    from sklearn.preprocessing import StandardScaler  # type: ignore[import-untyped]

    rows = [*own, *others]
    scaler = StandardScaler()
    table = scaler.fit_transform([[row.values[name] for name in chosen] for row in rows])
    shares = [OWN_SHARE] * len(own) + [OTHERS_SHARE] * len(others)
    fitted = LogisticRegression(C=STRENGTH, max_iter=500)
    fitted.fit(table, [row.ballot.valid for row in rows], sample_weight=shares)
    weights = fitted.coef_[0] / scaler.scale_
    intercept = float(fitted.intercept_[0] - (weights * scaler.mean_).sum())
    return Judge(intercept, dict(zip(chosen, map(float, weights), strict=True)))


def chosen_threshold(known: Sequence[Sign], judge: Judge, split: Split) -> float:
    """The probability from which on F1 is highest on what is known, in the middle of where it hardly changes."""
    steps = [step / 100 for step in range(5, 96)]
    raw = [merged_score(published(known, judge, step), split.pulls, split.known).f1 for step in steps]
    smooth = [sum(raw[max(0, n - 3) : n + 4]) / len(raw[max(0, n - 3) : n + 4]) for n in range(len(raw))]
    return steps[smooth.index(max(smooth))]


def published(rows: Sequence[Sign], judge: Judge, least: float) -> list[Published]:
    """What is likely enough, the likeliest first."""
    scored = sorted(((judge.probability(row.values), row) for row in rows), key=lambda pair: -pair[0])
    return [row.ballot.published for probability, row in scored if probability >= least]


def asked_of(split: Split, team: Team, others: Sequence[Team], chosen: Sequence[str]) -> list[Published]:
    """What the team publishes on the fold that nothing was learned from."""
    own = [row for number in split.known for row in split.signs(team, number)]
    more = [row for other in others for number in split.known for row in split.signs(other, number)]
    judge = judge_of(own, more, chosen)
    least = chosen_threshold(own, judge, split)
    return published([row for number in split.asked for row in split.signs(team, number)], judge, least)
