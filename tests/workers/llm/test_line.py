"""Waiting for a free place: the first in line is told, and nobody sleeps on."""

from __future__ import annotations

import asyncio
import itertools
from collections.abc import Sequence
from typing import TypeVar

import pytest

from config.catalogue import RateLimits
from tests.workers.llm.recording import RecordingBudget, SetHealth
from tests.workers.llm.scripted import SPENDER, ScriptedProvider, endpoint, said
from workers.domain.usage import Call
from workers.llm.asking import Asking
from workers.llm.endpoint import Endpoint
from workers.llm.line import BEHIND_MIN_S, Line, Refused
from workers.llm.ports import Permit
from workers.llm.provider import Answer, Question
from workers.llm.retry import RetryPolicy
from workers.llm.settling import Asked, Books, Purse, Surroundings
from workers.valkey.limiter_local import LocalLimiter

T = TypeVar("T")


async def never(seconds: float) -> None:
    await asyncio.Event().wait()


async def at_once() -> None:
    return None


def _asked(where: Endpoint) -> Asked:
    return Asked(where, "review", "why", lambda left_s: Question("", (), {}, "Any", 10, left_s), 10, 10, 60.0)


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
    asked = _asked(where)
    async with asyncio.timeout(5):
        await asyncio.gather(*(asking.ask(asked, lambda answer: answer.text) for _ in range(5)))
    assert (len(model.questions), model.most_at_once) == (5, 2)


class Late(LocalLimiter):
    """What it decides at once is told later, in the order in which it was decided."""

    ticks = 0

    async def take(self, bucket: str, limits: RateLimits, tokens: int) -> Permit | float:
        return await self._told(await super().take(bucket, limits, tokens))

    async def done(self, permit: Permit, tokens: int) -> None:
        await super().done(permit, tokens)
        await self._told(None)

    async def _told(self, word: T) -> T:
        for _ in range(self.ticks):
            await asyncio.sleep(0)
        return word


async def _ask_later(asked: Asked, moments: Sequence[int], ticks: int) -> None:
    """Once for each of `moments`, turns of the loop from now, through a limiter that takes `ticks` turns to answer."""
    numbers, around = itertools.count(), Surroundings(lambda: 0.0, never)
    limiter = Late(around.monotonic, lambda: str(next(numbers)))
    limiter.ticks = ticks
    books = Books(Purse(SPENDER, (), lambda call: at_once()), RecordingBudget(), limiter, around)
    asking = Asking(books, SetHealth(), attempt_timeout_s=60.0, retry=RetryPolicy(1))

    async def later(turns: int) -> None:
        for _ in range(turns):
            await asyncio.sleep(0)
        await asking.ask(asked, lambda answer: answer.text)

    async with asyncio.timeout(5):
        await asyncio.gather(*map(later, moments))


@pytest.mark.parametrize("ticks", range(1, 9))
async def test_whoever_is_being_refused_while_a_place_gets_free_has_it_all_the_same(ticks: int) -> None:
    model = ScriptedProvider([said("fine")] * 6)
    await _ask_later(_asked(endpoint(model, concurrency=1)), [3 * number for number in range(6)], ticks)
    assert (len(model.questions), model.most_at_once) == (6, 1)


async def test_all_who_are_being_refused_while_several_places_get_free_have_them_at_once() -> None:
    together = asyncio.Barrier(2)

    async def beside_another(question: Question) -> Answer:
        await together.wait()
        return said("fine")

    model = ScriptedProvider([said("fine"), said("fine"), beside_another, beside_another])
    await _ask_later(_asked(endpoint(model, concurrency=2)), [0, 0, 3, 3], ticks=1)
    assert model.most_at_once == 2


async def test_one_place_is_told_to_one_and_whoever_gave_up_is_passed_over() -> None:
    line, heard = Line(), list[str]()

    async def wait(name: str) -> None:
        await line.wait("bucket", Refused(1.0, 0), never)
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


async def test_the_first_in_line_waits_as_long_as_it_was_told_and_others_longer() -> None:
    line, asked_s = Line(), list[float]()

    async def sleep(seconds: float) -> None:
        asked_s.append(seconds)
        await never(seconds)

    waits = [asyncio.create_task(line.wait("bucket", Refused(0.2, 0), sleep)) for _ in range(2)]
    await asyncio.sleep(0)
    waits.append(asyncio.create_task(line.wait("bucket", Refused(0.2, 0), sleep, again=True)))
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    line.freed("bucket")
    line.perhaps("bucket")
    assert asked_s == [0.2, BEHIND_MIN_S, 0.2]
    assert [await waits[2], await waits[0]] == [True, False]
    waits[1].cancel()


