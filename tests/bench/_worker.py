"""One worker in this process whose job tells when it began, for benchmarks of durable work."""

from __future__ import annotations

import asyncio
import time
import uuid
from collections.abc import Sequence

import redis.asyncio

from workers.domain.work import Priority, Want, WorkKey
from workers.jobs.runner import Runner
from workers.jobs.sweep import Sweep
from workers.main import serve
from workers.queue import WAKE_CHANNEL, Queue
from workers.storage.database import Database
from workers.storage.lease import Lease
from workers.storage.work import Dead, WorkStore, bump


def open_store(database: Database) -> WorkStore:
    """A store on the real clock."""
    return WorkStore(
        database, now=time.time, new_token=lambda: uuid.uuid4().hex, lease_s=30, jitter=lambda: 0.0
    )


class Bench:
    """One worker in this process whose job tells when it began."""

    def __init__(self, url: str, redis_url: str, *, jobs_max: int = 8, job_s: float = 0.0) -> None:
        self.database = Database.connect(url)
        self.queue = Queue.connect(redis_url)
        self.redis = redis.asyncio.Redis.from_url(redis_url)
        self.began: dict[WorkKey, asyncio.Future[float]] = {}
        store = open_store(self.database)
        self._job_s = job_s
        kick = self.queue.kick
        runner = Runner(
            store,
            {"review": self._job},
            jobs_max=jobs_max,
            job_timeout_s=60,
            now=time.time,
            pass_on=kick,
        )
        sweep = Sweep(store, runner, interval_s=5.0, kick=kick, report_dead=self._report)
        self._stop = asyncio.Event()
        self._serving = asyncio.create_task(
            serve(runner, sweep, redis_url, jobs_max=jobs_max, shutdown_timeout_s=5, stop=self._stop)
        )

    async def listening(self) -> None:
        """Return when the worker hears kicks."""
        async with asyncio.timeout(10):
            while not (await self.redis.pubsub_numsub(WAKE_CHANNEL))[0][1]:  # noqa: ASYNC110 - Valkey tells nobody
                await asyncio.sleep(0.05)

    async def want(self, keys: Sequence[WorkKey]) -> None:
        """One transaction of wants."""
        wants = [Want(key, "octo/repo", Priority.PUSH, "push") for key in keys]
        await self.database.write(lambda conn: bump(conn, wants, time.time()))

    def expect(self, key: WorkKey) -> asyncio.Future[float]:
        """When the job of `key` began, on the monotonic clock."""
        return self.began.setdefault(key, asyncio.get_running_loop().create_future())

    async def close(self) -> None:
        self._stop.set()
        await self._serving
        await self.queue.close()
        await self.redis.aclose()
        await self.database.close()

    async def _job(self, lease: Lease) -> str:
        began = self.began.get(lease.claim.key)
        if began is not None and not began.done():
            began.set_result(time.perf_counter())
        await asyncio.sleep(self._job_s)
        return "sha"

    async def _report(self, _: Dead) -> None:
        """Nothing dies here."""
