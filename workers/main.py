"""The worker process: an arq worker that is woken rather than polling, beside a sweep that needs no Valkey."""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
from collections.abc import AsyncIterator, Callable, Coroutine
from dataclasses import dataclass
from typing import Any, Protocol, cast

import structlog
from arq.connections import create_pool
from arq.worker import Worker, func
from redis.asyncio.client import PubSub
from redis.exceptions import RedisError

from config.operator import unknown_variables
from config.settings import Settings
from workers.bootstrap import Services as Bootstrapped
from workers.bootstrap import open_services
from workers.ending import ended_within
from workers.jobs.beside import beside
from workers.jobs.registry import asked, jobs
from workers.jobs.report import DeadReport
from workers.jobs.runner import Runner
from workers.jobs.sweep import Sweep
from workers.queue import FUNCTION_NAME, QUEUE_NAME, WAKE_CHANNEL, pack, redis_settings, unpack
from workers.telemetry import configure_logging

log = structlog.get_logger()

POLL_S = 0.5
HEALTH_CHECK_INTERVAL_S = 15
WAKE_TIMEOUT_S = 5
RECONNECT_MIN_S = 0.1
RECONNECT_MAX_S = 2.0
CLOSING_MAX_S = 8.0
"""Beside the time for jobs: connections, loops and threads must be done by then."""


class Services(Protocol):
    """What a worker process is made of."""

    @property
    def runner(self) -> Runner: ...  # noqa: D102
    @property
    def sweep(self) -> Sweep: ...  # noqa: D102
    @property
    def redis_url(self) -> str: ...  # noqa: D102


class WokenWorker(Worker):
    """arq's worker, woken by each kick's message; from the queue it takes kicks only while `has_room()`."""

    def __init__(
        self, wake: Callable[[], None], has_room: Callable[[], bool], url: str, jobs_max: int
    ) -> None:
        async def on_kick(ctx: dict[Any, Any], *_: Any, **__: Any) -> None:
            wake()

        super().__init__(
            [func(on_kick, name=FUNCTION_NAME)],
            queue_name=QUEUE_NAME,
            redis_settings=redis_settings(url, connections=jobs_max),
            handle_signals=False,
            max_jobs=jobs_max,
            job_timeout=WAKE_TIMEOUT_S,
            max_tries=1,
            retry_jobs=False,
            keep_result=0,
            poll_delay=POLL_S,
            queue_read_limit=jobs_max,
            health_check_interval=HEALTH_CHECK_INTERVAL_S,
            health_check_key=f"{QUEUE_NAME}:health:{os.uname().nodename}:{os.getpid()}",
            job_serializer=pack,
            job_deserializer=unpack,
            log_results=False,
        )
        self._has_room = has_room
        self._wake = wake

    async def main(self) -> None:
        """Wake with each message, and take kicks from the queue, until the connection breaks."""
        self._pool = await create_pool(
            self.redis_settings, job_serializer=pack, job_deserializer=unpack, default_queue_name=QUEUE_NAME
        )
        async with self._subscribed() as channel:
            log.info("listening for kicks")
            self._wake()  # kicks may have been lost while nobody listened
            await _until_one_ends(self._hear(channel), self._take())

    async def _hear(self, channel: PubSub) -> None:
        while True:
            if await _message(channel, WAKE_TIMEOUT_S) is not None:
                self._wake()

    async def _take(self) -> None:
        while True:
            self.allow_pick_jobs = self._has_room()
            await self._poll_iteration()
            await asyncio.sleep(self.poll_delay_s)

    async def start_jobs(self, job_ids: list[bytes]) -> None:
        """Take kicks; an id that arq could not read, and would break at, is thrown away."""
        readable = [job_id for job_id in job_ids if job_id.isascii()]
        if rubbish := [job_id for job_id in job_ids if not job_id.isascii()]:
            log.warning("unreadable entries in the queue were dropped", count=len(rubbish))
            await self.pool.zrem(self.queue_name, *rubbish)
        await super().start_jobs(readable)

    @contextlib.asynccontextmanager
    async def _subscribed(self) -> AsyncIterator[PubSub]:
        channel = self.pool.pubsub(ignore_subscribe_messages=True)
        try:
            await channel.subscribe(WAKE_CHANNEL)
            yield channel
        finally:
            await channel.aclose()  # type: ignore[no-untyped-call]

    async def close(self) -> None:
        """End what is under way and close the connections, whatever state they are in."""
        for task in self.tasks.values():
            task.cancel()
        await asyncio.gather(*self.tasks.values(), return_exceptions=True)
        if self._pool is not None:
            await self._pool.aclose(close_connection_pool=True)
            self._pool = None


