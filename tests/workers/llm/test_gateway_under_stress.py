"""Many calls at once that fail, are cancelled and cost what they like: the ledger, the budget and the slots agree."""

from __future__ import annotations

import asyncio
import itertools
import random
import time
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass, replace

import pytest
import sqlalchemy as sa
from pydantic import BaseModel
from redis.asyncio import Redis

from config.catalogue import RateLimits
from config.repository import OrchestrationRules
from tests.workers.llm.recording import SetHealth
from tests.workers.llm.scripted import endpoint, local_ports, said
from workers.domain.budget import Limit, Payer, Period, Refusal, Reservation, Spender
from workers.domain.rate import Permit
from workers.domain.task import ModelError, Task
from workers.domain.work import Claim, WorkKey
from workers.llm.door import Door, DoorLimits
from workers.llm.ports import Ports
from workers.llm.provider import Answer, ProviderError, Question
from workers.llm.retry import RetryPolicy
from workers.llm.settling import Purse, Surroundings
from workers.storage.calls import CallStore
from workers.storage.database import Database
from workers.storage.spend import SpendSums
from workers.valkey.budget import ValkeyBudget
from workers.valkey.limiter import ValkeyLimiter
from workers.valkey.together import TogetherRedis

TASKS = 50
CONCURRENCY = 5
LIMIT = Limit(Payer.REPOSITORY, Period.DAY, 60_000)
CLAIM = Claim(WorkKey(1, 10, 7, "review"), 1, "run", "o/r", "push", forced=False, attempts=1, crashes=0)
SPENDER = Spender(1, 10, CLAIM.token)
SPENT = sa.text("SELECT sum(coalesce(cost_micros, estimated_micros, 0)) AS micros FROM call")


class Number(BaseModel):
    x: int


@dataclass
class Moody:
    """A model that answers, errs and dawdles by chance."""

    chance: random.Random
    under_way: int = 0
    most_at_once: int = 0

    async def ask(self, question: Question) -> Answer:
        self.under_way += 1
        self.most_at_once = max(self.most_at_once, self.under_way)
        try:
            await asyncio.sleep(self.chance.uniform(0, 0.02))
            return self._answer()
        finally:
            self.under_way -= 1

    def _answer(self) -> Answer:
        kind = self.chance.choice(["good", "good", "bad", "away", "lost", "no credit"])
        if kind == "good":
            return replace(said('{"x": 1}'), output_tokens=self.chance.randrange(1_000))
        if kind == "bad":
            return said("no idea")
        if kind == "no credit":
            raise ProviderError("quota", "no credit")
        raise ProviderError("unavailable", "gone", retryable=True, may_cost=kind == "lost")


@dataclass
class Slow:
    """A Valkey that is far away: there is time to be cancelled while it is asked, and after."""

    chance: random.Random

    async def trip(self) -> None:
        await asyncio.sleep(self.chance.uniform(0, 0.02))


class FarBudget(ValkeyBudget):
    slow: Slow

    async def reserve(self, spender: Spender, limits: Sequence[Limit], micros: int) -> Reservation | Refusal:
        found = await ValkeyBudget.reserve(self, spender, limits, micros)
        await self.slow.trip()
        return found

    async def settle(self, reservation: Reservation, micros: int) -> None:
        await self.slow.trip()
        await ValkeyBudget.settle(self, reservation, micros)


class FarLimiter(ValkeyLimiter):
    slow: Slow

    async def take(self, bucket: str, limits: RateLimits, tokens: int) -> Permit | float:
        found = await ValkeyLimiter.take(self, bucket, limits, tokens)
        await self.slow.trip()
        return found


@dataclass
class Scene:
    """A door over a real Valkey and a real ledger."""

    redis: Redis
    database: Database
    chance: random.Random

    def __post_init__(self) -> None:
        ids = itertools.count()
        self.models = {name: Moody(self.chance) for name in ("model-a", "model-b")}
        self.budget = FarBudget(self.redis, SpendSums(self.database), time.time, lambda: f"r{next(ids)}")
        self.limiter = FarLimiter(self.redis, time.monotonic, lambda: f"p{next(ids)}")

        self.budget.slow = self.limiter.slow = Slow(self.chance)

    def ports(self) -> Ports:
        return local_ports(budget=self.budget, limiter=self.limiter, health=SetHealth())

    def door(self) -> Door:
        limits = RateLimits(
            requests_per_minute=1_000_000, tokens_per_minute=1_000_000_000, concurrency=CONCURRENCY
        )
        plain = {name: endpoint(model, name) for name, model in self.models.items()}
        known = {
            name: replace(one, provider=one.provider.model_copy(update={"limits": limits}))
            for name, one in plain.items()
        }
        return Door(
            known,
            self.ports(),
            DoorLimits(),
            RetryPolicy(3, wait_first_s=0.01),
            Surroundings(jitter=self.chance.random),
        )

    def purse(self) -> Purse:
        return Purse(SPENDER, (LIMIT,), CallStore(self.database, time.time).recorder(CLAIM, "a" * 40))

    async def run(self) -> list[object]:
        """What became of all tasks, of which some are cancelled at any moment."""
        async with self.door().open(self.purse(), OrchestrationRules()) as gateway:
            tasks = [asyncio.create_task(gateway.complete(_task(number))) for number in range(TASKS)]
            for task in self.chance.sample(tasks, TASKS // 3):
                asyncio.get_running_loop().call_later(self.chance.uniform(0, 0.2), task.cancel)
            return await asyncio.gather(*tasks, return_exceptions=True)

    async def spent_micros(self) -> int:
        row = await self.database.read(lambda conn: conn.execute(SPENT).one())
        return int(row.micros or 0)

    async def slots(self) -> int:
        return sum([await self.redis.zcard(key) for key in await self.redis.keys("quorum:rate:*:slots")])


def _task(number: int) -> Task[Number]:
    return Task("review", "", f"what is {number}?", Number, output_max_tokens=1_000, timeout_s=20.0)


@pytest.fixture(params=range(3))
async def scene(request: pytest.FixtureRequest, valkey: str, sqlite_url: str) -> AsyncIterator[Scene]:
    redis, database = TogetherRedis.from_url(valkey), Database.connect(sqlite_url)
    yield Scene(redis, database, random.Random(request.param))
    await database.close()
    await redis.aclose()


async def test_the_books_agree_whatever_happens_to_fifty_calls_at_once(scene: Scene) -> None:
    found = await scene.run()
    spent = await scene.spent_micros()
    assert [one for one in found if isinstance(one, Exception) and not isinstance(one, ModelError)] == []
    assert 0 < spent <= LIMIT.micros
    assert await scene.budget.left(SPENDER, (LIMIT,)) == LIMIT.micros - spent
    assert await scene.slots() == 0
    assert all(model.most_at_once <= CONCURRENCY for model in scene.models.values())
