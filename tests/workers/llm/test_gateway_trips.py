"""How often a call goes to Valkey: what it needs before and after travels together."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator

import pytest
from pydantic import BaseModel

from tests.workers.llm.recording import SetHealth
from tests.workers.llm.scripted import ScriptedProvider, SettableTime, endpoint, gateway_to, local_ports, said
from tests.workers.valkey.spending import Rows, new_id
from workers.domain.budget import Limit, Payer, Period
from workers.domain.task import Task
from workers.llm.ports import Ports
from workers.valkey.answers import KeptLimits, ValkeyAnswers
from workers.valkey.budget import ValkeyBudget
from workers.valkey.limiter import ValkeyLimiter
from workers.valkey.together import TogetherRedis

LIMIT = Limit(Payer.REPOSITORY, Period.DAY, 1_000_000)


class Number(BaseModel):
    x: int


@pytest.fixture
async def redis(valkey: str) -> AsyncIterator[TogetherRedis]:
    client = TogetherRedis.from_url(valkey)
    yield client
    await client.aclose()


def _ports(redis: TogetherRedis) -> Ports:
    kept = KeptLimits(ttl_s=60.0, answer_max_bytes=10_000)
    return local_ports(
        budget=ValkeyBudget(redis, Rows(), time.time, new_id),
        limiter=ValkeyLimiter(redis, time.monotonic, new_id),
        answers=ValkeyAnswers(redis, kept, me="here", clock=time.monotonic, sleep=asyncio.sleep),
        health=SetHealth(),
    )


async def _reads(redis: TogetherRedis) -> int:
    """How often the server has read from a connection; asking is one of them."""
    return int((await redis.info("stats"))["total_reads_processed"])


async def test_a_call_is_three_trips_however_many_steps_it_takes(redis: TogetherRedis) -> None:
    """To lead; money and leave; price, slot and answer."""
    model = ScriptedProvider([said('{"x": 1}')] * 2)
    around = SettableTime().surroundings()  # what is left is asked for once
    gateway = gateway_to(endpoint(model), ports=_ports(redis), limits=(LIMIT,), surroundings=around)
    await gateway.complete(Task("review", "", "what is x?", Number))  # scripts are loaded, sums are read
    before = await _reads(redis)
    await gateway.complete(Task("review", "", "what else is x?", Number))
    assert await _reads(redis) - before - 1 == 3
