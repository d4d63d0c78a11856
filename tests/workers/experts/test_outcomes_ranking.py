"""What a repository keeps declining stands last, is said to, and nothing is lost by it."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.workers.experts.changes import finding
from workers.domain.finding import Aspect, Finding, Severity
from workers.domain.outcome import Record
from workers.experts.outcomes_ranking import lowered, wilson_least

QUALITY = Aspect.QUALITY


def said(mark: str, rule: str, severity: Severity = Severity.MEDIUM, aspect: Aspect = QUALITY) -> Finding:
    return replace(finding(rule, severity=severity, aspect=aspect), fingerprint=mark)


NAMING, OTHER = said("n", "model/naming"), said("o", "model/wrong", Severity.LOW)


@pytest.mark.parametrize(
    ("records", "goes_down"),
    [
        ([], False),
        ([Record(QUALITY, "model/naming", 1, 1, 6)], True),
        ([Record(QUALITY, "model/naming", 1, 2, 5)], False),
        ([Record(QUALITY, "model/naming", 1, 0, 4)], False),
        ([Record(QUALITY, "model/naming", 1, 0, 5)], True),
        ([Record(QUALITY, "model/naming", 1, 0, 30), Record(QUALITY, "model/naming", 2, 6, 0)], False),
        ([Record(QUALITY, "model/naming", 1, 0, 30), Record(QUALITY, "model/naming", 2, 2, 1)], True),
        ([Record(QUALITY, f"model/{at}", at % 3, 0, 1) for at in range(20)], True),
        ([Record(QUALITY, f"model/{at}", at % 3, 0, 1) for at in range(19)], False),
        (
            [
                *(Record(QUALITY, f"model/{at}", at % 3, 0, 1) for at in range(20)),
                Record(QUALITY, "model/naming", 1, 4, 1),
            ],
            False,
        ),
    ],
    ids=[
        "nothing known", "six of seven", "five of seven", "four in all", "five of five", "one person is ten",
        "two agree", "its aspect", "too few of its aspect", "its own record comes first",
    ],
)  # fmt: skip
def test_what_is_declined_mostly_stands_last(records: list[Record], goes_down: bool) -> None:
    aside = said("d", "model/d", Severity.LOW, Aspect.DOCUMENTATION)
    found = lowered([NAMING, aside], records)
    assert found.findings == ((aside, NAMING) if goes_down else (NAMING, aside))
    assert found.why.keys() == ({"n"} if goes_down else set())


def test_it_is_said_how_often() -> None:
    [habit] = lowered([NAMING, OTHER], [Record(QUALITY, "model/naming", 1, 1, 6)]).why.values()
    assert str(habit) == "this repository declined 6 of 7 such findings"


rules = st.sampled_from(["model/naming", "model/wrong", "x"])
findings = st.lists(
    st.builds(said, st.uuids().map(str), rules, st.sampled_from(Severity), st.sampled_from(Aspect)),
    max_size=6,
)
records = st.lists(
    st.builds(
        Record, st.sampled_from(Aspect), rules, st.integers(1, 3), st.integers(0, 30), st.integers(0, 300)
    ),
    max_size=8,
)


@settings(max_examples=40)
@given(findings, records)
def test_nothing_is_lost_and_nothing_that_matters_goes_down(
    ranked: list[Finding], known: list[Record]
) -> None:
    found = lowered(ranked, known)
    assert sorted(one.fingerprint for one in found.findings) == sorted(one.fingerprint for one in ranked)
    assert all(one in ranked for one in found.findings), "not even a severity changes"
    down = [one for one in ranked if one.fingerprint in found.why]
    assert not any(one.severity.blocks or one.aspect is Aspect.SECURITY for one in down)
    kept = [one for one in ranked if one.fingerprint not in found.why]
    assert list(found.findings[: len(kept)]) == kept


def test_the_bound_is_wilsons() -> None:
    assert wilson_least(0, 0) == 0.0
    assert wilson_least(6, 7) == pytest.approx(0.5477, abs=1e-3)
    assert wilson_least(10, 10) == pytest.approx(0.787, abs=1e-3)
