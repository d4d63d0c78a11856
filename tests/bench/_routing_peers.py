"""Ways to rank questions: ours, and what it is held against. Each is trained on some and scores others."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Sequence
from random import Random
from statistics import fmean

from tests.bench._routing_data import Query
from workers.llm.routing.predictor import Learning, QualityPredictor, Sample

Ranker = Callable[[Sequence[Query], Sequence[Query]], list[float]]
SHRINK = 20
GAIN = "strong-weak"


def at_random(known: Sequence[Query], asked: Sequence[Query]) -> list[float]:
    chance = Random(7)
    return [chance.random() for _ in asked]


def by_length(known: Sequence[Query], asked: Sequence[Query]) -> list[float]:
    return [float(len(one.text)) for one in asked]


def by_task_table(known: Sequence[Query], asked: Sequence[Query]) -> list[float]:
    """Each task's mean gain, shrunk towards all tasks'."""
    overall = fmean(one.gain for one in known)
    gains: dict[str, list[float]] = defaultdict(list)
    for one in known:
        gains[one.task].append(one.gain)
    table = {task: (sum(of) + SHRINK * overall) / (len(of) + SHRINK) for task, of in gains.items()}
    return [table.get(one.task, overall) for one in asked]


def by_words(known: Sequence[Query], asked: Sequence[Query]) -> list[float]:
    """TF-IDF of words and pairs, ridge on the gain."""
    from sklearn.feature_extraction.text import TfidfVectorizer  # type: ignore[import-untyped]
    from sklearn.linear_model import Ridge  # type: ignore[import-untyped]

    words = TfidfVectorizer(ngram_range=(1, 2), sublinear_tf=True, min_df=2)
    model = Ridge(alpha=3.0)
    model.fit(words.fit_transform([one.text for one in known]), [one.gain for one in known])
    return [float(value) for value in model.predict(words.transform([one.text for one in asked]))]


def by_predictor(known: Sequence[Query], asked: Sequence[Query]) -> list[float]:
    """Ours. Ridge is linear in what it learns: trained on the gain, it gives the difference of two models' predictors."""
    predictor = QualityPredictor(Learning(prior=0.0))
    predictor.fit([Sample(GAIN, one.task, one.text, one.gain) for one in known], Random(1))
    return [predictor.predict(GAIN, one.task, one.text) for one in asked]


def by_oracle(known: Sequence[Query], asked: Sequence[Query]) -> list[float]:
    return [one.gain for one in asked]
