"""Statements that are near make a cluster; chains of them don't."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from workers.experts.consensus_clusters import clustered

NEAR = ((1.0, 0.9, 0.0), (0.9, 1.0, 0.0), (0.0, 0.0, 1.0))


def test_near_statements_are_one_cluster() -> None:
    assert clustered(NEAR, 0.5) == ((0, 1), (2,))


def test_a_chain_does_not_run_together() -> None:
    chain = ((1.0, 0.6, 0.0), (0.6, 1.0, 0.6), (0.0, 0.6, 1.0))
    assert len(clustered(chain, 0.5)) == 2


@given(
    st.integers(0, 7).flatmap(
        lambda n: st.lists(st.lists(st.floats(0, 1), min_size=n, max_size=n), min_size=n, max_size=n)
    )
)
def test_every_statement_is_in_exactly_one_cluster(likeness: list[list[float]]) -> None:
    places = [place for cluster in clustered(likeness, 0.5) for place in cluster]
    assert sorted(places) == list(range(len(likeness)))


def test_a_third_joins_where_it_is_near_to_both() -> None:
    rows = ((1.0, 0.9, 0.6), (0.9, 1.0, 0.5), (0.6, 0.5, 1.0))
    assert clustered(rows, 0.55) == ((0, 1, 2),)
