"""Settlements that Valkey did not take: paid as soon as it is back, so that nothing stays put aside for a lease."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

from workers.domain.budget import BudgetAwayError, Reservation

PAUSE_S = 2.0
OWED_MAX = 10_000
"""Older ones are left to their leases."""

Settle = Callable[[Reservation, int], Awaitable[None]]
"""Raises BudgetAwayError."""


class Owed:
    """What each reservation came to, until `settle` takes it or its lease has ended. `now` gives epoch seconds."""

    def __init__(
        self,
        settle: Settle,
        now: Callable[[], float],
        *,
        lease_s: float,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        self._settle = settle
        self._now = now
        self._lease_s = lease_s
        self._sleep = sleep
        self._owed: dict[str, tuple[Reservation, int]] = {}
        self._task: asyncio.Task[None] | None = None

    def add(self, reservation: Reservation, micros: int) -> None:
        """It is tried again from now on."""
        self._owed[reservation.id] = reservation, micros
        if len(self._owed) > OWED_MAX:
            del self._owed[next(iter(self._owed))]
        if self._task is None:
            self._task = asyncio.create_task(self._pay())

    async def _pay(self) -> None:
        while self._owed:
            await self._sleep(PAUSE_S)
            try:
                await self._pay_all()
            except BudgetAwayError:
                continue
        self._task = None

    async def _pay_all(self) -> None:
        for name, (reservation, micros) in list(self._owed.items()):
            if reservation.at + self._lease_s > self._now():
                await self._settle(reservation, micros)
            self._owed.pop(name, None)
