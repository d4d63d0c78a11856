"""Valid or noise, from one comment's text: ours beside TF-IDF, learned on other pull requests."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from functools import lru_cache
from statistics import fmean
from typing import TYPE_CHECKING, Any

from tests.bench._consensus_data import Comment, Pull
from workers.experts.noise import MANNER, NoiseModel, phrases, traits
from workers.experts.similarity_text import Frequencies, likeness

if TYPE_CHECKING:
    import numpy as np

    Vector = np.ndarray[Any, np.dtype[np.float64]]

AGREEMENT_MIN = 0.3
"""Two comments on one change that are so alike say the same, near enough."""
LABEL_WEIGHT = 0.5
"""Of the label beside how many others say the same: a comment has one label, which is wrong now and then."""
MANNER_STRENGTH = 1_000.0
TURNS_STRENGTH = 5.0
"""Of the ridge regressions: more is stronger."""
SPREAD_MIN = 0.2
"""A phrase is known if comments on such a share of the pull requests hold it: others are of one change."""
PULLS_MAX = 64

Scorer = Callable[[Sequence[Comment], Sequence[str]], list[float]]
"""Known comments, and texts to score: more is noisier."""


def judged(comments: Sequence[Comment]) -> list[Comment]:
    """Those that are valid or noise; a repeat is neither."""
    return [comment for comment in comments if comment.label != "repeat"]


def learned(known: Sequence[Comment]) -> NoiseModel:
    """What a text's manner and its turns of phrase tell of how few others say the same, and of its label.

    What many find is seldom noise, and how many do is known much finer than whether one is right. It is asked of those
    only that are learned from: a text is scored by itself.
    """
    from sklearn.linear_model import LogisticRegression  # type: ignore[import-untyped]

    told = judged(known)
    wanted = _wanted(told, known)
    manner, of_manner = _manner(told, wanted)
    turns, of_turns = _turns(told, wanted)
    fitted = LogisticRegression(max_iter=1_000)
    fitted.fit([[value] for value in of_manner + of_turns], [one.label == "noise" for one in told])
    slope, rest = float(fitted.coef_[0][0]), float(fitted.intercept_[0])
    weights = {name: slope * weight for name, weight in manner.weights.items()}
    return NoiseModel(
        rest + slope * manner.intercept, weights, {turn: slope * weight for turn, weight in turns.items()}
    )


def _wanted(told: Sequence[Comment], known: Sequence[Comment]) -> Vector:
    import numpy as np

    found: dict[Comment, int] = {}
    for pull in sorted({one.pull for one in known}):
        found |= company(tuple(one for one in known if one.pull == pull))
    alone = -np.log1p([found[one] for one in told])
    noisy = np.array([one.label == "noise" for one in told], float)
    return _standard(alone) + LABEL_WEIGHT * _standard(noisy)


@lru_cache(maxsize=PULLS_MAX)
def company(comments: tuple[Comment, ...]) -> dict[Comment, int]:
    """How many other reviewers say much the same as each; all of one pull request."""
    near = likeness([one.text for one in comments], Frequencies())
    found = {}
    for one, row in zip(comments, near, strict=True):
        alike = {other.reviewer for other, value in zip(comments, row, strict=True) if value >= AGREEMENT_MIN}
        found[one] = len(alike - {one.reviewer})
    return found


def _standard(values: Vector) -> Vector:
    spread = float(values.std()) or 1.0
    centred: Vector = values - values.mean()
    return centred / spread


def _manner(told: Sequence[Comment], wanted: Vector) -> tuple[NoiseModel, Vector]:
    """A ridge regression over standardised traits of how it is said, as weights of the plain ones; and its values."""
    import numpy as np
    from sklearn.linear_model import Ridge
    from sklearn.preprocessing import StandardScaler  # type: ignore[import-untyped]

    rows = [_of_manner(one.text) for one in told]
    scaler = StandardScaler()
    table = scaler.fit_transform([list(row.values()) for row in rows])
    values = (fitted := Ridge(MANNER_STRENGTH).fit(table, wanted)).predict(table)
    weights = fitted.coef_ / scaler.scale_ / (values.std() or 1.0)
    model = NoiseModel(
        -float((weights * scaler.mean_).sum()), dict(zip(rows[0], map(float, weights), strict=True))
    )
    return model, np.array([model.log_odds(one.text) for one in told])


def _of_manner(text: str) -> dict[str, float]:
    return {name: value for name, value in traits(text).items() if name in MANNER}


def _turns(told: Sequence[Comment], wanted: Vector) -> tuple[dict[str, float], Vector]:
    """A ridge regression over the phrases that are of more than one change: the weight of each, and its values."""
    from sklearn.feature_extraction.text import CountVectorizer  # type: ignore[import-untyped]
    from sklearn.linear_model import Ridge
    from sklearn.preprocessing import normalize

    words = CountVectorizer(analyzer=phrases, vocabulary=_spread(told), binary=True, dtype=float)
    table = normalize(words.transform([one.text for one in told]))
    fitted = Ridge(TURNS_STRENGTH).fit(table, wanted)
    values = table @ fitted.coef_
    scale = values.std() or 1.0
    weights = map(float, fitted.coef_ / scale)
    return dict(zip(words.get_feature_names_out(), weights, strict=True)), values / scale


def _spread(told: Sequence[Comment]) -> list[str]:
    pulls = sorted({one.pull for one in told})
    of_pull = (
        frozenset[str]().union(*(phrases(one.text) for one in told if one.pull == pull)) for pull in pulls
    )
    counts = Counter(phrase for found in of_pull for phrase in found)
    return sorted(phrase for phrase, count in counts.items() if count >= SPREAD_MIN * len(pulls))


def by_traits(known: Sequence[Comment], texts: Sequence[str]) -> list[float]:
    """Ours."""
    model = learned(known)
    return [model.score(text) for text in texts]


def by_words(known: Sequence[Comment], texts: Sequence[str]) -> list[float]:
    """TF-IDF and a logistic regression."""
    from sklearn.feature_extraction.text import TfidfVectorizer
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
