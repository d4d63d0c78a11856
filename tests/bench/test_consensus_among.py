"""What a team hears of a change is what its own reviewers say."""

from __future__ import annotations

from tests.bench._consensus_among import TEAMS, heard
from tests.bench._consensus_data import Comment, Pull

TEXT = "The last element is dropped"
SAID = [
    *(Comment(0, name, TEXT, frozenset({"g1"}), "valid") for name in "abcde"),
    *(Comment(0, name, f"{name} would rename it", frozenset(), "noise") for name in "abcde"),
    Comment(0, "a", TEXT, frozenset({"g1"}), "repeat"),
]
HEARD = heard([Pull("shop", frozenset({"g1"}), tuple(SAID))])


def test_teams_of_every_size_hear_their_own_comments_without_repeats() -> None:
    assert {one.size for one in HEARD} == set(TEAMS)
    assert all(one.comment.reviewer in one.team and one.comment.label != "repeat" for one in HEARD)


def test_nobody_agrees_with_a_team_of_one_and_all_others_of_a_team_can() -> None:
    assert {one.signs["agreement"] for one in HEARD if one.size == 1} == {0.0}
    assert max(one.signs["agreement"] for one in HEARD if one.size == 5) > 3.9
