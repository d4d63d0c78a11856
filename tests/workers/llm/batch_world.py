"""A gateway that may use batches, to one model behind a fake server."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

from pydantic import BaseModel, SecretStr

from config.catalogue import ModelSpec, PriceOverride, ProviderSpec, Wire
from config.repository import OrchestrationRules
from tests.fakes.models import Answer
from tests.fakes.models.batched import BatchingModels
from tests.fakes.models.scripted import KEY
from tests.workers.llm.providers.serving import FAKES, IDS
from tests.workers.llm.recording import RecordingBudget, RecordingLimiter
from tests.workers.llm.scripted import SPENDER, local_ports
from workers.domain.budget import Limit, Reservation
from workers.domain.task import Task
from workers.domain.usage import Call
from workers.llm.batch_member import Pace
from workers.llm.batching import Batches
from workers.llm.door import Door, DoorLimits
from workers.llm.gateway import Gateway
from workers.llm.local import LocalProfiles, NoAnswers
from workers.llm.pricing import price_tag
from workers.llm.providers.registry import open_batcher, open_provider
from workers.llm.retry import RetryPolicy
from workers.llm.settling import Endpoint, Purse, Surroundings

QUICK = Pace(window_s=0.1, poll_first_s=0.02, poll_max_s=0.05, least_s=1.0, lost_max=2)
PRICE = PriceOverride(input=1_000.0, output=2_000.0)


class Number(BaseModel):
    x: int


def later(
    number: int = 0, *, urgent: bool = False, timeout_s: float = 60.0, prefix: str = ""
) -> Task[Number]:
    """A question that nobody waits for, as a rule."""
    return Task(
        "report", "be careful", f"x of {number}?", Number, timeout_s=timeout_s, urgent=urgent, prefix=prefix
    )


@dataclass
class KeepingBudget(RecordingBudget):
    """Also notes when money is kept aside."""

    async def keep(self, reservation: Reservation) -> None:
        self.events.append("keep")


@dataclass
class LeadTimes(NoAnswers):
    """Notes for how long a question is led."""

    seconds: list[float] = field(default_factory=list)

    async def lead(self, key: str, seconds: float) -> bool:
        self.seconds.append(seconds)
        return True


@dataclass
class World:
    """The server, the way to it, and the books."""

    server: BatchingModels
    gateway: Gateway
    calls: list[Call] = field(default_factory=list)
    budget: KeepingBudget = field(default_factory=KeepingBudget)
    limiter: RecordingLimiter = field(default_factory=RecordingLimiter)
    answers: LeadTimes = field(default_factory=LeadTimes)
    profiles: LocalProfiles = field(default_factory=LocalProfiles)

    def jobs(self) -> int:
        """How many batches were handed in."""
        return len(self.server.batches.jobs)


@asynccontextmanager
async def world(
    wire: Wire,
    *answers: Answer,
    batch: bool = True,
    pace: Pace = QUICK,
    limits: tuple[Limit, ...] = (),
    attempt_timeout_s: float = 10.0,
    key: str = KEY,
    also: Callable[[Call], Awaitable[None]] | None = None,
) -> AsyncIterator[World]:
    """A run's gateway; batches end when they are first looked at. `also` keeps each call besides."""
    async with (
        FAKES[wire].serve(*answers, names=[IDS[wire]]) as server,
        _endpoint(wire, server.url, key, batch) as one,
    ):
        assert isinstance(server, BatchingModels)
        server.batches.after_polls = 0
        calls: list[Call] = []
        budget, limiter, kept, profiles = KeepingBudget(), RecordingLimiter(), LeadTimes(), LocalProfiles()
        ports = local_ports(budget=budget, limiter=limiter, answers=kept, profiles=profiles)

        async def keep(call: Call) -> None:
            calls.append(call)
            if also is not None:
                await also(call)

        around, retry = Surroundings(), RetryPolicy(2, wait_first_s=0.01)
        door = Door(
            {one.spec.name: one},
            ports,
            DoorLimits(attempt_timeout_s),
            retry,
            around,
            Batches(around, retry, pace),
        )
        async with door.open(Purse(SPENDER, limits, keep), OrchestrationRules()) as gateway:
            yield World(server, gateway, calls, budget, limiter, kept, profiles)


@asynccontextmanager
async def _endpoint(wire: Wire, url: str, key: str, batch: bool) -> AsyncIterator[Endpoint]:
    provider = ProviderSpec(name="host", wire=wire, batch=batch)
    spec = ModelSpec(
        name=IDS[wire], provider="host", family="f", quality=7, context_tokens=50_000, price=PRICE
    )
    client = open_provider(spec, provider, url, SecretStr(key))
    batcher = open_batcher(spec, provider, url, SecretStr(key))
    try:
        yield Endpoint(spec, provider, client, price_tag(spec, provider), "host", batcher)
    finally:
        await client.close()
        if batcher is not None:
            await batcher.close()
