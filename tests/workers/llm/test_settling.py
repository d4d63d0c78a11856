"""The books of one attempt: one row, the money settled once, the slot given back, however it ends."""

from __future__ import annotations

import asyncio
from dataclasses import replace

import pytest
from structlog.testing import capture_logs

from tests.workers.llm.recording import RecordingBudget, RecordingLimiter
from tests.workers.llm.scripted import SPENDER, ScriptedProvider, SettableTime, endpoint, said
from workers.domain.budget import BudgetAwayError, Limit, Payer, Period
from workers.domain.usage import Call, Usage
from workers.llm.ports import Permit
from workers.llm.provider import ProviderError, Question
from workers.llm.settling import Asked, Attempt, Books, OverBudgetError, Purse, closing, held, refusal

WORST = 100 + 2 * 1_000


class Scene:
    """The books of a run, and what was seen of them."""

    def __init__(self, *limits: Limit, away: frozenset[str] = frozenset()) -> None:
        self.time = SettableTime()
        self.budget = RecordingBudget(away=away)
        self.limiter = RecordingLimiter()
        self.rows: list[Call] = []
        self.books = Books(
            Purse(SPENDER, limits, self._keep), self.budget, self.limiter, self.time.surroundings()
        )
        self.asked = Asked(endpoint(ScriptedProvider([])), "review", "why", _question, 100, 1_000, 60.0, 600)

    async def _keep(self, call: Call) -> None:
        self.rows.append(call)

    async def attempt(self, *, sent: bool = True) -> Attempt:
        attempt = await self.books.open(self.asked)
        if sent:
            permit = await self.books.permit(self.asked)
            assert isinstance(permit, Permit)
            attempt.permit = permit
        return attempt


def _question(timeout_s: float) -> Question:
    return Question("", (), {}, "Any", 1_000, timeout_s)


async def test_the_worst_case_is_put_aside() -> None:
    scene = Scene()
    await scene.attempt()
    assert scene.budget.held_micros() == WORST


async def test_what_a_budget_refuses_is_not_begun() -> None:
    scene = Scene(Limit(Payer.REPOSITORY, Period.RUN, WORST - 1))
    with pytest.raises(OverBudgetError, match="a run has"):
        await scene.attempt()
    assert (scene.rows, scene.budget.held_micros()) == ([], 0)


async def test_an_answer_is_a_row_with_all_that_is_known_of_it() -> None:
    scene = Scene()
    attempt = await scene.attempt()
    scene.time.now_s += 2.5
    await attempt.answered(said("fine"), usable=True)
    assert scene.rows == [
        Call(
            "review",
            "model-a",
            "ok",
            Usage(1, 100, 40, 10, 120, 2.5),
            provider="model-a-host",
            reason="why",
            estimated_micros=WORST,
            expected_micros=600,
        )
    ]
    assert scene.asked.calls == scene.rows


async def test_whoever_may_not_spend_keeps_no_slot_from_others() -> None:
    scene = Scene(Limit(Payer.REPOSITORY, Period.RUN, WORST - 1))
    with pytest.raises(OverBudgetError):
        await scene.books.enter(scene.asked)
    assert scene.limiter.under_way() == 0


async def test_money_and_slot_are_given_back_by_whoever_is_cancelled_while_taking_them() -> None:
    scene = Scene()
    task = asyncio.create_task(scene.books.enter(scene.asked))
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)
    assert (task.cancelled(), scene.budget.held_micros(), scene.limiter.under_way()) == (True, 0, 0)


async def test_money_that_was_only_asked_after_is_given_back_by_whoever_is_cancelled() -> None:
    budget = RecordingBudget()
    task = asyncio.create_task(refusal(budget, SPENDER, (), 100))
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)
    assert (task.cancelled(), budget.events, budget.held_micros()) == (True, ["reserve 100", "refund 100"], 0)


async def test_an_answer_is_settled_at_what_it_cost() -> None:
    scene = Scene()
    await (await scene.attempt()).answered(said("fine"), usable=True)
    assert (scene.budget.spent_micros, scene.budget.held_micros(), scene.limiter.under_way()) == (120, 0, 0)


