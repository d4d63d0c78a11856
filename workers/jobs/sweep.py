"""The safety net: wakes for work that nobody was woken for, and tells people of work that was given up."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import Protocol

import structlog

from workers.storage.database import StorageUnavailableError
from workers.storage.work import Dead, WorkStore

log = structlog.get_logger()

TICK_MIN_S = 0.25


class Wakeable(Protocol):
    """What runs the work: `free` slots, and a way to say that there may be work."""

    @property
    def free(self) -> int: ...  # noqa: D102
    def wake(self) -> None: ...  # noqa: D102


class Sweep:
    """Looks at the database every `interval_s`, when work becomes due, and soon after a nudge."""

    def __init__(
        self,
        work: WorkStore,
        runner: Wakeable,
        *,
        interval_s: float,
        kick: Callable[[], Awaitable[None]],
        report_dead: Callable[[Dead], Awaitable[None]],
    ) -> None:
        self._work = work
        self._runner = runner
        self._interval_s = interval_s
        self._kick = kick
        self._report_dead = report_dead
        self._nudged = asyncio.Event()

    def nudge(self) -> None:
        """Something was wanted: look when it is due."""
        self._nudged.set()

    async def run(self) -> None:
        """Sweep until cancelled."""
        while True:
            self._nudged.clear()
            wait_s = await self._try_tick()
            await asyncio.sleep(min(TICK_MIN_S, wait_s))
            try:
                async with asyncio.timeout(max(0.0, wait_s - TICK_MIN_S)):
                    await self._nudged.wait()
            except TimeoutError:
                pass

    async def tick(self) -> float:
        """One look; returns the seconds until the next is due."""
        ready = await self._work.ready(limit=self._runner.free + 1)
        if ready:
            self._runner.wake()
        if ready > self._runner.free:
            await self._kick()
        await self._report(await self._work.unreported_dead())
        due_s = await self._work.next_due_s()
        return self._interval_s if due_s is None else min(self._interval_s, max(0.0, due_s))

    async def _try_tick(self) -> float:
        try:
            return await self.tick()
        except StorageUnavailableError as error:
            log.warning("sweep failed", error=str(error))
            return self._interval_s

    async def _report(self, dead: list[Dead]) -> None:
        results = await asyncio.gather(*(self._report_one(item) for item in dead), return_exceptions=True)
        for item, result in zip(dead, results, strict=True):
            if isinstance(result, BaseException):
                log.error("given-up work could not be reported", key=str(item.key), exc_info=result)

    async def _report_one(self, dead: Dead) -> None:
        await self._report_dead(dead)
        await self._work.mark_reported(dead)
