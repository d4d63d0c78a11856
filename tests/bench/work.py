"""Durable work: kick to start, commands of an idle worker, claims a second, fairness. Takes about a minute."""

from __future__ import annotations

import asyncio
import json
import os
import statistics
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

import structlog

from tests.bench._worker import Bench
from tests.bench.result import Result
from tests.databases import Postgres, kill_valkey, start_valkey
from workers.domain.work import Priority, Want, WorkKey
from workers.storage.database import Database
from workers.storage.migrate import migrate
from workers.storage.work import bump

KICKS = 330
WARM_UP = 30
IDLE_S = 5.0
CLAIM_S = 2.0
BACKLOG = 5_000
INSTALLATIONS = 50
CLAIMER = "tests.bench._claimer"
PAGE = bytes(4096)


async def run(_: str | None) -> list[Result]:
    """Every figure; the folder and both servers are made for the run. PostgreSQL runs with `fsync = off`."""
    structlog.configure(logger_factory=structlog.ReturnLoggerFactory())
    folder = Path(tempfile.mkdtemp(prefix="quorum-bench-"))
    postgres = await asyncio.to_thread(Postgres, Path(tempfile.mkdtemp(prefix="quorum-pg-")))
    valkey = start_valkey()
    try:
        results = _disk(folder)
        for kind in ("sqlite", "postgresql"):
            results += await _latency(kind, await _fresh(kind, folder, postgres), valkey.url)
        url = await _fresh("sqlite", folder, postgres)
        results += [*await _idle(url, valkey.url), *await _fairness(url, valkey.url)]
        for kind in ("sqlite", "postgresql"):
            for processes in (1, 4):
                results += await _claims(kind, await _fresh(kind, folder, postgres), processes)
    finally:
        kill_valkey(valkey)
        await asyncio.to_thread(postgres.stop)
    return results


async def _fresh(kind: str, folder: Path, postgres: Postgres) -> str:
    """The URL of a new database with all tables."""
    if kind == "sqlite":
        url = f"sqlite+aiosqlite:///{tempfile.mkdtemp(dir=folder)}/quorum.db"
    else:
        url = await asyncio.to_thread(postgres.empty)
    await migrate(url)
    return url


def _disk(folder: Path) -> list[Result]:
    """What the disk needs for one page: a claim on SQLite can't start before that, since its row is durable first."""
    waits_ms = []
    with (folder / "pages").open("wb", buffering=0) as file:
        for _ in range(KICKS):
            file.write(PAGE)
            began = time.perf_counter()
            os.fsync(file.fileno())
            waits_ms.append((time.perf_counter() - began) * 1000)
    p50, p99 = _percentiles(waits_ms)
    _say(part="disk", fsyncs=KICKS, p50_ms=p50, p99_ms=p99)
    return [Result("fsync of one page, p50", p50, "ms"), Result("fsync of one page, p99", p99, "ms")]


async def _latency(kind: str, url: str, redis_url: str) -> list[Result]:
    bench = Bench(url, redis_url)
    await bench.listening()
    waits_ms = [await _kick_to_start_ms(bench, number) for number in range(KICKS)][WARM_UP:]
    await bench.close()
    p50, p99 = _percentiles(waits_ms)
    _say(part="latency", database=kind, kicks=len(waits_ms), p50_ms=p50, p99_ms=p99, max_ms=max(waits_ms))
    name = f"kick to start of job, idle, {kind}"
    return [
        Result(f"{name}, p50", p50, "ms"),
        Result(f"{name}, p99", p99, "ms", "<= 20", p99 <= 20),
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


async def _idle(url: str, redis_url: str) -> list[Result]:
    bench = Bench(url, redis_url)
    await bench.listening()
    await asyncio.sleep(1)
    before = (await bench.redis.info("commandstats")).values()
    await asyncio.sleep(IDLE_S)
    after = (await bench.redis.info("commandstats")).values()
    await bench.close()
    calls = sum(item["calls"] for item in after) - sum(item["calls"] for item in before) - 1
    rate = round(calls / IDLE_S, 2)
    _say(part="idle", seconds=IDLE_S, commands=calls)
    return [Result("Valkey commands, idle", rate, "1/s", "<= 10", rate <= 10)]


async def _fairness(url: str, redis_url: str) -> list[Result]:
    """One worker, eight slots, 0.2 s a job: a newcomer comes to a busy house."""
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


async def _claims(kind: str, url: str, processes: int) -> list[Result]:
    """Each process claims and finishes one row after the other; all start at once, at the whole backlog."""
    await _fill(url)
    claimers = await asyncio.gather(*(_claimer(url) for _ in range(processes)))
    answers = await asyncio.gather(*(claimer.communicate(b"go\n") for claimer in claimers))
    rate = round(sum(float(said) for said, _ in answers), 1)
    _say(part="claims", database=kind, processes=processes, backlog=BACKLOG, claims_per_s=rate)
    return [Result(f"claim and finish, {kind}, {processes} at once, {BACKLOG} ready", rate, "1/s")]


async def _fill(url: str) -> None:
    wants = [
        Want(WorkKey(number % INSTALLATIONS, 1, number, "review"), "octo/repo", Priority.PUSH, "push")
        for number in range(BACKLOG)
    ]
    database = Database.connect(url)
    await database.write(lambda conn: bump(conn, wants, time.time()))
    await database.close()


async def _claimer(url: str) -> asyncio.subprocess.Process:
    """A process that is ready to claim, and waits for a line to begin."""
    pipe = asyncio.subprocess.PIPE
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", CLAIMER, url, str(CLAIM_S), stdin=pipe, stdout=pipe
    )
    assert process.stdout is not None
    await process.stdout.readline()
    return process


def _percentiles(values: Sequence[float]) -> tuple[float, float]:
    """The 50th and the 99th."""
    return round(statistics.median(values), 2), round(statistics.quantiles(values, n=100)[98], 2)


def _say(**figures: object) -> None:
    print(json.dumps({**figures, "load": round(os.getloadavg()[0], 2)}), flush=True)
