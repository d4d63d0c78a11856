"""What the gateway adds to a model call: against a bare HTTP client, turn by turn, on one server."""

from __future__ import annotations

import statistics
import time
from collections.abc import Awaitable, Callable

import httpx2

from tests.bench.result import Result
from tests.fakes.models import FakeOpenAI
from workers.domain.task import Task
from workers.experts.statements import ModelFindings
from workers.llm.gateway import Gateway, Limits, Surroundings
from workers.llm.prices import OperatorPrice
from workers.llm.providers.openai_compatible import OpenAICompatibleProvider
from workers.llm.retry import RetryPolicy
from workers.llm.router import Endpoint

ROUNDS = 200
OVERHEAD_MAX_MS = 10.0


async def run(data: str | None) -> list[Result]:
    """Median milliseconds of a call through the gateway, of a bare request, and of their difference."""
    async with FakeOpenAI.serve(default={"findings": []}) as server:
        provider = OpenAICompatibleProvider(
            "fake-model", server.url, api_key_env="KEY", environ={"KEY": server.key}
        )
        gateway = Gateway(
            Endpoint("fake-model", provider, OperatorPrice(1.0, 2.0), 32_000),
            lambda call: None,
            limits=Limits(),
            retry=RetryPolicy(),
            surroundings=Surroundings(),
        )
        task = Task("bench", "be careful", "x" * 40_000, ModelFindings)
        await gateway.complete(task)  # imports and the connection are not part of a call
        body, headers = server.requests[0].raw, {"authorization": f"Bearer {server.key}"}
        async with httpx2.AsyncClient(trust_env=False, headers=headers) as client:
            pairs = [
                (
                    await _timed_ms(lambda: gateway.complete(task)),
                    await _timed_ms(lambda: client.post(f"{server.url}/chat/completions", content=body)),
                )
                for _ in range(ROUNDS)
            ]
        await provider.close()
    added = statistics.median(ours - bare for ours, bare in pairs)
    return [
        Result("call through the gateway", round(statistics.median(ours for ours, _ in pairs), 3), "ms"),
        Result("bare request", round(statistics.median(bare for _, bare in pairs), 3), "ms"),
        Result("added by the gateway", round(added, 3), "ms", "<= 10", added <= OVERHEAD_MAX_MS),
    ]


async def _timed_ms(act: Callable[[], Awaitable[object]]) -> float:
    started = time.perf_counter()
    await act()
    return (time.perf_counter() - started) * 1_000
