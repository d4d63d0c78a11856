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
from workers.domain.usage import Call, Usage
from workers.domain.work import Claim, WorkKey
from workers.jobs.health import HealthLoop
from workers.jobs.housekeeping import keep_house
from workers.jobs.reconcile import reconciliation
from workers.jobs.spend import Books, SpendLoop
from workers.llm.money import limits_of
from workers.llm.prober import Prober
from workers.llm.provider import Answer
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
    prober = Prober({name: one.client for name, one in found.items()}, time.monotonic, _recording(services))
    return HealthLoop(found, prober, services.models.health, lock.lead, interval_s)


def _recording(services: Services) -> Callable[[str, Answer, float], Awaitable[None]]:
    """A probe is a call like any other in the ledger; it is nobody's but the operator's."""
    claim = Claim(WorkKey(0, 0, 0, "health"), 0, secrets.token_hex(ID_BYTES), "", "probe", False, 0, 0)
    record = services.calls.recorder(claim, "")

    async def keep(model: str, answer: Answer, seconds: float) -> None:
        endpoint = services.models.found[model]
        tokens = (answer.input_tokens, answer.cached_tokens, answer.output_tokens)
        used = Usage(1, *tokens, None, seconds, answer.written_tokens)
        cost = endpoint.cost_micros(used)
        used = Usage(1, *tokens, cost, seconds, answer.written_tokens)
        await record(
            Call("health", model, "ok", used, endpoint.provider.name, "a probe of a model in use", cost)
        )

    return keep


async def _watched(name: str, loop: Loop) -> None:
    task = asyncio.ensure_future(loop())
    try:
        await asyncio.wait({task})
    finally:
        task.cancel()
    if (error := task.exception()) is not None:
        log.error("a loop has ended", loop=name, exc_info=error)
