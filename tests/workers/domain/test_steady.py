"""A clock that is set does not move what was told by it."""

from __future__ import annotations

from tests.fakes.clock import Clock
from workers.domain.steady import steady


def test_time_passes_and_jumps_of_the_clock_do_not_count() -> None:
    wall, passed = Clock(), Clock()
    began = wall()
    now = steady(wall, passed)
    passed.advance(5)
    wall.advance(3_600)
    assert now() == began + 5
