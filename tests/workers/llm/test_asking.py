"""One question to one model: what is tried again, what is waited for, and whose health it tells of."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

import pytest

from tests.workers.llm.recording import RecordingBudget, RecordingLimiter, SetHealth
from tests.workers.llm.scripted import (
    SPENDER,
    ScriptedProvider,
    SettableTime,
    Step,
    endpoint,
    said,
    silence,
)
from workers.domain.usage import Call
from workers.llm.asking import Asking, NoSlotError, NotSentError
from workers.llm.parsing import Unusable
from workers.llm.provider import Answer, ProviderError, Question
from workers.llm.retry import RetryPolicy
from workers.llm.settling import Asked, Books, Purse

GOOD = said("fine")
LOST = ProviderError("unavailable", "gone", retryable=True)


class Scene:
    """One model, what guards it, and what was seen."""

    def __init__(self, *steps: Step, wait_s: float = 0.0, attempt_timeout_s: float = 120.0) -> None:
        self.model = ScriptedProvider(list(steps))
        self.time = SettableTime()
        self.budget = RecordingBudget()
        self.limiter = RecordingLimiter(wait_s=wait_s)
        self.health = SetHealth()
        self.rows: list[Call] = []
        self.row_takes_s = 0.0
        purse = Purse(SPENDER, (), self._keep)
        books = Books(purse, self.budget, self.limiter, self.time.surroundings())
        self.asking = Asking(books, self.health, attempt_timeout_s=attempt_timeout_s, retry=RetryPolicy(3))

    async def _keep(self, call: Call) -> None:
        await asyncio.sleep(self.row_takes_s)
        self.rows.append(call)

    async def ask(
        self, deadline: float = 60.0, judge: Callable[[Answer], str | Unusable] = lambda answer: answer.text
    ) -> str | Unusable:
        asked = Asked(endpoint(self.model), "review", "why", _question, 100, 1_000, deadline)
        return (await self.asking.ask(asked, judge))[1]


def _question(timeout_s: float) -> Question:
    return Question("", (), {}, "Any", 1_000, timeout_s)


async def test_an_answer_tells_of_good_health() -> None:
    scene = Scene(GOOD)
    assert await scene.ask() == "fine"
    assert scene.health.told == [("model-a", "ok")]


async def test_every_failed_attempt_tells_of_bad_health() -> None:
    scene = Scene(LOST, GOOD)
    await scene.ask()
    assert scene.health.told == [("model-a", "unavailable"), ("model-a", "ok")]


async def test_a_rate_limit_that_says_how_long_pauses_the_key_and_says_nothing_of_health() -> None:
    limited = ProviderError("rate limited", "slow down", retryable=True, retry_after_s=5.0)
    scene = Scene(limited, GOOD)
    await scene.ask()
    assert scene.limiter.pauses == [("model-a-host", 5.0)]
    assert scene.health.told == [("model-a", "ok")]
    assert scene.time.waits == [5.0]


async def test_a_rate_limit_without_a_time_tells_of_bad_health() -> None:
    scene = Scene(ProviderError("rate limited", "slow down", retryable=True), GOOD)
    await scene.ask()
    assert (scene.limiter.pauses, scene.health.told[0]) == ([], ("model-a", "rate limited"))


async def test_a_slot_that_is_not_to_be_had_in_time_says_nothing_of_health_and_costs_nothing() -> None:
    scene = Scene(wait_s=70.0)
    with pytest.raises(NoSlotError):
        await scene.ask()
    assert (scene.health.told, scene.model.questions) == ([], [])
    assert (scene.budget.spent_micros, scene.budget.held_micros()) == (0, 0)
    assert [(row.outcome, row.usage.cost_micros) for row in scene.rows] == [("timeout", 0)]


async def test_a_slot_is_looked_for_at_least_every_second_until_the_time_is_up() -> None:
    scene = Scene(wait_s=5.0)
    with pytest.raises(NoSlotError):
        await scene.ask(deadline=8.0)
    assert scene.time.waits == [1.0, 1.0, 1.0]


async def test_when_the_time_is_over_nothing_is_begun() -> None:
    scene = Scene(GOOD)
    with pytest.raises(NotSentError):
        await scene.ask(deadline=0.0)
    assert (scene.rows, scene.budget.events, scene.health.told) == ([], [], [])


async def test_each_attempt_puts_its_own_money_aside_and_has_its_own_slot() -> None:
    scene = Scene(LOST, GOOD)
    await scene.ask()
    assert [event.split()[0] for event in scene.budget.events] == ["reserve", "refund", "reserve", "settle"]
    assert (scene.limiter.given, scene.limiter.under_way()) == (2, 0)


async def test_the_slot_is_told_how_many_tokens_it_took() -> None:
    scene = Scene(LOST, GOOD)
    await scene.ask()
    assert scene.limiter.back == [0, 110]


async def test_waits_grow_and_end_after_the_last_attempt() -> None:
    scene = Scene(LOST, LOST, LOST, GOOD)
    with pytest.raises(ProviderError, match="gone"):
        await scene.ask()
    assert (scene.time.waits, len(scene.rows)) == ([0.5, 1.0], 3)


async def test_silence_is_a_timeout_that_may_cost() -> None:
    scene = Scene(silence, silence, silence, attempt_timeout_s=0.01)
    with pytest.raises(ProviderError, match=r"did not answer within 0\.01 s") as caught:
        await scene.ask()
    assert (caught.value.kind, caught.value.may_cost) == ("timeout", True)
    assert [row.usage.cost_micros for row in scene.rows] == [None] * 3


async def test_an_unusable_answer_is_a_row_that_says_so_and_of_good_health() -> None:
    scene = Scene(GOOD)
    assert await scene.ask(judge=lambda answer: Unusable("nonsense")) == Unusable("nonsense")
    assert [row.outcome for row in scene.rows] == ["invalid answer"]
    assert scene.health.told == [("model-a", "ok")]


async def test_a_cancelled_call_tells_nothing_of_health() -> None:
    scene = Scene(silence)
    task = asyncio.create_task(scene.ask())
    await scene.model.asked.wait()
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)
    assert (task.cancelled(), scene.health.told) == (True, [])


async def test_the_question_is_told_how_long_it_may_take() -> None:
    scene = Scene(GOOD)
    await scene.ask(deadline=7.0)
    assert scene.model.questions[0].timeout_s == 7.0


async def test_a_call_cancelled_while_its_row_is_written_has_one_row_and_is_paid_once() -> None:
    scene = Scene(GOOD)
    scene.row_takes_s = 0.02
    task = asyncio.create_task(scene.ask())
    await scene.model.asked.wait()
    await asyncio.sleep(0.005)
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)
    assert (task.cancelled(), [row.outcome for row in scene.rows]) == (True, ["ok"])
    assert (scene.budget.spent_micros, scene.budget.held_micros(), scene.limiter.under_way()) == (120, 0, 0)


async def test_a_bug_in_the_judgement_closes_the_books_at_the_worst_case() -> None:
    def judge(answer: Answer) -> str:
        raise RuntimeError("a bug")

    scene = Scene(GOOD)
    with pytest.raises(RuntimeError, match="a bug"):
        await scene.ask(judge=judge)
    assert [(row.outcome, row.usage.cost_micros) for row in scene.rows] == [("failed", None)]
    assert scene.budget.spent_micros == scene.rows[0].estimated_micros
    assert (scene.budget.held_micros(), scene.limiter.under_way()) == (0, 0)
