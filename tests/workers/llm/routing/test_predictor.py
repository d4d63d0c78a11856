"""The learned predictor of quality."""

from __future__ import annotations

from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workers.llm.routing.predictor import Learning, QualityPredictor, Sample
from workers.llm.routing.text_features import shape

SMALL = Learning(buckets=4_096)
EASY = [Sample("m", "sums", f"what is {n} plus {n}, an easy one", 1.0) for n in range(40)]
HARD = [Sample("m", "sums", f"integrate the function {n} over a manifold", 0.0) for n in range(40)]


def _fitted(samples: list[Sample]) -> QualityPredictor:
    predictor = QualityPredictor(SMALL)
    predictor.fit(samples, Random(1))
    return predictor


def test_nothing_learned_is_the_prior() -> None:
    assert QualityPredictor(SMALL).predict("m", "kind", "text") == SMALL.prior


def test_words_tell_hard_from_easy() -> None:
    predictor = _fitted([*EASY, *HARD])
    easy, hard = "what is nine plus nine, an easy one", "integrate the function f over a manifold"
    assert predictor.predict("m", "sums", easy) > predictor.predict("m", "sums", hard) + 0.4


def test_kinds_tell_models_apart() -> None:
    samples = [Sample("m", kind, "same words", quality) for kind, quality in (("a", 1.0), ("b", 0.0)) * 60]
    predictor = _fitted(samples)
    assert predictor.predict("m", "a", "same words") > predictor.predict("m", "b", "same words") + 0.4


def test_a_models_outcomes_say_nothing_of_another() -> None:
    assert _fitted(HARD).predict("other", "sums", HARD[0].text) == SMALL.prior


def test_learning_one_by_one_comes_to_the_same_order() -> None:
    predictor, random = QualityPredictor(SMALL), Random(1)
    for easy, hard in zip(EASY, HARD, strict=True):
        predictor.learn(easy, random)
        predictor.learn(hard, random)
    assert predictor.predict("m", "sums", EASY[0].text) > predictor.predict("m", "sums", HARD[0].text) + 0.4


def test_what_is_kept_is_limited() -> None:
    predictor, random = QualityPredictor(Learning(buckets=64, kept_max=5)), Random(1)
    for sample in EASY:
        predictor.learn(sample, random)
    assert len(predictor._kept) == 5


def test_many_passes_solve_the_ridge() -> None:
    """One kind, no words: the intercept and the kind's place share y / (1 + squares)."""
    learning = Learning(buckets=4_096, passes=200)
    predictor = QualityPredictor(learning)
    predictor.fit([Sample("m", "k", "", 1.7)], Random(1))
    square = (
        1
        + learning.scales.kind**2
        + sum(value * value for value in shape(""))
        * (learning.scales.shape**2 + learning.scales.shape_of_kind**2)
    )
    assert predictor.predict("m", "k", "") == pytest.approx(0.7 + square / (square + 1))


@given(st.text(), st.text(max_size=20))
def test_any_text_has_a_prediction(text: str, kind: str) -> None:
    predictor = _fitted(EASY[:3])
    assert -5 < predictor.predict("m", kind, text) < 5


@given(st.text())
def test_the_shape_is_bounded_by_the_texts_logarithm(text: str) -> None:
    assert all(abs(value) < 400 for value in shape(text))
