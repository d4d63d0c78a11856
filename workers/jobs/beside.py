"""What a worker does beside its jobs: tidying up, probing models, watching the money, comparing with GitHub."""

from __future__ import annotations

import asyncio
import contextlib
import secrets
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from functools import partial

import structlog

from config.repository import CostTracking
from workers.bootstrap import Services
from workers.jobs.health import HealthLoop
from workers.jobs.housekeeping import keep_house
from workers.jobs.probed import probed
from workers.jobs.reconcile import reconciliation
from workers.jobs.spend import Books, SpendLoop
from workers.llm.money import limits_of
from workers.llm.prober import Prober
from workers.valkey.health_lock import ProbeLock

log = structlog.get_logger()

ID_BYTES = 16

Loop = Callable[[], Awaitable[None]]


@contextlib.asynccontextmanager
async def beside(services: Services) -> AsyncIterator[None]:
    """Run every loop while the body runs. One that breaks is a bug: it is logged, and the jobs go on without it."""
    tasks = [asyncio.create_task(_watched(name, loop)) for name, loop in _loops(services)]
    try:
        yield
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


def _loops(services: Services) -> Iterator[tuple[str, Loop]]:
    settings = services.settings
    yield "housekeeping", lambda: keep_house(services.retain)
    books = Books(services.reports, services.receipts, services.alerts)
    # A repository's limits are told on its pull requests; these are the operator's.
    limits = limits_of(settings, CostTracking(enabled=False))
    spending = SpendLoop(limits, books, services.channels, services.now, interval_s=settings.alert_interval_s)
    yield "spending", spending.run
    yield "reconciliation", reconciliation(services).run
    if services.models.door.endpoints:
        yield "health", _health(services).run


def _health(services: Services) -> HealthLoop:
    found = services.models.found
    interval_s = services.settings.health_interval_s
    lock = ProbeLock(services.redis, partial(secrets.token_hex, ID_BYTES), interval_s=interval_s)
    prober = Prober(
        {name: one.client for name, one in found.items()}, time.monotonic, probed(services.calls, found)
    )
    return HealthLoop(found, prober, services.models.health, lock.lead, interval_s)


async def _watched(name: str, loop: Loop) -> None:
    task = asyncio.ensure_future(loop())
    try:
        await asyncio.wait({task})
    finally:
        task.cancel()
    if (error := task.exception()) is not None:
        log.error("a loop has ended", loop=name, exc_info=error)
