"""How published statements are counted, and how pull requests are split."""

from __future__ import annotations

from tests.bench._consensus_data import (
    Comment,
    Published,
    Pull,
    alone,
    by_merit,
    by_repository,
    merged_score,
    strict_score,
)
from tests.bench._consensus_pairs import Pair, best_threshold, others_of, pairs_of


def comment(reviewer: str, *matches: str, label: str = "valid") -> Comment:
    return Comment(0, reviewer, f"{reviewer} says {matches}", frozenset(matches), label)


ONE = comment("a", "g1")
NOISE = comment("b", label="noise")
REPEAT = comment("b", label="repeat")
PULL = Pull("shop", frozenset({"g1", "g2"}), (ONE, NOISE, REPEAT))


def test_recall_of_merged_statements_is_of_what_anybody_found() -> None:
    assert merged_score([alone(ONE)], [PULL], [0]).recall == 1.0


def test_recall_of_strict_statements_is_of_all_that_is_known() -> None:
    assert strict_score([alone(ONE)], [PULL], [0]).recall == 0.5


def test_noise_costs_precision() -> None:
    assert merged_score([alone(ONE), alone(NOISE)], [PULL], [0]).precision == 0.5


def test_a_repeat_is_wrong_only_where_it_is_strict() -> None:
    said = [alone(ONE), alone(REPEAT)]
    scores = merged_score(said, [PULL], [0]), strict_score(said, [PULL], [0])
    assert [score.precision for score in scores] == [1.0, 0.5]


def test_a_merged_statement_counts_what_a_member_states_unless_it_is_strict() -> None:
    said = [Published(0, frozenset(), frozenset({"g1"}), "noise")]
    assert (merged_score(said, [PULL], [0]).f1, strict_score(said, [PULL], [0]).f1) == (1.0, 0.0)


def test_the_best_alone_comes_first() -> None:
    assert by_merit([PULL]) == ["a", "b"]


def test_a_repository_is_in_one_fold() -> None:
    assert by_repository([PULL, PULL, Pull("till", frozenset(), ())]) == [0, 0, 1]


def test_only_comments_on_known_defects_make_pairs() -> None:
    pull = Pull("shop", frozenset({"g1"}), (ONE, NOISE, comment("c", "g1")))
    rows = [[0.0, 0.1, 0.2]] * 3
    assert list(pairs_of(pull, rows)) == [Pair(0.2, same=True)]


def test_the_threshold_lets_the_same_in_and_keeps_others_out() -> None:
    assert best_threshold([Pair(0.9, same=True), Pair(0.6, same=True), Pair(0.5, same=False)]) == 0.6


def test_texts_to_know_common_words_by_come_from_neither_it_nor_the_fold_that_is_asked() -> None:
    pulls = [Pull("shop", frozenset(), (comment(name),)) for name in "abc"]
    assert others_of(0, pulls, [0, 0, 1], 1) == [pulls[1].comments[0].text]
