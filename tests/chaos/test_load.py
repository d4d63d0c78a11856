"""How the figures of a load are reckoned."""

from __future__ import annotations

import pytest

from tests.chaos.load_figures import Third, slope_per_min, thirds


@pytest.mark.parametrize(
    ("points", "slope"),
    [
        ([], 0.0),
        ([(1.0, 50.0)], 0.0),
        ([(0.0, 50.0), (30.0, 51.0), (60.0, 52.0)], 2.0),
        ([(0.0, 50.0), (10.0, 53.0), (20.0, 50.0)], 0.0),
    ],
    ids=["nothing", "one look", "steady growth", "up and down"],
)
def test_growth_is_the_slope_of_all_looks(points: list[tuple[float, float]], slope: float) -> None:
    assert slope_per_min(points) == pytest.approx(slope)


def test_a_request_counts_where_it_was_due() -> None:
    """A receiver that stops in the last third is slow there, however late it answered."""
    assert thirds([(0.0, 1.0), (5.0, 2.0), (9.0, 600.0), (9.5, 700.0)], 9.6) == [
        Third(1.0, 1.0),
        Third(2.0, 2.0),
        Third(700.0, 700.0),
    ]
