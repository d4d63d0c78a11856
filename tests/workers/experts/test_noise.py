"""Traits of a comment that mean something, and the score that they add up to."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from workers.experts.noise import NoiseModel, traits

CONCRETE = "`get_item_key` raises TypeError: math.floor is called on a datetime when order_by == '-datetime'"
VAGUE = "Consider adding tests? This might be hard to maintain."


def test_a_concrete_claim_names_its_error() -> None:
    assert (traits(CONCRETE)["named error"], traits(VAGUE)["named error"]) == (1.0, 0.0)


def test_hedging_is_seen() -> None:
    assert (traits(CONCRETE)["hedging"], traits(VAGUE)["hedging"]) == (0.0, 1.0)


def test_a_question_is_seen() -> None:
    assert traits(VAGUE)["question"] == 1.0


def test_identifiers_make_it_specific() -> None:
    assert traits(CONCRETE)["identifiers"] > traits(VAGUE)["identifiers"]


def test_praise_is_seen() -> None:
    assert traits("Nice, looks good")["praise"] == 1.0


def test_every_text_has_the_same_traits_in_the_same_order() -> None:
    assert list(traits(CONCRETE)) == list(traits(""))


@given(st.text(max_size=200))
def test_the_score_is_a_probability(text: str) -> None:
    assert 0.0 < NoiseModel(0.1, {"length": 0.5, "hedging": 1.0}).score(text) < 1.0


def test_a_heavier_trait_makes_it_noisier() -> None:
    model = NoiseModel(0.0, {"hedging": 1.0})
    assert model.score(VAGUE) > model.score(CONCRETE)
