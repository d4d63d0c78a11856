"""Runs claimed work: a few slots, each claiming the fairest ready row until none is ready."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import asdict

import structlog

from workers.domain.errors import LeaseLostError, RateLimitedError, SupersededError, TransientError, UserError
from workers.domain.work import Claim
from workers.storage.database import StorageUnavailableError
from workers.storage.lease import Lease
from workers.storage.work import WorkStore
from workers.telemetry import Stopwatch, scrub, timed

log = structlog.get_logger()

Job = Callable[[Lease], Awaitable[str]]
"""Does one generation of work under its lease; returns the head sha it was done for."""

CANCEL_GRACE_S = 2.0
STOPPING_WAITS_S = (0.1, 0.5, 1.0)
SETTLE_WAITS_S = (*STOPPING_WAITS_S, *(1.0,) * 15)
"""Between tries to record an end while the database is away."""


class Runner:
    """Claims and runs jobs, at most `jobs_max` at once. `pass_on` wakes another worker when all slots are taken."""

    def __init__(
        self,
        work: WorkStore,
        jobs: Mapping[str, Job],
        *,
        jobs_max: int,
        job_timeout_s: float,
        now: Callable[[], float],
        pass_on: Callable[[], Awaitable[None]],
    ) -> None:
        self._work = work
        self._jobs = jobs
        self._jobs_max = jobs_max
        self._job_timeout_s = job_timeout_s
        self._now = now
        self._pass_on = pass_on
        self._slots: set[asyncio.Task[None]] = set()
        self._running: dict[asyncio.Task[str], Lease] = {}
        self._stopping = asyncio.Event()
        self._missed = False

    @property
    def free(self) -> int:
        """Slots that could claim now; none while stopping."""
        return 0 if self._stopping.is_set() else self._jobs_max - len(self._slots)

    def wake(self) -> None:
        """There may be work: open a slot, or look again when one is free."""
        if self.free <= 0:
            self._missed = True
            return
        slot = asyncio.create_task(self._slot())
        self._slots.add(slot)
        slot.add_done_callback(self._close_slot)

    async def run_one(self) -> bool:
        """Claim the fairest ready row and see it through; False if none is ready."""
        claim = await self._claim()
        if claim is None:
            return False
        await self._run(claim)
        return True

    async def stop(self, timeout_s: float) -> None:
        """Claim no more; jobs that are writing may finish within `timeout_s`, others are cancelled and released."""
        self._stopping.set()
        self._cancel(lambda lease: not lease.is_writing)
        if self._slots:
            await asyncio.wait(self._slots, timeout=timeout_s)
        self._cancel(lambda _: True)
        if self._slots:
            await asyncio.wait(self._slots, timeout=CANCEL_GRACE_S)

    def _cancel(self, chosen: Callable[[Lease], bool]) -> None:
        for job, lease in self._running.items():
            if chosen(lease):
                job.cancel()

    async def _slot(self) -> None:
        while (claim := await self._claim()) is not None:
            if self.free > 0:
                self.wake()
                await self._run(claim)
            else:
                await asyncio.gather(self._run(claim), self._pass_on())

    def _close_slot(self, slot: asyncio.Task[None]) -> None:
        self._slots.discard(slot)
        if not slot.cancelled() and (error := slot.exception()):
            log.error("a slot broke", exc_info=error)
        if self._missed and self.free > 0:
            self._missed = False
            self.wake()

    async def _claim(self) -> Claim | None:
        if self._stopping.is_set():
            return None
        try:
            claim = await self._work.claim()
        except StorageUnavailableError as error:
            log.warning("no work was claimed", error=str(error))
            return None
        if claim is not None and self._stopping.is_set():
            await self._work.release(claim)
            return None
        return claim

    async def _run(self, claim: Claim) -> None:
        named = structlog.contextvars.bound_contextvars(key=str(claim.key), generation=claim.generation)
        with named, timed(Stopwatch()) as stopwatch:
            lease = Lease(self._work, claim)
            job = asyncio.create_task(self._attempt(lease))
            self._running[job] = lease
            try:
                await asyncio.wait({job}, timeout=self._job_timeout_s)
                in_time = job.done()
                if not in_time:
                    job.cancel()
                    await asyncio.wait({job}, timeout=CANCEL_GRACE_S)
            finally:
                del self._running[job]
            await self._settle(claim, self._fate(lease, job) if in_time else self._overdue(claim))
            log.info("job timings", **asdict(stopwatch.read()))

    async def _attempt(self, lease: Lease) -> str:
        pipeline = lease.claim.key.pipeline
        job = self._jobs.get(pipeline)
        if job is None:
            raise UserError(f"This version of Quorum has no pipeline {pipeline!r}.")
        async with lease.heartbeat():
            log.info("job started", cause=lease.claim.cause, attempts=lease.claim.attempts)
            return await job(lease)

    async def _settle(self, claim: Claim, fate: Fate) -> None:
        """Record how it ended; if the database stays away, the lease runs out and the work is done again."""
        for wait_s in STOPPING_WAITS_S if self._stopping.is_set() else SETTLE_WAITS_S:
            try:
                await self._record(claim, fate)
            except StorageUnavailableError as error:
                log.warning("the end was not recorded", error=str(error))
                await asyncio.sleep(wait_s)
                continue
            return

    async def _record(self, claim: Claim, fate: Fate) -> None:
        try:
            await fate()
        except LeaseLostError:
            log.warning("the lease was lost before the end was recorded")
            # Whoever took the work counted a crash, but this worker lives: it was the way to the database that failed.
            await self._work.forgive(claim)

    def _lost(self, claim: Claim) -> Fate:
        """Put off unless somebody else has it: a database that did not answer is no crash of this work."""
        log.warning("lease lost")
        return lambda: self._work.retry(claim, "The lease ended before the database answered.")

    def _overdue(self, claim: Claim) -> Fate:
        error = f"The job ran longer than {self._job_timeout_s:g} s."
        log.error("job timed out")
        return lambda: self._work.crash(claim, error)

    def _fate(self, lease: Lease, job: asyncio.Task[str]) -> Fate:
        claim = lease.claim
        if job.cancelled():
            return self._cancelled(lease)
        match job.exception():
            case None:
                head_sha = job.result()
                log.info("job done", head_sha=head_sha)
                return lambda: self._work.finish(claim, head_sha)
            case SupersededError():
                log.info("job superseded")
                return lambda: self._work.release(claim)
            case LeaseLostError():
                return self._lost(claim)
            case error:
                return self._failed(claim, error)

    def _failed(self, claim: Claim, error: BaseException) -> Fate:
        said = scrub(f"{type(error).__name__}: {error}")
        match error:
            case UserError():
                log.info("job refused", error=said)
                return lambda: self._work.finish(claim, "")
            case RateLimitedError():
                wait_s = error.retry_after_s
                log.warning("installation parked", error=said, retry_after_s=wait_s)
                return lambda: self._work.park(claim, self._now() + wait_s, said)
            case TransientError():
                log.warning("job put off", error=said, retry_after_s=error.retry_after_s)
                retry_after_s = error.retry_after_s
                return lambda: self._work.retry(claim, said, retry_after_s)
            case _:
                log.error("job broke", exc_info=error)
                return lambda: self._work.crash(claim, said)

    def _cancelled(self, lease: Lease) -> Fate:
        if lease.lost:
            return self._lost(lease.claim)
        if lease.superseded or self._stopping.is_set():
            log.info("job cancelled", superseded=lease.superseded)
            return lambda: self._work.release(lease.claim)
        return lambda: self._work.crash(lease.claim, "The job cancelled itself.")


Fate = Callable[[], Awaitable[None]]
"""How the end of a job is recorded."""
