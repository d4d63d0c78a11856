"""Ten models asked at once through the gateway of a worker, all together beside the slowest alone."""

from __future__ import annotations

import asyncio
import itertools
import secrets
import statistics
import sys
import time
from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, replace

from config.catalogue import RateLimits, Wire
from config.repository import OrchestrationRules
from tests.bench._models import claim, worker_models
from tests.bench.result import Result
from tests.workers.llm.providers.serving import remote
from tests.workers.llm.scripted import SPENDER, endpoint
from workers.bootstrap.models import RunModels
from workers.domain.budget import Limit, Payer, Period
from workers.domain.task import Models, Task
from workers.experts.statements import ModelFindings
from workers.llm.door import Door, DoorLimits
from workers.llm.provider import Answer, Provider, Question
from workers.llm.retry import RetryPolicy
from workers.llm.settling import Purse, Surroundings
from workers.telemetry import configure_logging

ROUNDS = 15
SHARE_MAX = 1.05
EQUAL_MS = (200,) * 10
MIXED_MS = (50, 80, 120, 160, 200, 240, 280, 320, 360, 400)
LIMITS = (Limit(Payer.OPERATOR, Period.MONTH, 1_000_000_000, "a month"),)


@dataclass(frozen=True)
class Sleeper:
    """A provider that takes its time and no processor's."""

    taking_ms: int

    async def ask(self, question: Question) -> Answer:
        await asyncio.sleep(self.taking_ms / 1_000)
        return Answer('{"findings": []}', 1_000, 0, 10)


class Asking:
    """Asks models, each through a gateway of its own, with everything between that a worker has."""

    def __init__(self, gateways: Sequence[Models]) -> None:
        self._gateways = gateways
        self._numbers = itertools.count()

    async def all_ms(self) -> float:
        """Milliseconds until every model has answered."""
        return await self._together_ms(self._gateways)

    async def slowest_ms(self) -> float:
        """Milliseconds of the last model, which is the slowest, alone."""
        return await self._together_ms(self._gateways[-1:])

    async def _together_ms(self, gateways: Sequence[Models]) -> float:
        started = time.perf_counter()
        await asyncio.gather(*(gateway.complete(self._task()) for gateway in gateways))
        return (time.perf_counter() - started) * 1_000

    def _task(self) -> Task[ModelFindings]:
        """Another one each time: no answer is a kept one."""
        return Task("bench", "be careful", f"{next(self._numbers)} {'x' * 2_000}", ModelFindings)


async def run(_: str | None) -> list[Result]:
    """Medians of each round's ratio: ten calls at once to one call of the slowest, turn by turn."""
    configure_logging("WARNING")
    results: list[Result] = []
    async with _served() as (url, key), worker_models(url, key) as models, AsyncExitStack() as stack:
        for kind, taking_ms in (("equal", EQUAL_MS), ("mixed", MIXED_MS)):
            sleepers = [await _gateway(stack, models, Sleeper(one), f"{one}-{kind}") for one in taking_ms]
            results += await _measured(f"{kind}, gateway alone", Asking(sleepers))
            remote = [await _remote(stack, models, url, key, one) for one in taking_ms]
            results += await _measured(f"{kind}, over HTTP", Asking(remote))
    return results


async def _measured(name: str, asking: Asking) -> list[Result]:
    await asking.all_ms()  # imports and connections are not part of a call
    pairs = [(await asking.all_ms(), await asking.slowest_ms()) for _ in range(ROUNDS)]
    share = round(statistics.median(all_ms / slowest_ms for all_ms, slowest_ms in pairs), 3)
    return [
        Result(f"{name}: ten at once", round(statistics.median(one for one, _ in pairs), 1), "ms"),
        Result(f"{name}: the slowest alone", round(statistics.median(one for _, one in pairs), 1), "ms"),
        Result(f"{name}: ten beside the slowest", share, "times", f"<= {SHARE_MAX}", share <= SHARE_MAX),
    ]


async def _gateway(stack: AsyncExitStack, models: RunModels, client: Provider, name: str) -> Models:
    """To one model, over the counters, buckets, breakers and ledger that all of them share."""
    found = endpoint(client, name)
    roomy = RateLimits(concurrency=10, requests_per_minute=100_000)
    provider = found.provider.model_copy(update={"limits": roomy})
    found = replace(found, provider=provider, bucket=secrets.token_hex(8))  # its own: nobody waits for a slot
    door = Door({name: found}, models.door.ports, DoorLimits(), RetryPolicy(1), Surroundings())
    purse = Purse(SPENDER, LIMITS, models.calls.recorder(claim(secrets.token_hex(8)), "sha"))
    return await stack.enter_async_context(door.open(purse, OrchestrationRules()))


async def _remote(stack: AsyncExitStack, models: RunModels, url: str, key: str, taking_ms: int) -> Models:
    name = f"slow-{taking_ms}"
    provider = remote(Wire.OPENAI, url, key=key, model=name)
    stack.push_async_callback(provider.close)
    await provider.load()
    return await _gateway(stack, models, provider, name)


@asynccontextmanager
async def _served() -> AsyncIterator[tuple[str, str]]:
    """URL and key of the models; their work is not ours, so it is done elsewhere."""
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "tests.bench._slow_models",
        stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE,
    )  # fmt: skip
    assert process.stdin is not None
    assert process.stdout is not None
    try:
        url, key = (await process.stdout.readline()).decode().split()
        yield url, key
    finally:
        process.stdin.close()
        await process.wait()