async def _message(channel: PubSub, timeout_s: float) -> dict[str, Any] | None:
    return cast("dict[str, Any] | None", await channel.get_message(timeout=timeout_s))


async def _until_one_ends(*loops: Coroutine[Any, Any, None]) -> None:
    """Run `loops` side by side; the first that ends, ends all, and raises what it raised."""
    tasks = [asyncio.create_task(loop) for loop in loops]
    try:
        await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
    finally:
        for task in tasks:
            task.cancel()
        ends = await asyncio.gather(*tasks, return_exceptions=True)
    for end in ends:
        if isinstance(end, Exception):
            raise end


async def listen(open_worker: Callable[[], WokenWorker]) -> None:
    """Keep a worker listening for kicks; a Valkey that is away is waited for, at most 2 s between tries."""
    wait_s = RECONNECT_MIN_S
    while True:
        worker = open_worker()
        began_at = asyncio.get_running_loop().time()
        try:
            await worker.main()
        except (RedisError, OSError) as error:
            log.warning("no kicks for now; the sweep goes on", error=type(error).__name__)
        finally:
            await worker.close()
        lasted_s = asyncio.get_running_loop().time() - began_at
        wait_s = RECONNECT_MIN_S if lasted_s > RECONNECT_MAX_S else min(RECONNECT_MAX_S, wait_s * 2)
        await asyncio.sleep(wait_s)


async def serve(
    runner: Runner,
    sweep: Sweep,
    redis_url: str,
    *,
    jobs_max: int,
    shutdown_timeout_s: float,
    stop: asyncio.Event,
) -> None:
    """Work until `stop` is set; then let jobs that are writing finish, cancel the others, release their leases."""

    def wake() -> None:
        runner.wake()
        sweep.nudge()

    def open_worker() -> WokenWorker:
        return WokenWorker(wake, lambda: runner.free > 0, redis_url, jobs_max)

    listening = asyncio.create_task(listen(open_worker))
    sweeping = asyncio.create_task(sweep.run())
    stopping = asyncio.create_task(stop.wait())
    tasks = (listening, sweeping, stopping)
    try:
        await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
    finally:
        await _end(runner, tasks, shutdown_timeout_s)
    for task in tasks:
        if not task.cancelled():
            task.result()  # a loop that broke is a bug: the process ends with it, and its supervisor starts anew


async def _end(runner: Runner, tasks: tuple[asyncio.Task[Any], ...], shutdown_timeout_s: float) -> None:
    log.info("stopping")
    for task in tasks:
        task.cancel()
    await runner.stop(shutdown_timeout_s)
    await asyncio.gather(*tasks, return_exceptions=True)
    log.info("stopped")


async def run_until_stopped(
    services: Services, settings: Settings, on_stop: Callable[[], None] = lambda: None
) -> None:
    """Run a worker until SIGTERM or SIGINT; `on_stop` is called when it comes."""
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()

    def on_signal() -> None:
        on_stop()
        stop.set()

    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, on_signal)
    await serve(
        services.runner,
        services.sweep,
        services.redis_url,
        jobs_max=settings.jobs_max,
        shutdown_timeout_s=settings.shutdown_timeout_s,
        stop=stop,
    )


@dataclass(frozen=True, slots=True)
class Wiring:
    """The parts of a worker process."""

    runner: Runner
    sweep: Sweep
    redis_url: str


def wire(services: Bootstrapped) -> Wiring:
    """Put the jobs into a runner, and a sweep beside it."""
    settings = services.settings
    runner = Runner(
        services.work,
        jobs(services),
        jobs_max=settings.jobs_max,
        job_timeout_s=settings.job_timeout_s,
        now=services.now,
        pass_on=services.queue.kick,
    )
    sweep = Sweep(
        services.work,
        runner,
        interval_s=settings.sweep_interval_s,
        kick=services.queue.kick,
        report_dead=DeadReport(services.clients, settings.app_id, asked(services)),
    )
    return Wiring(runner, sweep, settings.redis_url.get_secret_value())


async def run(settings: Settings) -> None:
    """Open everything, work until SIGTERM, close everything."""
    within_s = settings.shutdown_timeout_s + CLOSING_MAX_S
    with ended_within(within_s, asyncio.get_running_loop()) as stopping:
        async with open_services(settings) as services, beside(services):
            await run_until_stopped(wire(services), settings, stopping)


def main(settings: Settings) -> int:
    """The worker process; its exit code."""
    configure_logging(settings.log_level)
    for sentence in unknown_variables(os.environ):
        log.warning("a variable without effect", problem=sentence)
    asyncio.run(run(settings))
    return 0
