"""A hold on claimed work: kept alive by a heartbeat, checked before each write, ended when it is lost."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import structlog

from workers.domain.errors import LeaseLostError, SupersededError
from workers.domain.work import Claim
from workers.storage.faults import StorageUnavailableError
from workers.storage.work import WorkStore

log = structlog.get_logger()

BEATS_PER_LEASE = 3


class Lease:
    """One claim's hold, as its job sees it."""

    def __init__(self, work: WorkStore, claim: Claim) -> None:
        self.claim = claim
        self._work = work
        self._writers = 0
        self._superseded = False
        self._lost = False

    @property
    def superseded(self) -> bool:
        """Whether a newer generation is known to be wanted."""
        return self._superseded

    @property
    def lost(self) -> bool:
        """Whether the lease is known to be gone."""
        return self._lost

    @property
    def is_writing(self) -> bool:
        """Whether the job is inside `writing()`."""
        return self._writers > 0

    async def check(self) -> None:
        """Fence the next write to GitHub: raises LeaseLostError, or SupersededError unless already writing."""
        try:
            await self._work.verify(self.claim)
        except SupersededError:
            self._superseded = True
            if not self.is_writing:
                raise
        except LeaseLostError:
            self._lost = True
            raise

    @asynccontextmanager
    async def writing(self) -> AsyncIterator[None]:
        """The write phase: not begun when superseded; once begun, only a lost lease stops it."""
        await self.check()
        self._writers += 1
        try:
            yield
        finally:
            self._writers -= 1

    @asynccontextmanager
    async def heartbeat(self) -> AsyncIterator[None]:
        """Keep the lease alive; cancels the current task, outside `writing()`, when superseded or lost."""
        job = asyncio.current_task()
        beating = asyncio.create_task(self._keep_beating(job))
        try:
            yield
        finally:
            beating.cancel()
            await asyncio.gather(beating, return_exceptions=True)

    async def _keep_beating(self, job: asyncio.Task[Any] | None) -> None:
        loop = asyncio.get_running_loop()
        expires_at = loop.time() + self._work.lease_s
        while True:
            await asyncio.sleep(self._work.lease_s / BEATS_PER_LEASE)
            began_at = loop.time()
            if await self._beat():
                expires_at = began_at + self._work.lease_s
            elif loop.time() >= expires_at:
                self._lost = True
            if (self._superseded or self._lost) and not self.is_writing and job is not None:
                job.cancel()
                return

    async def _beat(self) -> bool:
        """Whether the lease was extended."""
        if self._lost:
            return False
        try:
            wanted = await self._work.beat(self.claim)
        except LeaseLostError:
            self._lost = True
            return False
        except StorageUnavailableError as error:
            log.warning("the heartbeat failed", error=str(error))
            return False
        self._superseded = self._superseded or wanted > self.claim.generation
        return True
