"""The worker, whole: in this process beside a real Valkey, and as processes that are killed, paused and stopped."""

from __future__ import annotations

import asyncio
import os
import signal
import time
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from multiprocessing.context import ForkServerProcess
from pathlib import Path

import pytest
import redis.asyncio
from arq.connections import RedisSettings, create_pool

from tests.databases import kill_valkey, start_valkey
from tests.journeys.stack import ROOT, base_environment
from tests.journeys.warmed import WarmProcess
from tests.polling import until
from tests.warm import forked
from tests.workers import worker_process
from tests.workers.storage.wanting import want
from tests.workers.worker_process import open_worker, parse
from workers.main import serve
from workers.queue import FUNCTION_NAME, QUEUE_NAME, Queue, pack
from workers.storage.database import Database
from workers.storage.work import bump


@dataclass
class WorkerProcess(WarmProcess):
    """A worker whose one job keeps a diary."""

    arguments: Sequence[str] = ()

    def forked(self) -> ForkServerProcess:
        return forked(self.arguments, self.environment, ROOT, self.log, self.log, worker_process.main)


class Site:
    """A database, a Valkey's URL, a diary, and workers over them."""

    def __init__(self, database_url: str, redis_url: str, folder: Path) -> None:
        self.database_url = database_url
        self.redis_url = redis_url
        self.diary = folder / "diary"
        self.database = Database.connect(database_url)
        self.queue = Queue.connect(redis_url)
        self.processes: list[WorkerProcess] = []

    def arguments(self, **values: float) -> list[str]:
        options = [f"--{name.replace('_', '-')}={value}" for name, value in values.items()]
        places = ["--database", self.database_url, "--redis", self.redis_url, "--diary", str(self.diary)]
        return [*places, *options]

    async def want(self, *numbers: int, delay_s: float = 0.0) -> None:
        async with self.database.transaction() as conn:
            await conn.run_sync(bump, [want(number, delay_s=delay_s) for number in numbers], time.time())

    def lines(self, word: str) -> list[list[str]]:
        if not self.diary.exists():
            return []
        lines = [line.split() for line in self.diary.read_text().splitlines()]
        return [line for line in lines if line[0] == word]

    async def until(self, word: str, count: int = 1) -> None:
        async def is_written() -> bool:
            return len(self.lines(word)) >= count

        await until(is_written)

    async def until_idle(self) -> None:
        from sqlalchemy import text

        async def is_idle() -> bool:
            async with self.database.reading() as conn:
                open_rows = "SELECT count(*) FROM work WHERE wanted_gen > done_gen OR lease_token <> ''"
                return not await conn.scalar(text(open_rows))

        await until(is_idle)

    async def start(self, **values: float) -> WorkerProcess:
        log = self.diary.with_name(f"worker-{len(self.processes)}.log")
        process = WorkerProcess("worker", base_environment({}), log, arguments=self.arguments(**values))
        self.processes.append(process)
        await process.start()
        return process

    @asynccontextmanager
    async def serving(self, **values: float) -> AsyncIterator[None]:
        """A worker in this process."""
        arguments = parse(self.arguments(**values))
        runner, sweep = open_worker(arguments, self.database, self.queue)
        stop = asyncio.Event()
        serving = asyncio.create_task(
            serve(
                runner,
                sweep,
                self.redis_url,
                jobs_max=arguments.jobs_max,
                shutdown_timeout_s=5,
                stop=stop,
            )
        )
        try:
            yield
        finally:
            stop.set()
            await serving

    async def close(self) -> None:
        for process in self.processes:
            await process.kill()
        await self.queue.close()
        await self.database.close()


@pytest.fixture
async def site(sqlite_url: str, valkey: str, tmp_path: Path) -> AsyncIterator[Site]:
    site = Site(sqlite_url, valkey, tmp_path)
    yield site
    await site.close()


@pytest.fixture
async def shared_site(database_url: str, valkey: str, tmp_path: Path) -> AsyncIterator[Site]:
    """As `site`, over each kind of database."""
    site = Site(database_url, valkey, tmp_path)
    yield site
    await site.close()


async def _listening(site: Site) -> None:
    client = redis.asyncio.Redis.from_url(site.redis_url)

    async def is_heard() -> bool:
        return bool((await client.pubsub_numsub("quorum:wake"))[0][1])

    await until(is_heard)
    await client.aclose()


async def test_a_kick_starts_work_without_any_sweep(site: Site) -> None:
    async with site.serving(sweep_s=3600):
        await _listening(site)
        for number in range(5):
            await site.want(number)
            await site.queue.kick()
            await site.until("wrote", number + 1)


