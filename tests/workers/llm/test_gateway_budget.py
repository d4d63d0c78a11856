"""Money at the door: put aside before, counted after, never lost, and never spent when nobody can tell."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

import pytest
from pydantic import BaseModel

from config.catalogue import PriceOverride
from tests.workers.llm.recording import RecordingBudget, RecordingLimiter
from tests.workers.llm.scripted import (
    ScriptedProvider,
    SettableTime,
    endpoint,
    gateway_to,
    local_ports,
    said,
)
from workers.domain.budget import Limit, Payer, Period, Spender
from workers.domain.errors import TransientError
from workers.domain.task import ModelError, Task
from workers.domain.usage import Call
from workers.llm.provider import Answer, ProviderError, Question


class Number(BaseModel):
    x: int


class Late(RecordingBudget):
    """Its sums are old: it tells of more than there is."""

    async def left(self, spender: Spender, limits: Sequence[Limit]) -> int | None:
        return 10**9


TASK = Task("review", "be careful", "what is x?", Number, timeout_s=60.0, output_max_tokens=1_000)
GOOD = said('{"x": 1}')
DEAR, CHEAP = PriceOverride(input=100.0, output=100.0), PriceOverride(input=1.0, output=1.0)
RUN = Limit(Payer.REPOSITORY, Period.RUN, 5_000, "QUORUM_BUDGET_RUN_USD")
WORDS = r"the repository's budget of \$0.0050 a run has \$0.0050 left \(QUORUM_BUDGET_RUN_USD\)"


async def forever(question: Question) -> Answer:
    await asyncio.Event().wait()
    raise AssertionError("nobody waited for this")


async def test_what_is_too_dear_for_what_is_left_is_not_chosen() -> None:
    dear = ScriptedProvider([GOOD])
    door = gateway_to(
        endpoint(dear, "dear", quality=9.0, price=DEAR),
        endpoint(ScriptedProvider([GOOD]), "cheap", price=CHEAP),
        limits=(RUN,),
    )
    completion = await door.complete(TASK)
    assert (completion.model, dear.questions) == ("cheap", [])
    assert "1 dearer than what is left" in completion.reason


async def test_a_refusal_when_money_is_put_aside_leads_to_the_next_in_line() -> None:
    door = gateway_to(
        endpoint(ScriptedProvider([GOOD]), "dear", quality=9.0, price=DEAR),
        endpoint(ScriptedProvider([GOOD]), "cheap", price=CHEAP),
        limits=(RUN,),
        ports=local_ports(budget=Late()),
        rules={"tier": "premium"},
    )
    completion = await door.complete(TASK)
    assert completion.model == "cheap"
    assert completion.reason == "dear is dearer than what is left, so the next in line is asked"
    assert [call.model for call in completion.calls] == ["cheap"]


@pytest.mark.parametrize("kind", [RecordingBudget, Late])
async def test_when_there_is_money_for_nobody_the_limit_is_named(kind: type[RecordingBudget]) -> None:
    budget = kind()
    door = gateway_to(
        endpoint(ScriptedProvider([GOOD]), price=DEAR), limits=(RUN,), ports=local_ports(budget=budget)
    )
    with pytest.raises(ModelError, match=WORDS) as caught:
        await door.complete(TASK)
    assert (caught.value.kind, caught.value.calls, budget.held_micros()) == ("budget", (), 0)


async def test_the_limit_is_named_also_when_a_cheaper_model_is_not_among_the_chosen() -> None:
    door = gateway_to(
        endpoint(ScriptedProvider([GOOD]), "dear", price=DEAR),
        endpoint(ScriptedProvider([GOOD]), "cheap", price=CHEAP),
        limits=(RUN,),
        rules={"executors": ({"model": "dear"},)},
    )
    with pytest.raises(ModelError, match=WORDS):
        await door.complete(TASK)


async def test_what_a_task_costs_at_worst_is_said_of_the_model_that_is_wanted_whatever_is_left() -> None:
    """Else nobody would notice that there is not enough money for it."""
    dear, cheap = ScriptedProvider([]), ScriptedProvider([])
    door = gateway_to(
        endpoint(dear, "dear", quality=9.0, price=DEAR),
        endpoint(cheap, "cheap", price=CHEAP),
        limits=(RUN,),
        rules={"tier": "premium"},
    )
    worst = await door.worst_micros(TASK)
    assert worst is not None
    assert worst > RUN.micros
    refusal = await door.afford(worst)
    assert refusal is not None
    assert refusal.limit == RUN


async def test_under_a_limit_of_one_call_no_price_may_be_unknown() -> None:
    model = ScriptedProvider([GOOD])
    limit = Limit(Payer.OPERATOR, Period.CALL, 5_000, "QUORUM_BUDGET_CALL_USD")
    with pytest.raises(ModelError, match="1 of unknown price"):
        await gateway_to(endpoint(model, price=None), limits=(limit,)).complete(TASK)
    assert model.questions == []


async def test_a_limit_of_one_call_is_kept_too() -> None:
    model = ScriptedProvider([GOOD])
    limit = Limit(Payer.OPERATOR, Period.CALL, 5_000, "QUORUM_BUDGET_CALL_USD")
    with pytest.raises(ModelError, match=r"a call .*\(QUORUM_BUDGET_CALL_USD\)") as caught:
        await gateway_to(endpoint(model, price=DEAR), limits=(limit,)).complete(TASK)
    assert (caught.value.kind, model.questions) == ("budget", [])


@pytest.mark.parametrize("what", ["left", "reserve"])
async def test_while_nobody_can_tell_what_was_spent_nothing_is(what: str) -> None:
    model = ScriptedProvider([GOOD])
    ports = local_ports(budget=RecordingBudget(away=frozenset({what})))
    with pytest.raises(ModelError, match="nobody can tell what was spent") as caught:
        await gateway_to(endpoint(model), limits=(RUN,), ports=ports).complete(TASK)
    assert (caught.value.kind, model.questions) == ("budget", [])


async def test_counters_that_go_away_before_the_settling_lose_no_answer() -> None:
    calls: list[Call] = []
    limiter = RecordingLimiter()
    ports = local_ports(budget=RecordingBudget(away=frozenset({"settle"})), limiter=limiter)
    door = gateway_to(endpoint(ScriptedProvider([GOOD])), limits=(RUN,), ports=ports, record=calls.append)
    assert (await door.complete(TASK)).value == Number(x=1)
    assert ([call.outcome for call in calls], limiter.under_way()) == (["ok"], 0)


async def test_an_unknown_price_is_not_asked_under_a_budget() -> None:
    model = ScriptedProvider([GOOD])
    with pytest.raises(ModelError, match="no model: 1 of unknown price") as caught:
        await gateway_to(endpoint(model, price=None), limits=(RUN,)).complete(TASK)
    assert (caught.value.kind, model.questions) == ("no model", [])


async def test_an_unknown_price_is_asked_under_a_budget_when_the_operator_allows_it() -> None:
    door = gateway_to(
        endpoint(ScriptedProvider([GOOD]), price=None), limits=(RUN,), allow_unknown_prices=True
    )
    assert (await door.complete(TASK)).usage.cost_micros is None


async def test_the_row_is_there_before_the_money_is_counted() -> None:
    budget = RecordingBudget()
    door = gateway_to(
        endpoint(ScriptedProvider([GOOD])),
        record=lambda call: budget.events.append(f"row {call.usage.cost_micros}"),
        ports=local_ports(budget=budget),
    )
    await door.complete(TASK)
    assert budget.events[1:] == ["row 120", "settle 120"]


async def test_nothing_is_paid_for_what_was_refused_unbilled() -> None:
    budget = RecordingBudget()
    model = ScriptedProvider([ProviderError("quota", "no credit")])
    with pytest.raises(ModelError) as caught:
        await gateway_to(endpoint(model), ports=local_ports(budget=budget)).complete(TASK)
    assert (budget.spent_micros, budget.held_micros()) == (0, 0)
    assert [call.usage.cost_micros for call in caught.value.calls] == [0]


async def test_what_may_have_been_billed_counts_at_its_worst_case() -> None:
    budget, calls = RecordingBudget(), list[Call]()
    model = ScriptedProvider([ProviderError("refused", "no", may_cost=True)])
    door = gateway_to(endpoint(model), ports=local_ports(budget=budget), record=calls.append)
    with pytest.raises(ModelError):
        await door.complete(TASK)
    assert calls[0].usage.cost_micros is None
    assert budget.spent_micros == calls[0].estimated_micros


async def test_a_cancelled_call_leaves_a_row_counts_at_its_worst_case_and_gives_its_slot_back() -> None:
    budget, limiter, calls = RecordingBudget(), RecordingLimiter(), list[Call]()
    model = ScriptedProvider([forever])
    ports = local_ports(budget=budget, limiter=limiter)
    task = asyncio.create_task(gateway_to(endpoint(model), ports=ports, record=calls.append).complete(TASK))
    await model.asked.wait()
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)
    assert task.cancelled()
    assert [(call.outcome, call.usage.calls, call.usage.cost_micros) for call in calls] == [
        ("cancelled", 1, None)
    ]
    assert (budget.spent_micros, budget.held_micros()) == (calls[0].estimated_micros, 0)
    assert (limiter.given, limiter.under_way()) == (1, 0)


async def test_a_call_cancelled_while_it_waits_for_its_slot_leaves_nothing() -> None:
    budget, limiter, calls = RecordingBudget(), RecordingLimiter(wait_s=0.01), list[Call]()
    ports = local_ports(budget=budget, limiter=limiter)
    door = gateway_to(endpoint(ScriptedProvider([])), ports=ports, record=calls.append)
    task = asyncio.create_task(door.complete(TASK))
    await asyncio.sleep(0.03)
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)
    assert (calls, budget.spent_micros, budget.held_micros()) == ([], 0, 0)


async def test_a_call_cancelled_while_money_is_put_aside_gives_it_back() -> None:
    class Slow(RecordingBudget):
        async def reserve(self, spender: Spender, limits: Sequence[Limit], micros: int):  # type: ignore[no-untyped-def]
            found = await RecordingBudget.reserve(self, spender, limits, micros)
            reserving.set()
            await asyncio.sleep(0.02)
            return found

    reserving, budget = asyncio.Event(), Slow()
    door = gateway_to(endpoint(ScriptedProvider([])), ports=local_ports(budget=budget))
    task = asyncio.create_task(door.complete(TASK))
    await reserving.wait()
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)
    assert (task.cancelled(), budget.held_micros()) == (True, 0)


async def test_a_row_that_can_not_be_written_keeps_neither_slot_nor_money() -> None:
    def away(call: Call) -> None:
        raise TransientError("the database is away")

    budget, limiter = RecordingBudget(), RecordingLimiter()
    ports = local_ports(budget=budget, limiter=limiter)
    with pytest.raises(TransientError):
        await gateway_to(endpoint(ScriptedProvider([GOOD])), ports=ports, record=away).complete(TASK)
    assert (budget.spent_micros, budget.held_micros(), limiter.under_way()) == (120, 0, 0)


@pytest.mark.parametrize(
    "lie",
    [
        Answer('{"x": 1}', -5, 0, -5),
        Answer('{"x": 1}', 100, -(10**12), 10, written_tokens=-(10**12)),
        Answer('{"x": 1}', 10**18, 10**18, 10**18, written_tokens=10**18),
    ],
)
async def test_an_endpoint_that_lies_about_tokens_is_counted_from_nothing_to_its_window(lie: Answer) -> None:
    budget, calls = RecordingBudget(), list[Call]()
    door = gateway_to(
        endpoint(ScriptedProvider([lie]), context_tokens=32_000),
        ports=local_ports(budget=budget),
        record=calls.append,
    )
    cost = (await door.complete(TASK)).usage.cost_micros or 0
    assert 0 <= cost == budget.spent_micros <= 32_000 * 3
    assert 0 <= calls[0].usage.cached_tokens <= calls[0].usage.input_tokens <= 32_000


async def test_what_is_left_is_read_anew_after_a_second() -> None:
    time, budget = SettableTime(), RecordingBudget()
    door = gateway_to(
        endpoint(ScriptedProvider([GOOD])),
        limits=(RUN,),
        ports=local_ports(budget=budget),
        surroundings=time.surroundings(),
    )
    assert await door.left_micros() == 5_000
    await door.complete(TASK)
    time.now_s += 1.1
    assert await door.left_micros() == 4_880


async def test_without_a_limit_nothing_is_said_to_be_left() -> None:
    assert await gateway_to(endpoint(ScriptedProvider([]))).left_micros() is None


async def test_each_row_says_what_the_strongest_configured_model_would_have_cost() -> None:
    calls: list[Call] = []
    door = gateway_to(
        endpoint(ScriptedProvider([ProviderError("quota", "no credit")]), "strong", quality=9.0, price=DEAR),
        endpoint(ScriptedProvider([GOOD]), "weak", price=CHEAP),
        record=calls.append,
        rules={"tier": "premium"},
    )
    await door.complete(TASK)
    assert [(call.model, call.usage.cost_micros, call.premium_micros) for call in calls] == [
        ("strong", 0, 0),
        ("weak", 110, 11_000),
    ]
    assert {call.premium_model for call in calls} == {"strong"}
