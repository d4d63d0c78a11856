"""A whole worker process whose one job writes to a file what it does."""

from __future__ import annotations

import argparse
import asyncio
import os
import random
import signal
import time
import uuid
from collections.abc import Sequence
from pathlib import Path

from workers.jobs.runner import Runner
from workers.jobs.sweep import Sweep
from workers.main import serve
from workers.queue import Queue
from workers.storage.database import Database
from workers.storage.lease import Lease
from workers.storage.work import Dead, WorkStore


class Diary:
    """Lines of `word pid key generation time`, appended at once."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def note(self, word: str, lease: Lease) -> None:
        line = f"{word} {os.getpid()} {lease.claim.key} {lease.claim.generation} {time.time()}\n"
        with self._path.open("a") as file:
            file.write(line)


def open_worker(arguments: argparse.Namespace, database: Database, queue: Queue) -> tuple[Runner, Sweep]:
    """A runner and a sweep over `database`."""
    diary = Diary(arguments.diary)
    work = WorkStore(
        database,
        now=time.time,
        new_token=lambda: uuid.uuid4().hex,
        lease_s=arguments.lease_s,
        jitter=random.random,
    )

    async def job(lease: Lease) -> str:
        diary.note("started", lease)
        await asyncio.sleep(arguments.think_s)
        async with lease.writing():
            diary.note("writing", lease)
            await asyncio.sleep(arguments.write_s)
            await lease.check()
            diary.note("wrote", lease)
        return "sha"

    async def report(dead: Dead) -> None:
        """Nobody is told."""

    runner = Runner(
        work,
        {"review": job},
        jobs_max=arguments.jobs_max,
        job_timeout_s=60,
        now=time.time,
        pass_on=queue.kick,
    )
    return runner, Sweep(work, runner, interval_s=arguments.sweep_s, kick=queue.kick, report_dead=report)


async def work(arguments: argparse.Namespace) -> None:
    """Serve until SIGTERM."""
    stop = asyncio.Event()
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, stop.set)
    database, queue = Database.connect(arguments.database), Queue.connect(arguments.redis)
    runner, sweep = open_worker(arguments, database, queue)
    await serve(runner, sweep, arguments.redis, jobs_max=arguments.jobs_max, shutdown_timeout_s=5, stop=stop)
    await queue.close()
    await database.close()


def parse(arguments: Sequence[str]) -> argparse.Namespace:
    """Seconds all, but the names and `jobs_max`."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--database", required=True)
    parser.add_argument("--redis", required=True)
    parser.add_argument("--diary", type=Path, required=True)
    parser.add_argument("--jobs-max", type=int, default=4)
    for name, default in (("lease", 1.0), ("think", 0.0), ("write", 0.0), ("sweep", 5.0)):
        parser.add_argument(f"--{name}-s", type=float, default=default)
    return parser.parse_args(arguments)


def main(words: Sequence[str]) -> int:
    """Its exit code."""
    asyncio.run(work(parse(words)))
    return 0
