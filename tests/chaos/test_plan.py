"""The plan of a storm."""

from __future__ import annotations

import itertools

import pytest

from tests.chaos.blows import STRIKES
from tests.chaos.plan import blows, kinds_for


@pytest.mark.parametrize("database", ["sqlite", "postgresql"])
def test_every_kind_comes_once_before_any_comes_twice(database: str) -> None:
    kinds = kinds_for(database)
    first = [blow.kind for blow in itertools.islice(blows(7, kinds), len(kinds))]
    assert sorted(first) == sorted(kinds)
    assert set(kinds) <= set(STRIKES)


def test_the_same_seed_is_the_same_storm_and_another_is_another() -> None:
    kinds = kinds_for("sqlite")
    once, again, other = (list(itertools.islice(blows(seed, kinds), 50)) for seed in (1, 1, 2))
    assert once == again
    assert once != other
