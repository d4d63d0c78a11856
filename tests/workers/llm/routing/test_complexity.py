"""Complexity by length and language."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workers.llm.routing.complexity import combined_complexity, complexity_of


@pytest.mark.parametrize(
    ("chars", "language", "score"),
    [
        (5_000, "python", 0.4),
        (5_000, "JavaScript", 0.45),
        (5_000, "java", 0.5),
        (5_000, "rust", 0.55),
        (5_000, "cpp", 0.6),
        (5_000, "C++", 0.6),
        (5_000, "go", 0.5),
        (0, "java", 0.0),
        (90_000, "python", 0.8),
        (90_000, "cpp", 1.0),
    ],
)
def test_the_score_is_length_times_language(chars: int, language: str, score: float) -> None:
    assert complexity_of(chars, language).score == pytest.approx(score)


def test_cost_and_latency_follow_the_score() -> None:
    half = complexity_of(5_000, "java")
    assert half.estimated_cost_usd == pytest.approx(0.055)
    assert half.estimated_latency_ms == 3_000


def test_languages_are_weighted_by_their_length() -> None:
    assert combined_complexity([(2_000, "python"), (2_000, "cpp")]).score == pytest.approx(0.4)


@given(st.lists(st.tuples(st.integers(-10, 10**6), st.text(max_size=8))))
def test_the_score_is_always_a_share(parts: list[tuple[int, str]]) -> None:
    assert 0 <= combined_complexity(parts).score <= 1
