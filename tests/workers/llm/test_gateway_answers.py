"""Kept answers: the same question is paid once, and nobody gets another repository's answer or a stale one."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Callable
from dataclasses import replace

import pytest
from pydantic import BaseModel
from redis.asyncio import Redis

from tests.workers.llm.scripted import (
    SPENDER,
    ScriptedProvider,
    SettableTime,
    endpoint,
    gateway_to,
    local_ports,
    said,
)
from workers.domain.budget import Spender
from workers.domain.task import ModelError, Task
from workers.domain.usage import Call, Usage
from workers.llm.gateway import Gateway
from workers.llm.local import NoAnswers
from workers.llm.provider import Answer, ProviderError, Question
from workers.valkey.answers import KeptLimits, ValkeyAnswers

ELSEWHERE = Spender(installation_id=1, repo_id=11, run="run")


class Number(BaseModel):
    x: int


TASK = Task("review", "be careful", "what is x?", Number, timeout_s=20.0)
GOOD, OTHER = said('{"x": 1}'), said('{"x": 2}')


@pytest.fixture
async def answers(valkey: str) -> AsyncIterator[ValkeyAnswers]:
    redis = Redis.from_url(valkey)
    limits = KeptLimits(ttl_s=60.0, answer_max_bytes=10_000)
    yield ValkeyAnswers(redis, limits, me="here", clock=time.monotonic, sleep=asyncio.sleep)
    await redis.aclose()


def door(
    answers: ValkeyAnswers,
    model: ScriptedProvider,
    record: Callable[[Call], None] = lambda call: None,
    spender: Spender = SPENDER,
) -> Gateway:
    return gateway_to(endpoint(model), record=record, ports=local_ports(answers=answers), spender=spender)


async def test_the_second_identical_task_costs_nothing(answers: ValkeyAnswers) -> None:
    model = ScriptedProvider([GOOD])
    await door(answers, model).complete(TASK)
    completion = await door(answers, model).complete(TASK)
    assert (completion.value, completion.usage) == (Number(x=1), Usage())
    assert len(model.questions) == 1


async def test_a_kept_answer_makes_a_row_that_says_so(answers: ValkeyAnswers) -> None:
    calls: list[Call] = []
    await door(answers, ScriptedProvider([GOOD])).complete(TASK)
    await door(answers, ScriptedProvider([]), calls.append).complete(TASK)
    assert [(call.model, call.outcome, call.usage, call.estimated_micros) for call in calls] == [
        ("model-a", "cached", Usage(), 0)
    ]
    assert calls[0].reason == "model-a has answered this very question before"


async def test_ten_equal_tasks_at_once_are_one_request(answers: ValkeyAnswers) -> None:
    async def slow(question: Question) -> Answer:
        await asyncio.sleep(0.1)
        return GOOD

    model, calls = ScriptedProvider([slow]), list[Call]()
    gateway = door(answers, model, calls.append)
    completions = await asyncio.gather(*(gateway.complete(TASK) for _ in range(10)))
    assert {one.value.x for one in completions} == {1}
    assert len(model.questions) == 1
    assert sorted(call.outcome for call in calls) == ["cached"] * 9 + ["ok"]


async def test_when_the_leader_fails_the_others_ask_for_themselves(answers: ValkeyAnswers) -> None:
    async def slow(question: Question) -> Answer:
        await asyncio.sleep(0.05)
        raise ProviderError("quota", "no credit")

    model = ScriptedProvider([slow, GOOD, GOOD])
    gateway = door(answers, model)
    found = await asyncio.gather(*(gateway.complete(TASK) for _ in range(3)), return_exceptions=True)
    assert [isinstance(one, ModelError) for one in found].count(True) == 1


async def test_a_cancelled_leader_lets_another_lead(answers: ValkeyAnswers) -> None:
    async def forever(question: Question) -> Answer:
        await asyncio.Event().wait()
        raise AssertionError("nobody waited for this")

    model = ScriptedProvider([forever, GOOD])
    gateway = door(answers, model)
    leader = asyncio.create_task(gateway.complete(TASK))
    await model.asked.wait()
    leader.cancel()
    await asyncio.gather(leader, return_exceptions=True)
    assert (await gateway.complete(TASK)).value == Number(x=1)


async def test_a_kept_answer_that_passes_the_check_no_more_is_asked_anew(answers: ValkeyAnswers) -> None:
    model = ScriptedProvider([GOOD, OTHER])
    await door(answers, model).complete(TASK)
    stricter = replace(TASK, check=lambda value: "too small" if value.x < 2 else None)
    assert (await door(answers, model).complete(stricter)).value == Number(x=2)


async def test_the_new_answer_takes_the_place_of_the_one_that_passes_no_more(answers: ValkeyAnswers) -> None:
    model = ScriptedProvider([GOOD, OTHER])
    stricter = replace(TASK, check=lambda value: "too small" if value.x < 2 else None)
    await door(answers, model).complete(TASK)
    await door(answers, model).complete(stricter)
    assert (await door(answers, model).complete(stricter)).value == Number(x=2)
    assert len(model.questions) == 2


async def test_another_repositorys_answer_is_not_used(answers: ValkeyAnswers) -> None:
    await door(answers, ScriptedProvider([GOOD])).complete(TASK)
    completion = await door(answers, ScriptedProvider([OTHER]), spender=ELSEWHERE).complete(TASK)
    assert completion.value == Number(x=2)


async def test_the_same_question_with_another_boundary_is_found(answers: ValkeyAnswers) -> None:
    model = ScriptedProvider([GOOD])
    for word in ("aaa111", "bbb222"):
        task = Task("review", "", f"<{word}>x</{word}>", Number, boundary=word, timeout_s=20.0)
        assert (await door(answers, model).complete(task)).value == Number(x=1)
    assert len(model.questions) == 1


async def test_an_answer_that_repeats_the_boundary_is_not_kept(answers: ValkeyAnswers) -> None:
    class Text(BaseModel):
        said: str

    model = ScriptedProvider([said('{"said": "aaa111"}'), said('{"said": "no"}')])
    task = Task("review", "", "<aaa111>x</aaa111>", Text, boundary="aaa111", timeout_s=20.0)
    await door(answers, model).complete(task)
    assert (await door(answers, model).complete(task)).value == Text(said="no")


async def test_an_answer_repaired_is_found_by_the_first_question(answers: ValkeyAnswers) -> None:
    model = ScriptedProvider([said("no"), GOOD])
    await door(answers, model).complete(TASK)
    assert (await door(answers, model).complete(TASK)).usage == Usage()


async def test_what_somebody_else_wrote_into_valkey_is_no_answer(answers: ValkeyAnswers, valkey: str) -> None:
    model = ScriptedProvider([GOOD, OTHER])
    await door(answers, model).complete(TASK)
    async with Redis.from_url(valkey) as redis:
        for key in await redis.keys("*value:*"):
            await redis.set(key, b'{"x": "nonsense"')
    assert (await door(answers, model).complete(TASK)).value == Number(x=2)


async def test_whoever_waited_in_vain_until_the_end_sends_nothing() -> None:
    class Slow(NoAnswers):
        async def lead(self, key: str, seconds: float) -> bool:
            return False

        async def wait(self, key: str, seconds: float) -> str | None:
            around.now_s += seconds
            return None

    around, model = SettableTime(), ScriptedProvider([GOOD])
    gateway = gateway_to(
        endpoint(model), ports=local_ports(answers=Slow()), surroundings=around.surroundings()
    )
    with pytest.raises(ModelError, match="time was over") as caught:
        await gateway.complete(TASK)
    assert (caught.value.kind, caught.value.calls, model.questions) == ("timeout", (), [])


async def test_two_workers_ask_once(answers: ValkeyAnswers, valkey: str) -> None:
    async def slow(question: Question) -> Answer:
        await asyncio.sleep(0.1)
        return GOOD

    model = ScriptedProvider([slow])
    async with Redis.from_url(valkey) as redis:
        limits = KeptLimits(ttl_s=60.0, answer_max_bytes=10_000)
        there = ValkeyAnswers(redis, limits, me="there", clock=time.monotonic, sleep=asyncio.sleep)
        both = [door(one, model).complete(TASK) for one in (answers, there)]
        assert [one.value.x for one in await asyncio.gather(*both)] == [1, 1]
    assert len(model.questions) == 1
