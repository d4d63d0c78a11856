"""Who is asked when the first model doesn't answer, and who never is."""

from __future__ import annotations

import asyncio

import pytest
from pydantic import BaseModel

from tests.workers.llm.recording import SetHealth
from tests.workers.llm.scripted import (
    ScriptedProvider,
    SettableTime,
    endpoint,
    gateway_to,
    local_ports,
    said,
)
from workers.domain.task import ModelError, Task
from workers.llm.gateway import Gateway
from workers.llm.provider import Answer, ProviderError, Question

KINDS = (
    "timeout",
    "rate limited",
    "unavailable",
    "unauthorised",
    "not found",
    "context too long",
    "refused",
    "quota",
    "invalid answer",
)


class Number(BaseModel):
    x: int


TASK = Task("review", "be careful", "what is x?", Number, timeout_s=60.0)
GOOD = said('{"x": 1}')


def strong_then_weak(strong: ScriptedProvider, weak: ScriptedProvider, ill: str = "") -> Gateway:
    return gateway_to(
        endpoint(strong, "strong", quality=9.0),
        endpoint(weak, "weak", quality=7.0),
        surroundings=SettableTime().surroundings(),
        ports=local_ports(health=SetHealth(frozenset({ill} - {""}))),
    )


@pytest.mark.parametrize("kind", KINDS)
async def test_whatever_keeps_a_model_from_answering_the_next_is_asked_and_it_is_said_why(kind: str) -> None:
    door = strong_then_weak(ScriptedProvider([ProviderError(kind, "no")]), ScriptedProvider([GOOD]))
    completion = await door.complete(TASK)
    assert completion.model == "weak"
    assert completion.reason == f"strong failed ({kind}), so the next in line is asked"


async def test_after_two_unusable_answers_the_next_model_is_asked() -> None:
    door = strong_then_weak(ScriptedProvider([said("no"), said("still no")]), ScriptedProvider([GOOD]))
    completion = await door.complete(TASK)
    assert completion.model == "weak"
    assert completion.reason == "strong failed (invalid answer), so the next in line is asked"


async def test_a_fallbacks_completion_accounts_for_those_before_it() -> None:
    door = strong_then_weak(ScriptedProvider([said("no"), said("still no")]), ScriptedProvider([GOOD]))
    completion = await door.complete(TASK)
    assert [(call.model, call.outcome) for call in completion.calls] == [
        ("strong", "invalid answer"),
        ("strong", "invalid answer"),
        ("weak", "ok"),
    ]
    assert completion.usage.cost_micros == 360


async def test_what_is_passing_is_tried_again_before_another_model_is_asked() -> None:
    lost = ProviderError("unavailable", "gone", retryable=True)
    strong = ScriptedProvider([lost, lost, lost])
    completion = await strong_then_weak(strong, ScriptedProvider([GOOD])).complete(TASK)
    assert (len(strong.questions), completion.model) == (3, "weak")


async def test_when_nobody_answers_the_last_ones_words_are_told() -> None:
    first, last = ProviderError("quota", "no credit"), ProviderError("refused", "I won't")
    with pytest.raises(ModelError, match="I won't") as caught:
        await strong_then_weak(ScriptedProvider([first]), ScriptedProvider([last])).complete(TASK)
    assert caught.value.kind == "refused"
    assert [call.outcome for call in caught.value.calls] == ["quota", "refused"]


async def test_nobody_else_is_asked_after_the_deadline() -> None:
    time = SettableTime()

    async def late(question: Question) -> Answer:
        time.now_s += 61.0
        raise ProviderError("unavailable", "gone")

    weak = ScriptedProvider([GOOD])
    door = gateway_to(
        endpoint(ScriptedProvider([late]), "strong", quality=9.0),
        endpoint(weak, "weak"),
        surroundings=time.surroundings(),
    )
    with pytest.raises(ModelError) as caught:
        await door.complete(TASK)
    assert (caught.value.kind, weak.questions) == ("unavailable", [])


