"""The leads that this process has: short ones, renewed while it lives, so that nobody waits long for a killed one."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

LEAD_S = 6.0
"""How long a lead outlives its process."""

Renew = Callable[[str, float], Awaitable[None]]
"""Make the lead of a question last for so many seconds from now on, if it is ours still."""


class Leads:
    """One task renews all of them, each until its end. It outlives them for a moment: a call is no reason to end one
    and begin the next. `clock` is monotonic, in seconds.
    """

    def __init__(
        self, renew: Renew, clock: Callable[[], float], sleep: Callable[[float], Awaitable[None]]
    ) -> None:
        self._renew = renew
        self._clock = clock
        self._sleep = sleep
        self._ends: dict[str, float] = {}
        self._task: asyncio.Task[None] | None = None

    def add(self, key: str, seconds: float) -> None:
        """It was taken for LEAD_S, and is wanted for `seconds`."""
        if seconds <= LEAD_S:
            return
        self._ends[key] = self._clock() + seconds
        if self._task is None or self._task.done():
            self._task = asyncio.create_task(self._keep())

    def drop(self, key: str) -> None:
        """It is over."""
        self._ends.pop(key, None)

    async def _keep(self) -> None:
        await self._sleep(LEAD_S / 3)
        while ends := self._left_s():
            await asyncio.gather(*(self._renew(key, min(left_s, LEAD_S)) for key, left_s in ends.items()))
            await self._sleep(LEAD_S / 3)

    def _left_s(self) -> dict[str, float]:
        now = self._clock()
        self._ends = {key: end for key, end in self._ends.items() if end > now}
        return {key: end - now for key, end in self._ends.items()}
