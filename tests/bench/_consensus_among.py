"""Valid or noise among what a few reviewers say of a change: teams drawn by chance, learned on other pull requests."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from random import Random
from statistics import fmean

from tests.bench._consensus_data import FOLDS, Comment, Pull
from tests.bench._consensus_noise import learned as learned_words
from tests.bench._consensus_signs import Among, Spoken, signs
from workers.experts.noise import NoiseModel
from workers.experts.similarity_text import Frequencies, likeness

TEAMS: Mapping[int, int] = {1: 40, 2: 20, 3: 14, 5: 9}
"""How many teams of each size: about as many statements of each. Teams and signs were chosen within calcom's."""
SIGNS = ("agreement", "place")


@dataclass(frozen=True, slots=True)
class Heard:
    """A comment among those of a team, and what shows beside its words."""

    comment: Comment
    team: tuple[str, ...]
    signs: Mapping[str, float]

    @property
    def size(self) -> int:
        """Of the team."""
        return len(self.team)

    @property
    def noisy(self) -> bool:
        """As it was labelled."""
        return self.comment.label == "noise"


def drawn(pulls: Sequence[Pull]) -> list[tuple[str, ...]]:
    """Teams of all sizes, the same each time."""
    chance = Random(5)
    everybody = sorted({one.reviewer for pull in pulls for one in pull.comments})
    return [
        tuple(sorted(chance.sample(everybody, size))) for size, count in TEAMS.items() for _ in range(count)
    ]


def heard(pulls: Sequence[Pull]) -> list[Heard]:
    """All that is labelled of what each team says; a repeat keeps others company and is not judged."""
    return [
        one
        for team in drawn(pulls)
        for pull in pulls
        for one in _of_team([each for each in pull.comments if each.reviewer in team], team)
        if one.comment.label != "repeat"
    ]


def _of_team(comments: Sequence[Comment], team: tuple[str, ...]) -> Iterator[Heard]:
    near = likeness([one.text for one in comments], Frequencies())
    said = spoken(comments)
    for at, comment in enumerate(comments):
        yield Heard(comment, team, signs(at, said, near[at]))


def spoken(comments: Sequence[Comment]) -> list[Spoken]:
    """Comments in the order in which each reviewer made them."""
    before = Counter[str]()
    found = []
    for one in comments:
        found.append(Spoken(one.reviewer, one.text, before[one.reviewer]))
        before[one.reviewer] += 1
    return found


def learned(known: Sequence[Heard], pulls: Sequence[Pull]) -> Among:
    """From `known` of all sizes alike. The words' score of each comes from other pull requests, as it will in use."""
    from sklearn.linear_model import LogisticRegression  # type: ignore[import-untyped]

    numbers = sorted({one.comment.pull for one in known})
    models = {fold: _words(pulls, (n for n in numbers if n % FOLDS != fold)) for fold in range(FOLDS)}
    said = {one.comment for one in known}
    words_of = {one: models[one.pull % FOLDS].log_odds(one.text) for one in said}
    counts = Counter(one.size for one in known)
    table = [[words_of[one.comment], *(one.signs[name] for name in SIGNS)] for one in known]
    fitted = LogisticRegression(C=1.0, class_weight="balanced", max_iter=1_000)
    shares = [len(known) / len(counts) / counts[one.size] for one in known]
    fitted.fit(table, [one.noisy for one in known], sample_weight=shares)
    words, *weights = map(float, fitted.coef_[0])
    named = dict(zip(SIGNS, weights, strict=True))
    return Among(_words(pulls, numbers), words, float(fitted.intercept_[0]), named)


def _words(pulls: Sequence[Pull], numbers: Iterable[int]) -> NoiseModel:
    return learned_words([one for number in numbers for one in pulls[number].comments])


def by_split(pulls: Sequence[Pull], said: Sequence[Heard], folds: Sequence[int]) -> list[float]:
    """A score for each of `said`, learned on the other folds."""
    found: dict[int, Among] = {
        fold: learned([one for one in said if folds[one.comment.pull] != fold], pulls) for fold in set(folds)
    }
    words_of = {
        one: found[folds[one.pull]].words.log_odds(one.text) for one in {each.comment for each in said}
    }
    return [found[folds[one.comment.pull]].probability(words_of[one.comment], one.signs) for one in said]


def areas(said: Sequence[Heard], scores: Sequence[float], size: int) -> tuple[float, float]:
    """Area under the curve over all statements of teams of one size, and its mean over what a team says of a change."""
    from sklearn.metrics import roc_auc_score  # type: ignore[import-untyped]

    reviews: dict[tuple[int, tuple[str, ...]], list[tuple[bool, float]]] = {}
    for one, score in zip(said, scores, strict=True):
        if one.size == size:
            reviews.setdefault((one.comment.pull, one.team), []).append((one.noisy, score))
    both = [rows for rows in reviews.values() if len({noisy for noisy, _ in rows}) == 2]
    everything = [row for rows in reviews.values() for row in rows]
    area = float(roc_auc_score(*zip(*everything, strict=True)))
    return area, fmean(float(roc_auc_score(*zip(*rows, strict=True))) for rows in both)
