"""The router: tiers, strategies, bands, choices of a repository, bars, fallbacks and words."""

from __future__ import annotations

import pytest

from tests.workers.llm.routing.field import FIELD, decide, name_of, offer
from workers.domain.profile import Moments
from workers.llm.routing.values import Bar, Constraints, Executor, Policy, Wanted, Weights

EASY, HARD = Wanted("review", complexity=0.1), Wanted("review", complexity=0.9)
RISKY = Wanted("review/security", complexity=0.1, risky=True)


def test_the_premium_tier_takes_the_highest_quality() -> None:
    assert name_of(decide(EASY, Policy(tier="premium"))) == "best"


def test_the_budget_tier_takes_a_free_local_model_with_the_strength() -> None:
    assert name_of(decide(Wanted("documentation"), Policy(tier="budget"))) == "home"


def test_the_budget_tier_pays_only_where_no_local_model_has_the_strength() -> None:
    assert name_of(decide(Wanted("review/security"), Policy(tier="budget"))) == "good"


def test_the_budget_tier_never_takes_less_than_quality_six() -> None:
    assert "tiny" not in {one.spec.name for one in decide(EASY, Policy(tier="budget")).fallbacks}


def test_an_easy_task_is_given_to_a_cheap_model() -> None:
    assert name_of(decide(EASY)) == "home"


def test_a_hard_task_is_given_to_a_strong_model() -> None:
    decision = decide(HARD)
    assert decision.primary is not None
    assert decision.primary.spec.quality >= 0.85 * 9.5


@pytest.mark.parametrize(("strategy", "name"), [("quality", "best"), ("cost", "fair"), ("latency", "fair")])
def test_a_strategy_ranks_what_is_good_enough(strategy: str, name: str) -> None:
    assert name_of(decide(policy=Policy(strategy=strategy))) == name  # type: ignore[arg-type]


def test_the_success_strategy_takes_what_answered_best_so_far() -> None:
    profiles = {("good", "", "success"): Moments(30, 1.0, 0), ("best", "", "success"): Moments(30, 0.2, 0)}
    assert name_of(decide(policy=Policy(strategy="success"), profiles=profiles)) == "good"


def test_weights_change_what_balanced_means() -> None:
    assert name_of(decide(policy=Policy(weights=Weights(1.0, 0.0, 0.0)))) == "best"


@pytest.mark.parametrize("weights", [(0.5, 0.5, 0.5), (1.5, -0.25, -0.25)])
def test_weights_are_shares_of_one(weights: tuple[float, float, float]) -> None:
    with pytest.raises(ValueError, match="add up to 1"):
        Weights(*weights)


def test_preferred_local_models_come_first_where_they_are_good_enough() -> None:
    policy = Policy(prefer_local=True, quality_threshold=0.6)
    assert name_of(decide(HARD, policy)) == "home"
    assert name_of(decide(HARD, Policy(prefer_local=True))) != "home"


def test_executors_are_the_only_ones_asked() -> None:
    decision = decide(policy=Policy(executors=(Executor("cheap"), Executor("home"))))
    assert {name_of(decision), *(one.spec.name for one in decision.fallbacks)} == {"cheap", "home"}


def test_executors_without_the_use_case_leave_the_choice_to_the_tier() -> None:
    policy = Policy(tier="premium", executors=(Executor("cheap", ("simple",)),))
    assert name_of(decide(HARD, policy)) == "best"


def test_executors_that_nobody_serves_are_named() -> None:
    assert decide(policy=Policy(executors=(Executor("absent"),))).reason == (
        "no model: 6 not among the repository's models (which are absent)"
    )


@pytest.mark.parametrize("kind", ["scope/review", "validate/review", "refute/security"])
def test_the_orchestrator_plans_and_validates(kind: str) -> None:
    policy = Policy(orchestrator="good", executors=(Executor("cheap"),))
    assert name_of(decide(Wanted(kind), policy)) == "good"
    assert name_of(decide(Wanted("review"), policy)) == "cheap"


def test_an_orchestrator_out_of_order_is_replaced() -> None:
    policy = Policy(orchestrator="good", tier="premium")
    assert name_of(decide(Wanted("scope/review"), policy, unhealthy=frozenset({"good"}))) == "best"


def test_the_repositorys_fallbacks_are_asked_first() -> None:
    fallbacks = decide(policy=Policy(tier="premium", fallback_models=("cheap", "home"))).fallbacks
    assert [one.spec.name for one in fallbacks[:2]] == ["cheap", "home"]


def test_fallbacks_stand_in_for_executors() -> None:
    policy = Policy(executors=(Executor("good"),), fallback_models=("cheap",))
    assert name_of(decide(policy=policy, unhealthy=frozenset({"good"}))) == "cheap"


