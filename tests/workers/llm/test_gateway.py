"""The one door to models: limits, retries, one repair, and an account of every attempt."""

from __future__ import annotations

import asyncio

import pytest
from pydantic import BaseModel

from tests.workers.llm.scripted import (
    ScriptedProvider,
    SettableTime,
    endpoint,
    gateway,
    gateway_to,
    said,
    silence,
)
from workers.domain.task import ModelError, Task
from workers.domain.usage import Call, Usage
from workers.llm.provider import Answer, ProviderError, Question


class Number(BaseModel):
    x: int


TASK = Task("review", "be careful", "what is x?", Number, prefix="shared", timeout_s=60.0)
GOOD = said('{"x": 1}')
LIMITED = ProviderError("rate limited", "slow down", retryable=True, retry_after_s=5.0)


async def test_a_good_answer_comes_back_with_its_usage_and_reason() -> None:
    completion = await gateway(ScriptedProvider([GOOD])).complete(TASK)
    assert completion.value == Number(x=1)
    assert completion.usage == Usage(1, 100, 40, 10, cost_micros=120)
    assert completion.reason.startswith("model-a answers review")


async def test_the_shared_prefix_comes_first() -> None:
    provider = ScriptedProvider([GOOD])
    await gateway(provider).complete(TASK)
    assert provider.questions[0].turns[0].text == "shared\n\nwhat is x?"


async def test_a_bad_answer_is_repaired_once_and_paid_twice() -> None:
    provider = ScriptedProvider([said("no idea"), GOOD])
    completion = await gateway(provider).complete(TASK)
    assert completion.usage.calls == 2
    assert [turn.role for turn in provider.questions[1].turns] == ["user", "assistant", "user"]
    assert "no complete JSON object" in provider.questions[1].turns[2].text


async def test_two_bad_answers_are_an_error_that_accounts_for_both() -> None:
    with pytest.raises(ModelError, match="no usable answer twice") as caught:
        await gateway(ScriptedProvider([said("no"), said("still no")])).complete(TASK)
    assert caught.value.kind == "invalid answer"
    assert [call.outcome for call in caught.value.calls] == ["invalid answer", "invalid answer"]
    assert sum(call.usage.cost_micros or 0 for call in caught.value.calls) == 240


async def test_a_check_that_fails_is_told_to_the_model() -> None:
    provider = ScriptedProvider([said('{"x": 7}'), GOOD])
    task = Task("review", "", "", Number, check=lambda value: "x is too large" if value.x > 5 else None)
    await gateway(provider).complete(task)
    assert "x is too large" in provider.questions[1].turns[2].text


async def test_a_truncated_answer_asks_for_less() -> None:
    provider = ScriptedProvider([said('{"x":', truncated=True), GOOD])
    await gateway(provider).complete(TASK)
    assert "cut off at 4000 tokens" in provider.questions[1].turns[2].text


async def test_a_rate_limit_waits_as_long_as_it_was_told() -> None:
    time = SettableTime()
    await gateway(ScriptedProvider([LIMITED, GOOD]), time=time).complete(TASK)
    assert time.waits == [5.0]


async def test_a_wait_beyond_the_end_of_the_call_is_not_begun() -> None:
    time = SettableTime()
    late = ProviderError("rate limited", "slow down", retryable=True, retry_after_s=120.0)
    with pytest.raises(ModelError, match="next try is due in 120 s") as caught:
        await gateway(ScriptedProvider([late, GOOD]), time=time).complete(TASK)
    assert caught.value.kind == "rate limited"
    assert time.waits == []


@pytest.mark.parametrize("kind", ["unauthorised", "not found", "context too long", "refused", "quota"])
async def test_what_will_not_pass_is_asked_once(kind: str) -> None:
    provider = ScriptedProvider([ProviderError(kind, "no"), GOOD])
    with pytest.raises(ModelError) as caught:
        await gateway(provider).complete(TASK)
    assert caught.value.kind == kind
    assert len(provider.questions) == 1


async def test_every_attempt_is_recorded_failed_ones_too() -> None:
    calls: list[Call] = []
    lost = ProviderError("unavailable", "gone", retryable=True)
    await gateway(ScriptedProvider([lost, said("?"), GOOD]), record=calls.append).complete(TASK)
    assert [call.outcome for call in calls] == ["unavailable", "invalid answer", "ok"]


async def test_what_was_expected_counts_once_a_question_however_many_attempts_it_took() -> None:
    calls: list[Call] = []
    lost = ProviderError("unavailable", "gone", retryable=True)
    await gateway(ScriptedProvider([lost, said("?"), GOOD]), record=calls.append).complete(TASK)
    first, *later = [call.expected_micros for call in calls]
    assert (first or 0) > 0
    assert later == [0, 0]


async def test_an_attempt_whose_answer_was_lost_makes_the_cost_unknown() -> None:
    lost = ProviderError("unavailable", "gone", retryable=True, may_cost=True)
    completion = await gateway(ScriptedProvider([lost, GOOD])).complete(TASK)
    assert completion.usage.cost_micros is None


async def test_an_unknown_price_is_none_and_not_zero() -> None:
    completion = await gateway(ScriptedProvider([GOOD]), price=None).complete(TASK)
    assert completion.usage.cost_micros is None


async def test_silence_ends_with_the_attempts_time() -> None:
    provider = ScriptedProvider([silence, GOOD])
    completion = await gateway(provider, attempt_timeout_s=0.05).complete(TASK)
    assert completion.usage.calls == 2


async def test_silence_ends_with_the_calls_time() -> None:
    with pytest.raises(ModelError, match="did not answer within") as caught:
        await gateway(ScriptedProvider([silence, silence, silence])).complete(
            Task("review", "", "", Number, timeout_s=0.05)
        )
    assert caught.value.kind == "timeout"


async def test_no_more_calls_are_under_way_than_allowed() -> None:
    async def slow(question: Question) -> Answer:
        await asyncio.sleep(0.01)
        return GOOD

    provider = ScriptedProvider([slow] * 8)
    door = gateway_to(endpoint(provider, concurrency=2))
    await asyncio.gather(*(door.complete(TASK) for _ in range(8)))
    assert provider.most_at_once == 2


async def test_a_cancelled_call_gives_its_slot_back() -> None:
    provider = ScriptedProvider([silence, GOOD])
    door = gateway(provider, concurrency=1)
    first = asyncio.create_task(door.complete(TASK))
    await provider.asked.wait()
    first.cancel()
    await asyncio.gather(first, return_exceptions=True)
    assert (await door.complete(TASK)).value == Number(x=1)
