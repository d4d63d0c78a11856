"""One statement speaks for a cluster, and votes for it make a probability."""

from __future__ import annotations

from workers.experts.consensus_votes import Judge, Statement, borda, signs, spokesman
from workers.experts.weights import Weights

TEAM = ("a", "b")


def statement(reviewer: str, place: int = 0, noise: float = 0.5) -> Statement:
    return Statement(reviewer, "text", place, noise)


def test_who_says_least_speaks_and_first_what_it_says_first() -> None:
    said = [statement("a"), statement("b", 1), statement("b"), statement("a", 1), statement("a", 2)]
    assert (spokesman((0, 1, 2), said), spokesman((0, 3), said)) == (2, 0)


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
