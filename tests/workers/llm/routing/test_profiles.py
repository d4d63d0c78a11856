"""What is believed of a model."""

from __future__ import annotations

from statistics import fmean, pvariance

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workers.domain.profile import Moments, merge, observe
from workers.llm.routing.profiles import chain, lower_bound, mean_of, upper_bound, with_outcomes, with_overall

values = st.floats(0, 1)
weights = st.just(0.0) | st.floats(1e-9, 1_000)
"""Less is what no reading of a profile tells from nothing; the last digits of the smallest floats are none."""
known = st.none() | st.builds(Moments, weights, values, st.floats(0, 100))


def _seen(outcomes: list[float], decay: float) -> Moments:
    moments = None
    for value in outcomes:
        moments = observe(moments, value, decay)
    assert moments is not None
    return moments


@given(st.lists(values, min_size=1, max_size=50))
def test_without_decay_the_moments_are_mean_and_variance(outcomes: list[float]) -> None:
    moments = _seen(outcomes, decay=0)
    assert moments.weight == len(outcomes)
    assert moments.mean == pytest.approx(fmean(outcomes), abs=1e-9)
    assert moments.m2 == pytest.approx(pvariance(outcomes) * len(outcomes), abs=1e-9)


def test_with_decay_an_observation_ends_by_weighing_a_tenth() -> None:
    moments = observe(_seen([0.0] * 200, decay=0.1), 1.0, decay=0.1)
    assert moments.mean == pytest.approx(0.1, abs=1e-6)
    assert moments.weight == pytest.approx(10.0, abs=1e-6)


@given(st.lists(values, min_size=1), st.lists(values, min_size=1))
def test_merged_moments_are_those_of_all(one: list[float], other: list[float]) -> None:
    both, all_of_them = merge(_seen(one, 0), _seen(other, 0)), _seen(one + other, 0)
    assert both.mean == pytest.approx(all_of_them.mean, abs=1e-9)
    assert both.m2 == pytest.approx(all_of_them.m2, abs=1e-9)


@given(known, values)
def test_the_mean_lies_between_its_bounds(moments: Moments | None, prior: float) -> None:
    mean = mean_of(moments, prior)
    assert lower_bound(moments, prior) - 1e-9 <= mean <= upper_bound(moments, prior) + 1e-9


def test_unmeasured_the_prior_holds() -> None:
    assert mean_of(None, 0.7) == lower_bound(None, 0.7) == 0.7


def test_many_observations_outweigh_the_prior() -> None:
    assert mean_of(Moments(2_000, 0.2, 1), 0.9) == pytest.approx(0.2, abs=0.01)


def test_a_kind_that_was_never_seen_is_judged_by_all_others() -> None:
    profiles = with_overall({("m", "docs", "quality"): Moments(20, 0.4, 0)})
    assert mean_of(*chain(profiles, "m", "review", "quality", 0.8)) == pytest.approx(0.6)


def test_a_kind_shrinks_to_what_the_model_has_shown_elsewhere() -> None:
    seen = {("m", "docs", "quality"): Moments(20, 0.4, 0), ("m", "review", "quality"): Moments(20, 1.0, 0)}
    assert mean_of(*chain(with_overall(seen), "m", "docs", "quality", 0.8)) == pytest.approx(0.65)


@given(known, known)
def test_what_people_made_of_statements_counts_as_five_opinions_of_models(
    opinions: Moments | None, outcomes: Moments | None
) -> None:
    rows = {"quality": opinions, "outcome": outcomes}
    seen = {("m", "review", name): one for name, one in rows.items() if one is not None}
    found = with_outcomes(seen).get(("m", "review", "quality"))
    if outcomes is None:
        assert found == opinions
        return
    five = [opinions] if opinions else []
    five += [outcomes] * 5
    together = five[0]
    for one in five[1:]:
        together = merge(together, one)
    assert found is not None
    assert (found.weight, found.mean) == pytest.approx((together.weight, together.mean), abs=1e-6)
