"""A lane does one thing after the other, and tells each caller what came of its own."""

from __future__ import annotations

import asyncio
from threading import Event, current_thread

import pytest

from workers.storage.lane import Lane


async def test_each_caller_gets_its_own_answer_in_turn_from_one_thread() -> None:
    lane, seen = Lane("one"), list[int]()
    await asyncio.gather(*(lane.run(lambda number=number: seen.append(number)) for number in range(20)))  # type: ignore[misc]
    assert seen == list(range(20))
    assert {await lane.run(lambda: current_thread().name) for _ in range(2)} == {"one"}
    lane.close()


async def test_an_error_is_its_callers_alone() -> None:
    lane = Lane("one")
    found = await asyncio.gather(lane.run(lambda: 1 // 0), lane.run(lambda: 1), return_exceptions=True)
    assert isinstance(found[0], ZeroDivisionError)
    assert found[1] == 1
    lane.close()


async def test_who_is_cancelled_before_its_turn_is_left_out_and_closing_waits_for_the_rest() -> None:
    lane, go, done = Lane("one"), Event(), list[str]()

    def slow() -> None:
        go.wait(5)
        done.append("first")

    first = asyncio.create_task(lane.run(slow))
    second = asyncio.create_task(lane.run(lambda: done.append("second")))
    await asyncio.sleep(0.01)
    second.cancel()
    with pytest.raises(asyncio.CancelledError):
        await second
    go.set()
    await asyncio.to_thread(lane.close)
    assert done == ["first"]
    await first
