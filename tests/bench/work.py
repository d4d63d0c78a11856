"""Durable work: kick to start, commands of an idle worker, claims a second, fairness. Takes about half a minute."""

from __future__ import annotations

import asyncio
import json
import statistics
import sys
import tempfile
import time
import uuid
from collections.abc import Sequence
from pathlib import Path

import redis.asyncio
import structlog

from tests.bench.result import Result
from tests.databases import Postgres, kill_valkey, start_valkey
from workers.domain.work import Priority, Want, WorkKey
from workers.jobs.runner import Runner
from workers.jobs.sweep import Sweep
from workers.main import serve
from workers.queue import WAKE_CHANNEL, Queue
from workers.storage.database import Database
from workers.storage.lease import Lease
from workers.storage.migrate import migrate
from workers.storage.work import Dead, WorkStore, bump

KICKS = 200
IDLE_S = 5.0
CLAIM_S = 2.0
BACKLOG = 5_000
CLAIMER = "tests.bench._claimer"


async def run(_: str | None) -> list[Result]:
    """Every figure; the folder and both servers are made for the run."""
    structlog.configure(logger_factory=structlog.ReturnLoggerFactory())
    folder = Path(tempfile.mkdtemp(prefix="quorum-bench-"))
    url = f"sqlite+aiosqlite:///{folder / 'latency.db'}"
    valkey = start_valkey()
    try:
        results = [*await _latency(url, valkey.url), *await _fairness(f"{url}.fair", valkey.url)]
    finally:
        kill_valkey(valkey)
    results += await _claims("sqlite", f"{url}.claims")
    postgres = await asyncio.to_thread(Postgres, Path(tempfile.mkdtemp(prefix="quorum-pg-")))
    try:
        results += await _claims("postgresql", await asyncio.to_thread(postgres.empty))
    finally:
        await asyncio.to_thread(postgres.stop)
    return results


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
        async with self.database.transaction() as conn:
            await conn.run_sync(bump, wants, time.time())

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


async def _latency(url: str, redis_url: str) -> list[Result]:
    await migrate(url)
    bench = Bench(url, redis_url)
    await bench.listening()
    waits_ms = [await _kick_to_start_ms(bench, number) for number in range(KICKS)][KICKS // 10 :]
    commands_per_s = await _idle_commands(bench)
    await bench.close()
    p50, p99 = statistics.median(waits_ms), statistics.quantiles(waits_ms, n=100)[98]
    _say(part="latency", kicks=len(waits_ms), p50_ms=p50, p99_ms=p99, max_ms=max(waits_ms))
    return [
        Result("kick to start of job, idle, p50", round(p50, 2), "ms"),
        Result("kick to start of job, idle, p99", round(p99, 2), "ms", "<= 20", p99 <= 20),
        Result("Valkey commands, idle", round(commands_per_s, 2), "1/s", "<= 10", commands_per_s <= 10),
    ]


async def _kick_to_start_ms(bench: Bench, number: int) -> float:
    key = WorkKey(1, 1, number, "review")
    began = bench.expect(key)
    await bench.want([key])
    kicked = time.perf_counter()
    await bench.queue.kick()
    waited_ms = (await began - kicked) * 1000
    await asyncio.sleep(0.01)
    return waited_ms


async def _idle_commands(bench: Bench) -> float:
    await asyncio.sleep(1)
    before = (await bench.redis.info("commandstats")).values()
    await asyncio.sleep(IDLE_S)
    after = (await bench.redis.info("commandstats")).values()
    calls = sum(item["calls"] for item in after) - sum(item["calls"] for item in before) - 1
    _say(part="idle", seconds=IDLE_S, commands=calls)
    return float(calls / IDLE_S)


async def _fairness(url: str, redis_url: str) -> list[Result]:
    """One worker, eight slots, 0.2 s a job: a newcomer comes to a busy house."""
    await migrate(url)
    bench = Bench(url, redis_url, job_s=0.2)
    await bench.listening()
    await bench.want([WorkKey(1, 1, number, "review") for number in range(BACKLOG)])
    await bench.queue.kick()
    await asyncio.sleep(1.0)
    newcomer = WorkKey(2, 2, 1, "review")
    began = bench.expect(newcomer)
    await bench.want([newcomer])
    wanted = time.perf_counter()
    await bench.queue.kick()
    async with asyncio.timeout(30):
        waited_s = await began - wanted
    await bench.close()
    _say(part="fairness", backlog=BACKLOG, waited_s=waited_s)
    name = f"1 row beside {BACKLOG} of another installation: start"
    return [Result(name, round(waited_s, 3), "s", "<= 2", waited_s <= 2)]


async def _claims(kind: str, url: str) -> list[Result]:
    await migrate(url)
    database = Database.connect(url)
    wants = [
        Want(WorkKey(number % 50, 1, number, "review"), "octo/repo", Priority.PUSH, "push")
        for number in range(BACKLOG)
    ]
    async with database.transaction() as conn:
        await conn.run_sync(bump, wants, time.time())
    await database.close()
    results = []
    for processes in (1, 4):
        rate = sum(await asyncio.gather(*(_claimer(url) for _ in range(processes))))
        _say(part="claims", database=kind, processes=processes, claims_per_s=rate)
        results.append(Result(f"claim and finish, {kind}, {processes} processes", round(rate, 1), "1/s"))
    return results


async def _claimer(url: str) -> float:
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", CLAIMER, url, str(CLAIM_S), stdout=asyncio.subprocess.PIPE
    )
    said, _ = await process.communicate()
    return float(said)


def _say(**figures: object) -> None:
    print(json.dumps(figures), flush=True)
