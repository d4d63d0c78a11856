"""A model that says much silences nobody."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.workers.experts.changes import finding
from workers.domain.finding import Finding, Severity
from workers.experts.consensus import Caps, capped, ranked
from workers.experts.places import heard

FLOOD = [
    finding(f"model/{number}", kind="model", name="a", severity=Severity.CRITICAL, line=number + 10)
    for number in range(120)
]
PROVEN = finding(severity=Severity.HIGH)


def test_a_flood_pushes_no_blocking_finding_of_an_analyser_out() -> None:
    assert PROVEN in heard([*FLOOD, PROVEN], 15)


def test_it_has_a_thread() -> None:
    kept = capped(ranked([*FLOOD, PROVEN]), Caps(15, 8, Severity.LOW))
    assert PROVEN in kept.findings[: kept.thread_count]
    assert (len(kept.findings), kept.thread_count, kept.suppressed) == (15, 15, 106)


def test_analysers_have_no_more_than_half_before_the_best() -> None:
    many = [finding(line=number) for number in range(20)]
    kept = heard([*FLOOD, *many], 15)
    assert [one in many for one in kept] == [False] * 7 + [True] * 8


@pytest.mark.parametrize("severity", [Severity.MEDIUM, Severity.LOW])
def test_what_does_not_block_has_no_place_of_its_own(severity: Severity) -> None:
    minor = finding(severity=severity)
    assert minor not in heard([*FLOOD, minor], 15)


def test_equal_findings_have_a_place_each() -> None:
    assert len(heard([PROVEN, PROVEN, PROVEN], 2)) == 2


ANY = st.builds(
    finding,
    kind=st.sampled_from(["tool", "model"]),
    severity=st.sampled_from(Severity),
    line=st.integers(1, 50),
)


@given(st.lists(ANY, max_size=30), st.integers(0, 12))
def test_as_many_as_there_is_room_for_in_their_order(findings: list[Finding], places_max: int) -> None:
    best_first = list(ranked(findings))
    kept = heard(best_first, places_max)
    assert len(kept) == min(len(findings), places_max)
    left = iter(best_first)
    assert all(any(one is other for other in left) for one in kept)
