"""One statement speaks for a cluster, and votes for it make a probability."""

from __future__ import annotations

from workers.experts.consensus_votes import Judge, Statement, borda, signs, spokesman
from workers.experts.weights import Weights

NEAR = ((1.0, 0.9, 0.0), (0.9, 1.0, 0.0), (0.0, 0.0, 1.0))
TEAM = ("a", "b")


def statement(reviewer: str, place: int = 0, noise: float = 0.5) -> Statement:
    return Statement(reviewer, "text", place, noise)


def test_the_nearest_to_all_speaks() -> None:
    chain = ((1.0, 0.6, 0.1), (0.6, 1.0, 0.6), (0.1, 0.6, 1.0))
    assert spokesman((0, 1, 2), [statement("a")] * 3, chain) == 1


def test_among_equals_the_least_noisy_speaks() -> None:
    assert spokesman((0, 1), [statement("a", noise=0.9), statement("b", noise=0.1)], NEAR) == 1


def test_who_says_least_speaks() -> None:
    said = [statement("a", noise=0.1), statement("b", noise=0.9), statement("a", 1)]
    assert spokesman((0, 1), said, NEAR) == 1


def test_borda_gives_the_first_most_and_the_unnamed_nothing() -> None:
    assert borda({"a": [7, 8], "b": [7]}) == {7: 2.0, 8: 0.5}


def test_a_reviewer_who_says_it_twice_votes_once() -> None:
    (found,) = signs([(0, 1)], [statement("a"), statement("a", 1)], Weights({}), TEAM)
    assert found["votes"] == 1


def test_a_vote_brings_its_weight() -> None:
    (found,) = signs([(0,)], [statement("a")], Weights({"a": 1.5}, {"b": -0.5}), TEAM)
    assert found["log-odds of votes"] == 1.0


def test_a_judge_without_signs_says_what_is_usual() -> None:
    assert Judge(0.0, {"votes": 1.0}).probability({}) == 0.5


def test_more_votes_make_it_likelier() -> None:
    judge = Judge(-2.0, {"votes": 1.0})
    assert judge.probability({"votes": 3}) > judge.probability({"votes": 1})
