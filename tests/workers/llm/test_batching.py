"""Work that nobody waits for goes out in batches, at half the price; nothing else does."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import replace

import pytest

from config.catalogue import ModelSpec, ProviderSpec, Wire
from config.settings import Settings
from tests.fakes.clock import Clock
from tests.fakes.models import rate_limited
from tests.workers.llm.batch_world import PRICE, QUICK, Number, World, later, world
from tests.workers.storage.wanting import key
from workers.bootstrap.endpoints import Endpoints
from workers.domain.budget import Limit, Payer, Period
from workers.domain.task import Completion, ModelError
from workers.domain.usage import Call
from workers.domain.work import Claim
from workers.storage.calls import CallStore
from workers.storage.database import Database

BATCHING = [Wire.OPENAI, Wire.ANTHROPIC, Wire.GOOGLE]
each_wire = pytest.mark.parametrize("wire", BATCHING)
two_wires = pytest.mark.parametrize("wire", [Wire.OPENAI, Wire.ANTHROPIC])
# A batch is full when all have joined, however slow the machine is.
BOTH = replace(QUICK, window_s=500.0, questions_max=2)
ALL = replace(QUICK, window_s=500.0, questions_max=5)
ANSWERS = [{"x": number} for number in range(5)]


async def ask(one: World, count: int = 5, *, urgent: bool = False) -> list[Completion[Number]]:
    return await asyncio.gather(
        *(one.gateway.complete(later(number, urgent=urgent)) for number in range(count))
    )


def full_micros(call: Call) -> float:
    """What its tokens cost when somebody waits."""
    return call.usage.input_tokens * PRICE.input + call.usage.output_tokens * PRICE.output


@each_wire
async def test_five_questions_are_one_batch(wire: Wire) -> None:
    async with world(wire, *ANSWERS, pace=ALL) as one:
        completions = await ask(one)
        assert [completion.value.x for completion in completions] == list(range(5))
        assert [len(job.questions) for job in one.server.batches.jobs.values()] == [5]


@each_wire
async def test_each_has_a_row_at_half_the_price(wire: Wire) -> None:
    async with world(wire, *ANSWERS, pace=ALL) as one:
        await ask(one)
    assert [call.outcome for call in one.calls] == ["ok"] * 5
    assert [call.usage.cost_micros for call in one.calls] == [full_micros(call) / 2 for call in one.calls]
    assert all(call.provider == "host" for call in one.calls)
    assert all(call.reason.endswith(", in a batch at half the price") for call in one.calls)


@two_wires
async def test_half_the_worst_case_is_put_aside_and_the_true_cost_settled(wire: Wire) -> None:
    async with world(wire, {"x": 1}, {"x": 1}) as one:
        await one.gateway.complete(later())
        await one.gateway.complete(later(urgent=True))
    batched, alone = one.calls
    assert batched.estimated_micros == pytest.approx((alone.estimated_micros or 0) / 2, abs=1)
    assert one.budget.events[:2] == [
        f"reserve {batched.estimated_micros}",
        f"settle {batched.usage.cost_micros}",
    ]
    assert one.budget.held_micros() == 0


async def test_the_completion_says_that_it_was_a_batch() -> None:
    async with world(Wire.OPENAI, {"x": 1}) as one:
        completion = await one.gateway.complete(later())
    assert completion.reason == one.calls[0].reason


@two_wires
async def test_urgent_questions_are_never_batched(wire: Wire) -> None:
    async with world(wire, *ANSWERS, pace=ALL) as one:
        await ask(one, urgent=True)
        assert one.jobs() == 0


async def test_what_has_too_little_time_is_asked_alone() -> None:
    async with world(Wire.OPENAI, {"x": 1}, pace=replace(QUICK, least_s=600.0)) as one:
        await one.gateway.complete(later())
        assert one.jobs() == 0


@pytest.mark.parametrize("wire", BATCHING)
async def test_a_provider_without_batches_answers_at_once(wire: Wire) -> None:
    async with world(wire, {"x": 1}, batch=False) as one:
        completion = await one.gateway.complete(later())
        assert (completion.value, one.jobs()) == (Number(x=1), 0)
        assert "batch" not in completion.reason


async def test_a_full_batch_goes_out_before_its_window_ends() -> None:
    pace = replace(QUICK, window_s=500.0, questions_max=2)
    async with world(Wire.OPENAI, *ANSWERS[:4], pace=pace) as one:
        await ask(one, 4)
        assert [len(job.questions) for job in one.server.batches.jobs.values()] == [2, 2]


async def test_later_questions_are_another_batch() -> None:
    async with world(Wire.OPENAI, {"x": 1}, {"x": 2}) as one:
        await one.gateway.complete(later(1))
        await one.gateway.complete(later(2))
        assert one.jobs() == 2


async def test_no_permit_is_held_while_a_batch_is_under_way() -> None:
    async with world(Wire.OPENAI, *ANSWERS) as one:
        await ask(one)
    assert one.limiter.given == 0


@two_wires
async def test_a_useless_answer_is_repaired_in_another_batch(wire: Wire) -> None:
    async with world(wire, "no idea", {"x": 1}) as one:
        completion = await one.gateway.complete(later())
        assert (completion.value, one.jobs()) == (Number(x=1), 2)
    assert [call.outcome for call in one.calls] == ["invalid answer", "ok"]


@two_wires
async def test_a_question_fails_alone_and_is_asked_alone(wire: Wire) -> None:
    async with world(
        wire, {"x": 0}, rate_limited(), {"x": 2}, {"x": 9}, pace=replace(ALL, questions_max=3)
    ) as one:
        completions = await ask(one, 3)
    assert [completion.value.x for completion in completions] == [0, 9, 2]
    assert completions[1].reason.endswith("its batch failed (rate limited), so it was asked alone")
    assert sorted(call.outcome for call in one.calls) == ["ok", "ok", "ok", "rate limited"]


@two_wires
async def test_a_failed_question_costs_nothing_and_its_second_try_the_whole_price(wire: Wire) -> None:
    async with world(wire, rate_limited(), {"x": 9}) as one:
        await one.gateway.complete(later())
    failed, alone = one.calls
    assert failed.usage.cost_micros == 0
    assert alone.usage.cost_micros == full_micros(alone)


@two_wires
async def test_what_a_batch_left_out_is_asked_alone(wire: Wire) -> None:
    async with world(wire, {"x": 1}) as one:
        one.server.batches.after_polls = None
        asking = asyncio.create_task(one.gateway.complete(later()))
        await until_handed_in(one)
        for job in one.server.batches.jobs.values():
            one.server.batches.cancel(job.id)  # by somebody else
        completion = await asking
    assert completion.value == Number(x=1)
    assert [call.outcome for call in one.calls] == ["unavailable", "ok"]


@two_wires
async def test_a_batch_that_takes_too_long_is_called_off_and_asked_alone(wire: Wire) -> None:
    async with world(wire, {"x": 1}, attempt_timeout_s=1.0, pace=replace(QUICK, least_s=0.2)) as one:
        one.server.batches.after_polls = None
        completion = await one.gateway.complete(later(timeout_s=1.5))
        assert called_off(one)
    assert completion.value == Number(x=1)
    assert [(call.outcome, call.usage.cost_micros is None) for call in one.calls] == [
        ("timeout", True),
        ("ok", False),
    ]


@two_wires
async def test_a_key_that_is_refused_has_its_name_in_the_end(wire: Wire) -> None:
    async with world(wire, key="sk-wrong") as one:
        with pytest.raises(ModelError) as caught:
            await one.gateway.complete(later())
    assert caught.value.kind == "unauthorised"
    assert [call.usage.cost_micros for call in caught.value.calls] == [0, 0]


@two_wires
async def test_a_batch_that_nobody_waits_for_is_called_off(wire: Wire) -> None:
    async with world(wire, pace=BOTH) as one:
        one.server.batches.after_polls = None
        asking = asyncio.gather(*(one.gateway.complete(later(number)) for number in range(2)))
        await until_handed_in(one)
        asking.cancel()
        await asyncio.gather(asking, return_exceptions=True)
        await until(lambda: called_off(one))
        await until(lambda: one.budget.held_micros() == 0)
    assert [(call.outcome, call.usage.cost_micros) for call in one.calls] == [("cancelled", None)] * 2


async def test_a_batch_goes_on_when_one_of_two_has_left() -> None:
    async with world(Wire.OPENAI, {"x": 0}, {"x": 1}, pace=BOTH) as one:
        one.server.batches.after_polls = None
        leaver, stayer = (asyncio.create_task(one.gateway.complete(later(number))) for number in range(2))
        await until_handed_in(one)
        leaver.cancel()
        await asyncio.gather(leaver, return_exceptions=True)
        await one.server.finish_batches()
        assert (await stayer).value == Number(x=1)


async def test_what_is_cancelled_before_it_goes_out_costs_nothing() -> None:
    async with world(Wire.OPENAI, pace=replace(QUICK, window_s=500.0)) as one:
        asking = asyncio.create_task(one.gateway.complete(later()))
        await until(lambda: one.budget.held_micros() > 0)
        asking.cancel()
        await asyncio.gather(asking, return_exceptions=True)
        assert (one.jobs(), one.calls, one.budget.held_micros()) == (0, [], 0)


async def test_each_look_keeps_the_money_aside() -> None:
    async with world(Wire.OPENAI, {"x": 1}) as one:
        one.server.batches.after_polls = 3
        await one.gateway.complete(later())
    assert one.budget.events.count("keep") == 3


@two_wires
async def test_a_batch_that_is_gone_is_paid_at_worst_and_asked_alone(wire: Wire) -> None:
    async with world(wire, {"x": 1}) as one:
        one.server.batches.after_polls = None
        asking = asyncio.create_task(one.gateway.complete(later()))
        await until_handed_in(one)
        one.server.batches.jobs.clear()
        assert (await asking).value == Number(x=1)
    lost = one.calls[0]
    assert (lost.outcome, lost.usage.cost_micros) == ("not found", None)
    assert f"settle {lost.estimated_micros}" in one.budget.events


async def test_a_batch_waits_for_no_leader() -> None:
    async with world(Wire.ANTHROPIC, *ANSWERS, pace=ALL) as one:
        tasks = [later(number, prefix="shared " * 5_000) for number in range(5)]
        await asyncio.gather(*(one.gateway.complete(task) for task in tasks))
        assert one.jobs() == 1


async def test_the_answers_of_a_day_are_led_for_ten_minutes() -> None:
    async with world(Wire.OPENAI, {"x": 1}) as one:
        await one.gateway.complete(later(timeout_s=86_400.0))
    assert one.answers.seconds == [600.0]


async def test_neither_time_nor_price_of_a_batch_is_learned() -> None:
    async with world(Wire.OPENAI, {"x": 1}) as one:
        await one.gateway.complete(later())
        await one.gateway.close()
        assert {measure for _, _, measure in await one.profiles.known()} == {"success"}


async def test_the_ledger_sums_the_half_prices(database: Database) -> None:
    store = CallStore(database, Clock())
    claim = Claim(key(1), 3, "run", "octo/repo", "push", False, 0, 0)
    async with world(Wire.OPENAI, *ANSWERS, pace=ALL, also=store.recorder(claim, "sha")) as one:
        await ask(one)
    (spent,) = await store.of_pull(10, 1)
    assert (spent.usage.calls, spent.usage.cost_micros) == (5, sum(map(full_micros, one.calls)) / 2)


async def test_a_budget_that_has_the_half_only_is_not_enough() -> None:
    """Should the batch fail, the question could not be asked alone."""
    async with world(Wire.OPENAI, {"x": 1}) as one:
        await one.gateway.complete(later())
    limit = Limit(Payer.REPOSITORY, Period.RUN, (one.calls[0].estimated_micros or 0) + 1)
    async with world(Wire.OPENAI, {"x": 1}, limits=(limit,)) as one:
        with pytest.raises(ModelError) as caught:
            await one.gateway.complete(later())
    assert caught.value.kind == "budget"


def test_only_providers_with_batches_get_a_batcher() -> None:
    endpoints = Endpoints(Settings(), {})
    spec = ModelSpec(name="m", provider="p", family="f", quality=5, context_tokens=9_000)
    wires = [(wire, batch) for wire in (*BATCHING, Wire.OPENROUTER) for batch in (True, False)]
    opened = [
        endpoints.open(spec, ProviderSpec(name="p", base_url="http://x", wire=wire, batch=batch))
        for wire, batch in wires
    ]
    assert [one.batcher is not None for one in opened] == [True, False] * 3 + [False, False]


async def until_handed_in(one: World) -> None:
    await until(lambda: one.jobs() > 0)


def called_off(one: World) -> bool:
    """A look that was under way when it was called off may have ended it already."""
    return [job.state for job in one.server.batches.jobs.values()] in (["cancelling"], ["cancelled"])


async def until(true: Callable[[], bool]) -> None:
    async with asyncio.timeout(40):
        while not true():  # noqa: ASYNC110 - what is waited for sets no event
            await asyncio.sleep(0.01)
