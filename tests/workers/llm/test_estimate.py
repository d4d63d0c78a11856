"""What work will cost."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workers.domain.errors import UserError
from workers.domain.receipt import Receipt
from workers.llm.estimate import Calibration, Cost, Recommendation, Tier, calibration, estimate
from workers.llm.workflows import TASKS, WORKFLOWS, Stage


def advise(tier: Tier, stage: Stage) -> Recommendation:
    """Planning goes to the strong model, what is described to none, the rest to the tier's."""
    if stage.kind == "describe":
        return Recommendation(None, "no key")
    return Recommendation("strong" if stage.kind.startswith("scope/") else tier, "because")


def price(model: str, input_tokens: int, output_tokens: int) -> int | None:
    return None if model == "premium" else input_tokens + 10 * output_tokens


def test_a_review_costs_the_sum_of_its_stages() -> None:
    found = estimate("budget", {"review": 2}, advise, price)
    scope, rest = 2 * (200 + 10 * 100), 2 * (1000 + 10 * 1000 + 150 + 10 * 50)
    assert found.by_task == {"review": Cost(scope + rest)}
    assert found.by_model == {"strong": Cost(scope), "budget": Cost(rest)}
    assert found.total == Cost(scope + rest)


def test_an_unknown_price_is_named_and_never_nothing() -> None:
    found = estimate("premium", {"review": 1, "ask": 1}, advise, price)
    assert not found.total.known
    assert found.total.unknown == {"premium"}
    assert found.by_model["strong"].known


def test_a_task_that_no_model_takes_is_named() -> None:
    found = estimate("budget", {"describe": 3}, advise, price)
    assert found.total == Cost(nobody=frozenset({"describe"}))
    assert found.by_model == {}


def test_what_is_never_done_costs_nothing_and_asks_nobody() -> None:
    assert estimate("budget", {"describe": 0}, advise, price).total == Cost()


@pytest.mark.parametrize("usage", [{"poetry": 1}, {"review": -1}, {"review": 10**7}])
def test_what_is_no_workflow_or_no_count_is_refused(usage: dict[str, int]) -> None:
    with pytest.raises(UserError):
        estimate("budget", usage, advise, price)


@given(st.dictionaries(st.sampled_from(["review", "docs", "tests", "ask"]), st.integers(0, 1000)))
def test_tasks_and_models_add_up_to_the_same_total(usage: dict[str, int]) -> None:
    found = estimate("balanced", usage, advise, price)
    assert sum(found.by_task.values(), Cost()) == sum(found.by_model.values(), Cost()) == found.total


@pytest.mark.parametrize(("name", "tokens"), [("review", 2500), ("docs", 3700), ("tests", 3700)])
def test_a_workflow_has_the_tokens_of_its_stages(name: str, tokens: int) -> None:
    assert sum(stage.input_tokens + stage.output_tokens for stage in WORKFLOWS[name]) == tokens


def test_each_stage_of_a_workflow_is_a_task_of_its_own() -> None:
    assert {stage.kind for stages in WORKFLOWS.values() for stage in stages} <= set(TASKS)


def receipt(cost: int | None, estimated: int | None) -> Receipt:
    return Receipt("run", 1, 1, "review", 1, cost, estimated, None, "", None, None, 0.0)


def test_calibration_is_actual_over_estimated_of_runs_that_have_both() -> None:
    runs = [receipt(30, 10), receipt(30, 20), receipt(None, 5), receipt(5, None)]
    assert calibration(runs) == Calibration(2.0, 2)


def test_without_an_estimate_there_is_no_ratio() -> None:
    assert calibration([]) == Calibration(None, 0)
    assert calibration([receipt(5, 0)]) == Calibration(None, 1)
