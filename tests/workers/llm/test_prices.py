"""Prices are whole micro-dollars; a price that nobody knows stays unknown."""

from __future__ import annotations

from workers.llm.prices import ListPrice, OperatorPrice, price_for
from workers.llm.provider import Answer

ANSWER = Answer("", input_tokens=1_000, cached_tokens=0, output_tokens=100)


def test_the_operators_price_counts_per_million() -> None:
    assert OperatorPrice(2.5, 10.0)(ANSWER) == 3_500


def test_free_is_zero_and_not_unknown() -> None:
    assert OperatorPrice(0.0, 0.0)(ANSWER) == 0


def test_the_list_knows_a_public_host() -> None:
    assert ListPrice("gpt-4o", "https://api.openai.com/v1")(ANSWER) == 3_500


def test_cached_tokens_are_cheaper() -> None:
    cached = Answer("", input_tokens=1_000, cached_tokens=1_000, output_tokens=100)
    price = ListPrice("gpt-4o", "https://api.openai.com/v1")
    assert (price(cached) or 0) < (price(ANSWER) or 0)


def test_a_known_name_at_an_unknown_host_has_no_known_price() -> None:
    assert ListPrice("gpt-4o", "http://127.0.0.1:8000/v1")(ANSWER) is None


def test_an_unknown_model_has_no_known_price() -> None:
    assert ListPrice("nobody/nothing", "https://api.openai.com/v1")(ANSWER) is None


def test_half_a_price_is_none() -> None:
    assert isinstance(price_for("m", "https://api.openai.com/v1", 1.0, None), ListPrice)
