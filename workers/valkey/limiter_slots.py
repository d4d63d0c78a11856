"""The slots that this process holds: short leases, renewed while it lives, so that a killed one's come back soon."""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import Awaitable, Callable, Sequence

from workers.domain.rate import Permit

LIFE_S = 6.0
"""How long a slot outlives its process."""

Renew = Callable[[str, Sequence[str]], Awaitable[None]]
"""Make the slots of a bucket last for another life, those that are there still."""


class Slots:
    """Renews what is held, each for `lease_s` at most: nobody's forgetting keeps a slot for ever. `clock` in seconds."""

    def __init__(
        self,
        renew: Renew,
        clock: Callable[[], float],
        sleep: Callable[[float], Awaitable[None]],
        *,
        life_s: float,
        lease_s: float,
    ) -> None:
        self._renew = renew
        self._clock = clock
        self._sleep = sleep
        self._life_s = life_s
        self._lease_s = lease_s
        self._held: dict[str, tuple[str, float]] = {}
        self._task: asyncio.Task[None] | None = None

    def add(self, permit: Permit) -> None:
        """It is held from now on. Nothing is to be renewed where a life is as long as the lease."""
        if self._life_s >= self._lease_s:
            return
        self._held[permit.id] = permit.bucket, self._clock() + self._lease_s
        if self._task is None:
            self._task = asyncio.create_task(self._keep())

    def drop(self, permit: Permit) -> None:
        """It is given back. Whoever renews sees so when he looks next: a call is no reason to end and begin him anew."""
        self._held.pop(permit.id, None)

    async def _keep(self) -> None:
        await self._sleep(self._life_s / 3)
        while held := self._by_bucket():
            for bucket, permits in held.items():
                await self._renew(bucket, permits)
            await self._sleep(self._life_s / 3)
        self._task = None

    def _by_bucket(self) -> dict[str, list[str]]:
        now = self._clock()
        self._held = {name: held for name, held in self._held.items() if held[1] > now}
        found: dict[str, list[str]] = defaultdict(list)
        for name, (bucket, _) in self._held.items():
            found[bucket].append(name)
        return found
