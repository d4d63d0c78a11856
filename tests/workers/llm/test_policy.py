"""A repository's words about models, as the router takes them."""

from __future__ import annotations

import pytest

from config.repository import OrchestrationRules
from workers.llm.policy import policy_of
from workers.llm.routing.values import Executor, Policy


def policy(*, allow: bool = False, budgeted: bool = True, **words: object) -> Policy:
    return policy_of(OrchestrationRules.model_validate(words), allow_unknown_prices=allow, budgeted=budgeted)


def test_without_a_word_it_is_the_routers_own_policy() -> None:
    assert policy() == Policy()


def test_tier_strategy_and_preferences_are_passed_on() -> None:
    found = policy(
        tier="budget", strategy="latency", prefer_local=True, prefer_free_models=True, quality_threshold=0.5
    )
    assert found == Policy(
        tier="budget", strategy="latency", prefer_local=True, prefer_free=True, quality_threshold=0.5
    )


def test_executors_keep_what_they_are_for() -> None:
    found = policy(executors=({"model": "a", "use_cases": ("simple",)}, {"model": "b"}))
    assert found.executors == (Executor("a", ("simple",)), Executor("b"))


def test_the_orchestrator_and_fallbacks_are_names() -> None:
    found = policy(orchestrator={"model": "big"}, fallback={"models": ("c", "d")})
    assert (found.orchestrator, found.fallback_models) == ("big", ("c", "d"))


@pytest.mark.parametrize(
    ("allow", "budgeted", "expected"),
    [(False, True, False), (True, True, True), (False, False, True), (True, False, True)],
)
def test_an_unknown_price_matters_under_a_budget_only(allow: bool, budgeted: bool, expected: bool) -> None:
    assert policy(allow=allow, budgeted=budgeted).allow_unknown_prices is expected
