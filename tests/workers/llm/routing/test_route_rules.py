"""What must hold of every decision, whatever the models, the policy and the state of things."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from config.catalogue import ModelSpec
from tests.workers.llm.routing.field import CLOUD, HOME, OTHER
from workers.domain.profile import Moments
from workers.llm.routing.beliefs import Beliefs
from workers.llm.routing.route import route
from workers.llm.routing.values import Constraints, Decision, Executor, Offer, Policy, Situation, Wanted

NAMES = tuple(f"m{number}" for number in range(8))
some_names = st.frozensets(st.sampled_from(NAMES))
kinds = st.sampled_from(("review", "review/security", "scope/review", "docs"))
micros = st.none() | st.integers(0, 10**6)


@st.composite
def an_offer(draw: st.DrawFn, name: str) -> Offer:
    spec = ModelSpec(
        name=name,
        provider="p",
        family=draw(st.sampled_from("abc")),
        quality=draw(st.integers(0, 20)) / 2,
        strengths=draw(st.sampled_from(((), ("security",), ("logic", "documentation")))),
        speed=draw(st.sampled_from(("very_fast", "fast", "medium", "slow"))),
        context_tokens=draw(st.sampled_from((4_000, 32_000, 200_000))),
    )
    return Offer(spec, draw(st.sampled_from((CLOUD, OTHER, HOME))), draw(micros), draw(micros))


all_offers = st.tuples(*(an_offer(name) for name in NAMES))
wanteds = st.builds(
    Wanted,
    kinds,
    complexity=st.floats(0, 1),
    risky=st.booleans(),
    input_tokens=st.sampled_from((0, 20_000)),
    output_max_tokens=st.just(1_000),
    urgent=st.booleans(),
)
policies = st.builds(
    Policy,
    tier=st.sampled_from(("budget", "balanced", "premium")),
    strategy=st.sampled_from(("quality", "cost", "latency", "balanced", "success")),
    prefer_local=st.booleans(),
    prefer_free=st.booleans(),
    constraints=st.builds(Constraints, max_cost_micros=micros, min_quality=st.none() | st.floats(0, 10)),
    executors=st.lists(st.builds(Executor, st.sampled_from(NAMES)), max_size=3).map(tuple),
    orchestrator=st.none() | st.sampled_from(NAMES),
    fallback_models=st.lists(st.sampled_from(NAMES), max_size=2).map(tuple),
    allow_unknown_prices=st.booleans(),
    explore=st.booleans(),
)
moments = st.builds(Moments, st.floats(0.5, 100), st.floats(0, 1), st.floats(0, 5))
profiles = st.dictionaries(
    st.tuples(st.sampled_from(NAMES), kinds, st.sampled_from(("quality", "seconds", "success"))), moments
).map(Beliefs)
situations = st.builds(
    Situation, usable=some_names, unhealthy=some_names, beliefs=profiles, left_micros=micros
)
cases = given(wanteds, all_offers, policies, situations)


def _all(decision: Decision) -> list[Offer]:
    return [decision.primary, *decision.fallbacks] if decision.primary else list(decision.fallbacks)


def _ranking(decision: Decision) -> list[str]:
    first = [decision.primary.spec.name] if decision.primary else []
    return first + [one.model for one in decision.alternatives if one.score is not None]


@cases
def test_nobody_is_asked_who_cannot_be(
    wanted: Wanted, offers: tuple[Offer, ...], policy: Policy, situation: Situation
) -> None:
    for one in _all(route(wanted, offers, policy, situation)):
        assert one.spec.name in situation.usable - situation.unhealthy
        assert wanted.input_tokens + wanted.output_max_tokens <= one.spec.context_tokens


@cases
def test_no_answer_may_cost_more_than_is_left(
    wanted: Wanted, offers: tuple[Offer, ...], policy: Policy, situation: Situation
) -> None:
    for one in _all(route(wanted, offers, policy, situation)):
        if one.worst_micros is None:
            assert situation.left_micros is None or policy.allow_unknown_prices
        else:
            assert situation.left_micros is None or one.worst_micros <= situation.left_micros


@cases
def test_risky_tasks_never_go_below_the_band(
    wanted: Wanted, offers: tuple[Offer, ...], policy: Policy, situation: Situation
) -> None:
    risky = replace(wanted, risky=True)
    asked = [one.spec.name for one in _all(route(risky, offers, policy, situation))]

    def least(one: Offer) -> float:
        prior = one.spec.quality / 10
        return 10 * situation.beliefs.of(one.spec.name, risky.kind, "quality", prior).least

    orchestrated = policy.orchestrator is not None and wanted.kind.startswith("scope")
    free_choice = not policy.executors or orchestrated
    reachable = set(situation.usable)
    if not free_choice:
        reachable &= {one.name for one in policy.executors} | set(policy.fallback_models)
    bar = max((least(one) for one in offers if one.spec.name in reachable), default=0.0) * 0.85
    assert all(least(one) >= bar - 1e-9 for one in offers if one.spec.name in asked)


@cases
def test_a_larger_budget_never_changes_who_is_better_than_whom(
    wanted: Wanted, offers: tuple[Offer, ...], policy: Policy, situation: Situation
) -> None:
    poor = _ranking(route(wanted, offers, policy, replace(situation, left_micros=5_000)))
    rich = _ranking(route(wanted, offers, policy, replace(situation, left_micros=500_000)))
    assert [name for name in rich if name in poor] == poor


@cases
def test_in_the_premium_tier_a_larger_budget_never_yields_less_quality(
    wanted: Wanted, offers: tuple[Offer, ...], policy: Policy, situation: Situation
) -> None:
    plain = Policy(tier="premium")
    still = replace(situation, beliefs=Beliefs())
    poor = route(replace(wanted, kind="any"), offers, plain, replace(still, left_micros=5_000)).primary
    rich = route(replace(wanted, kind="any"), offers, plain, replace(still, left_micros=500_000)).primary
    assert poor is None or (rich is not None and rich.spec.quality >= poor.spec.quality)


@given(wanteds, all_offers, policies, situations, st.randoms(use_true_random=False))
def test_the_order_of_the_catalogue_changes_nothing(
    wanted: Wanted, offers: tuple[Offer, ...], policy: Policy, situation: Situation, chance: Any
) -> None:
    shuffled = list(offers)
    chance.shuffle(shuffled)
    assert route(wanted, shuffled, policy, situation) == route(wanted, offers, policy, situation)


@cases
def test_a_decision_always_says_why(
    wanted: Wanted, offers: tuple[Offer, ...], policy: Policy, situation: Situation
) -> None:
    decision = route(wanted, offers, policy, situation)
    assert decision.reason.startswith("no model: ") == (decision.primary is None)
    assert len(decision.fallbacks) <= 5
    assert sum(decision.barred.values()) == sum(one.score is None for one in decision.alternatives)
