"""What is said beside a statement, and where its speaker puts it, tells how noisy it is."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.bench._consensus_signs import Among, Spoken, signs
from workers.experts.noise import NoiseModel

MODEL = Among(NoiseModel(0.0, {"hedging": 1.0}), 1.0, 0.0, {"agreement": -2.0, "place": 1.0})
SPOKEN = [Spoken("a", "Off by one", 0), Spoken("b", "One too few", 0), Spoken("b", "Maybe slow", 1)]
NEAR = [[1.0, 0.6, 0.1], [0.6, 1.0, 0.9], [0.1, 0.9, 1.0]]


def test_only_the_nearest_statement_of_each_other_speaker_is_agreement() -> None:
    assert [signs(at, SPOKEN, NEAR[at])["agreement"] for at in range(3)] == pytest.approx([0.6, 0.6, 0.1])


def test_what_others_say_too_what_comes_first_and_what_is_not_hedged_is_less_noisy() -> None:
    alone = [Spoken("a", "Off by one", 0), Spoken("a", "Off by two", 1), Spoken("a", "Maybe off by two", 1)]
    first, second, hedged = (MODEL.score(at, alone, [1.0] * 3) for at in range(3))
    shared = MODEL.score(0, SPOKEN, NEAR[0])
    assert shared < first < second < hedged


def test_what_is_kept_apart_is_no_agreement() -> None:
    assert signs(0, SPOKEN[:2], [1.0, -100.0])["agreement"] == 0.0


@given(st.integers(0, 10**9), st.floats(0.0, 1.0), st.text(max_size=50))
def test_the_score_is_a_probability(place: int, near: float, text: str) -> None:
    said = [Spoken("a", text, place), Spoken("b", text, 0)]
    assert 0.0 < MODEL.score(0, said, [1.0, near]) < 1.0
