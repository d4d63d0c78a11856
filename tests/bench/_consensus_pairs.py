"""Whether two comments state one defect: ours beside TF-IDF, the threshold from other pull requests."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations

from tests.bench._consensus_data import Pull, Score
from workers.experts.similarity_text import Frequencies, frequencies, likeness

Rows = Sequence[Sequence[float]]
Measure = Callable[[Sequence[str], Sequence[str]], Rows]
"""Texts of one pull request, and texts of others to know common words from → likeness of any two."""


@dataclass(frozen=True, slots=True)
class Pair:
    """Two comments on one pull request that each state a known defect."""

    near: float
    same: bool


def ours(texts: Sequence[str], others: Sequence[str]) -> Rows:
    """Terms and company, with what is common elsewhere."""
    return likeness(texts, frequencies(others))


def ours_alone(texts: Sequence[str], others: Sequence[str]) -> Rows:
    """Terms and company, from the pull request alone."""
    return likeness(texts, Frequencies())


def tf_idf(texts: Sequence[str], others: Sequence[str]) -> Rows:
    """Cosine of TF-IDF words, their rarity known from both."""
    from sklearn.feature_extraction.text import TfidfVectorizer  # type: ignore[import-untyped]

    words = TfidfVectorizer(sublinear_tf=True, stop_words="english").fit([*others, *texts])
    vectors = words.transform(texts)
    rows: list[list[float]] = (vectors @ vectors.T).toarray().tolist()
    return rows


def pairs_of(pull: Pull, rows: Rows) -> Iterator[Pair]:
    """All pairs of comments that state a known defect: same where they share one."""
    stating = [place for place, comment in enumerate(pull.comments) if comment.matches]
    for one, other in combinations(stating, 2):
        shared = pull.comments[one].matches & pull.comments[other].matches
        yield Pair(rows[one][other], bool(shared))


def best_threshold(pairs: Sequence[Pair]) -> float:
    """Where F1 is highest."""
    same = sum(pair.same for pair in pairs)
    best, threshold, right = 0.0, 1.0, 0
    for count, pair in enumerate(sorted(pairs, key=lambda pair: -pair.near), 1):
        right += pair.same
        if (f1 := 2 * right / (count + same)) > best:
            best, threshold = f1, pair.near
    return threshold


def measured(pulls: Sequence[Pull], folds: Sequence[int], measure: Measure) -> Score:
    """Every pair judged by a threshold, and by word counts, from the other folds."""
    right = said = same = 0
    for fold in sorted(set(folds)):
        pairs = {
            number: list(
                pairs_of(
                    pull, measure([one.text for one in pull.comments], others_of(number, pulls, folds, fold))
                )
            )
            for number, pull in enumerate(pulls)
        }
        known = [pair for number, of in pairs.items() if folds[number] != fold for pair in of]
        asked = [pair for number, of in pairs.items() if folds[number] == fold for pair in of]
        threshold = best_threshold(known)
        right += sum(pair.same and pair.near >= threshold for pair in asked)
        said += sum(pair.near >= threshold for pair in asked)
        same += sum(pair.same for pair in asked)
    return Score(right / said if said else 0.0, right / same if same else 0.0)


def others_of(number: int, pulls: Sequence[Pull], folds: Sequence[int], fold: int) -> list[str]:
    """Texts of other pull requests than `number`, none of them from the fold that is asked about."""
    return [
        comment.text
        for other, pull in enumerate(pulls)
        if folds[other] != fold and other != number
        for comment in pull.comments
    ]