def test_fallbacks_are_another_providers_first_then_another_familys() -> None:
    fallbacks = decide(policy=Policy(orchestrator="good", tier="premium"), wanted=Wanted("scope")).fallbacks
    assert [one.spec.name for one in fallbacks] == ["fair", "home", "tiny", "best", "cheap"]


def test_at_most_five_fallbacks_are_named() -> None:
    assert len(decide(offers=[offer(f"m{i}", 8, 10) for i in range(9)]).fallbacks) == 5


def test_a_risky_task_reaches_strong_models_only() -> None:
    decision = decide(RISKY, Policy(tier="budget"))
    assert {name_of(decision), *(one.spec.name for one in decision.fallbacks)} == {"good", "best"}


def test_a_risky_task_waits_rather_than_take_a_weak_model() -> None:
    decision = decide(RISKY, unhealthy=frozenset({"good", "best"}))
    assert decision.primary is None
    assert decision.reason == "no model: 2 out of order, 4 too weak for risky paths"


def test_a_model_that_was_measured_weak_is_not_strong() -> None:
    weak = {("best", "review/security", "quality"): Moments(40, 0.3, 0.4)}
    assert name_of(decide(RISKY, Policy(tier="premium"), profiles=weak)) == "good"


def test_one_bad_outcome_changes_no_band() -> None:
    bad = {("good", kind, "quality"): Moments(1, 0.0, 0) for kind in ("", "review/security")}
    assert name_of(decide(RISKY, Policy(strategy="cost"), profiles=bad)) == "good"


def test_exploration_tries_what_is_seldom_tried_but_never_on_risky_paths() -> None:
    often = {("best", "review/security", "quality"): Moments(5_000, 0.95, 1)}
    policy = Policy(tier="premium", explore=True)
    assert name_of(decide(Wanted("review/security"), policy, profiles=often)) == "good"
    assert name_of(decide(RISKY, policy, profiles=often)) == "best"


@pytest.mark.parametrize(
    ("constraints", "left"),
    [
        (Constraints(max_cost_micros=10_000), {"fair", "cheap", "home", "tiny"}),
        (Constraints(max_latency_ms=5_000), {"fair", "cheap", "tiny"}),
        (Constraints(min_quality=8.5), {"best", "good"}),
        (Constraints(min_context_tokens=200_000), set()),
    ],
)
def test_constraints_bar(constraints: Constraints, left: set[str]) -> None:
    decision = decide(policy=Policy(constraints=constraints))
    assert {name_of(decision), *(one.spec.name for one in decision.fallbacks)} - {None} == left


def test_input_and_output_must_fit_the_window() -> None:
    decision = decide(Wanted("review", input_tokens=97_000, output_max_tokens=4_000))
    assert decision.reason == "no model: 6 with too small a window (the task needs 101,000 tokens)"


def test_a_model_that_may_not_write_as_much_is_barred() -> None:
    assert decide(Wanted("review", output_max_tokens=9_000)).barred == {Bar.ANSWER: 6}


def test_what_is_left_bars_dearer_models() -> None:
    assert name_of(decide(policy=Policy(tier="premium"), left_micros=5_000)) == "fair"


def test_free_models_are_asked_when_nothing_is_left() -> None:
    assert name_of(decide(policy=Policy(tier="premium"), left_micros=-1)) == "home"


def test_an_unknown_price_is_barred_by_a_budget_only() -> None:
    unknown = [offer("unknown", 9, None)]
    assert name_of(decide(offers=unknown)) == "unknown"
    assert decide(offers=unknown, left_micros=10**9).barred == {Bar.UNKNOWN_PRICE: 1}
    allowed = Policy(allow_unknown_prices=True)
    assert name_of(decide(offers=unknown, policy=allowed, left_micros=0)) == "unknown"


def test_the_reason_names_missing_keys_and_addresses() -> None:
    assert decide(usable=frozenset()).reason == (
        "no model: 4 without key (CLOUD_KEY, OTHER_KEY), 2 without address (HOME_HOST)"
    )


def test_the_reason_of_a_choice_is_a_sentence() -> None:
    decision = decide(policy=Policy(tier="premium"), unhealthy=frozenset({"tiny"}))
    assert (
        decision.reason
        == "best answers review (moderate): the highest quality, among 5 models; 1 out of order"
    )


def test_an_empty_catalogue_is_said() -> None:
    assert decide(offers=()).reason == "no model: the catalogue is empty"


def test_every_other_model_is_an_alternative_with_a_reason() -> None:
    decision = decide(unhealthy=frozenset({"best"}))
    assert {one.model for one in decision.alternatives} | {name_of(decision)} == {
        one.spec.name for one in FIELD
    }
    assert [one.why for one in decision.alternatives if one.score is None] == ["out of order"]


def test_the_estimate_is_the_typical_price() -> None:
    assert decide(policy=Policy(tier="premium")).estimated_micros == 80_000
