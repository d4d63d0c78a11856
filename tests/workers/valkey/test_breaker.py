"""When a model is asked no more, and when again: every history, against a second telling of the rules."""

from __future__ import annotations

from dataclasses import dataclass

import pytest
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from workers.domain.health import Standing
from workers.valkey import breaker
from workers.valkey.breaker import Patience, Record

PATIENCE = Patience()
PASSING = st.sampled_from(sorted(breaker.PASSING))
LASTING = st.sampled_from(sorted(breaker.LASTING))


@dataclass
class Told:
    """The rules once more, told by what happened rather than by a state."""

    in_a_row: int = 0
    opened: int = 0
    open_until: float | None = None
    trial: bool = False
    sick: bool = False
    good: int = 0

    def may_be_asked(self) -> bool:
        return not self.sick and self.open_until is None

    def close(self) -> None:
        self.in_a_row, self.opened, self.open_until, self.trial = 0, 0, None, False

    def open(self, until: float) -> None:
        self.open_until, self.trial = max(until, self.open_until or 0.0), False
        self.opened += 1


class Histories(RuleBasedStateMachine):
    def __init__(self) -> None:
        super().__init__()
        self.now = 1_000_000.0
        self.record = Record()
        self.told = Told()

    @rule(seconds=st.floats(0.1, 400))
    def time_passes(self, seconds: float) -> None:
        self.now += seconds

    @rule()
    def a_call_succeeds(self) -> None:
        self.record = breaker.after_success(self.record, self.now, 1.0)
        self.told.close()

    @rule(kind=st.sampled_from(sorted(breaker.ANSWERED)))
    def a_call_is_answered_badly(self, kind: str) -> None:
        self.record = breaker.after_failure(self.record, self.now, kind, PATIENCE)
        self.told.close()

    @rule(kind=st.sampled_from(["budget", "no model", "something new"]))
    def a_call_is_not_even_made(self, kind: str) -> None:
        self.record = breaker.after_failure(self.record, self.now, kind, PATIENCE)

    @rule(kind=PASSING)
    def a_call_fails(self, kind: str) -> None:
        told = self.told
        told.in_a_row += 1
        closed = told.open_until is None
        if told.trial or (closed and told.in_a_row >= 3):
            told.open(self.now + min(300.0, 30.0 * 2.0 ** min(told.opened, 30)))
        self.record = breaker.after_failure(self.record, self.now, kind, PATIENCE)

    @rule(kind=LASTING)
    def a_call_fails_for_long(self, kind: str) -> None:
        self.told.open(self.now + 900)
        self.record = breaker.after_failure(self.record, self.now, kind, PATIENCE)

    @precondition(lambda self: breaker.trial_is_due(self.record, self.now))
    @rule()
    def a_call_is_let_through(self) -> None:
        self.record = breaker.on_trial(self.record, self.now, PATIENCE)
        self.told.open_until, self.told.trial = self.now + 30, True

    @rule()
    def a_probe_succeeds(self) -> None:
        self.record = breaker.after_good_probe(self.record, self.now, 1.0, PATIENCE)
        if not self.told.sick:
            self.told.close()
        elif self.told.good == 2:
            self.told = Told()
        else:
            self.told.good += 1

    @rule()
    def a_probe_fails(self) -> None:
        self.record = breaker.after_bad_probe(self.record, self.now, "timeout")
        self.told.sick, self.told.good = True, 0

    @invariant()
    def it_is_asked_when_it_may_be(self) -> None:
        assert (breaker.standing(self.record) is Standing.HEALTHY) == self.told.may_be_asked()

    @invariant()
    def a_trial_is_due_when_the_time_is_over(self) -> None:
        over = self.told.open_until is not None and self.now >= self.told.open_until
        assert breaker.trial_is_due(self.record, self.now) == (over and not self.told.sick)

    @invariant()
    def what_is_healthy_has_no_complaint(self) -> None:
        healthy = breaker.standing(self.record) is Standing.HEALTHY
        assert bool(self.record.reason) != healthy

    @invariant()
    def an_end_is_never_further_than_the_longest_wait(self) -> None:
        assert self.record.until <= self.now + 900


TestHistories = Histories.TestCase


def _after(*kinds: str) -> Record:
    record = Record()
    for kind in kinds:
        record = breaker.after_failure(record, 100.0, kind, PATIENCE)
    return record


@pytest.mark.parametrize("kind", sorted(breaker.PASSING))
def test_three_failures_in_a_row_open_it(kind: str) -> None:
    assert breaker.standing(_after(kind, kind)) is Standing.HEALTHY
    assert breaker.standing(_after(kind, kind, kind)) is Standing.OPEN


@pytest.mark.parametrize("kind", sorted(breaker.LASTING))
def test_what_somebody_has_to_mend_opens_it_at_once_and_for_longer(kind: str) -> None:
    assert breaker.standing(_after(kind)) is Standing.OPEN
    assert _after(kind).until > _after("timeout", "timeout", "timeout").until


def test_a_failed_trial_opens_it_for_twice_as_long() -> None:
    record = breaker.on_trial(_after("timeout", "timeout", "timeout"), 200.0, PATIENCE)
    assert breaker.after_failure(record, 300.0, "timeout", PATIENCE).until == 360.0


def test_exactly_three_good_probes_in_a_row_heal() -> None:
    record = breaker.after_bad_probe(Record(), 100.0, "unavailable")
    seen = []
    for probe in ("good", "good", "bad", "good", "good", "good"):
        if probe == "good":
            record = breaker.after_good_probe(record, 100.0, 1.0, PATIENCE)
        else:
            record = breaker.after_bad_probe(record, 100.0, "unavailable")
        seen.append(breaker.standing(record) is Standing.HEALTHY)
    assert seen == [False, False, False, False, False, True]


def test_a_calls_success_does_not_heal_what_a_probe_found() -> None:
    record = breaker.after_success(breaker.after_bad_probe(Record(), 100.0, "timeout"), 110.0, 1.0)
    assert breaker.standing(record) is Standing.UNHEALTHY


def test_a_breaker_is_not_open_for_as_long_as_a_clock_went_back() -> None:
    record = breaker.after_failure(Record(), 1_003_600.0, "unauthorised", PATIENCE)
    assert not breaker.trial_is_due(record, 1_003_600.0)
    assert breaker.trial_is_due(record, 1_000_000.0)
