"""What Valkey did not take is settled when it is back."""

from __future__ import annotations

import asyncio

from tests.fakes.clock import Clock
from tests.workers.valkey.spending import NOON, SPENDER
from workers.domain.budget import BudgetAwayError, Reservation
from workers.valkey.budget_owed import Owed


class Counters:
    """Takes settlements unless it is away; a look at the clock of its own."""

    def __init__(self, clock: Clock, back_after: int) -> None:
        self.clock = clock
        self.left = back_after
        self.settled: list[tuple[str, int]] = []

    async def settle(self, reservation: Reservation, micros: int) -> None:
        if self.left > 0:
            raise BudgetAwayError("away")
        self.settled.append((reservation.id, micros))

    async def sleep(self, seconds: float) -> None:
        self.left -= 1
        self.clock.advance(seconds)
        await asyncio.sleep(0)


def owing(counters: Counters, lease_s: float = 900.0) -> Owed:
    return Owed(counters.settle, counters.clock, lease_s=lease_s, sleep=counters.sleep)


def held(name: str) -> Reservation:
    return Reservation(name, SPENDER, 10, NOON)


async def quiet() -> None:
    for _ in range(50):
        await asyncio.sleep(0)


async def test_each_is_settled_once_and_what_comes_later_too() -> None:
    counters = Counters(Clock(NOON), back_after=3)
    owed = owing(counters)
    owed.add(held("a"), 4)
    owed.add(held("b"), 0)
    await quiet()
    assert counters.settled == [("a", 4), ("b", 0)]
    owed.add(held("c"), 1)
    await quiet()
    assert counters.settled[2:] == [("c", 1)]


async def test_what_its_lease_has_given_back_is_left_alone() -> None:
    counters = Counters(Clock(NOON), back_after=10)
    owing(counters, lease_s=5.0).add(held("a"), 4)
    await quiet()
    assert counters.settled == []