async def test_no_repair_is_begun_after_the_deadline() -> None:
    time = SettableTime()

    async def late(question: Question) -> Answer:
        time.now_s += 61.0
        return said("no")

    model = ScriptedProvider([late, GOOD])
    with pytest.raises(ModelError) as caught:
        await gateway_to(endpoint(model), surroundings=time.surroundings()).complete(TASK)
    assert (caught.value.kind, len(model.questions)) == ("timeout", 1)


async def test_a_model_out_of_order_is_skipped() -> None:
    strong = ScriptedProvider([GOOD])
    completion = await strong_then_weak(strong, ScriptedProvider([GOOD]), ill="strong").complete(TASK)
    assert (completion.model, strong.questions) == ("weak", [])
    assert "1 out of order" in completion.reason


async def test_a_model_out_of_order_is_asked_when_it_is_the_only_one() -> None:
    ports = local_ports(health=SetHealth(frozenset({"model-a"})))
    door = gateway_to(endpoint(ScriptedProvider([GOOD])), ports=ports)
    assert (await door.complete(TASK)).value == Number(x=1)


async def test_a_risky_task_never_goes_to_a_weak_model() -> None:
    weak = ScriptedProvider([GOOD])
    door = gateway_to(
        endpoint(ScriptedProvider([ProviderError("quota", "no credit")]), "strong", quality=9.0),
        endpoint(weak, "weak", quality=5.0),
    )
    with pytest.raises(ModelError) as caught:
        await door.complete(Task("review", "", "what is x?", Number, risky=True))
    assert (caught.value.kind, weak.questions) == ("quota", [])


async def test_a_risky_task_goes_to_a_strong_model_out_of_order_rather_than_to_a_weak_one() -> None:
    door = gateway_to(
        endpoint(ScriptedProvider([GOOD]), "strong", quality=9.0),
        endpoint(ScriptedProvider([GOOD]), "weak", quality=5.0),
        ports=local_ports(health=SetHealth(frozenset({"strong"}))),
    )
    assert (await door.complete(Task("review", "", "what is x?", Number, risky=True))).model == "strong"


async def test_a_long_question_goes_to_a_model_with_room_for_it() -> None:
    small = ScriptedProvider([GOOD])
    door = gateway_to(
        endpoint(small, "small", quality=9.0, context_tokens=8_000),
        endpoint(ScriptedProvider([GOOD]), "large", context_tokens=64_000),
    )
    completion = await door.complete(Task("review", "", "x" * 60_000, Number))
    assert (completion.model, small.questions) == ("large", [])


async def test_a_question_too_long_for_all_names_what_it_needs() -> None:
    door = gateway_to(endpoint(ScriptedProvider([GOOD]), context_tokens=8_000))
    with pytest.raises(
        ModelError, match=r"1 with too small a window \(the task needs 2\d,\d{3} tokens\)"
    ) as caught:
        await door.complete(Task("review", "", "x" * 60_000, Number))
    assert (caught.value.kind, caught.value.calls) == ("no model", ())


async def test_the_repositorys_own_fallbacks_go_first() -> None:
    wished = ScriptedProvider([GOOD])
    door = gateway_to(
        endpoint(ScriptedProvider([ProviderError("quota", "no credit")]), "strong", quality=9.0),
        endpoint(ScriptedProvider([GOOD]), "middle", quality=8.0),
        endpoint(wished, "wished", quality=7.0),
        rules={"fallback": {"models": ("wished",)}},
    )
    assert (await door.complete(TASK)).model == "wished"


async def test_a_cancelled_task_asks_nobody_else() -> None:
    async def forever(question: Question) -> Answer:
        await asyncio.Event().wait()
        raise AssertionError("nobody waited for this")

    strong, weak = ScriptedProvider([forever]), ScriptedProvider([GOOD])
    task = asyncio.create_task(strong_then_weak(strong, weak).complete(TASK))
    await strong.asked.wait()
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)
    assert task.cancelled()
    assert weak.questions == []