async def test_a_failure_that_costs_nothing_is_refunded() -> None:
    scene = Scene()
    await (await scene.attempt()).failed(ProviderError("quota", "no credit"))
    assert [(row.outcome, row.usage.cost_micros) for row in scene.rows] == [("quota", 0)]
    assert scene.budget.events[-1] == f"refund {WORST}"


async def test_a_failure_that_may_cost_is_unknown_in_the_row_and_the_worst_in_the_budget() -> None:
    scene = Scene()
    await (await scene.attempt()).failed(ProviderError("timeout", "silence", may_cost=True))
    assert scene.rows[0].usage.cost_micros is None
    assert scene.budget.spent_micros == WORST


async def test_what_was_never_sent_costs_nothing_whatever_the_failure_says() -> None:
    scene = Scene()
    await (await scene.attempt(sent=False)).failed(ProviderError("timeout", "silence", may_cost=True))
    assert (scene.rows[0].usage.cost_micros, scene.budget.spent_micros) == (0, 0)


async def test_a_cancelled_request_is_a_row_of_unknown_cost() -> None:
    scene = Scene()
    await (await scene.attempt()).cancelled()
    assert [(row.outcome, row.usage.cost_micros) for row in scene.rows] == [("cancelled", None)]
    assert (scene.budget.spent_micros, scene.limiter.under_way()) == (WORST, 0)


async def test_what_is_cancelled_before_it_was_sent_is_no_row() -> None:
    scene = Scene()
    await (await scene.attempt(sent=False)).cancelled()
    assert (scene.rows, scene.budget.spent_micros, scene.budget.held_micros()) == ([], 0, 0)


@pytest.mark.parametrize("what", ["settle", "refund"])
async def test_counters_that_are_away_lose_neither_row_nor_slot(what: str) -> None:
    scene = Scene(away=frozenset({what}))
    attempt = await scene.attempt()
    if what == "settle":
        await attempt.answered(said("fine"), usable=True)
    else:
        await attempt.failed(ProviderError("quota", "no credit"))
    assert (len(scene.rows), scene.limiter.under_way()) == (1, 0)


async def test_an_unknown_price_puts_nothing_aside_and_makes_the_cost_unknown() -> None:
    scene = Scene()
    scene.asked = replace(scene.asked, endpoint=endpoint(ScriptedProvider([]), price=None))
    await (await scene.attempt()).answered(said("fine"), usable=True)
    assert (scene.rows[0].usage.cost_micros, scene.rows[0].estimated_micros) == (None, None)
    assert scene.budget.spent_micros == 0


async def test_books_are_closed_although_their_caller_is_cancelled() -> None:
    closed = asyncio.Event()

    async def close() -> None:
        await asyncio.sleep(0.02)
        closed.set()

    task = asyncio.create_task(closing(close()))
    await asyncio.sleep(0)
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)
    assert (task.cancelled(), closed.is_set()) == (True, True)


async def test_books_that_could_not_be_closed_for_a_cancelled_caller_are_told_of() -> None:
    async def fail() -> None:
        await asyncio.sleep(0.02)
        raise BudgetAwayError("nobody answers")

    with capture_logs() as logs:
        task = asyncio.create_task(closing(fail()))
        await asyncio.sleep(0)
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
    assert task.cancelled()
    assert [line["error"] for line in logs] == ["BudgetAwayError: nobody answers"]


async def _late(value: int | BudgetAwayError) -> int:
    await asyncio.sleep(0.02)
    if isinstance(value, BudgetAwayError):
        raise value
    return value


async def test_what_was_being_taken_is_given_back_by_whoever_is_cancelled() -> None:
    back: list[int] = []

    async def give_back(value: int) -> None:
        back.append(value)

    task = asyncio.create_task(held(_late(7), give_back))
    await asyncio.sleep(0)
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)
    assert (task.cancelled(), back) == (True, [7])


async def test_nothing_is_given_back_when_nothing_was_taken() -> None:
    async def give_back(value: int) -> None:
        raise AssertionError("there is nothing to give back")

    task = asyncio.create_task(held(_late(BudgetAwayError("away")), give_back))
    await asyncio.sleep(0)
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)
    assert task.cancelled()


async def test_what_is_taken_in_peace_is_kept() -> None:
    async def give_back(value: int) -> None:
        raise AssertionError("it is in use")

    assert await held(_late(7), give_back) == 7
