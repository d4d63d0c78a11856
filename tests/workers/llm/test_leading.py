"""Who waits for the first call of a long shared beginning, and how long."""

from __future__ import annotations

import asyncio

import pytest
from pydantic import BaseModel

from config.catalogue import Wire
from tests.workers.llm.scripted import ScriptedProvider, endpoint, gateway_to, local_ports, said
from workers.domain.task import ModelError, Task
from workers.llm.leading import PREFIX_MIN_CHARS, Leading
from workers.llm.local import LocalLimiter
from workers.llm.ports import Permit
from workers.llm.provider import Answer, ProviderError, Question

LONG = "x" * PREFIX_MIN_CHARS


class Number(BaseModel):
    x: int


def task(prompt: str, *, timeout_s: float = 20.0) -> Task[Number]:
    return Task("review", "", prompt, Number, prefix=LONG, timeout_s=timeout_s)


class Gate:
    """An answer that comes when it is let."""

    def __init__(self) -> None:
        self.open = asyncio.Event()

    async def answer(self, question: Question) -> Answer:
        await self.open.wait()
        return said('{"x": 1}')


async def _entered(leading: Leading, model: str, prefix: str, wait_max_s: float = 5.0) -> None:
    async with leading.behind(model, prefix, wait_max_s):
        pass


async def test_the_second_waits_for_the_first() -> None:
    leading = Leading()
    async with leading.behind("a", LONG):
        second = asyncio.create_task(_entered(leading, "a", LONG))
        await asyncio.sleep(0.01)
        assert not second.done()
    await asyncio.wait_for(second, 1)


async def test_nobody_waits_longer_than_allowed() -> None:
    leading = Leading()
    async with leading.behind("a", LONG):
        await asyncio.wait_for(_entered(leading, "a", LONG, 0.01), 1)


@pytest.mark.parametrize(("model", "prefix"), [("b", LONG), ("a", "y" + LONG)])
async def test_another_model_or_beginning_is_not_waited_for(model: str, prefix: str) -> None:
    leading = Leading()
    async with leading.behind("a", LONG):
        await asyncio.wait_for(_entered(leading, model, prefix), 1)


async def test_a_short_beginning_is_not_waited_for() -> None:
    leading = Leading()
    async with leading.behind("a", LONG[1:]):
        await asyncio.wait_for(_entered(leading, "a", LONG[1:]), 1)


async def test_a_leader_that_fails_holds_nobody_up() -> None:
    leading = Leading()
    with pytest.raises(ProviderError):
        async with leading.behind("a", LONG):
            raise ProviderError("quota", "no credit")
    await asyncio.wait_for(_entered(leading, "a", LONG), 1)


async def test_a_cancelled_leader_holds_nobody_up() -> None:
    async def lead() -> None:
        async with leading.behind("a", LONG):
            await asyncio.Event().wait()

    leading = Leading()
    leader = asyncio.create_task(lead())
    await asyncio.sleep(0)
    leader.cancel()
    await asyncio.wait_for(_entered(leading, "a", LONG), 1)


async def test_over_anthropics_wire_the_second_call_is_sent_when_the_first_has_its_answer() -> None:
    gate = Gate()
    model = ScriptedProvider([gate.answer, said('{"x": 2}')])
    door = gateway_to(endpoint(model, wire=Wire.ANTHROPIC))
    both = [asyncio.create_task(door.complete(task(prompt))) for prompt in ("one", "two")]
    await model.asked.wait()
    await asyncio.sleep(0.01)
    assert len(model.questions) == 1
    gate.open.set()
    assert [one.value.x for one in await asyncio.gather(*both)] == [1, 2]


class Unhurried(LocalLimiter):
    """Books are closed when it is let."""

    def __init__(self) -> None:
        super().__init__()
        self.open = asyncio.Event()

    async def done(self, permit: Permit, tokens: int) -> None:
        await self.open.wait()
        await super().done(permit, tokens)


async def test_over_anthropics_wire_nobody_waits_for_the_books_of_the_first_call() -> None:
    limiter = Unhurried()

    async def second(question: Question) -> Answer:
        limiter.open.set()
        return said('{"x": 2}')

    model = ScriptedProvider([said('{"x": 1}'), second])
    door = gateway_to(endpoint(model, wire=Wire.ANTHROPIC), ports=local_ports(limiter=limiter))
    both = [asyncio.create_task(door.complete(task(prompt))) for prompt in ("one", "two")]
    async with asyncio.timeout(5):
        await asyncio.gather(*both)


async def test_over_other_wires_nobody_waits() -> None:
    gate = Gate()
    model = ScriptedProvider([gate.answer, said('{"x": 2}')])
    door = gateway_to(endpoint(model))
    first = asyncio.create_task(door.complete(task("one")))
    await model.asked.wait()
    assert (await door.complete(task("two"))).value.x == 2
    gate.open.set()
    await first


async def test_nobody_waits_for_a_leader_beyond_the_end_of_the_call() -> None:
    gate = Gate()
    model = ScriptedProvider([gate.answer])
    door = gateway_to(endpoint(model, wire=Wire.ANTHROPIC))
    first = asyncio.create_task(door.complete(task("one")))
    await model.asked.wait()
    with pytest.raises(ModelError, match="time was over") as caught:
        await asyncio.wait_for(door.complete(task("two", timeout_s=0.02)), 1)
    assert (caught.value.kind, caught.value.calls) == ("timeout", ())
    gate.open.set()
    await first
