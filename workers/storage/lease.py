"""A hold on claimed work: kept alive by a heartbeat, checked before each write, ended when it is lost."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import structlog

from workers.domain.errors import LeaseLostError, SupersededError
from workers.domain.fence import fenced
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
        self._expires_at = 0.0
        self._beat_s = work.lease_s / BEATS_PER_LEASE

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
        began_at = _now()
        try:
            await self._work.verify(self.claim)
        except SupersededError:
            self._superseded = True
            if not self.is_writing:
                raise
        except LeaseLostError:
            self._lost = True
            raise
        self._extend(began_at)
        if _now() >= self._expires_at:
            self._lost = True
            raise LeaseLostError(f"The lease of {self.claim.key} was over before the database answered.")

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
        """Keep the lease alive; cancels the current task when it is lost, or superseded outside `writing()`."""
        job = asyncio.current_task()
        self._expires_at = max(self._expires_at, _now() + self._work.lease_s)
        beating = asyncio.create_task(self._keep_beating(job))
        try:
            with fenced(self._look):
                yield
        finally:
            beating.cancel()
            await asyncio.gather(beating, return_exceptions=True)

    def _look(self) -> None:
        """A process that stood still may come to its next write before the heartbeat comes to notice."""
        if self._lost or _now() >= self._expires_at:
            self._lost = True
            raise LeaseLostError(f"The lease of {self.claim.key} was over before a write was sent.")

    async def _keep_beating(self, job: asyncio.Task[Any] | None) -> None:
        while True:
            await asyncio.sleep(self._beat_s)
            if not self._lost:
                await self._beat()
            self._lost = self._lost or _now() >= self._expires_at
            # A write may still wait for its turn: whoever lost the lease must not send it when the turn comes.
            if job is not None and (self._lost or (self._superseded and not self.is_writing)):
                job.cancel()
                return

    async def _beat(self) -> None:
        """Extend the lease, if the database says so before it is over: a network that is cut says nothing at all."""
        began_at = _now()
        try:
            # One that slept longer than its lease asks all the same: nobody may have noticed.
            async with asyncio.timeout_at(max(self._expires_at, began_at + self._beat_s)):
                wanted = await self._work.beat(self.claim)
        except LeaseLostError:
            self._lost = True
        except (StorageUnavailableError, TimeoutError) as error:
            log.warning("the heartbeat failed", error=str(error) or "no answer")
        else:
            self._superseded = self._superseded or wanted > self.claim.generation
            self._extend(began_at)

    def _extend(self, began_at: float) -> None:
        """It counts from the question: an answer that comes too late is about a lease that somebody else may hold."""
        self._expires_at = max(self._expires_at, began_at + self._work.lease_s)


def _now() -> float:
    return asyncio.get_running_loop().time()
