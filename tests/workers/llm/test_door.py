"""The door opened for a run: whom it knows, what they would have cost, what is learned when it closes."""

from __future__ import annotations

import contextlib
from dataclasses import replace

import pytest
from pydantic import BaseModel

from config.catalogue import PriceOverride
from config.repository import OrchestrationRules
from tests.workers.llm.recording import SetHealth
from tests.workers.llm.scripted import (
    SPENDER,
    ScriptedProvider,
    SettableTime,
    Step,
    endpoint,
    local_ports,
    said,
)
from workers.domain.budget import Limit, Payer, Period
from workers.domain.profile import Profiles
from workers.domain.task import ModelError, Task
from workers.domain.usage import Call
from workers.llm.door import WINDOW_MAX_TOKENS, WINDOW_NONE_TOKENS, Door, DoorLimits, strongest
from workers.llm.gateway import Gateway
from workers.llm.local import LocalProfiles
from workers.llm.ports import Ports
from workers.llm.provider import Answer, ProviderError, Question
from workers.llm.retry import RetryPolicy
from workers.llm.settling import Endpoint, Purse


class Number(BaseModel):
    x: int


TASK = Task("review", "", "what is x?", Number, timeout_s=60.0)
GOOD = said('{"x": 1}')
DEAR = PriceOverride(input=100.0, output=100.0)
RULES = OrchestrationRules()


class Run:
    """A door with these models, and the rows of its runs."""

    def __init__(self, *endpoints: Endpoint, ports: Ports | None = None, allow: bool = False) -> None:
        self.rows: list[Call] = []
        self.time = SettableTime()
        self.ports = ports or local_ports()
        self.door = Door(
            {one.spec.name: one for one in endpoints},
            self.ports,
            DoorLimits(allow_unknown_prices=allow),
            RetryPolicy(1),
            self.time.surroundings(),
        )

    def purse(self, *limits: Limit) -> Purse:
        async def record(call: Call) -> None:
            self.rows.append(call)

        return Purse(SPENDER, limits, record)

    async def learned(self, *tasks: Task[Number]) -> Profiles:
        """What is known when the door has closed behind these tasks."""
        async with self.door.open(self.purse(), RULES) as gateway:
            for task in tasks:
                await _complete(gateway, task)
        return await self.ports.profiles.known()


async def _complete(gateway: Gateway, task: Task[Number]) -> None:
    with contextlib.suppress(ModelError):
        await gateway.complete(task)


def model(
    *steps: Step, name: str = "model-a", quality: float = 7.0, context_tokens: int = 32_000
) -> Endpoint:
    return endpoint(ScriptedProvider(list(steps)), name, quality=quality, context_tokens=context_tokens)


async def test_a_runs_rows_go_where_its_purse_says() -> None:
    run = Run(model(GOOD))
    async with run.door.open(run.purse(), RULES) as gateway:
        await gateway.complete(TASK)
    assert [call.outcome for call in run.rows] == ["ok"]


async def test_a_repositorys_own_model_is_known_to_its_run_only() -> None:
    run = Run(model(GOOD))
    own = model(GOOD, GOOD, name="own", quality=9.0)
    rules = OrchestrationRules.model_validate({"tier": "premium"})
    async with run.door.open(run.purse(), rules, (own,)) as gateway:
        assert (await gateway.complete(TASK)).model == "own"
    async with run.door.open(run.purse(), rules) as gateway:
        assert (await gateway.complete(TASK)).model == "model-a"


async def test_the_window_is_that_of_the_model_an_ordinary_question_goes_to() -> None:
    run = Run(
        model(name="strong", quality=9.0, context_tokens=64_000),
        model(name="weak", quality=3.0, context_tokens=8_000),
    )
    async with run.door.open(run.purse(), RULES) as gateway:
        assert gateway.window_tokens() == 64_000


async def test_a_model_out_of_order_has_no_say_in_the_window() -> None:
    run = Run(
        model(name="strong", quality=9.0, context_tokens=64_000),
        model(name="weak", context_tokens=8_000),
        ports=local_ports(health=SetHealth(frozenset({"strong"}))),
    )
    async with run.door.open(run.purse(), RULES) as gateway:
        assert gateway.window_tokens() == 8_000


async def test_no_window_is_longer_than_what_is_read_well() -> None:
    run = Run(model(context_tokens=10_000_000))
    async with run.door.open(run.purse(), RULES) as gateway:
        assert gateway.window_tokens() == WINDOW_MAX_TOKENS


async def test_without_a_model_there_is_a_window_all_the_same() -> None:
    run = Run()
    async with run.door.open(run.purse(), RULES) as gateway:
        assert gateway.window_tokens() == WINDOW_NONE_TOKENS


async def test_without_a_model_a_task_is_told_so() -> None:
    run = Run()
    async with run.door.open(run.purse(), RULES) as gateway:
        with pytest.raises(ModelError, match="the catalogue is empty") as caught:
            await gateway.complete(TASK)
    assert caught.value.kind == "no model"


