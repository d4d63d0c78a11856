"""A dry run: decided and reckoned as ever, and nobody asked."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
from pydantic import BaseModel

from config.catalogue import PriceOverride
from config.repository import OrchestrationRules
from tests.workers.llm.scripted import PRICE, SPENDER, ScriptedProvider, endpoint, local_ports
from workers.domain.budget import Limit, Payer, Period
from workers.domain.task import DRY_RUN, ModelError, Task
from workers.domain.usage import Call, Usage
from workers.llm.door import Door, DoorLimits
from workers.llm.gateway import Gateway
from workers.llm.retry import RetryPolicy
from workers.llm.settling import Endpoint, Purse, Surroundings


class Number(BaseModel):
    x: int


TASK = Task("review", "be careful", "what is x?", Number)
DEAR = PriceOverride(input=10.0, output=20.0)


def one(price: PriceOverride | None = PRICE) -> tuple[ScriptedProvider, Endpoint]:
    """A model that has no answer to give."""
    provider = ScriptedProvider([])
    return provider, endpoint(provider, price=price)


@asynccontextmanager
async def rehearsal(*endpoints: Endpoint, run_micros: int | None = None) -> AsyncIterator[Gateway]:
    async def record(call: Call) -> None:
        raise AssertionError("nothing was called, so nothing is kept")

    known = {one.spec.name: one for one in endpoints}
    limits = () if run_micros is None else (Limit(Payer.OPERATOR, Period.RUN, run_micros),)
    door = Door(known, local_ports(), DoorLimits(), RetryPolicy(3), Surroundings())
    async with door.rehearse(Purse(SPENDER, limits, record), OrchestrationRules(tier="budget")) as gateway:
        yield gateway


async def planned(gateway: Gateway) -> Call:
    """The call that the gateway would make."""
    with pytest.raises(ModelError) as caught:
        await gateway.complete(TASK)
    assert caught.value.kind == DRY_RUN
    (call,) = caught.value.calls
    return call


async def test_nobody_is_asked() -> None:
    provider, model = one()
    async with rehearsal(model) as gateway:
        await planned(gateway)
    assert provider.questions == []


async def test_the_call_says_who_and_why_and_used_nothing() -> None:
    async with rehearsal(one()[1]) as gateway:
        call = await planned(gateway)
    assert (call.model, call.provider, call.outcome) == ("model-a", "model-a-host", DRY_RUN)
    assert call.reason.startswith("model-a answers review")
    assert call.usage == Usage()


async def test_it_is_thought_to_cost_less_than_at_worst() -> None:
    async with rehearsal(one()[1]) as gateway:
        call = await planned(gateway)
    assert 0 < (call.expected_micros or 0) < (call.estimated_micros or 0)


async def test_an_unknown_price_stays_unknown() -> None:
    async with rehearsal(one(price=None)[1]) as gateway:
        call = await planned(gateway)
    assert (call.expected_micros, call.estimated_micros, call.premium_micros) == (None, None, None)


async def test_the_strongest_model_is_reckoned_beside() -> None:
    weak, strong = one()[1], endpoint(ScriptedProvider([]), "model-b", quality=9.9, price=DEAR)
    async with rehearsal(weak, strong) as gateway:
        call = await planned(gateway)
    assert (call.model, call.premium_model) == ("model-a", "model-b")
    assert call.premium_micros == pytest.approx(10 * (call.expected_micros or 0), abs=10)


async def test_what_is_planned_counts_until_the_budget_is_used_up() -> None:
    async with rehearsal(one()[1]) as gateway:
        worst = (await planned(gateway)).estimated_micros or 0
    async with rehearsal(one()[1], run_micros=worst) as gateway:
        await planned(gateway)
        with pytest.raises(ModelError) as caught:
            await gateway.complete(TASK)
    assert caught.value.kind == "budget"
