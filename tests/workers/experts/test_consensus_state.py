"""A vote has one of four names, and agreement over a change is a share."""

from __future__ import annotations

import pytest

from workers.domain.finding import State
from workers.experts.consensus_state import consistency, state_of


@pytest.mark.parametrize(
    ("supporters", "refuters", "state"),
    [
        (1, 0, State.SINGLE),
        (2, 0, State.CONFIRMED),
        (1, 1, State.REFUTED),
        (2, 1, State.DISPUTED),
        (4, 1, State.DISPUTED),
    ],
)
def test_the_state(supporters: int, refuters: int, state: State) -> None:
    assert state_of(supporters, refuters) is state


def test_models_that_say_the_same_are_consistent() -> None:
    assert consistency([{"a", "b"}, {"a", "b"}], ["a", "b"]) == 1.0


def test_models_that_share_one_of_three_agree_to_a_third() -> None:
    assert consistency([{"a", "b"}, {"a"}, {"b"}], ["a", "b"]) == pytest.approx(1 / 3)


def test_two_silent_models_agree() -> None:
    assert consistency([], ["a", "b"]) == 1.0


def test_one_model_has_nobody_to_agree_with() -> None:
    assert consistency([{"a"}], ["a"]) is None
