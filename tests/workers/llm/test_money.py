"""Limits, the ladder, its sentences and the alerts' thresholds."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from config.repository import CostTracking
from config.settings import Settings
from workers.domain.budget import Limit, Payer, Period, Refusal
from workers.llm.money import (
    MICROS_MAX,
    OPERATORS,
    SPENDING,
    Rung,
    crossed,
    limits_of,
    micros_of,
    renews_at,
    rung_for,
    sentence,
)

NOON = datetime(2026, 12, 31, 12, tzinfo=UTC).timestamp()
UNSET = CostTracking()
MONTH = Limit(Payer.REPOSITORY, Period.MONTH, 25_000_000, "orchestration.cost_tracking.monthly_budget_usd")
amounts = st.floats(min_value=0.000001, max_value=1_000_000)
micros = st.integers(0, 10**12)
estimates = st.dictionaries(st.sampled_from(SPENDING), micros)


def test_without_budgets_there_are_no_limits() -> None:
    assert limits_of(Settings(), UNSET) == ()


def test_every_budget_of_the_settings_becomes_a_limit_that_names_its_variable() -> None:
    settings = Settings.model_validate(dict.fromkeys(OPERATORS, 2.5))
    limits = limits_of(settings, UNSET)
    assert {limit.origin for limit in limits} == {f"QUORUM_{name.upper()}" for name in OPERATORS}
    assert {limit.micros for limit in limits} == {2_500_000}


def test_every_budget_in_settings_is_known_here() -> None:
    assert set(OPERATORS) == {name for name in Settings.model_fields if name.startswith("budget_")}


def test_a_repositorys_values_name_their_keys() -> None:
    tracking = CostTracking(monthly_budget_usd=25, daily_budget_usd=3, per_call_usd=0.1, per_run_usd=1)
    assert limits_of(Settings(), tracking) == (
        Limit(Payer.REPOSITORY, Period.CALL, 100_000, "orchestration.cost_tracking.per_call_usd"),
        Limit(Payer.REPOSITORY, Period.RUN, 1_000_000, "orchestration.cost_tracking.per_run_usd"),
        Limit(Payer.REPOSITORY, Period.DAY, 3_000_000, "orchestration.cost_tracking.daily_budget_usd"),
        MONTH,
    )


@given(operators=amounts, repositorys=amounts)
def test_a_repository_can_only_tighten(operators: float, repositorys: float) -> None:
    settings = Settings(budget_repository_month_usd=operators)
    (limit,) = limits_of(settings, CostTracking(monthly_budget_usd=repositorys))
    assert limit.micros == min(micros_of(operators), micros_of(repositorys))


def test_a_repository_that_tracks_nothing_keeps_the_operators_limits() -> None:
    settings = Settings(budget_month_usd=5)
    tracking = CostTracking(enabled=False, monthly_budget_usd=1)
    assert [limit.origin for limit in limits_of(settings, tracking)] == ["QUORUM_BUDGET_MONTH_USD"]


def test_an_infinite_budget_is_none() -> None:
    assert limits_of(Settings(budget_month_usd=float("inf")), UNSET) == ()


@given(st.floats(min_value=0, allow_infinity=False, allow_nan=False))
def test_dollars_are_never_rounded_up(usd: float) -> None:
    assert 0 <= micros_of(usd) <= MICROS_MAX
    assert micros_of(usd) <= usd * 1_000_000 * (1 + 1e-12)


def test_a_tenth_of_a_dollar_is_exact() -> None:
    assert micros_of(0.1) == 100_000


@given(estimates)
def test_without_a_limit_the_best_possible_rung_is_taken(estimates: dict[Rung, int]) -> None:
    best = next((rung for rung in SPENDING if rung in estimates), Rung.REFUSED)
    assert rung_for(None, estimates) is best


@given(left=micros, estimates=estimates, renewed=st.none() | micros)
def test_a_rung_that_spends_fits_into_what_is_left_and_no_better_one_does(
    left: int, estimates: dict[Rung, int], renewed: int | None
) -> None:
    rung = rung_for(left, estimates, renewed)
    fitting = [one for one in SPENDING if one in estimates and estimates[one] <= left]
    assert (rung in SPENDING) == bool(fitting)
    assert not fitting or rung is fitting[0]


@given(less=micros, more=micros, estimates=estimates)
def test_more_money_never_steps_down(less: int, more: int, estimates: dict[Rung, int]) -> None:
    less, more = sorted((less, more))
    rungs = list(Rung)
    assert rungs.index(rung_for(more, estimates)) <= rungs.index(rung_for(less, estimates))


@pytest.mark.parametrize(
    ("renewed", "rung"), [(None, Rung.REFUSED), (49, Rung.REFUSED), (50, Rung.QUEUE), (1_000, Rung.QUEUE)]
)
def test_it_waits_only_for_money_that_will_do(renewed: int | None, rung: Rung) -> None:
    assert rung_for(10, {Rung.FULL: 200, Rung.CHANGED_HUNKS: 50}, renewed) is rung


def test_a_free_rung_fits_into_nothing() -> None:
    assert rung_for(0, {Rung.FULL: 10, Rung.CHEAPER_TIER: 0}) is Rung.CHEAPER_TIER


@pytest.mark.parametrize(
    ("period", "day"), [(Period.DAY, datetime(2027, 1, 1)), (Period.MONTH, datetime(2027, 1, 1))]
)
def test_days_and_months_renew_over_the_turn_of_the_year(period: Period, day: datetime) -> None:
    assert renews_at(Limit(Payer.USER, period, 1), NOON) == day.replace(tzinfo=UTC).timestamp()


@pytest.mark.parametrize("period", [Period.CALL, Period.RUN])
def test_calls_and_runs_do_not_renew(period: Period) -> None:
    assert renews_at(Limit(Payer.USER, period, 1), NOON) is None


@given(now=st.floats(0, 4e9), period=st.sampled_from([Period.DAY, Period.MONTH]))
def test_a_limit_renews_when_its_label_changes(now: float, period: Period) -> None:
    renewed = renews_at(Limit(Payer.USER, period, 1), now)
    assert renewed is not None
    assert renewed > now
    assert period.label(renewed) != period.label(now) == period.label(renewed - 1)


def test_the_sentence_says_what_which_limit_how_much_and_until_when() -> None:
    assert sentence(Rung.REFUSED, Refusal(MONTH, 12_300), NOON) == (
        "Not reviewed: the repository's budget of $25.00 a month has $0.0123 left "
        "(orchestration.cost_tracking.monthly_budget_usd). It renews on 2027-01-01 at 00:00 UTC."
    )


def test_a_budget_of_less_than_a_cent_is_not_called_nothing() -> None:
    assert "budget of $0.0040 a run" in str(Refusal(Limit(Payer.OPERATOR, Period.RUN, 4_000), 0))


def test_a_runs_limit_promises_no_renewal() -> None:
    limit = Limit(Payer.OPERATOR, Period.RUN, 1_000_000, "QUORUM_BUDGET_RUN_USD")
    assert sentence(Rung.FEWER_EXPERTS, Refusal(limit, 5), NOON) == (
        "Reviewed by fewer experts: the operator's budget of $1.00 a run has $0.0000 left (QUORUM_BUDGET_RUN_USD)."
    )


def test_only_a_full_review_needs_no_words() -> None:
    assert [rung for rung in Rung if not sentence(rung, Refusal(MONTH, 0), NOON)] == [Rung.FULL]


@pytest.mark.parametrize(
    ("before", "after", "percents"),
    [(0, 79, ()), (79, 80, (80,)), (80, 89, ()), (0, 100, (80, 90, 100)), (99, 140, (100,)), (100, 200, ())],
)
def test_percentages_are_crossed_once(before: int, after: int, percents: tuple[int, ...]) -> None:
    assert crossed(before, after, Limit(Payer.OPERATOR, Period.MONTH, 100)) == percents


@given(
    steps=st.lists(st.integers(0, 10**9), max_size=20),
    whole=st.integers(1, 10**10),
    percents=st.sets(st.integers(1, 1_000), max_size=5),
)
def test_however_spending_grows_each_percentage_is_told_once(
    steps: list[int], whole: int, percents: set[int]
) -> None:
    limit, spent = Limit(Payer.OPERATOR, Period.DAY, whole), 0
    told: list[int] = []
    for step in steps:
        told += crossed(spent, spent + step, limit, tuple(percents))
        spent += step
    assert told == sorted(percent for percent in percents if percent * whole <= spent * 100)
