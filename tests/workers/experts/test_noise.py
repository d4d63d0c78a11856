"""Traits of a comment that mean something, and the score that they add up to."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workers.experts.noise import NoiseModel, phrases, traits

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


def test_phrases_name_no_code_and_no_number() -> None:
    told = phrases("`getItem()` fails when order_by is 25")
    assert told == {"@", "fail", "when", "is", "#", "@ fail", "fail when", "when @", "@ is", "is #"}


def test_one_thing_said_of_other_code_has_the_same_phrases() -> None:
    assert phrases("userCache.get is called twice in app/cache.ts") == phrases(
        "retry_all( is called twice in a_b.py"
    )


def test_a_phrase_makes_it_noisier_and_less_so_among_others() -> None:
    model = NoiseModel(0.0, {}, {"consider": 1.0, "add": 0.0})
    assert model.log_odds("Consider this") == 1.0
    assert model.log_odds("Consider adding this") == pytest.approx(0.5**0.5)
