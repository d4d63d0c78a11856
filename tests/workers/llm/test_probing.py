"""Who is probed, and what counts as an answer."""

from __future__ import annotations

import pytest

from workers.domain.health import Condition, Standing
from workers.llm.probing import due, probe_task, too_slow

HEALTHY, BROKEN = Standing.HEALTHY, Standing.OPEN


def test_a_model_that_was_used_within_the_interval_is_probed() -> None:
    assert due({"m"}, [Condition("m", HEALTHY, idle_s=299.0)], 300.0) == ("m",)


@pytest.mark.parametrize("idle_s", [301.0, None])
def test_nobody_pays_for_a_model_that_nobody_asks(idle_s: float | None) -> None:
    assert due({"m"}, [Condition("m", HEALTHY, idle_s=idle_s)], 300.0) == ()


def test_nobody_pays_for_a_model_of_which_nothing_is_known() -> None:
    assert due({"m"}, [], 300.0) == ()


@pytest.mark.parametrize("standing", [Standing.OPEN, Standing.TRIAL, Standing.UNHEALTHY])
def test_one_that_failed_is_probed_until_it_is_healed(standing: Standing) -> None:
    assert due({"m"}, [Condition("m", standing, idle_s=9_999.0)], 300.0) == ("m",)


def test_a_model_that_is_configured_no_more_is_not_probed() -> None:
    assert due({"m"}, [Condition("gone", BROKEN)], 300.0) == ()


def test_ten_seconds_are_too_long() -> None:
    assert [too_slow(9.99), too_slow(10.0)] == [False, True]


def test_the_question_is_tiny() -> None:
    task = probe_task()
    assert len(task.system + task.prompt) < 200
    assert task.timeout_s == 10.0
