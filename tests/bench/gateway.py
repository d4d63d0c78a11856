"""What the whole gateway adds to a call: cache, route, reserve, limiter, ledger, beside bare clients, turn by turn."""

from __future__ import annotations

import asyncio
import itertools
import math
import statistics
import time
from collections.abc import Awaitable, Callable, Mapping, Sequence
from contextlib import AsyncExitStack
from typing import Any, NamedTuple

import httpx2
import openai
from pydantic import BaseModel

from config.repository import RepositoryConfig
from tests.bench._models import claim, worker_models
from tests.bench.result import Result
from tests.fakes.models import FakeOpenAI
from workers.domain.task import Models, Task
from workers.llm.routing.route import route
from workers.llm.routing.values import Offer, Policy, Situation, Wanted
from workers.telemetry import configure_logging

ROUNDS = 40
CALLS_MIN = 8
AT_ONCE = (1, 50)
DECISIONS = 2_000
CPU_GOAL_MS = 1.0
DECISION_GOAL_MS = 0.2


class Said(BaseModel):
    """What the server answers."""

    findings: list[str]


class Turn(NamedTuple):
    """Milliseconds a call: of CPU, of time, and of CPU for the first."""

    cpu_ms: float
    wall_ms: float
    first_ms: float


Ask = Callable[[], Awaitable[object]]


async def run(_: str | None) -> list[Result]:
    """CPU and time of a call, ours and others', at one call and at fifty calls at once; the router's decision alone."""
    configure_logging()  # as a worker has it: lines of JSON, scrubbed
    async with AsyncExitStack() as stack:
        server = await stack.enter_async_context(FakeOpenAI.serve(default={"findings": []}))
        models = await _gateway(stack, server)
        askers = await _askers(stack, server, models)
        results: list[Result] = []
        for at_once in AT_ONCE:
            results += await _compared(askers, at_once)
        return [*results, _decision()]


async def _gateway(stack: AsyncExitStack, server: FakeOpenAI) -> Models:
    """All of it: a budget over Valkey, a ledger in SQLite, breakers, buckets, kept answers, profiles."""
    opened = await stack.enter_async_context(worker_models(server.url, server.key, model_concurrency=100))
    models = await stack.enter_async_context(opened.open(claim("run"), "sha", RepositoryConfig()))
    assert models is not None
    return models


async def _askers(stack: AsyncExitStack, server: FakeOpenAI, models: Models) -> Mapping[str, Ask]:
    """Every way to ask the same question; ours with another number in each, so that no answer is a kept one."""
    numbers = itertools.count()
    text = "x" * 8_000

    async def ours() -> object:
        return await models.complete(Task("bench", "be careful", f"{next(numbers)} {text}", Said))

    await ours()
    raw, headers = server.requests[-1].raw, {"authorization": f"Bearer {server.key}"}
    bare = await stack.enter_async_context(httpx2.AsyncClient(trust_env=False, headers=headers))
    sdk = openai.AsyncOpenAI(api_key=server.key, base_url=server.url, max_retries=0)
    stack.push_async_callback(sdk.close)
    messages: Any = [{"role": "system", "content": "be careful"}, {"role": "user", "content": text}]

    async def raw_httpx() -> object:
        return (await bare.post(f"{server.url}/chat/completions", content=raw)).json()

    async def openai_sdk() -> object:
        return await sdk.chat.completions.create(model="fake-model", messages=messages, max_tokens=4_000)

    return {
        "ours": ours,
        "raw httpx": raw_httpx,
        "openai SDK": openai_sdk,
        "pydantic-ai Agent": _agent(server, text),
    }


def _agent(server: FakeOpenAI, text: str) -> Ask:
    from pydantic_ai import Agent, PromptedOutput
    from pydantic_ai.models.openai import OpenAIChatModel
    from pydantic_ai.providers.openai import OpenAIProvider

    provider = OpenAIProvider(base_url=server.url, api_key=server.key)
    agent = Agent(
        OpenAIChatModel("fake-model", provider=provider),
        output_type=PromptedOutput(Said),
        instructions="be careful",
    )

    async def ask() -> object:
        return await agent.run(text)

    return ask


async def _compared(askers: Mapping[str, Ask], at_once: int) -> list[Result]:
    """Milliseconds of CPU and of time a call, medians of rounds in which everybody has a turn. The server's share of
    the CPU is in all of them alike: it runs in this process.
    """
    turns: dict[str, list[Turn]] = {name: [] for name in askers}
    for _ in range(max(5, ROUNDS // (1 if at_once == 1 else 4))):
        for name, ask in askers.items():
            turns[name].append(await _turn(ask, at_once))
    found = [
        result
        for name in askers
        for result in (
            _median(f"{name}, {at_once} at once: CPU a call", [one.cpu_ms for one in turns[name]]),
            _median(f"{name}, {at_once} at once: time a call", [one.wall_ms for one in turns[name]]),
        )
    ]
    pairs = list(zip(turns["ours"], turns["openai SDK"], strict=True))
    more = round(statistics.median(ours.cpu_ms - sdk.cpu_ms for ours, sdk in pairs), 2)
    over = f"ours over the openai SDK, {at_once} at once"
    return [
        *found,
        _median(f"{over}, the first of a turn: CPU", [ours.first_ms - sdk.first_ms for ours, sdk in pairs]),
        Result(f"{over}: CPU", more, "ms", f"<= {CPU_GOAL_MS:g}", more <= CPU_GOAL_MS),
    ]


async def _turn(ask: Ask, at_once: int) -> Turn:
    """So many calls at once, again and again until there are CALLS_MIN: the first finds another's code in the caches."""
    times = math.ceil(CALLS_MIN / at_once)
    cpu_began, began, first_ms = time.process_time(), time.perf_counter(), 0.0
    for _ in range(times):
        await asyncio.gather(*(ask() for _ in range(at_once)))
        first_ms = first_ms or (time.process_time() - cpu_began) * 1_000 / at_once
    calls = times * at_once
    cpu_s, wall_s = time.process_time() - cpu_began, time.perf_counter() - began
    return Turn(cpu_s * 1_000 / calls, wall_s * 1_000 / calls, first_ms)


def _median(name: str, values: Sequence[float]) -> Result:
    return Result(name, round(statistics.median(values), 2), "ms")


def _decision() -> Result:
    """The router alone, over the whole shipped catalogue, with nothing measured yet."""
    from config.catalogue_file import load_catalogue, shipped_text

    catalogue = load_catalogue(shipped_text(), None, "")
    offers = [Offer(one, catalogue.provider_of(one), 1_000, 500) for one in catalogue.models.values()]
    situation = Situation(frozenset(catalogue.models))
    times = []
    for number in range(DECISIONS):
        wanted = Wanted("review", (number % 100) / 100, input_tokens=4_000)
        before = time.perf_counter()
        route(wanted, offers, Policy(), situation)
        times.append((time.perf_counter() - before) * 1_000)
    value = round(statistics.median(times), 3)
    name = f"a routing decision over {len(offers)} models"
    return Result(name, value, "ms", f"<= {DECISION_GOAL_MS:g}", value <= DECISION_GOAL_MS)
