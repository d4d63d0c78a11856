"""Ways to rank questions: ours, and what it is held against. Each is trained on some and scores others."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Sequence
from random import Random
from statistics import fmean

from tests.bench._routing_data import Query
from workers.domain.profile import DEFAULT_DECAY, Moments, decay_of, observe
from workers.llm.routing.beliefs import Beliefs
from workers.llm.routing.complexity import complexity_of

Ranker = Callable[[Sequence[Query], Sequence[Query]], list[float]]
SHRINK = 20
PRIOR = 0.7
NEW = "a task that nobody has seen"
COMPLEXITY_SHARE = 0.001


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


def by_beliefs(known: Sequence[Query], asked: Sequence[Query]) -> list[float]:
    """Ours: what the router believes of both models once it has learned the known outcomes, one by one."""
    return _believed(known, asked, decay_of("quality"))


def by_quick_beliefs(known: Sequence[Query], asked: Sequence[Query]) -> list[float]:
    """Ours, were quality to fade as quickly as speed does."""
    return _believed(known, asked, DEFAULT_DECAY)


def _believed(known: Sequence[Query], asked: Sequence[Query], decay: float) -> list[float]:
    order = list(known)
    Random(1).shuffle(order)
    profiles: dict[tuple[str, str, str], Moments] = {}
    for one in order:
        for model, outcome in (("weak", one.weak), ("strong", one.strong)):
            key = (model, one.task, "quality")
            profiles[key] = observe(profiles.get(key), outcome, decay)
    beliefs = Beliefs(profiles)
    usual = gain(beliefs, NEW)
    # Of a new kind nothing is believed but what holds for all; there, as in the router, complexity decides.
    return [gain(beliefs, one.task) - usual + COMPLEXITY_SHARE * _complexity(one) for one in asked]


def _complexity(query: Query) -> float:
    return complexity_of(len(query.text), "").score


def gain(beliefs: Beliefs, task: str) -> float:
    """How much better the strong model is believed to be at `task`."""
    strong = beliefs.of("strong", task, "quality", PRIOR).mean
    return strong - beliefs.of("weak", task, "quality", PRIOR).mean


def by_oracle(known: Sequence[Query], asked: Sequence[Query]) -> list[float]:
    return [one.gain for one in asked]