async def test_ten_bumps_in_a_burst_are_one_run_of_the_last_generation(site: Site) -> None:
    async with site.serving():
        await _listening(site)
        for _ in range(10):
            await site.want(1, delay_s=0.3)
            await site.queue.kick()
        await site.until("wrote")
        await site.until_idle()
    assert [line[3] for line in site.lines("started")] == ["10"]


async def test_a_want_during_a_run_supersedes_it_before_it_posts(site: Site) -> None:
    async with site.serving(think_s=0.6, lease_s=0.6):
        await site.want(1)
        await site.queue.kick()
        await site.until("started")
        await site.want(1)
        await site.queue.kick()
        await site.until_idle()
    assert [line[3] for line in site.lines("writing")] == ["2"]


async def test_lost_kicks_are_found_by_the_sweep(site: Site) -> None:
    async with site.serving(sweep_s=0.2):
        await _listening(site)
        await site.want(1)
        await site.queue.kick()
        client = redis.asyncio.Redis.from_url(site.redis_url)
        await client.flushall()
        await client.aclose()
        await site.want(2)
        await site.until("wrote", 2)


async def test_a_kick_whose_message_was_lost_is_found_in_the_queue(site: Site) -> None:
    redis_settings = RedisSettings.from_dsn(site.redis_url)
    pool = await create_pool(redis_settings, job_serializer=pack, default_queue_name=QUEUE_NAME)
    async with site.serving(sweep_s=3600):
        await _listening(site)
        await site.want(1)
        await pool.enqueue_job(FUNCTION_NAME)
        await site.until("wrote")
    await pool.aclose(close_connection_pool=True)


async def test_rubbish_in_the_queue_harms_nothing(site: Site) -> None:
    client = redis.asyncio.Redis.from_url(site.redis_url)
    await client.zadd(QUEUE_NAME, {b"\xff\xfe": 1, "no-such-job": 1, "bad-job": 1})
    await client.set("arq:job:bad-job", b"\x00rubbish")
    async with site.serving(sweep_s=3600):
        await _listening(site)
        await site.want(1)
        await site.queue.kick()
        await site.until("wrote")
    await client.aclose()


async def test_work_goes_on_without_valkey_and_kicks_work_again_when_it_is_back(
    sqlite_url: str, tmp_path: Path, unused_tcp_port: int
) -> None:
    server = start_valkey(unused_tcp_port)
    site = Site(sqlite_url, f"redis://127.0.0.1:{unused_tcp_port}", tmp_path)
    async with site.serving(sweep_s=0.2):
        await _listening(site)
        kill_valkey(server)
        await site.want(1)
        await site.queue.kick()
        await site.until("wrote", 1)
        server = start_valkey(unused_tcp_port)  # it comes back empty
        await _listening(site)
        await site.want(2)
        await site.queue.kick()
        await site.until("wrote", 2)
    await site.close()
    kill_valkey(server)


async def test_a_worker_starts_without_valkey(sqlite_url: str, tmp_path: Path, unused_tcp_port: int) -> None:
    site = Site(sqlite_url, f"redis://127.0.0.1:{unused_tcp_port}", tmp_path)
    await site.want(1)
    async with site.serving():
        await site.until("wrote")
    await site.close()


async def test_a_killed_workers_work_is_taken_over_and_finished_once(shared_site: Site) -> None:
    site = shared_site
    victim = await site.start(think_s=60)
    await site.want(1)
    await site.until("started")
    victim.signal(signal.SIGKILL)
    async with site.serving(lease_s=1.0):
        await site.until("wrote")
        await site.until_idle()
    assert [line[1] for line in site.lines("started")] == [str(victim.pid), str(os.getpid())]
    assert len(site.lines("wrote")) == 1


async def test_a_paused_worker_is_fenced_when_it_goes_on(shared_site: Site) -> None:
    site = shared_site
    paused = await site.start(lease_s=0.5, write_s=1.0)
    await site.want(1)
    await site.until("writing")
    paused.signal(signal.SIGSTOP)
    async with site.serving(lease_s=0.5):
        await site.until("wrote")
        await site.until_idle()
        paused.signal(signal.SIGCONT)
        paused.signal(signal.SIGTERM)
        async with asyncio.timeout(10):
            await paused.wait()
    assert [line[1] for line in site.lines("wrote")] == [str(os.getpid())]


async def test_sigterm_lets_writing_finish_and_releases_the_rest(site: Site) -> None:
    worker = await site.start(think_s=0.3, write_s=0.5)
    await site.want(1)
    await site.until("writing")
    await site.want(2)
    await site.queue.kick()
    await site.until("started", 2)
    worker.signal(signal.SIGTERM)
    async with asyncio.timeout(10):
        assert await worker.wait() == 0
    assert [line[2] for line in site.lines("wrote")] == ["1:10:1:review"]
    async with site.serving(lease_s=60):
        await site.until_idle()  # a lease that was not released would hold it for a minute
    assert len(site.lines("wrote")) == 2
