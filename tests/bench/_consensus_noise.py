"""Valid or noise, from one comment's text: ours beside TF-IDF, learned on other pull requests."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from statistics import fmean

from tests.bench._consensus_data import Comment, Pull
from workers.experts.noise import MANNER, NoiseModel, traits

STRENGTH = 0.02
"""Of the regularised regression: less is stronger."""

Scorer = Callable[[Sequence[Comment], Sequence[str]], list[float]]
"""Known comments, and texts to score: more is noisier."""


def judged(comments: Sequence[Comment]) -> list[Comment]:
    """Those that are valid or noise; a repeat is neither."""
    return [comment for comment in comments if comment.label != "repeat"]


def learned(known: Sequence[Comment]) -> NoiseModel:
    """A regression over standardised traits of how it is said, told as weights of the plain ones."""
    from sklearn.linear_model import LogisticRegression  # type: ignore[import-untyped]
    from sklearn.preprocessing import StandardScaler  # type: ignore[import-untyped]

    told = judged(known)
    rows = [_of_manner(comment.text) for comment in told]
    scaler = StandardScaler()
    table = scaler.fit_transform([list(row.values()) for row in rows])
    fitted = LogisticRegression(C=STRENGTH, max_iter=1_000)
    fitted.fit(table, [comment.label == "noise" for comment in told])
    weights = fitted.coef_[0] / scaler.scale_
    intercept = float(fitted.intercept_[0] - (weights * scaler.mean_).sum())
    return NoiseModel(intercept, dict(zip(rows[0], map(float, weights), strict=True)))


def _of_manner(text: str) -> dict[str, float]:
    return {name: value for name, value in traits(text).items() if name in MANNER}


def by_traits(known: Sequence[Comment], texts: Sequence[str]) -> list[float]:
    """Ours."""
    model = learned(known)
    return [model.score(text) for text in texts]


def by_words(known: Sequence[Comment], texts: Sequence[str]) -> list[float]:
    """TF-IDF and a logistic regression."""
    from sklearn.feature_extraction.text import TfidfVectorizer  # type: ignore[import-untyped]
    from sklearn.linear_model import LogisticRegression

    told = judged(known)
    words = TfidfVectorizer(sublinear_tf=True, min_df=3)
    fitted = LogisticRegression(max_iter=1_000)
    fitted.fit(
        words.fit_transform([comment.text for comment in told]),
        [comment.label == "noise" for comment in told],
    )
    return [float(value) for value in fitted.predict_proba(words.transform(texts))[:, 1]]


def by_both(known: Sequence[Comment], texts: Sequence[str]) -> list[float]:
    """The mean of ours and the words'."""
    return [(one + two) / 2 for one, two in zip(by_traits(known, texts), by_words(known, texts), strict=True)]


def measured(pulls: Sequence[Pull], folds: Sequence[int], scorer: Scorer) -> tuple[float, float]:
    """Area under the curve over all comments, and its mean over pull requests; each scored by others' folds."""
    from sklearn.metrics import roc_auc_score  # type: ignore[import-untyped]

    pairs: dict[int, list[tuple[bool, float]]] = {}
    for fold in sorted(set(folds)):
        known = [one for number, pull in enumerate(pulls) if folds[number] != fold for one in pull.comments]
        held = [number for number, of in enumerate(folds) if of == fold]
        asked = [one for number in held for one in judged(pulls[number].comments)]
        for one, score in zip(asked, scorer(known, [one.text for one in asked]), strict=True):
            pairs.setdefault(one.pull, []).append((one.label == "noise", score))
    everything = [pair for of in pairs.values() for pair in of]
    both = [of for of in pairs.values() if len({noisy for noisy, _ in of}) == 2]
    area = float(roc_auc_score(*zip(*everything, strict=True)))
    return area, fmean(float(roc_auc_score(*zip(*of, strict=True))) for of in both)