async def test_a_place_is_free_while_the_row_is_written_and_the_money_is_settled_after_it() -> None:
    heard, written = asyncio.Semaphore(0), asyncio.Event()

    async def quickly(question: Question) -> Answer:
        heard.release()
        return said("fine")

    async def write(call: Call) -> None:
        await written.wait()

    around, budget = Surroundings(lambda: 0.0, never), RecordingBudget()
    books = Books(Purse(SPENDER, (), write), budget, LocalLimiter(around.monotonic, lambda: "permit"), around)
    asking = Asking(books, SetHealth(), attempt_timeout_s=60.0, retry=RetryPolicy(1))
    asked = _asked(endpoint(ScriptedProvider([quickly] * 2), concurrency=1))
    calls = [asyncio.create_task(asking.ask(asked, lambda answer: answer.text)) for _ in range(2)]
    async with asyncio.timeout(5):
        await heard.acquire()
        await heard.acquire()
    assert not any("settle" in event for event in budget.events)
    written.set()
    await asyncio.gather(*calls)


async def test_a_place_is_free_as_soon_as_anybody_comes_while_the_row_is_written() -> None:
    heard, writing, written = asyncio.Semaphore(0), asyncio.Event(), asyncio.Event()

    async def quickly(question: Question) -> Answer:
        heard.release()
        return said("fine")

    async def write(call: Call) -> None:
        writing.set()
        await written.wait()

    around = Surroundings(lambda: 0.0, never)
    limiter = LocalLimiter(around.monotonic, lambda: "permit")
    books = Books(Purse(SPENDER, (), write), RecordingBudget(), limiter, around)
    asking = Asking(books, SetHealth(), attempt_timeout_s=60.0, retry=RetryPolicy(1))
    asked = _asked(endpoint(ScriptedProvider([quickly] * 2), concurrency=1))
    async with asyncio.timeout(5):
        first = asyncio.create_task(asking.ask(asked, lambda answer: answer.text))
        await writing.wait()
        second = asyncio.create_task(asking.ask(asked, lambda answer: answer.text))
        await heard.acquire()
        await heard.acquire()
        written.set()
        await asyncio.gather(first, second)


async def test_who_got_a_place_that_others_freed_tells_the_next_and_so_on() -> None:
    """Another worker has ended all its calls at once: nobody here is told, one look by the clock is enough."""
    heard, answered, looks = asyncio.Semaphore(0), asyncio.Event(), asyncio.Semaphore(0)

    async def slowly(question: Question) -> Answer:
        heard.release()
        await answered.wait()
        return said("fine")

    async def by_the_clock(seconds: float) -> None:
        await (looks.acquire() if seconds < BEHIND_MIN_S else never(seconds))

    model, numbers = ScriptedProvider([slowly] * 3), itertools.count()
    around = Surroundings(lambda: 0.0, by_the_clock)
    limiter = LocalLimiter(around.monotonic, lambda: str(next(numbers)))
    books = Books(Purse(SPENDER, (), lambda call: at_once()), RecordingBudget(), limiter, around)
    asking = Asking(books, SetHealth(), attempt_timeout_s=60.0, retry=RetryPolicy(1))
    where = endpoint(model, concurrency=3)
    asked = _asked(where)
    others = [await limiter.take(where.bucket, where.provider.limits, 1) for _ in range(3)]
    calls = [asyncio.create_task(asking.ask(asked, lambda answer: answer.text)) for _ in range(3)]
    await asyncio.sleep(0.01)
    for other in others:
        assert isinstance(other, Permit)
        await limiter.done(other, 1)
    looks.release()
    async with asyncio.timeout(5):
        for _ in calls:
            await heard.acquire()
    answered.set()
    await asyncio.gather(*calls)
    assert model.most_at_once == 3


async def test_a_place_that_was_told_to_one_who_gives_up_is_told_to_the_next() -> None:
    line = Line()
    first, second = (asyncio.create_task(line.wait("bucket", Refused(1.0, 0), never)) for _ in range(2))
    await asyncio.sleep(0)
    line.freed("bucket")
    first.cancel()
    assert await second


async def test_without_news_the_time_is_waited() -> None:
    assert not await Line().wait("bucket", Refused(0.0, 0), asyncio.sleep)
