"""A vote weighs what its reviewer's record says, and less beside one that errs with it."""

from __future__ import annotations

import math

from hypothesis import given
from hypothesis import strategies as st

from workers.experts.weights import Outcome, learned

TEAM = ("a", "b", "c")
OUTCOMES = st.lists(st.builds(Outcome, st.frozensets(st.sampled_from(TEAM)), st.booleans()), max_size=30)


def outcome(speakers: str, valid: bool) -> Outcome:
    return Outcome(frozenset(speakers), valid)


def test_who_was_right_weighs_more_than_who_was_wrong() -> None:
    weights = learned([outcome("a", True), outcome("b", False)] * 5, TEAM)
    assert weights.votes["a"] > weights.votes["c"] > weights.votes["b"]


def test_without_outcomes_nothing_weighs() -> None:
    assert set(learned([], TEAM).votes.values()) == {0.0}


def test_one_outcome_moves_a_weight_less_than_ten() -> None:
    few = learned([outcome("a", True), outcome("b", False)], TEAM)
    many = learned([outcome("a", True), outcome("b", False)] * 10, TEAM)
    assert 0 < few.votes["a"] < many.votes["a"]


def test_a_silence_of_one_who_finds_what_is_right_speaks_against() -> None:
    weights = learned([outcome("a", True), outcome("b", False)] * 5, TEAM)
    assert weights.log_odds({"c"}, TEAM) < weights.log_odds({"c"}, ("b", "c"))


def test_two_that_err_together_count_less_than_two_that_do_not() -> None:
    together = [outcome("ab", False), outcome("c", False)] * 6 + [outcome("abc", True)] * 20
    weights = learned(together, TEAM)
    shared = weights.discounted({"a", "b"}) / (weights.discounted({"a"}) + weights.discounted({"b"}))
    apart = weights.discounted({"a", "c"}) / (weights.discounted({"a"}) + weights.discounted({"c"}))
    assert shared < apart


@given(OUTCOMES)
def test_every_weight_is_a_number_and_every_overlap_a_share(outcomes: list[Outcome]) -> None:
    weights = learned(outcomes, TEAM)
    assert all(math.isfinite(value) for value in (*weights.votes.values(), *weights.silences.values()))
    assert all(0.0 <= value <= 1.0 for value in weights.overlap.values())


@given(OUTCOMES)
def test_another_vote_never_takes_worth_away(outcomes: list[Outcome]) -> None:
    weights = learned(outcomes, TEAM)
    assert weights.discounted({"a"}) <= weights.discounted({"a", "b"}) + 1e-9 or (
        weights.votes["b"] > weights.votes["a"]
    )
