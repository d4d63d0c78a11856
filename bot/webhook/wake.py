"""Telling the workers that there may be work, without making GitHub wait for it."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

import structlog

log = structlog.get_logger()


class Wake:
    """Calls `kick` in the background: at once, then at most every `pause_s`, however often it is asked for.

    A woken worker takes all there is, so one kick does for a burst. A kick that fails or takes longer than
    `timeout_s` is only logged: the sweep finds the work as well.
    """

    def __init__(
        self, kick: Callable[[], Awaitable[None]], *, pause_s: float = 0.05, timeout_s: float = 2.0
    ) -> None:
        self._kick = kick
        self._pause_s = pause_s
        self._timeout_s = timeout_s
        self._wanted = False
        self._task: asyncio.Task[None] | None = None

    def __call__(self) -> None:
        """Ask for a kick, now or when the last one is over."""
        self._wanted = True
        if self._task is None:
            self._start()

    async def close(self) -> None:
        """Wait for the kicks that were asked for."""
        while self._task is not None:
            await asyncio.wait({self._task})

    def _start(self) -> None:
        self._wanted = False
        self._task = asyncio.create_task(self._run())
        self._task.add_done_callback(self._ended)

    async def _run(self) -> None:
        async with asyncio.timeout(self._timeout_s):
            await self._kick()
        await asyncio.sleep(self._pause_s)

    def _ended(self, task: asyncio.Task[None]) -> None:
        self._task = None
        if not task.cancelled() and (error := task.exception()) is not None:
            log.warning("workers not woken", why=f"{type(error).__name__}: {error}")
        if self._wanted and not task.cancelled():
            self._start()
