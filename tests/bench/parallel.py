"""Ten models asked at once through the gateway, in this process and over HTTP: all together beside the slowest alone."""

from __future__ import annotations

import asyncio
import statistics
import sys
import time
from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass

from tests.bench.result import Result
from tests.workers.llm.scripted import endpoint, gateway_to
from workers.domain.task import Task
from workers.experts.statements import ModelFindings
from workers.llm.gateway import Gateway
from workers.llm.provider import Answer, Question
from workers.llm.providers.openai_compatible import OpenAICompatibleProvider

ROUNDS = 15
SHARE_MAX = 1.05
EQUAL_MS = (200,) * 10
MIXED_MS = tuple(range(20, 201, 20))
TASK = Task("bench", "be careful", "x" * 2_000, ModelFindings)


@dataclass(frozen=True)
class Sleeper:
    """A provider that takes its time and no processor's."""

    taking_ms: int

    async def ask(self, question: Question) -> Answer:
        await asyncio.sleep(self.taking_ms / 1_000)
        return Answer('{"findings": []}', 1_000, 0, 10)


async def run(data: str | None) -> list[Result]:
    """Medians of each round's ratio: ten calls at once to one call of the slowest, turn by turn."""
    results: list[Result] = []
    async with _served() as (url, key), AsyncExitStack() as stack:
        for kind, taking_ms in (("equal", EQUAL_MS), ("mixed", MIXED_MS)):
            sleepers = [gateway_to(endpoint(Sleeper(one), f"slow-{one}")) for one in taking_ms]
            results += await _measured(f"{kind}, gateway alone", sleepers)
            remote = [await _opened(stack, url, key, one) for one in taking_ms]
            results += await _measured(f"{kind}, over HTTP", remote)
    return results


async def _measured(name: str, gateways: Sequence[Gateway]) -> list[Result]:
    """`gateways`: the slowest is the last."""
    await _together_ms(gateways)  # imports and connections are not part of a call
    pairs = [(await _together_ms(gateways), await _together_ms(gateways[-1:])) for _ in range(ROUNDS)]
    share = statistics.median(all_ms / slowest_ms for all_ms, slowest_ms in pairs)
    return [
        Result(f"{name}: ten at once", round(statistics.median(one for one, _ in pairs), 1), "ms"),
        Result(f"{name}: the slowest alone", round(statistics.median(one for _, one in pairs), 1), "ms"),
        Result(
            f"{name}: ten beside the slowest", round(share, 3), "times", f"<= {SHARE_MAX}", share <= SHARE_MAX
        ),
    ]


async def _together_ms(gateways: Sequence[Gateway]) -> float:
    started = time.perf_counter()
    await asyncio.gather(*(gateway.complete(TASK) for gateway in gateways))
    return (time.perf_counter() - started) * 1_000


async def _opened(stack: AsyncExitStack, url: str, key: str, taking_ms: int) -> Gateway:
    name = f"slow-{taking_ms}"
    provider = OpenAICompatibleProvider(name, url, api_key_env="KEY", environ={"KEY": key})
    stack.push_async_callback(provider.close)
    await provider.load()
    return gateway_to(endpoint(provider, name))


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
