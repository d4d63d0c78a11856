"""How well each model will answer a question, learned from outcomes: task table, words and shape in one ridge."""

from __future__ import annotations

from array import array
from collections.abc import Sequence
from dataclasses import dataclass, field
from operator import itemgetter, mul
from random import Random

from workers.llm.routing.text_features import Scales, TextFeatures, Vector


@dataclass(frozen=True, slots=True)
class Sample:
    """One outcome: how well (0 to 1) `model` did on a question of a kind."""

    model: str
    kind: str
    text: str
    quality: float


@dataclass(frozen=True, slots=True)
class Learning:
    """`ridge`: how many outcomes what is known beforehand weighs; a model takes 8 bytes a bucket.

    Online, the last `kept_max` outcomes are kept and `revisited` of them gone over with each new one.
    """

    ridge: float = 1.0
    passes: int = 8
    kept_max: int = 5_000
    revisited: int = 3
    buckets: int = 2**18
    prior: float = 0.7
    scales: Scales = field(default_factory=Scales)


@dataclass(slots=True)
class _Kept:
    """An outcome as it is learned from; `multiplier` is its share in the weights so far."""

    model: str
    quality: float
    vector: Vector
    multiplier: float = 0.0


class QualityPredictor:
    """Predicted quality by model, kind and text.

    Ridge regression by dual coordinate ascent (Shalev-Shwartz & Zhang 2013): each outcome has a multiplier, one step
    on it is cheap, and some passes over all come close to the exact solution. `learn` takes a few steps, online.
    """

    def __init__(self, learning: Learning) -> None:
        self._learning = learning
        self._features = TextFeatures(learning.buckets, learning.scales)
        self._weights: dict[str, array[float]] = {}
        self._kept: list[_Kept] = []
        self._learnt = 0

    def predict(self, model: str, kind: str, text: str) -> float:
        """The quality to be expected, about 0 to 1; the prior for a model that was never seen."""
        return self.predict_all((model,), kind, text)[0]

    def predict_all(self, models: Sequence[str], kind: str, text: str) -> list[float]:
        """The same for several models, reading the text once."""
        vector = self._features.vector(kind, text)
        return [self._learning.prior + _dot(self._weights_of(model), vector) for model in models]

    def learn(self, sample: Sample, random: Random) -> None:
        """Take in one outcome."""
        self._features.count(sample.text)
        vector = self._features.vector(sample.kind, sample.text)
        new = _Kept(sample.model, sample.quality, vector)
        if len(self._kept) < self._learning.kept_max:
            self._kept.append(new)
        else:
            self._kept[self._learnt % len(self._kept)] = new
        self._learnt += 1
        for one in (new, *random.choices(self._kept, k=self._learning.revisited)):
            self._step(one)

    def fit(self, samples: Sequence[Sample], random: Random) -> None:
        """Take in outcomes together, going over them several times in random order."""
        for text in {sample.text: None for sample in samples}:
            self._features.count(text)
        known = {(one.kind, one.text): None for one in samples}
        vectors = {key: self._features.vector(*key) for key in known}
        order = [_Kept(one.model, one.quality, vectors[one.kind, one.text]) for one in samples]
        for _ in range(self._learning.passes):
            random.shuffle(order)
            for one in order:
                self._step(one)

    def _step(self, one: _Kept) -> None:
        """Solve for one outcome's multiplier, the others held."""
        weights, ridge, vector = self._weights_of(one.model), self._learning.ridge, one.vector
        missed = one.quality - self._learning.prior - _dot(weights, vector)
        change = (missed - ridge * one.multiplier) / (vector.square + ridge)
        one.multiplier += change
        for place, value in zip(vector.places, vector.values, strict=True):
            weights[place] += change * value

    def _weights_of(self, model: str) -> array[float]:
        if model not in self._weights:
            self._weights[model] = array("d", bytes(8 * self._learning.buckets))
        return self._weights[model]


def _dot(weights: array[float], vector: Vector) -> float:
    total: float = sum(map(mul, itemgetter(*vector.places)(weights), vector.values))
    return total
