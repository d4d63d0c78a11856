"""Waiting for a free place: the first in line is told, and nobody sleeps on."""

from __future__ import annotations

import asyncio
import itertools

import pytest

from tests.workers.llm.recording import RecordingBudget, SetHealth
from tests.workers.llm.scripted import SPENDER, ScriptedProvider, endpoint, said
from workers.llm.asking import Asking
from workers.llm.line import Line
from workers.llm.provider import Answer, Question
from workers.llm.retry import RetryPolicy
from workers.llm.settling import Asked, Books, Purse, Surroundings
from workers.valkey.limiter_local import LocalLimiter


async def never(seconds: float) -> None:
    await asyncio.Event().wait()


async def at_once() -> None:
    return None


async def test_whoever_waits_for_a_place_has_it_as_soon_as_another_call_ends() -> None:
    async def slowly(question: Question) -> Answer:
        await asyncio.sleep(0.01)
        return said("fine")

    model, numbers = ScriptedProvider([slowly] * 5), itertools.count()
    around = Surroundings(lambda: 0.0, never)
    limiter = LocalLimiter(around.monotonic, lambda: str(next(numbers)))
    books = Books(Purse(SPENDER, (), lambda call: at_once()), RecordingBudget(), limiter, around)
    asking = Asking(books, SetHealth(), attempt_timeout_s=60.0, retry=RetryPolicy(1))
    where = endpoint(model, concurrency=2)
    asked = Asked(
        where, "review", "why", lambda left_s: Question("", (), {}, "Any", 10, left_s), 10, 10, 60.0
    )
    async with asyncio.timeout(5):
        await asyncio.gather(*(asking.ask(asked, lambda answer: answer.text) for _ in range(5)))
    assert (len(model.questions), model.most_at_once) == (5, 2)


async def test_one_place_is_told_to_one_and_whoever_gave_up_is_passed_over() -> None:
    line, heard = Line(), list[str]()

    async def wait(name: str) -> None:
        await line.wait("bucket", never(1.0))
        heard.append(name)

    first, second, third = (asyncio.create_task(wait(name)) for name in ("first", "second", "third"))
    await asyncio.sleep(0)
    first.cancel()
    with pytest.raises(asyncio.CancelledError):
        await first
    line.freed("another")
    line.freed("bucket")
    await second
    assert (heard, third.done()) == (["second"], False)
    third.cancel()


async def test_without_news_the_time_is_waited() -> None:
    await Line().wait("bucket", at_once())
