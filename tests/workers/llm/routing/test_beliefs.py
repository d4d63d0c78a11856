"""What is remembered of models' profiles."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.workers.llm.routing.field import FIELD
from workers.domain.profile import Moments
from workers.llm.routing.beliefs import Beliefs

numbers = st.floats(0, 100)
moments = st.builds(Moments, st.floats(0, 1_000), numbers, numbers)
profiles = st.dictionaries(
    st.tuples(st.just("best"), st.sampled_from(("review", "docs")), st.just("seconds")), moments
)


@given(profiles, st.lists(numbers, min_size=2, max_size=3))
def test_a_mean_is_right_for_every_prior(
    known: dict[tuple[str, str, str], Moments], priors: list[float]
) -> None:
    beliefs = Beliefs(known)
    for prior in priors:
        plainly = beliefs.of("best", "review", "seconds", prior).mean
        assert beliefs.mean("best", "review", "seconds", prior) == pytest.approx(plainly, abs=1e-9)


def test_another_catalogues_model_of_the_same_name_has_its_own_standing() -> None:
    standings, spec = Beliefs().standings("review", explores=False), FIELD[0].spec
    other = spec.model_copy(update={"quality": 2.0})
    assert [standings.of(one).quality for one in (spec, other, spec)] == pytest.approx([9.5, 2.0, 9.5])


def test_what_people_decline_takes_trust_from_a_model() -> None:
    known = {("best", "review", "outcome"): Moments(20, 0.0, 0.0)}
    assert Beliefs(known).of("best", "review", "quality", 0.9).mean == pytest.approx(18 / 120)