async def test_what_is_saved_is_measured_against_the_strongest_model_of_all() -> None:
    strong = endpoint(ScriptedProvider([]), "strong", quality=9.0, price=DEAR)
    run = Run(model(GOOD), strong)
    async with run.door.open(run.purse(), OrchestrationRules.model_validate({"tier": "budget"})) as gateway:
        await gateway.complete(TASK)
    assert [(call.model, call.premium_model, call.premium_micros) for call in run.rows] == [
        ("model-a", "strong", 11_000)
    ]


def test_the_strongest_is_the_one_of_highest_quality() -> None:
    weak, strong = model(name="z", quality=5.0), model(name="a", quality=8.0)
    assert strongest([weak, strong]) is strong
    assert strongest([]) is None


async def test_unknown_prices_matter_to_runs_with_a_budget_only() -> None:
    run = Run(endpoint(ScriptedProvider([GOOD]), price=None))
    limit = Limit(Payer.REPOSITORY, Period.RUN, 10**9)
    async with run.door.open(run.purse(limit), RULES) as gateway:
        with pytest.raises(ModelError, match="of unknown price"):
            await gateway.complete(TASK)
    async with run.door.open(run.purse(), RULES) as gateway:
        assert (await gateway.complete(TASK)).value == Number(x=1)


async def test_an_answer_is_learned_with_its_time_and_its_price() -> None:
    async def slow(question: Question) -> Answer:
        run.time.now_s += 3.0
        return GOOD

    run = Run(model(slow))
    known = await run.learned(TASK)
    assert {
        measure: known["model-a", "review", measure].mean for measure in ("success", "seconds", "micros")
    } == {
        "success": 1.0,
        "seconds": 3.0,
        "micros": 120.0,
    }


async def test_nothing_is_learned_before_the_door_closes() -> None:
    run = Run(model(GOOD))
    async with run.door.open(run.purse(), RULES) as gateway:
        await gateway.complete(TASK)
        assert await run.ports.profiles.known() == {}


@pytest.mark.parametrize("kind", ["timeout", "unavailable", "invalid answer", "rate limited"])
async def test_a_failure_of_the_models_is_learned_as_no_success(kind: str) -> None:
    known = await Run(model(ProviderError(kind, "no"))).learned(TASK)
    assert {key: moments.mean for key, moments in known.items()} == {("model-a", "review", "success"): 0.0}


@pytest.mark.parametrize("kind", ["unauthorised", "quota", "not found", "context too long"])
async def test_a_failure_of_the_operators_says_nothing_of_the_model(kind: str) -> None:
    assert await Run(model(ProviderError(kind, "no"))).learned(TASK) == {}


async def test_a_call_that_was_never_sent_says_nothing_of_the_model() -> None:
    assert await Run(model(GOOD)).learned(replace(TASK, timeout_s=0.0)) == {}


async def test_two_unusable_answers_are_learned_as_no_success() -> None:
    known = await Run(model(said("no"), said("no"))).learned(TASK)
    assert known["model-a", "review", "success"].mean == 0.0


async def test_a_model_is_learned_by_its_own_price_not_by_that_of_those_before_it() -> None:
    strong = endpoint(ScriptedProvider([said("no"), said("no")]), "strong", quality=9.0)
    known = await Run(strong, model(GOOD)).learned(TASK)
    assert known["model-a", "review", "micros"].mean == 120.0


async def test_what_an_answer_turned_out_to_be_worth_is_learned() -> None:
    profiles = LocalProfiles()
    run = Run(model(GOOD), ports=local_ports(profiles=profiles))
    async with run.door.open(run.purse(), RULES) as gateway:
        gateway.observe("model-a", "review/security", 0.25)
    known = await profiles.known()
    assert known["model-a", "review/security", "quality"].mean == 0.25


async def test_what_was_seen_is_learned_although_the_run_failed() -> None:
    run = Run(model(GOOD))

    async def work() -> None:
        async with run.door.open(run.purse(), RULES) as gateway:
            await gateway.complete(TASK)
            raise RuntimeError("a bug")

    with pytest.raises(RuntimeError, match="a bug"):
        await work()
    assert ("model-a", "review", "success") in await run.ports.profiles.known()


async def test_what_was_learned_changes_who_is_asked() -> None:
    profiles = LocalProfiles()
    run = Run(
        model(GOOD, name="strong", quality=8.0),
        model(GOOD, name="other", quality=7.5),
        ports=local_ports(profiles=profiles),
    )
    rules = OrchestrationRules.model_validate({"tier": "premium"})
    async with run.door.open(run.purse(), rules) as gateway:
        for _ in range(50):
            gateway.observe("strong", "review", 0.1)
    async with run.door.open(run.purse(), rules) as gateway:
        assert (await gateway.complete(TASK)).model == "other"
